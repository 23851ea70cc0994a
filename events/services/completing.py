"""Present at every session: the event is completed. Marked otherwise later: it no longer is."""

from __future__ import annotations

from collections.abc import Iterable

from ecosystem import clock
from events.models import Attendance, Event, Presence, Seat, Session
from records.models import Statement
from records.services import record


def completions(*, event: Event, seats: Iterable[Seat]) -> list[Seat]:
    """Of those ``seats`` whose people have now been at every session, or no longer have. Only with the event held (``locking``).

    The record is made once for each seat and stays, as all do: what it opened in courses and the certificates that it gave
    are not taken back by a correction. Returns the seats that are no longer complete.
    """
    undone = []
    sessions = Session.objects.filter(event=event).count()
    for seat in seats:
        there = Attendance.objects.filter(
            session__event=event, person_id=seat.person_id, presence=Presence.PRESENT
        ).count()
        if (there == sessions) is (seat.completed_at is not None):
            continue
        seat.completed_at = clock.now() if there == sessions else None
        seat.save(update_fields=["completed_at"])
        if seat.completed_at is None:
            undone.append(seat)
        elif not _is_recorded(seat, event):
            record(
                verb="completed",
                element=event.element,
                person_id=seat.person_id,
                result={"completion": True},
                context={"seat": str(seat.uid)},
            )
    return undone


def _is_recorded(seat: Seat, event: Event) -> bool:
    rows = Statement.objects.filter(verb="completed", element_id=event.element_id, person_id=seat.person_id)
    return rows.filter(context__seat=str(seat.uid)).exists()
