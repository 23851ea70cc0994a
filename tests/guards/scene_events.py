"""What a twin has of events: one that goes on with two seats, and one whose first session is over."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from events.models import Attendance, Session
from events.services import event_make, seat_take, session_add
from tests.guards.twins import Twin


def bring_events(twin: Twin, secret: str, prefix: str) -> None:
    admin, learner, now = twin.people["admin"], twin.people["learner"], timezone.now()
    event = event_make(
        title=f"{secret} event", slug=f"{prefix}-event", summary=secret, zone="UTC", capacity=1, by=admin
    )
    coming = now + timedelta(days=9)
    session_add(event=event, starts_at=coming, ends_at=coming + timedelta(hours=1), place=f"{secret} hall", by=admin)
    for person in (learner, twin.people["gardener"]):
        seat_take(event=event, by=person)
    past = event_make(title=f"{secret} past", slug=f"{prefix}-past", zone="UTC", by=admin)
    over = Session.objects.create(
        environment=twin.environment, event=past, starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1),
        place=f"{secret} yard", trainer=twin.people["instructor"].person,
    )  # fmt: skip
    Attendance.objects.create(
        environment=twin.environment, session=over, person=learner.person, presence="partly", marked_at=now
    )
