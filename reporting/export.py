"""The figures of a report as a file for spreadsheets."""

import csv
import io

from django.utils.translation import gettext as _

from ecosystem.spreadsheets import safe_text
from reporting.selectors import Report
from reporting.small_groups import Cell


def report_csv(report: Report) -> str:
    """One line per figure, numbers as computers write them; begins with the moment it is true of."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("Part"), _("About"), _("Measure"), _("Value")])
    writer.writerow([_("Report"), _("As of"), "", report.as_of.isoformat(timespec="minutes")])
    for name in report.about:
        writer.writerow([_("Report"), _("Only about"), "", _safe(name)])
    writer.writerow([_("Report"), _("Verdict"), "", f"{report.verdict.say} {report.verdict.text}"])
    for row in report.numbers():
        writer.writerow([_safe(cell) for cell in row])
    return out.getvalue()


def _safe(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return safe_text(cell)
    return str(int(cell)) if float(cell).is_integer() else str(round(cell, 2))
