"""What people with a seat are told, each in their own language; calendars are told with them (RFC 5546)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from django.db.models import F
from django.utils.functional import Promise

from ecosystem import clock
from ecosystem.models import Environment
from events.calendar import message_of
from events.models import Event, Seat, Session
from notifications.services import notify

EVENTS = "event"
MOST_SESSIONS = 30  # of one letter; calendars read the rest from the page


class Calendars(StrEnum):
    """What a letter tells the calendar of its reader."""

    NOTHING = ""
    COMES = "comes"
    COMES_NOT = "comes not"


def tell(
    *,
    seat: Seat,
    event: Event,
    what: str,
    body: str | Promise,
    action: str | Promise = "",
    calendars: Calendars = Calendars.NOTHING,
    only: Iterable[Session] | None = None,
) -> None:
    """``what`` names the occasion: the same of the same seat is told once. ``only`` these sessions are for calendars."""
    messages: list[str] = []
    if calendars:
        sessions = list(Session.objects.filter(event=event)[:MOST_SESSIONS] if only is None else only)
        environment = Environment.objects.get(pk=event.environment_id)
        messages = [
            message_of(
                session,
                event=event,
                environment=environment,
                person=seat.person,
                cancels=calendars is Calendars.COMES_NOT,
            )
            for session in sessions
        ]
    notify(
        person_id=seat.person_id,
        key=f"event:{seat.pk}:{what}",
        kind=EVENTS,
        title=event.element.title,
        body=body,
        href=f"/events/{event.element.slug}/",
        action=action,
        mail=True,
        calendars=messages,
    )


def change_counted(*, event: Event) -> None:
    """Before calendars are told that somebody does not come: this word is newer than any before it."""
    Session.objects.filter(event=event).update(sequence=F("sequence") + 1, changed_at=clock.now())
