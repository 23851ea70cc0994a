"""Months and weeks as days with what takes place on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from events.models import Session

FIRST, LAST = date(1970, 2, 1), date(2199, 11, 30)


class View(StrEnum):
    LIST = "list"
    WEEK = "week"
    MONTH = "month"


@dataclass
class Day:
    day: date
    is_other: bool = False
    is_today: bool = False
    sessions: list[Session] = field(default_factory=list)


@dataclass(frozen=True)
class Pages:
    """A month or a week: its days in rows of seven, and the days on which the one before and after it lie."""

    title: str
    rows: list[list[Day]]
    before: date | None
    after: date | None

    @property
    def sessions(self) -> int:
        return sum(len(day.sessions) for row in self.rows for day in row)


def day_of(text: str, *, today: date) -> date:
    """What an address says, or today. Never so far off that there is no day before or after."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return today
    return found if FIRST <= found <= LAST else today


def pages_of(view: View, *, at: date, today: date, sessions: Iterable[Session]) -> Pages:
    """Sessions stand on each day that they touch, in the time zone of their place."""
    if view is View.WEEK:
        first = at - timedelta(days=at.weekday())
        days = [Day(first + timedelta(days=n)) for n in range(7)]
        title = _("Week of %(day)s") % {"day": date_format(first, "j F Y")}
        before, after = first - timedelta(days=7), first + timedelta(days=7)
    else:
        start = at.replace(day=1)
        after = (start + timedelta(days=31)).replace(day=1)
        before = (start - timedelta(days=1)).replace(day=1)
        first, last = start - timedelta(days=start.weekday()), after - timedelta(days=1)
        count = ((last - first).days // 7 + 1) * 7
        days = [Day(first + timedelta(days=n)) for n in range(count)]
        title = date_format(start, "F Y")
        for day in days:
            day.is_other = day.day.month != start.month
    by_day = {day.day: day for day in days}
    for session in sessions:
        for touched in days_touched(session):
            if touched in by_day:
                by_day[touched].sessions.append(session)
    if today in by_day:
        by_day[today].is_today = True
    rows = [days[n : n + 7] for n in range(0, len(days), 7)]
    return Pages(title, rows, before if before >= FIRST else None, after if after <= LAST else None)


def days_touched(session: Session) -> list[date]:
    """At most a month of them: what lasts longer is on its first days."""
    zone = ZoneInfo(session.wall)
    first = session.starts_at.astimezone(zone).date()
    last = (session.ends_at - timedelta(microseconds=1)).astimezone(zone).date()
    return [first + timedelta(days=n) for n in range(min((last - first).days, 31) + 1)]
