"""Events as calendars (RFC 5545) and as messages to calendars (RFC 5546), by the library icalendar.

Every session is an entry of its own: the same session has the same UID each time and a sequence that grows with each
change, so calendars change it in place and never double it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from icalendar import Calendar, Timezone, vCalAddress, vText
from icalendar import Event as Entry

from ecosystem.hosts import address_of
from ecosystem.models import Environment, Person
from ecosystem.post import sender_of
from events.models import Event, Session
from events.zones import timezone_of

REFRESH = timedelta(hours=1)


def calendar_of(event: Event, *, environment: Environment, comes: bool) -> bytes:
    """The sessions of one event, for a calendar to take in once. The way into a meeting only for who ``comes``."""
    site = address_of(environment)
    entries = [_entry(session, event, site, comes=comes) for session in event.sessions.all()]
    return _calendar(entries, method="PUBLISH")


def feed_of(sessions: Iterable[Session], *, environment: Environment, comes: bool, name: str = "") -> bytes:
    """Sessions of any events (with ``event__element``), for a calendar that comes back every hour."""
    site = address_of(environment)
    entries = [_entry(session, session.event, site, comes=comes) for session in sessions]
    return _calendar(entries, name=name or environment.name)


def message_of(
    session: Session, *, event: Event, environment: Environment, person: Person, cancels: bool = False
) -> str:
    """What tells the calendar of ``person`` that they come to ``session``, or (``cancels``) that they do not.

    RFC 5546 3.2.2 and 3.2.5. Whoever cancels counts a change of the session first, so that the word is the newest.
    """
    entry = _entry(session, event, address_of(environment), comes=not cancels, cancelled=cancels)
    name, address = parseaddr(sender_of(environment))
    organiser = vCalAddress(f"mailto:{address}")
    organiser.params["CN"] = vText(name)
    entry.add("organizer", organiser)
    guest = vCalAddress(f"mailto:{person.email}")
    guest.params["CN"] = vText(person.name or person.email)
    guest.params["PARTSTAT"] = vText("DECLINED" if cancels else "ACCEPTED")
    entry.add("attendee", guest)
    return _calendar([entry], method="CANCEL" if cancels else "REQUEST").decode()


def _entry(session: Session, event: Event, site: str, *, comes: bool, cancelled: bool = False) -> Entry:
    zone, off = ZoneInfo(session.zone or event.zone), cancelled or event.cancelled_at is not None
    entry = Entry()
    entry.add("uid", f"{session.pk}-{event.element.uid}")
    entry.add("sequence", session.sequence)
    entry.add("dtstamp", session.changed_at)
    entry.add("last-modified", session.changed_at)
    entry.add("summary", event.element.title)
    entry.add("dtstart", session.starts_at.astimezone(zone))
    entry.add("dtend", session.ends_at.astimezone(zone))
    if where := ", ".join(filter(None, (session.place, session.room))) or (session.link if comes else ""):
        entry.add("location", where)
    entry.add("url", f"{site}/events/{event.element.slug}/")
    entry.add("status", "CANCELLED" if off else "CONFIRMED")
    return entry


def _zones_in(calendar: Calendar) -> list[Timezone]:
    """Those of its entries, for as long as these reach."""
    times: dict[str, list[datetime]] = {}
    for entry in calendar.walk("VEVENT"):
        for at in (entry.start, entry.end):
            if at.tzinfo.key != "UTC":
                times.setdefault(at.tzinfo.key, []).append(at)
    return [timezone_of(name, first=min(known), last=max(known)) for name, known in sorted(times.items())]


def _calendar(entries: Iterable[Entry], *, method: str = "", name: str = "") -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Grove//Events//EN")
    calendar.add("version", "2.0")
    if method:
        calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(entry)
    for zone in _zones_in(calendar):
        calendar.subcomponents.insert(0, zone)
    return bytes(calendar.to_ical())
