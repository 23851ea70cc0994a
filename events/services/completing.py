"""Present at every session: the event is completed."""

from __future__ import annotations

from collections.abc import Iterable

from ecosystem import clock
from events.models import Attendance, Event, Presence, Seat, Session
from records.services import record


def completions(*, event: Event, seats: Iterable[Seat]) -> None:
    """Of those ``seats`` whose people have now been at every session. Only with the event held (``locking``)."""
    sessions = Session.objects.filter(event=event).count()
    for seat in seats:
        there = Attendance.objects.filter(
            session__event=event, person_id=seat.person_id, presence=Presence.PRESENT
        ).count()
        if there == sessions and seat.completed_at is None:
            seat.completed_at = clock.now()
            seat.save(update_fields=["completed_at"])
            record(
                verb="completed",
                element=event.element,
                person_id=seat.person_id,
                result={"completion": True},
                context={"seat": str(seat.uid)},
            )
