"""Seats: taken, offered, accepted, given back. Never more than there are, and nobody overtakes in the queue."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem import clock
from ecosystem.models import Membership, Person
from ecosystem.scope import open_scope, system_rows
from ecosystem.services.audit import audit
from events.access import may_organise
from events.exceptions import EventError
from events.models import Event, Seat, SeatState
from events.services.locking import event_held, held_and_on
from events.services.queue import begins_at, place_back, registered
from events.services.telling import Calendars, change_counted, tell

LONGEST_REASON = 300


@transaction.atomic
def seat_take(*, event: Event, by: Membership) -> Seat:
    """A seat for ``by``; when there is none left, or others wait, a place at the end of the queue. Twice is once.

    Refuses outside the days of booking, once the event has begun, and when it is full without a waiting list.
    """
    held, now = held_and_on(event_id=event.pk), clock.now()
    mine = Seat.objects.filter(event=held, person_id=by.person_id, state__in=SeatState.living()).first()
    if mine is not None:
        return mine
    if held.opens_at is not None and now < held.opens_at:
        raise EventError(_("Booking has not begun yet."))
    if held.closes_at is not None and now >= held.closes_at:
        raise EventError(_("Booking is over. Ask whoever organises the event."))
    begins = begins_at(event=held)
    if begins is not None and begins <= now:
        raise EventError(_("The event has begun. Ask whoever organises it."))
    others_wait = Seat.objects.filter(event=held, state=SeatState.WAITING).exists()
    if begins is not None and not others_wait and held.free != 0:
        return _book(held, by.person)
    if begins is not None and not held.has_waiting_list:
        raise EventError(_("All places are taken."))
    return _seat(held, by.person, SeatState.WAITING)


@transaction.atomic
def seat_give(*, event: Event, person: Person, beyond: bool = False, by: Membership) -> Seat:
    """Book ``person``, whoever waits; with ``beyond`` even when all places are taken. For who organises events."""
    _refuse_others(by)
    held = held_and_on(event_id=event.pk)
    mine = Seat.objects.filter(event=held, person=person, state__in=SeatState.living()).first()
    if mine is not None and mine.state == SeatState.BOOKED:
        return mine
    if mine is None or mine.state == SeatState.WAITING:
        if held.free == 0:
            if not beyond:
                raise EventError(_("All places are taken. Tick the box to book one beyond."))
            held.overbooked += 1
            held.save(update_fields=["overbooked"])
        if mine is None:
            mine = _book(held, person)
        else:
            held.taken += 1
            held.save(update_fields=["taken"])
    if mine.state != SeatState.BOOKED:
        _booked(mine, held)
    audit(act="seat.given", by=by.person, target=mine, after={"person": person.pk, "beyond": beyond})
    return mine


@transaction.atomic
def seat_answer(*, seat: Seat, accept: bool, by: Membership) -> Seat:
    """Take the place that was offered, or let it go to the next. The same answer twice is once."""
    event = held_and_on(event_id=seat.event_id)
    fresh = _own(seat, by)
    if fresh.state == (SeatState.BOOKED if accept else SeatState.DECLINED):
        return fresh
    if fresh.state != SeatState.OFFERED:
        raise EventError(_("No place is offered to you any more."))
    now = clock.now()
    if fresh.offer_until is not None and fresh.offer_until <= now:
        raise EventError(_("The time to answer is over, and the place goes to the next."))
    if accept:
        _booked(fresh, event)
    else:
        _ended(fresh, SeatState.DECLINED, "")
        place_back(event=event, at=now)
    return fresh


@transaction.atomic
def seat_cancel(*, seat: Seat, reason: str = "", by: Membership) -> Seat:
    """Give a seat back, or leave the queue: one's own until the deadline, that of others for who organises. Twice is once."""
    event = event_held(event_id=seat.event_id)
    others = seat.person_id != by.person_id
    if others:
        _refuse_others(by)
        fresh = Seat.objects.select_for_update(of=("self",)).get(pk=seat.pk)
    else:
        fresh = _own(seat, by)
    if fresh.state not in SeatState.living():
        return fresh
    now, begins = clock.now(), begins_at(event=event)
    in_time = begins is None or now <= begins - timedelta(hours=event.cancel_hours)
    if not others and fresh.state == SeatState.BOOKED and not in_time:
        raise EventError(_("It is too late to cancel here. Ask whoever organises the event."))
    held_place, was_booked = fresh.state in SeatState.holding(), fresh.state == SeatState.BOOKED
    _ended(fresh, SeatState.CANCELLED, reason)
    if was_booked:
        change_counted(event=event)
    if others:
        audit(act="seat.cancelled", by=by.person, target=fresh, after={"person": fresh.person_id})
    if others or was_booked:
        said = (
            gettext_lazy("Your seat was cancelled by who organises it.")
            if others
            else gettext_lazy("You gave your seat back.")
        )
        told = Calendars.COMES_NOT if was_booked else Calendars.NOTHING
        tell(seat=fresh, event=event, what="cancelled", body=said, calendars=told)
    if held_place:
        place_back(event=event, at=now)
    return fresh


