"""Somebody's own seat at another edition of the same event: there first, then given back here; all of it or nothing."""

from __future__ import annotations

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem import clock
from ecosystem.models import Membership
from ecosystem.services.audit import audit
from ecosystem.visibility import elements_for
from events.exceptions import EventError
from events.models import Approval, Charge, Event, EventAnswer, Seat, SeatState
from events.selectors import editions_of
from events.services.asking import answers_checked, answers_keep
from events.services.charging import Terms, charge_make, charge_of, is_good_there, terms_of
from events.services.locking import held_and_on
from events.services.queue import place_back
from events.services.rows import book, booked, ended, reason_of
from events.services.seats import own_row, rank_of, refuse_unless_open, refuse_when_late, standing
from events.services.telling import Calendars, change_counted, managers_told, tell


@transaction.atomic
def seat_change(*, seat: Seat, to: Event, reason: str = "", by: Membership) -> Seat:
    """Until the deadline here, for who could book there now: nobody in the queue there is overtaken.

    What they answered here counts there for the same questions, and the cost centre pays there too. Both events are held, the older row first. Twice is once.
    """
    held = {pk: held_and_on(event_id=pk) for pk in sorted({seat.event_id, to.pk})}
    here, there = held[seat.event_id], held[to.pk]
    fresh = own_row(seat=seat, by=by)
    if not editions_of(here).filter(pk=there.pk).exists():
        raise EventError(_("This is not another date of the same event."))
    known = Seat.objects.filter(event=there, person_id=by.person_id, state__in=SeatState.living()).first()
    if fresh.state != SeatState.BOOKED:
        if fresh.state == SeatState.CANCELLED and known is not None and known.state == SeatState.BOOKED:
            return known
        raise EventError(_("You have no seat to move."))
    refuse_when_late(event=here, at=clock.now())
    if here.needs_reason and not reason_of(text=reason):
        raise EventError(_("Say why you cannot come."))
    terms = _terms_there(charge_of(seat=fresh), there, by) if known is None else None
    made = _taken_there(there, known, by, answers=_said_here(here, there, by))
    ended(seat=fresh, state=SeatState.CANCELLED, reason=reason)  # first: its code is used again
    if terms is not None:
        charge_make(seat=made, event=there, terms=terms)
    change_counted(event=here)
    audit(
        act="seat.moved", by=by.person, target=made, before={"event": here.pk},
        after={"event": there.pk, "person": by.person_id, "reason": reason_of(text=reason)},
    )  # fmt: skip
    body = format_lazy(gettext_lazy("Your seat was moved to “{title}”."), title=there.element.title)
    tell(seat=fresh, event=here, what="moved", body=body, calendars=Calendars.COMES_NOT)
    managers_told(seat=fresh, event=here, what="cancelled", body=gettext_lazy("{name} does not come any more."))
    place_back(event=here, at=clock.now())
    return made


def _terms_there(paid: Charge | None, there: Event, by: Membership) -> Terms | None:
    if paid is not None and is_good_there(code=paid.code, event=there):
        return Terms(paid.price, paid.cost_centre, paid.code)
    if paid is not None and there.price and not there.needs_code:
        return Terms(there.price, paid.cost_centre)  # as it was given to them, also without a cost centre
    return terms_of(event=there, code="", cost_centre="", person_id=by.person_id)


def _taken_there(there: Event, known: Seat | None, by: Membership, *, answers: dict[int, str]) -> Seat:
    """A seat by the same rules by which they would book; where they wait already, instead of that."""
    rank = rank_of(held=there, person_id=by.person_id)
    as_it_is = standing(held=there, person_id=by.person_id, rank=rank)
    if not elements_for(by).filter(pk=there.element_id).exists():
        raise EventError(_("This is not another date of the same event."))
    if known is not None and known.state == SeatState.BOOKED:
        raise EventError(_("You have a seat there already."))
    refuse_unless_open(held=there, at=clock.now(), begins=as_it_is.begins_at, person_id=by.person_id)
    if there.approval != Approval.NOBODY or as_it_is.begins_at is None or not (there.is_settled or rank == 0):
        raise EventError(_("You cannot move there by yourself: ask for a seat there, then give this one back."))
    answers_keep(found=answers_checked(event=there, answers=answers), membership=by)
    if known is not None and known.state == SeatState.OFFERED:
        booked(seat=known, event=there)
        return known
    waits_before = Seat.objects.filter(event=there, state=SeatState.WAITING, rank__lte=rank)
    if there.free == 0 or waits_before.exclude(person_id=by.person_id).exists():
        raise EventError(_("All places are taken there."))
    if known is None:
        return book(event=there, person=by.person)
    there.taken += 1
    there.save(update_fields=["taken"])
    booked(seat=known, event=there)
    return known


def _said_here(here: Event, there: Event, by: Membership) -> dict[int, str]:
    """Their answers here, by the questions there that ask the same."""
    rows = EventAnswer.objects.filter(question__event=here, person_id=by.person_id)
    said = dict(rows.values_list("question__text", "text"))
    asked = there.questions.filter(ended_at=None).values_list("pk", "text")
    return {pk: said[text] for pk, text in asked if text in said}
