"""The charts of the sponsor's report, in the colours of a page or of a PDF."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ecosystem.charts import Bar, Palette, Series, bars, lines
from reporting.findings import day_of, number
from reporting.selectors import Report
from reporting.selectors.ecosystem import Table

# Narrow, so that texts stay readable beside another chart and on a phone.
WIDTH, HEIGHT = 430, 250


@dataclass(frozen=True)
class Chart:
    key: str
    table: Table
    svg: SafeString
    warning: str = ""


def charts_of(report: Report, palette: Palette) -> list[Chart]:
    """Signal (when there is one), finished per month, how far people come."""
    found = []
    if report.signal and report.signal_table:
        signal = report.signal
        svg = lines(
            [
                Series(_("Plan"), signal.plan, "target"),
                Series(_("Now"), signal.values, "main"),
            ],
            labels=[_short(month) for month in signal.months],
            palette=palette,
            title=report.signal_table.title,
            description=report.signal_table.note,
            width=WIDTH,
            height=HEIGHT,
        )
        warning = _("A signal, no proof: other things change too.")
        found.append(Chart("signal", report.signal_table, svg, warning))
    done = report.finished
    svg = lines(
        [Series(_("Finished"), [float(row[1] or 0) for row in done.rows], "main")],
        labels=[str(row[0]).split(" ")[0] for row in done.rows],
        palette=palette,
        title=done.title,
        description=done.note,
        width=WIDTH,
        height=HEIGHT,
    )
    found.append(Chart("finished", done, svg))
    way = report.funnel
    svg = bars(
        [
            Bar(str(name), float(count or 0), "" if at == 0 else f"{number(percent)}%")
            for at, (name, count, percent) in enumerate(way.rows)
        ],
        palette=palette,
        title=way.title,
        description=way.note,
        width=WIDTH,
        label_width=84,
    )
    found.append(Chart("funnel", way, svg))
    return found


def _short(month: str) -> str:
    return date_format(day_of(month), "N y")
