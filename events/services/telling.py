"""What people with a seat are told, each in their own language; calendars are told with them (RFC 5546)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F
from django.utils.formats import date_format
from django.utils.functional import Promise, lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ecosystem import clock
from ecosystem.models import Environment, Membership, Person
from events.calendar import message_of
from events.models import Event, Seat, SeatState, Session
from events.services.managers import managers_of
from events.zones import time_words
from notifications.services import notify

EVENTS = "event"
COPIES = "event-copy"
MOST_TIMES = 5  # that the words name
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
    """``what`` names the occasion: the same of the same seat is told once. ``only`` these sessions are for calendars.

    It says when they are, on the clocks there and on those of the reader: of the same title there may be many.
    """
    messages: list[str] = []
    if calendars or only is not None:
        sessions = list(Session.objects.filter(event=event)[:MOST_SESSIONS] if only is None else only)
        environment = Environment.objects.get(pk=event.environment_id)
        body = _and_when(body, sessions, event=event, zone=seat.person.time_zone or environment.time_zone)
    if calendars:
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


def _and_when(body: str | Promise, sessions: list[Session], *, event: Event, zone: str) -> Promise:
    times = [(one.starts_at, one.ends_at, one.zone or event.zone) for one in sessions[:MOST_TIMES]]
    return format_lazy("{body}{times}", body=body, times=_times(times, zone))


def _times_said(times: list[tuple[datetime, datetime, str]], zone: str) -> str:
    here = ZoneInfo(zone)
    return "".join(f"\n\n{time_words(begins, ends, there, here)}" for begins, ends, there in times)


_times = lazy(_times_said, str)


def _moment_said(at: datetime, zone: str) -> str:
    return date_format(at.astimezone(ZoneInfo(zone)), "j F, H:i")


moment = lazy(_moment_said, str)


def seat_confirm(*, uid: UUID, person_id: int, dated: bool = False) -> bool:
    """Tell the person and their calendar of their seat; False when they have it no longer. Twice is once.

    ``dated``: they waited for a date, and there is one now.
    """
    rows = Seat.objects.select_related("person", "event__element")
    seat = rows.filter(uid=uid, person_id=person_id, state=SeatState.BOOKED).first()
    if seat is None:
        return False
    body = _("There is a date now, and you have a seat.") if dated else _("You have a seat.")
    tell(seat=seat, event=seat.event, what="booked", body=body, calendars=Calendars.COMES)
    managers_told(seat=seat, event=seat.event, what="booked", body=_("{name} has a seat."))
    return True


def managers_told(*, seat: Seat, event: Event, what: str, body: Promise, but: Membership | None = None) -> None:
    """A copy for who manages the person, where the event wants that, with when it is. ``body`` has a ``{name}``."""
    if not event.copies_managers:
        return
    sessions = list(Session.objects.filter(event=event)[:MOST_TIMES])
    for manager in managers_of(person_id=seat.person_id):
        if but is None or manager != but.person_id:
            said = format_lazy(body, name=seat.person.name)
            _copy(manager, event, key=f"event:{seat.pk}:copy:{what}:{manager}", body=said, sessions=sessions)


def copies_told(
    *, seats: Iterable[Seat], event: Event, what: str, body: str | Promise, sessions: Iterable[Session]
) -> None:
    """What was told to all with a seat (each with its person), once to each who manages some of them, with their names."""
    if not event.copies_managers:
        return
    theirs: dict[int, list[str]] = {}
    for seat in seats:
        for manager in managers_of(person_id=seat.person_id):
            theirs.setdefault(manager, []).append(seat.person.name)
    about = list(sessions)
    for manager, names in theirs.items():
        said = format_lazy(_("{body}\n\nOf your people: {names}."), body=body, names=", ".join(names))
        _copy(manager, event, key=f"event:{event.pk}:copies:{what}:{manager}", body=said, sessions=about)


def _copy(manager: int, event: Event, *, key: str, body: str | Promise, sessions: list[Session]) -> None:
    zone = Person.objects.get(pk=manager).time_zone or Environment.objects.get(pk=event.environment_id).time_zone
    notify(
        person_id=manager,
        key=key,
        kind=COPIES,
        title=event.element.title,
        body=_and_when(body, sessions, event=event, zone=zone),
        href=f"/events/{event.element.slug}/",
        mail=True,
    )


def change_counted(*, event: Event) -> None:
    """Before calendars are told that somebody does not come: this word is newer than any before it."""
    Session.objects.filter(event=event).update(sequence=F("sequence") + 1, changed_at=clock.now())
