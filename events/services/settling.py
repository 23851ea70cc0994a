"""In what order places are given, where that is not first come, first served: what is promised, and the day it is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem import clock
from ecosystem.conditions import condition_problems
from ecosystem.scope import open_scope, system_rows
from ecosystem.services.audit import audit
from events.exceptions import EventError
from events.lots import drawn, promise_of, seed_new
from events.models import Draw, Event, Fairness, Seat, SeatState
from events.services.letting_go import rest_told
from events.services.locking import event_held
from events.services.queue import places_give

RULES = ("fairness", "priority_group", "settle_at")
DRAWN = {
    "waits": gettext_lazy(
        "Lots were drawn, and you are on the list. A place that comes free is offered in that order."
    ),
    "gone": gettext_lazy("Lots were drawn, and there was no place for you this time."),
}
AFTER_THE_GROUP = {
    "waits": gettext_lazy(
        "You are on the list. As soon as there is a date, places are given in the order in which people asked."
    ),
    "gone": gettext_lazy("The days of the group are over, and there was no place for you this time."),
}


def fairness_checked(*, event: Event, before: Mapping[str, Any] | None = None) -> None:
    """Refuses half a rule, a broken condition, and another rule once somebody has asked for a seat: they were told this one."""
    for tree in (event.register_if, event.attend_if):
        if problems := condition_problems(tree):
            raise EventError(problems[0])
    changed = before is not None and any(name in before and before[name] != getattr(event, name) for name in RULES)
    if changed and Seat.objects.filter(event=event).exists():
        raise EventError(_("Somebody has asked for a seat already, by the order that was promised. It stays."))
    if event.fairness != Fairness.PRIORITY:
        event.priority_group = None
    if event.fairness == Fairness.FIRST_COME:
        event.settle_at = None
        return
    _refuse_half(event, is_new=changed or before is None)


def _refuse_half(event: Event, *, is_new: bool) -> None:
    if event.settle_at is None:
        raise EventError(_("Say until when, or when lots are drawn."))
    if event.fairness == Fairness.PRIORITY and event.priority_group_id is None and not event.is_settled:
        raise EventError(_("Choose the group that goes first."))
    if is_new and event.settle_at <= clock.now():
        raise EventError(_("Choose a day that is still to come."))


def promise_made(*, event: Event) -> None:
    """The seed of a draw is made, and its promise published, before anybody can enter."""
    if event.fairness == Fairness.LOTTERY and not Draw.objects.filter(event=event).exists():
        seed = seed_new()
        Draw.objects.create(environment_id=event.environment_id, event=event, seed=seed, promise=promise_of(seed))


def settling_waits() -> list[int]:
    """The environments in which the days of a group are over, or lots are to be drawn."""
    with system_rows():
        return list(_due().values_list("environment_id", flat=True).distinct())


def events_settle(*, environment_id: int) -> int:
    """Draw, or let everybody in after the group; an event at a time. Twice is once."""
    with open_scope(environment_id=environment_id):
        found = list(_due().order_by("pk").values_list("pk", flat=True))
    return sum(_settle(environment_id, pk) for pk in found)


def _due() -> Any:
    return Event.objects.filter(Q(settle_at__lte=clock.now()), settled_at=None, cancelled_at=None)


def _settle(environment_id: int, event_id: int) -> int:
    with open_scope(environment_id=environment_id):
        event, now = event_held(event_id=event_id), clock.now()
        if event.settled_at is not None or event.settle_at is None or event.settle_at > now or event.cancelled_at:
            return 0
        event.settled_at = now
        event.save(update_fields=["settled_at"])
        by_lot = event.fairness == Fairness.LOTTERY
        if by_lot:
            _draw(event)
        # Without a waiting list nothing is offered: who asked before the day has a place now, or hears that there is none.
        given = places_give(event=event, at=now, directly=by_lot or not event.has_waiting_list)
        if by_lot or not event.has_waiting_list:
            rest_told(event=event, what="drawn" if by_lot else "after", **(DRAWN if by_lot else AFTER_THE_GROUP))
        audit(act="event.settled", by=None, target=event, after={"given": len(given)})
        return 1


def _draw(event: Event) -> None:
    """Everybody gets their rank; ``places_give`` then books the first."""
    lots = Draw.objects.select_for_update(of=("self",)).get(event=event)
    seats = {str(seat.uid): seat for seat in Seat.objects.filter(event=event, state=SeatState.ENTERED)}
    lots.order, lots.drawn_at = drawn(seats, seed=lots.seed), clock.now()
    lots.save(update_fields=["order", "drawn_at"])
    for rank, number in enumerate(lots.order):
        seats[number].state, seats[number].rank = SeatState.WAITING, rank
    Seat.objects.bulk_update(seats.values(), ["state", "rank"])
