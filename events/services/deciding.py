"""The answer to a request. Nobody answers their own."""

from __future__ import annotations

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem import clock
from ecosystem.models import Membership
from ecosystem.services.audit import audit
from events.exceptions import EventError
from events.models import Seat, SeatState
from events.services.locking import held_and_on
from events.services.managers import may_approve
from events.services.rows import ended, reason_of
from events.services.seats import rank_of, seat_or_queue, standing
from events.services.telling import managers_told, tell


@transaction.atomic
def request_decide(*, seat: Seat, approve: bool, reason: str = "", by: Membership) -> Seat:
    """Yes: a seat, or a place in the queue where the person would be had nobody been asked. No: with a reason.

    The same answer twice is once. Refuses what has run out, one's own request, and people one does not manage.
    """
    event, now = held_and_on(event_id=seat.event_id), clock.now()
    fresh: Seat = Seat.objects.select_for_update(of=("self",)).select_related("person").get(pk=seat.pk)
    if fresh.approved_at is not None if approve else fresh.state == SeatState.REFUSED:
        return fresh
    if fresh.state != SeatState.REQUESTED or (fresh.offer_until is not None and fresh.offer_until <= now):
        raise EventError(_("This request is no longer open."))
    if not may_approve(by=by, seat=fresh):
        raise EventError(_("Somebody else has to answer this request."))
    if approve:
        fresh.approved_at = now
        fresh.save(update_fields=["approved_at"])
        rank = rank_of(held=event, person_id=fresh.person_id)
        as_it_is = standing(held=event, person_id=fresh.person_id, rank=rank)
        fresh = seat_or_queue(held=event, person=fresh.person, as_it_is=as_it_is, rank=rank, seat=fresh)
        if fresh.state != SeatState.BOOKED:  # who is booked is told by the record
            body = gettext_lazy("You may come. You are on the list, and we tell you when you have a seat.")
            tell(seat=fresh, event=event, what="approved", body=body)
    else:
        if not (why := reason_of(text=reason)):
            raise EventError(_("Say why, so that people understand."))
        ended(seat=fresh, state=SeatState.REFUSED, reason=why)
        tell(
            seat=fresh,
            event=event,
            what="refused",
            body=format_lazy(gettext_lazy("You do not get a seat: {why}"), why=why),
        )
    after = {"person": fresh.person_id, "approve": approve, "reason": reason_of(text=reason)}
    audit(act="seat.decided", by=by.person, target=fresh, after=after)
    if fresh.state == SeatState.REFUSED:
        managers_told(seat=fresh, event=event, what="refused", body=gettext_lazy("{name} does not get a seat."), but=by)
    return fresh
