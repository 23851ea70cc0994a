"""The group to which places go first changes: somebody's place in the queue goes with them, at once, and the group may go once
its days are over."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Q

from ecosystem import clock
from ecosystem.models import Group
from events.models import Event, Fairness, Seat, SeatState
from events.services.locking import event_held
from events.services.queue import places_give, ranks_set


def group_moved(*, source: str, person_ids: Collection[int], subjects: Any) -> None:
    """For the queues in which these people wait; each event is held, by id."""
    if source != "groups":
        return
    waiting = Seat.objects.filter(person_id__in=person_ids, state=SeatState.WAITING)
    rows = Event.objects.filter(
        fairness=Fairness.PRIORITY, settled_at=None, cancelled_at=None, pk__in=waiting.values("event_id")
    )
    for pk in rows.order_by("pk").values_list("pk", flat=True):
        event = event_held(event_id=pk)
        if ranks_set(event=event):
            places_give(event=event, at=clock.now(), directly=not event.has_waiting_list)


def group_ended(*, group: Group) -> None:
    """Events whose places go to whoever is next by now, or that do not take place, no longer need it."""
    over = Event.objects.filter(Q(settled_at__isnull=False) | Q(cancelled_at__isnull=False), priority_group=group)
    over.update(priority_group=None)
