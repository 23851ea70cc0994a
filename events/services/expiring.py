"""Offers and requests that run out."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from ecosystem import clock
from ecosystem.scope import open_scope, system_rows
from events.models import Seat, SeatState
from events.services.locking import event_held
from events.services.queue import place_back
from events.services.rows import ended
from events.services.telling import tell


def offers_waiting() -> list[int]:
    """The environments in which offers or requests have run out."""
    with system_rows():
        return list(_due().values_list("environment_id", flat=True).distinct())


def offers_end(*, environment_id: int) -> int:
    """End what has run out and offer each place to the next; an event at a time, so that one failure stops no other."""
    with open_scope(environment_id=environment_id):
        events = list(_due().values_list("event_id", flat=True).distinct())
    return sum(_offers_end(environment_id, pk) for pk in events)


def _due() -> QuerySet[Seat]:
    """What has an end is an offer or a request: the database says so."""
    return Seat.objects.filter(offer_until__lte=clock.now())


def _offers_end(environment_id: int, event_id: int) -> int:
    with open_scope(environment_id=environment_id):
        event, now = event_held(event_id=event_id), clock.now()
        due = list(_due().filter(event=event).select_for_update(of=("self",)).order_by("pk"))
        for seat in due:
            offered = seat.state == SeatState.OFFERED
            ended(seat=seat, state=SeatState.EXPIRED)
            body = (
                gettext_lazy("Nobody answered, so the place went on.")
                if offered
                else gettext_lazy("Nobody answered your request in time. Ask again, or talk to who organises it.")
            )
            tell(seat=seat, event=event, what="expired", body=body)
            if offered:
                place_back(event=event, at=now)
        return len(due)
