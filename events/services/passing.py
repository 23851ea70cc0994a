"""A seat passed on to somebody else, or moved to another event: all of it or nothing. Their own move is in ``changing``."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from ecosystem import clock
from ecosystem.models import Membership, Person
from ecosystem.services.audit import audit
from ecosystem.visibility import elements_for
from events.access import may_organise
from events.exceptions import EventError
from events.models import Approval, Event, Seat, SeatState
from events.services.charging import Terms, charge_given, charge_make, charge_of, charge_passed, is_good_there
from events.services.locking import held_and_on
from events.services.queue import begins_at, place_back, registered
from events.services.rows import book, booked, ended, reason_of, seat_row
from events.services.seats import own_row, refuse_unless_open, refuse_when_late
from events.services.telling import Calendars, change_counted, managers_told, tell

NOT_THEM = gettext_noop("Nobody with this address can take your seat.")


@transaction.atomic
def seat_pass(*, seat: Seat, person: Person | None, by: Membership) -> Seat:
    """Somebody else comes instead of ``by``: same place, nobody else moves. Returns the seat of who comes.

    The same rules: before the deadline, for a member who may see the event and book it. Refuses where the event does not
    allow it or needs a yes. Nobody (``None``), who may not come and who has a seat already are refused in the same words:
    they tell nothing about others. Whoever waited loses their place in the queue to it.
    """
    event, now = held_and_on(event_id=seat.event_id), clock.now()
    fresh = own_row(seat=seat, by=by)
    if fresh.state != SeatState.BOOKED:
        raise EventError(_("You have no seat to pass on."))
    if not event.allows_substitutes or event.approval != Approval.NOBODY:
        raise EventError(_("A seat here cannot be passed on. Give it back, or ask whoever organises the event."))
    refuse_when_late(event=event, at=now)
    comes = _comes_instead(event, person, by, now)
    ended(seat=fresh, state=SeatState.CANCELLED)
    change_counted(event=event)
    made = seat_row(event=event, person=comes, state=SeatState.BOOKED)
    charge_passed(seat=fresh, to=made, event=event)
    registered(seat=made, event=event)
    audit(act="seat.passed", by=by.person, target=made, before={"person": by.person_id}, after={"person": comes.pk})
    tell(
        seat=fresh, event=event, what="passed", calendars=Calendars.COMES_NOT,
        body=format_lazy(gettext_lazy("{name} comes instead of you."), name=comes.name),
    )  # fmt: skip
    managers_told(seat=fresh, event=event, what="cancelled", body=gettext_lazy("{name} does not come any more."))
    tell(
        seat=made, event=event, what="got",
        body=format_lazy(gettext_lazy("{name} gave their seat to you. Cancel it if you cannot come."), name=by.person.name),
    )  # fmt: skip
    return made


def _comes_instead(event: Event, person: Person | None, by: Membership, now: datetime) -> Person:
    """Refuses who may not; a place of theirs in the queue ends."""
    if person is None:
        raise EventError(_(NOT_THEM))
    if person.pk == by.person_id:
        raise EventError(_("Choose somebody else."))
    theirs = Membership.objects.select_related("person").filter(person=person, ended_at=None).first()
    if theirs is None or not elements_for(theirs).filter(pk=event.element_id).exists():
        raise EventError(_(NOT_THEM))
    try:
        refuse_unless_open(held=event, at=now, begins=begins_at(event=event), person_id=person.pk)
    except EventError:
        raise EventError(_(NOT_THEM)) from None
    known = Seat.objects.select_for_update(of=("self",)).filter(
        event=event, person=person, state__in=SeatState.living()
    )
    for other in known:
        if other.state in SeatState.holding():
            raise EventError(_(NOT_THEM))
        ended(seat=other, state=SeatState.CANCELLED)
    return person


@transaction.atomic
def seat_move(*, seat: Seat, to: Event, reason: str = "", by: Membership) -> Seat:
    """The seat at another event instead, for who organises events: there first, then given back here.

    Refuses when nothing is free there; then the seat stays where it is. Both events are held, the older row first.
    """
    if not may_organise(by):
        raise EventError(_("Only who organises events can do that."))
    if to.pk == seat.event_id:
        raise EventError(_("They have a seat there already."))
    held = {pk: held_and_on(event_id=pk) for pk in sorted((seat.event_id, to.pk))}
    here, there, now = held[seat.event_id], held[to.pk], clock.now()
    fresh: Seat = Seat.objects.select_for_update(of=("self",)).select_related("person").get(pk=seat.pk)
    if fresh.state != SeatState.BOOKED:
        raise EventError(_("Only a booked seat can be moved."))
    theirs = Seat.objects.filter(event=there, person_id=fresh.person_id, state__in=SeatState.living()).first()
    if theirs is not None and theirs.state in SeatState.holding():
        raise EventError(_("They have a seat there already."))
    _refuse_there(there, now)
    if theirs is None:
        made = book(event=there, person=fresh.person)
    else:
        there.taken += 1
        there.save(update_fields=["taken"])
        booked(seat=theirs, event=there)
        made = theirs
    paid = charge_of(seat=fresh)
    ended(seat=fresh, state=SeatState.CANCELLED, reason=reason)  # first: its code is used again
    if paid is not None and is_good_there(code=paid.code, event=there) and charge_of(seat=made) is None:
        charge_make(seat=made, event=there, terms=Terms(paid.price, paid.cost_centre, paid.code))
    else:
        charge_given(seat=made, event=there, cost_centre=paid.cost_centre if paid else "")
    change_counted(event=here)
    after = {"event": there.pk, "person": fresh.person_id, "reason": reason_of(text=reason)}
    audit(act="seat.moved", by=by.person, target=made, before={"event": here.pk}, after=after)
    body = format_lazy(gettext_lazy("Your seat was moved to “{title}”."), title=there.element.title)
    tell(seat=fresh, event=here, what="moved", body=body, calendars=Calendars.COMES_NOT)
    managers_told(seat=fresh, event=here, what="cancelled", body=gettext_lazy("{name} does not come any more."))
    place_back(event=here, at=now)
    return made


def _refuse_there(there: Event, now: datetime) -> None:
    """Nobody is moved to what has no date or has begun, nor beyond the places."""
    begins = begins_at(event=there)
    if begins is None:
        raise EventError(_("That event has no date yet."))
    if begins <= now:
        raise EventError(_("That event has begun."))
    if there.free == 0:
        raise EventError(_("All places are taken there."))
