"""Time zones: what a file of a calendar says about one, and how its name reads.

The library icalendar makes a VTIMEZONE too, but steps over changes that lie closer together than two months (Morocco in
Ramadan) and ends at 2037.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

DAY = timedelta(days=1)
LAST_YEAR = 2199


def town_of(zone: str) -> str:
    """ "Buenos Aires" of America/Argentina/Buenos_Aires."""
    return zone.rpartition("/")[2].replace("_", " ")


def same_clock(begins: datetime, ends: datetime, zone: str, here: tzinfo) -> bool:
    """Whether the clocks of both show the same at these times."""
    there = ZoneInfo(zone)
    return all(at.astimezone(there).utcoffset() == at.astimezone(here).utcoffset() for at in (begins, ends))


def own_clock(*, zone: str) -> str:
    """For whoever types a time: that it is one of their own clock, where that is not the clock of the event; else empty."""
    here = str(timezone.get_current_timezone())
    return "" if here == zone else _("By your own clock (%(zone)s).") % {"zone": here.replace("_", " ")}


def time_words(begins: datetime, ends: datetime, zone: str, here: tzinfo) -> str:
    """ "Friday 4 December 2026, 14:00–16:00 in Amsterdam, 08:00–10:00 for you"; without the town where clocks show the same."""
    first, last = begins.astimezone(ZoneInfo(zone)), ends.astimezone(ZoneInfo(zone))
    said = f"{date_format(first, 'l j F Y')}, {first:%H:%M}–{last:%H:%M}"
    if same_clock(begins, ends, zone, here):
        return said
    mine = f"{begins.astimezone(here):%H:%M}–{ends.astimezone(here):%H:%M}"
    if begins.astimezone(here).date() != first.date():
        mine = f"{date_format(begins.astimezone(here), 'l')} {mine}"
    return _("%(there)s in %(town)s, %(mine)s for you") % {"there": said, "town": town_of(zone), "mine": mine}


def timezone_of(zone: str, *, first: datetime, last: datetime) -> Timezone:
    """RFC 5545 3.6.5: what its clocks show from ``first`` to ``last``, from the year before on."""
    there, made = ZoneInfo(zone), Timezone()
    made.add("tzid", zone)
    for before, at in changes_of(zone, first.year - 1, min(last.year + 1, LAST_YEAR)):
        here = at.astimezone(there)
        part = TimezoneDaylight() if here.dst() else TimezoneStandard()
        old, new = before.astimezone(there).utcoffset() or timedelta(), here.utcoffset() or timedelta()
        part.TZOFFSETFROM, part.TZOFFSETTO = old, new
        part.add("tzname", here.tzname() or zone)
        part.DTSTART = (at + old).replace(tzinfo=None)
        made.add_component(part)
    return made


@lru_cache(maxsize=512)
def changes_of(zone: str, first_year: int, last_year: int) -> tuple[tuple[datetime, datetime], ...]:
    """The beginning, and each moment at which clocks change, with one shortly before it."""
    there, at = ZoneInfo(zone), datetime(first_year, 1, 1, tzinfo=UTC)
    end, found = datetime(last_year, 12, 31, tzinfo=UTC), [(at, at)]
    while at < end:
        if _shown(at, there) != _shown(at + DAY, there):
            low, high = 0, int(DAY.total_seconds())
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (
                    (middle, high)
                    if _shown(at + timedelta(seconds=middle), there) == _shown(at, there)
                    else (low, middle)
                )
            found.append((at, at + timedelta(seconds=high)))
        at += DAY
    return tuple(found)


def _shown(at: datetime, there: ZoneInfo) -> tuple[timedelta | None, str | None]:
    here = at.astimezone(there)
    return here.utcoffset(), here.tzname()
