"""The charter of the open environment and the numbers it is judged by."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem.exceptions import EcosystemError
from ecosystem.models import Person
from ecosystem.scope import current_scope
from gardening.models import Charter, Direction, Kpi, KpiValue


@transaction.atomic
def charter_save(
    *,
    business_issue: str,
    why: str,
    audience: str = "",
    sponsor: Person | None = None,
    champion: Person | None = None,
    budget_eur: int = 0,
    budget_hours: int = 0,
) -> Charter:
    """The one charter of the environment gets these words; run twice is run once.

    Refuses a charter without business issue. Sponsor and champion must be members here (IntegrityError).
    """
    if not business_issue.strip():
        raise EcosystemError(_("Say which business issue the ecosystem is there for."))
    charter, _created = Charter.objects.update_or_create(
        environment_id=current_scope().environment_id,
        defaults={
            "business_issue": business_issue.strip(),
            "why": why.strip(),
            "audience": audience.strip(),
            "sponsor": sponsor,
            "champion": champion,
            "budget_eur": budget_eur,
            "budget_hours": budget_hours,
        },
    )
    return charter


@transaction.atomic
def kpi_save(
    *,
    charter: Charter,
    name: str,
    direction: str,
    baseline: float,
    target: float,
    unit: str = "",
    target_on: date | None = None,
) -> Kpi:
    """The KPI of this name on the charter; refuses a target that lies on the wrong side of the baseline."""
    better = target > baseline if direction == Direction.UP else target < baseline
    if direction not in Direction.values or not better:
        raise EcosystemError(_("The target must be better than the baseline, in the direction that you choose."))
    kpi, _created = Kpi.objects.update_or_create(
        environment_id=current_scope().environment_id,
        charter=charter,
        name=name,
        defaults={
            "unit": unit,
            "direction": direction,
            "baseline": baseline,
            "target": target,
            "target_on": target_on,
        },
    )
    return kpi


@transaction.atomic
def kpi_value_save(*, kpi: Kpi, month: date, value: float) -> KpiValue:
    """What the KPI was in the month of ``month``; the last word counts."""
    row, _created = KpiValue.objects.update_or_create(
        environment_id=current_scope().environment_id,
        kpi=kpi,
        month=month.replace(day=1),
        defaults={"value": value},
    )
    return row
