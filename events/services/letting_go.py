"""Who asked and got no place when places were given: they hear where they stand, and without a waiting list they are let go."""

from __future__ import annotations

from django.utils.functional import Promise

from events.models import Event, Seat, SeatState
from events.services.queue import begins_at
from events.services.rows import ended
from events.services.telling import tell


def rest_told(*, event: Event, what: str, waits: Promise, gone: Promise) -> None:
    """``waits`` to those who stay on the list, ``gone`` to those for whom there is none. Only with the event held.

    Nobody is let go as long as there is no date, or while one group goes first: their turn is still to come.
    """
    stays = event.has_waiting_list or not event.is_settled or begins_at(event=event) is None
    rows = Seat.objects.filter(event=event, state=SeatState.WAITING).select_related("person")
    for seat in rows.order_by("rank", "pk"):
        if not stays:
            ended(seat=seat, state=SeatState.UNPLACED)
        tell(seat=seat, event=event, what=what, body=waits if stays else gone)
