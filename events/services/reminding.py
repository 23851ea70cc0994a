"""A day before a session everybody with a seat is reminded, once for each time it is set to."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from ecosystem import clock
from ecosystem.scope import open_scope, system_rows
from events.models import Seat, SeatState, Session
from events.services.locking import event_held
from events.services.telling import tell

BEFORE = timedelta(days=1)


def reminder_of(*, starts_at: datetime) -> datetime | None:
    """When the reminder goes out; None when that has passed."""
    at = starts_at - BEFORE
    return at if at > clock.now() else None


def reminders_waiting() -> list[int]:
    """The environments with sessions to remind of."""
    with system_rows():
        due = Session.objects.filter(remind_at__lte=clock.now())
        return list(due.values_list("environment_id", flat=True).distinct())


def reminders_send(*, environment_id: int) -> int:
    """Remind of what is due, a session at a time; returns how many people were. Twice is once."""
    with open_scope(environment_id=environment_id):
        due = list(Session.objects.filter(remind_at__lte=clock.now()).order_by("pk").values_list("pk", "event_id"))
    return sum(_remind(environment_id, session_id, event_id) for session_id, event_id in due)


def _remind(environment_id: int, session_id: int, event_id: int) -> int:
    with open_scope(environment_id=environment_id):
        event = event_held(event_id=event_id)
        session = Session.objects.select_for_update(of=("self",)).filter(pk=session_id).first()
        if session is None or session.remind_at is None or session.remind_at > clock.now():
            return 0
        session.remind_at = None
        session.save(update_fields=["remind_at"])
        if event.cancelled_at is not None or session.starts_at <= clock.now():
            return 0
        seats = list(Seat.objects.filter(event=event, state=SeatState.BOOKED).select_related("person").order_by("pk"))
        for seat in seats:
            tell(
                seat=seat,
                event=event,
                what=f"soon:{session.pk}:{session.starts_at.timestamp():.0f}",
                body=_("It begins soon. Look at the time and the place."),
                only=[session],
            )
        return len(seats)
