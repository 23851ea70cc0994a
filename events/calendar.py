"""An event as a calendar file (RFC 5545), by the library icalendar: what calendars of phones and desks take in."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from icalendar import Calendar
from icalendar import Event as Entry

from ecosystem import clock
from events.models import Event


def calendar_of(event: Event, *, url: str, host: str) -> bytes:
    """Every session is an entry of its own; the same session has the same UID each time, so calendars change it in place."""
    calendar = Calendar()
    calendar.add("prodid", "-//Grove//Events//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    zone = ZoneInfo(event.zone)
    for session in event.sessions.all():
        entry = Entry()
        entry.add("uid", f"session-{session.pk}@{host}")
        entry.add("dtstamp", clock.now())
        entry.add("summary", event.element.title)
        entry.add("dtstart", session.starts_at.astimezone(zone))
        entry.add("dtend", session.ends_at.astimezone(zone))
        if where := ", ".join(filter(None, (session.place, session.room))) or session.link:
            entry.add("location", where)
        entry.add("url", url)
        entry.add("status", "CANCELLED" if event.cancelled_at else "CONFIRMED")
        calendar.add_component(entry)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
