"""What the charter gives to reports, through the registry of measures."""

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ecosystem.prepared import Given, prepared
from ecosystem.registry import Figure
from gardening.models import Kpi, KpiValue
from gardening.selectors.care import charter_of_environment


def kpi_figure(at: datetime) -> Figure:
    """The first KPI of the charter: its last value, its series by month, baseline and target."""
    kpi = next(iter(_first_kpi()), None)
    if kpi is None:
        return Figure(value=None, note=_("No KPI has been agreed yet."))
    series = [(f"{month:%Y-%m}", value) for month, value in _values(kpi=kpi.pk, until=at.date())]
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


@prepared
def _first_kpi() -> QuerySet[Kpi]:
    return Kpi.objects.order_by("pk")[:1]


@prepared
def _values(*, kpi: Given, until: Given) -> QuerySet[KpiValue, tuple[date, float]]:
    return KpiValue.objects.filter(kpi_id=kpi, month__lte=until).order_by("month").values_list("month", "value")


def budget_figure(at: datetime) -> Figure:
    """The budget of the charter in euro, with the hours beside it."""
    charter = charter_of_environment()
    if charter is None or not charter.budget_eur:
        return Figure(value=None, note=_("No budget has been agreed yet."))
    return Figure(value=charter.budget_eur, details={"hours": charter.budget_hours})
