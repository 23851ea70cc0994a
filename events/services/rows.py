"""What happens to one row of a seat. Only with the event held (``locking``)."""

from __future__ import annotations

from django.db.models import Count, F
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.models import Membership, Person
from events.access import may_organise
from events.exceptions import EventError
from events.models import Charge, Event, EventCode, Seat, SeatState
from events.services.locking import series_held
from events.services.queue import registered

LONGEST_REASON = 300


def only_organisers(*, by: Membership) -> None:
    if not may_organise(by):
        raise EventError(_("Only who organises events can do that."))


def reason_of(*, text: str) -> str:
    return text.replace("\x00", "").strip()[:LONGEST_REASON]


def seat_row(*, event: Event, person: Person, state: SeatState, **facts: object) -> Seat:
    made: Seat = Seat.objects.create(
        environment_id=event.environment_id, event=event, person=person, state=state, asked_at=clock.now(), **facts
    )
    return made


def book(*, event: Event, person: Person) -> Seat:
    """A seat for who has none yet."""
    event.taken += 1
    event.save(update_fields=["taken"])
    seat = seat_row(event=event, person=person, state=SeatState.BOOKED)
    registered(seat=seat, event=event)
    return seat


def booked(*, seat: Seat, event: Event) -> None:
    """Their place is counted already."""
    seat.state, seat.offer_until = SeatState.BOOKED, None
    seat.save(update_fields=["state", "offer_until"])
    registered(seat=seat, event=event)


def ended(*, seat: Seat, state: SeatState, reason: str = "") -> None:
    seat.state, seat.offer_until, seat.ended_at = state, None, clock.now()
    seat.reason = reason_of(text=reason)
    seat.save(update_fields=["state", "offer_until", "ended_at", "reason"])
    code_back(seat=seat)


def code_back(*, seat: Seat) -> None:
    """Others may use the code with which it was asked for."""
    codes = EventCode.objects.filter(charges__seat=seat, used__gt=0)
    for series in codes.exclude(series=None).values_list("series_id", flat=True):
        series_held(series_id=series)
    codes.update(used=F("used") - 1)


def codes_back(*, event: Event) -> None:
    """The same for every seat and place in the queue of an event."""
    EventCode.objects.filter(event=event).update(used=0)
    if event.series_id is None:
        return
    series_held(series_id=event.series_id)
    living = Charge.objects.filter(seat__event=event, seat__state__in=SeatState.living(), code__series=event.series_id)
    for code, count in living.values_list("code").annotate(count=Count("pk")).order_by():
        EventCode.objects.filter(pk=code).update(used=F("used") - count)
