"""Seats: taken, offered, accepted, given back. Never more than there are, and nobody overtakes in the queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem import clock
from ecosystem.conditions import condition_lacking
from ecosystem.models import GroupMember, Membership, Person
from ecosystem.prepared import Given, prepared
from ecosystem.services.audit import audit
from events.exceptions import EventError
from events.models import Approval, Event, EventQuestion, Fairness, Seat, SeatState, Session
from events.services.approving import request_make
from events.services.asking import answers_checked, answers_keep
from events.services.charging import charge_given, charge_make, terms_of
from events.services.locking import event_held, held_and_on
from events.services.queue import begins_at, place_back
from events.services.rows import book, booked, ended, only_organisers, reason_of, seat_row
from events.services.telling import Calendars, change_counted, managers_told, tell

LONGEST_TOWN = 80


@transaction.atomic
def seat_take(
    *,
    event: Event,
    answers: Mapping[int, str] | None = None,
    code: str = "",
    cost_centre: str = "",
    town: str = "",
    by: Membership,
) -> Seat:
    """A seat for ``by``; when there is none left, or others wait, a place at the end of the queue. Twice is once.

    Where a yes is needed it is a request, and before lots are drawn a lot. Refuses outside the days of booking, once the event
    has begun, to who does not meet the condition or leaves a question open that must be answered, and when it is full without
    a waiting list. ``answers`` by id of the question; ``code`` and ``cost_centre`` where the event asks for them; ``town``: where
    they would come, for who plans the next.
    """
    held, now = held_and_on(event_id=event.pk), clock.now()
    rank = rank_of(held=held, person_id=by.person_id)
    as_it_is = standing(held=held, person_id=by.person_id, rank=rank)
    if as_it_is.seat_id is not None:
        made: Seat = Seat.objects.get(pk=as_it_is.seat_id)
        return made
    refuse_unless_open(held=held, at=now, begins=as_it_is.begins_at, person_id=by.person_id)
    if as_it_is.asks:
        answers_keep(found=answers_checked(event=held, answers=answers), membership=by)
    terms = terms_of(event=held, code=code, cost_centre=cost_centre, person_id=by.person_id)
    if held.approval != Approval.NOBODY:
        made = request_make(event=held, person=by.person, at=now)
    else:
        made = seat_or_queue(held=held, person=by.person, as_it_is=as_it_is, rank=rank)
    if terms is not None:
        charge_make(seat=made, event=held, terms=terms)
    if where := " ".join(town.replace("\x00", "").split())[:LONGEST_TOWN]:
        made.town = where
        made.save(update_fields=["town"])
    return made


@dataclass(frozen=True)
class Standing:
    """How it is now, for one person: nobody else moves a seat meanwhile, since the event is held."""

    seat_id: int | None
    begins_at: datetime | None
    others_wait: bool
    asks: bool


def standing(*, held: Event, person_id: int, rank: int) -> Standing:
    """One query; ``others_wait``: somebody who is not behind ``rank``."""
    return Standing(*_standing(event=held.pk, person=person_id, rank=rank)[0])


@prepared
def _standing(*, event: Given, person: Given, rank: Given) -> QuerySet[Any]:
    seats = Seat.objects.filter(event=OuterRef("pk"))
    first = Session.objects.filter(event=OuterRef("pk")).order_by("starts_at").values("starts_at")[:1]
    mine = seats.filter(person_id=person, state__in=SeatState.living()).values("pk")[:1]
    questions = EventQuestion.objects.filter(event=OuterRef("pk"), ended_at=None)
    return Event.objects.filter(pk=event).values_list(
        Subquery(mine),
        Subquery(first),
        Exists(seats.filter(state=SeatState.WAITING, rank__lte=rank)),
        Exists(questions),
    )


def refuse_unless_open(*, held: Event, at: datetime, begins: datetime | None, person_id: int) -> None:
    """The days of booking, and who may book."""
    if held.opens_at is not None and at < held.opens_at:
        raise EventError(_("Booking has not begun yet."))
    if held.closes_at is not None and at >= held.closes_at:
        raise EventError(_("Booking is over. Ask whoever organises the event."))
    if begins is not None and begins <= at:
        raise EventError(_("The event has begun. Ask whoever organises it."))
    if lacks := condition_lacking(held.register_if, person_id=person_id):
        raise EventError(_("You can book when %(reasons)s.") % {"reasons": lacks})


def seat_or_queue(*, held: Event, person: Person, as_it_is: Standing, rank: int, seat: Seat | None = None) -> Seat:
    """What somebody gets who may have a seat: one, a lot, or a place in the queue. ``seat``: the request that was approved."""
    if held.fairness == Fairness.LOTTERY and not held.is_settled:
        return _now(held, person, seat, SeatState.ENTERED, 0)
    dated, its_turn = as_it_is.begins_at is not None, held.is_settled or rank == 0
    if dated and its_turn and held.free != 0 and (seat is not None or not as_it_is.others_wait):
        if seat is None:
            return book(event=held, person=person)
        held.taken += 1
        held.save(update_fields=["taken"])
        booked(seat=seat, event=held)
        return seat
    if dated and its_turn and not held.has_waiting_list:
        raise EventError(_("All places are taken."))
    return _now(held, person, seat, SeatState.WAITING, rank)


def rank_of(*, held: Event, person_id: int) -> int:
    """0 for the group while it goes first, 1 for others there and for whoever asks after its days; after a draw behind
    everybody who was in it."""
    if held.fairness == Fairness.PRIORITY:
        return int(held.is_settled or not goes_first(event=held, person_id=person_id))
    if held.fairness == Fairness.LOTTERY and held.is_settled:
        return max(map(len, held.draws.values_list("order", flat=True)), default=0)
    return 0


def goes_first(*, event: Event, person_id: int) -> bool:
    """Whether somebody is in the group to which places go until a day."""
    group = event.priority_group_id
    return group is not None and GroupMember.objects.filter(group_id=group, person_id=person_id).exists()


def would_wait(*, event: Event, person_id: int) -> bool:
    """Whether somebody who asks now gets a place on the list instead of a seat, as it looks without holding the event."""
    rank = rank_of(held=event, person_id=person_id)
    as_it_is = standing(held=event, person_id=person_id, rank=rank)
    return event.free == 0 or as_it_is.others_wait or not (event.is_settled or rank == 0)


def why_not(*, event: Event, begins: datetime | None, person_id: int) -> str:
    """What ``seat_take`` would refuse now, as it looks without holding the event; questions and codes aside."""
    try:
        refuse_unless_open(held=event, at=clock.now(), begins=begins, person_id=person_id)
    except EventError as refusal:
        return str(refusal)
    if event.has_waiting_list or begins is None or event.approval != Approval.NOBODY:
        return ""
    rank = rank_of(held=event, person_id=person_id)
    its_turn = event.is_settled or (rank == 0 and event.fairness == Fairness.PRIORITY)
    is_full = event.free == 0 or standing(held=event, person_id=person_id, rank=rank).others_wait
    return _("All places are taken.") if its_turn and is_full else ""


def _now(held: Event, person: Person, seat: Seat | None, state: SeatState, rank: int) -> Seat:
    if seat is None:
        return seat_row(event=held, person=person, state=state, rank=rank)
    seat.state, seat.rank, seat.offer_until = state, rank, None
    seat.save(update_fields=["state", "rank", "offer_until"])
    return seat


@transaction.atomic
def seat_give(*, event: Event, person: Person, beyond: bool = False, reason: str = "", by: Membership) -> Seat:
    """Book ``person``, whoever waits; with ``beyond`` even when all places are taken, and then with a reason, which the
    audit log keeps. For who organises events."""
    only_organisers(by=by)
    held = held_and_on(event_id=event.pk)
    mine = Seat.objects.filter(event=held, person=person, state__in=SeatState.living()).first()
    if mine is not None and mine.state == SeatState.BOOKED:
        return mine
    over = False
    if mine is None or mine.state != SeatState.OFFERED:
        if over := held.free == 0:
            if not beyond:
                raise EventError(_("All places are taken. Tick the box to book one beyond."))
            if not reason_of(text=reason):
                raise EventError(_("Say why somebody gets a seat beyond the places."))
            held.overbooked += 1
            held.save(update_fields=["overbooked"])
        if mine is None:
            mine = book(event=held, person=person)
        else:
            held.taken += 1
            held.save(update_fields=["taken"])
    if mine.state != SeatState.BOOKED:
        booked(seat=mine, event=held)
    charge_given(seat=mine, event=held)
    after = {"person": person.pk, "beyond": over, "reason": reason_of(text=reason)}
    audit(act="seat.given", by=by.person, target=mine, after=after)
    return mine


@transaction.atomic
def seat_answer(*, seat: Seat, accept: bool, by: Membership) -> Seat:
    """Take the place that was offered, or let it go to the next. The same answer twice is once."""
    event = held_and_on(event_id=seat.event_id)
    fresh = own_row(seat=seat, by=by)
    if fresh.state == (SeatState.BOOKED if accept else SeatState.DECLINED):
        return fresh
    if fresh.state != SeatState.OFFERED:
        raise EventError(_("No place is offered to you any more."))
    now = clock.now()
    if fresh.offer_until is not None and fresh.offer_until <= now:
        raise EventError(_("The time to answer is over, and the place goes to the next."))
    if accept:
        booked(seat=fresh, event=event)
    else:
        ended(seat=fresh, state=SeatState.DECLINED)
        place_back(event=event, at=now)
    return fresh


@transaction.atomic
def seat_cancel(*, seat: Seat, reason: str = "", by: Membership) -> Seat:
    """Give a seat back, or leave the queue: one's own until the deadline, that of others for who organises. Twice is once.

    Where the event asks for one, a seat is given back with a reason.
    """
    event = event_held(event_id=seat.event_id)
    others = seat.person_id != by.person_id
    if others:
        only_organisers(by=by)
        fresh = Seat.objects.select_for_update(of=("self",)).get(pk=seat.pk)
    else:
        fresh = own_row(seat=seat, by=by)
    if fresh.state not in SeatState.living():
        return fresh
    if fresh.state == SeatState.BOOKED and not others:
        _refuse_cancelling(event, reason)
    held_place, was_booked = fresh.state in SeatState.holding(), fresh.state == SeatState.BOOKED
    ended(seat=fresh, state=SeatState.CANCELLED, reason=reason)
    if was_booked:
        change_counted(event=event)
    if others:
        audit(act="seat.cancelled", by=by.person, target=fresh, after={"person": fresh.person_id})
    _tell_cancelled(fresh, event, others=others, was_booked=was_booked)
    if held_place:
        place_back(event=event, at=clock.now())
    return fresh


def _refuse_cancelling(event: Event, reason: str) -> None:
    refuse_when_late(event=event, at=clock.now())
    if event.needs_reason and not reason_of(text=reason):
        raise EventError(_("Say why you cannot come."))


def _tell_cancelled(seat: Seat, event: Event, *, others: bool, was_booked: bool) -> None:
    """Who leaves a queue by themselves needs no letter."""
    if others or was_booked:
        if not others:
            said = gettext_lazy("You gave your seat back.")
        elif was_booked:
            said = gettext_lazy("Your seat was cancelled by who organises it.")
        else:
            said = gettext_lazy("Whoever organises it took you off the list.")
        told = Calendars.COMES_NOT if was_booked else Calendars.NOTHING
        tell(seat=seat, event=event, what="cancelled", body=said, calendars=told)
    if was_booked:
        managers_told(seat=seat, event=event, what="cancelled", body=gettext_lazy("{name} does not come any more."))


def is_late(*, event: Event, at: datetime) -> bool:
    begins = begins_at(event=event)
    return begins is not None and at > begins - timedelta(hours=event.cancel_hours)


def refuse_when_late(*, event: Event, at: datetime) -> None:
    """After the deadline a seat is neither given back nor passed on."""
    if is_late(event=event, at=at):
        raise EventError(_("It is too late to cancel here. Ask whoever organises the event."))


def own_row(*, seat: Seat, by: Membership) -> Seat:
    fresh: Seat = Seat.objects.select_for_update(of=("self",)).get(pk=seat.pk)
    if fresh.person_id != by.person_id:
        raise EventError(_("This is the seat of somebody else."))
    return fresh
