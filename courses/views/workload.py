"""The weeks of a course as a small picture, with its finding in words; the list of them stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.learning.workload import Week
from ecosystem import charts

FULLER = 1.25  # so many times the mean, and a week is worth a word


@dataclass(frozen=True)
class Workload:
    """``weeks`` are those to be listed; no ``picture`` of one week, or where nobody has said how long things take."""

    weeks: Sequence[Week]
    finding: str = ""
    picture: SafeString | None = None


def workload_shown(weeks: Sequence[Week], *, most: int) -> Workload:
    """At most so many weeks, from the first."""
    weeks = weeks[:most]
    if len(weeks) < 2 or not any(week.minutes for week in weeks):
        return Workload(weeks)
    finding = _finding(weeks)
    rows = [charts.Bar(formats.date_format(week.first, "j N"), week.minutes) for week in weeks]
    picture = charts.columns(
        rows, palette=charts.screen_palette(), title=_("Minutes in each week"), description=finding
    )
    return Workload(weeks, finding, picture)


def _finding(weeks: Sequence[Week]) -> str:
    """How much it is on the whole, and which week is the fullest where one stands out."""
    mean = sum(week.minutes for week in weeks) / len(weeks)
    minutes = max(1, round(mean))
    said = ngettext("About %(minutes)s minute a week.", "About %(minutes)s minutes a week.", minutes)
    said %= {"minutes": minutes}
    fullest = max(weeks, key=lambda week: week.minutes)
    if fullest.minutes < FULLER * mean:
        return said
    day = formats.date_format(fullest.first, "j F")
    most = _("Most in the week of %(day)s: %(minutes)s min.") % {"day": day, "minutes": fullest.minutes}
    return f"{said} {most}"