def offers_waiting() -> list[int]:
    """The environments in which offers have run out."""
    with system_rows():
        due = Seat.objects.filter(state=SeatState.OFFERED, offer_until__lte=clock.now())
        return list(due.values_list("environment_id", flat=True).distinct())


def offers_end(*, environment_id: int) -> int:
    """End what has run out and offer each place to the next; an event at a time, so that one failure stops no other."""
    with open_scope(environment_id=environment_id):
        due = Seat.objects.filter(state=SeatState.OFFERED, offer_until__lte=clock.now())
        events = list(due.values_list("event_id", flat=True).distinct())
    return sum(_offers_end(environment_id, pk) for pk in events)


def _offers_end(environment_id: int, event_id: int) -> int:
    with open_scope(environment_id=environment_id):
        event, now = event_held(event_id=event_id), clock.now()
        due = Seat.objects.filter(event=event, state=SeatState.OFFERED, offer_until__lte=now)
        ended = list(due.select_for_update(of=("self",)).order_by("pk"))
        for seat in ended:
            _ended(seat, SeatState.EXPIRED, "")
            tell(seat=seat, event=event, what="expired", body=gettext_lazy("Nobody answered, so the place went on."))
            place_back(event=event, at=now)
        return len(ended)


def _own(seat: Seat, by: Membership) -> Seat:
    fresh: Seat = Seat.objects.select_for_update(of=("self",)).get(pk=seat.pk)
    if fresh.person_id != by.person_id:
        raise EventError(_("This is the seat of somebody else."))
    return fresh


def _refuse_others(by: Membership) -> None:
    if not may_organise(by):
        raise EventError(_("Only who organises events can do that."))


def _seat(event: Event, person: Person, state: SeatState) -> Seat:
    return Seat.objects.create(
        environment_id=event.environment_id, event=event, person=person, state=state, asked_at=clock.now()
    )


def _book(event: Event, person: Person) -> Seat:
    event.taken += 1
    event.save(update_fields=["taken"])
    seat = _seat(event, person, SeatState.BOOKED)
    registered(seat=seat, event=event)
    return seat


def _booked(seat: Seat, event: Event) -> None:
    seat.state, seat.offer_until = SeatState.BOOKED, None
    seat.save(update_fields=["state", "offer_until"])
    registered(seat=seat, event=event)


def _ended(seat: Seat, state: SeatState, reason: str) -> None:
    seat.state, seat.offer_until, seat.ended_at = state, None, clock.now()
    seat.reason = reason.replace("\x00", "").strip()[:LONGEST_REASON]
    seat.save(update_fields=["state", "offer_until", "ended_at", "reason"])
