"""Lengths of time as people give them: ``{"days": 3}``. One unit of ``UNITS`` and a whole number of it.

Days and weeks are days of the calendar: three days after Saturday 09:00 it is Tuesday 09:00, also when clocks change in
between. Minutes and hours pass as they do.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

Period = dict[str, int]

UNITS = {"minutes": _("minutes"), "hours": _("hours"), "days": _("days"), "weeks": _("weeks")}
LONGEST = {"minutes": 100_000, "hours": 10_000, "days": 3_660, "weeks": 520}


def is_period(value: Any) -> bool:
    if not isinstance(value, dict) or len(value) != 1:
        return False
    ((unit, count),) = value.items()
    return unit in UNITS and isinstance(count, int) and not isinstance(count, bool) and 0 <= count <= LONGEST[unit]


def end_of(begin: datetime, period: Period, *, zone: tzinfo) -> datetime:
    """The moment that lies a period after ``begin``, in UTC."""
    ((unit, count),) = period.items()
    if unit in {"minutes", "hours"}:
        return (begin + timedelta(**{unit: count})).astimezone(UTC)
    local = begin.astimezone(zone)
    there = datetime.combine(local.date() + timedelta(**{unit: count}), local.time(), tzinfo=zone)
    return there.astimezone(UTC)


def period_words(period: Period) -> str:
    """``3 days``"""
    ((unit, count),) = period.items()
    words = {
        "minutes": ngettext("%(count)s minute", "%(count)s minutes", count),
        "hours": ngettext("%(count)s hour", "%(count)s hours", count),
        "days": ngettext("%(count)s day", "%(count)s days", count),
        "weeks": ngettext("%(count)s week", "%(count)s weeks", count),
    }
    return words[unit] % {"count": count}
