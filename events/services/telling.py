"""What people with a seat are told, each in their own language."""

from __future__ import annotations

from django.utils.functional import Promise

from events.models import Event, Seat
from notifications.services import notify

EVENTS = "event"


def tell(*, seat: Seat, event: Event, what: str, body: str | Promise, action: str | Promise = "") -> None:
    """``what`` names the occasion: the same of the same seat is told once."""
    notify(
        person_id=seat.person_id,
        key=f"event:{seat.pk}:{what}",
        kind=EVENTS,
        title=event.element.title,
        body=body,
        href=f"/events/{event.element.slug}/",
        action=action,
        mail=True,
    )
