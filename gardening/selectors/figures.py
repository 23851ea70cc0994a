"""What the charter gives to reports, through the registry of measures."""

from datetime import datetime

from django.utils.translation import gettext as _

from ecosystem.registry import Figure
from gardening.models import Charter, Kpi


def kpi_figure(at: datetime) -> Figure:
    """The first KPI of the charter: its last value, its series by month, baseline and target."""
    kpi = Kpi.objects.order_by("pk").first()
    if kpi is None:
        return Figure(value=None, note=_("No KPI has been agreed yet."))
    rows = kpi.values.filter(month__lte=at.date()).order_by("month").values_list("month", "value")
    series = [(f"{month:%Y-%m}", value) for month, value in rows]
    return Figure(
        value=series[-1][1] if series else None,
        series=series,
        target=kpi.target,
        details={
            "name": kpi.name,
            "unit": kpi.unit,
            "direction": kpi.direction,
            "baseline": kpi.baseline,
            "target_on": kpi.target_on,
        },
    )


def budget_figure(at: datetime) -> Figure:
    """The budget of the charter in euro, with the hours beside it."""
    charter = Charter.objects.first()
    if charter is None or not charter.budget_eur:
        return Figure(value=None, note=_("No budget has been agreed yet."))
    return Figure(value=charter.budget_eur, details={"hours": charter.budget_hours})
