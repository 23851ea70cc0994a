"""Why the ecosystem exists, a real bank from outside, and a quiet past."""

from datetime import date

from assessments.services import bank_create, bank_import
from demo.loading.files import ROOT, read
from ecosystem.models import Environment, Person
from gardening.services import charter_save, kpi_save, kpi_value_save
from notifications.models import Mail


def charter_load(environment: Environment, people: dict[str, Person]) -> None:
    """The charter of the open environment with its KPI series."""
    row = next((row for row in read("charter.yaml")["charters"] if row["environment"] == environment.slug), None)
    if row is None:
        return
    charter = charter_save(
        business_issue=row["business_issue"],
        why=row["why"],
        audience=row["audience"],
        sponsor=people[row["sponsor"]],
        champion=people[row["champion"]],
        budget_eur=row["budget_eur"],
        budget_hours=row["budget_hours"],
    )
    plan = row["kpi"]
    kpi = kpi_save(charter=charter, **{name: plan[name] for name in plan if name != "series"})
    for month, value in plan["series"].items():
        kpi_value_save(kpi=kpi, month=date.fromisoformat(f"{month}-01"), value=value)


def real_bank_load(people: dict[str, Person]) -> int:
    """The questions of demo/banks/helm, by the importer that a user would use."""
    bank = bank_create(
        title="Mathematics for engineers (HELM)",
        slug="helm-bank",
        summary="A subset of the HELM question bank, CC BY-SA 4.0; see demo/banks/helm/ATTRIBUTION.md.",
        creators=["HELM project and the STACK community"],
        owner=people["author@demo.example.org"],
        language="en",
        tags=["mathematics"],
    )
    count = 0
    for path in sorted((ROOT / "banks" / "helm").glob("*.xml")):
        report = bank_import(bank=bank, filename=path.name, data=path.read_bytes())
        count += len(report.created)
    return count


def past_is_silent() -> None:
    """What happened before the demo was loaded is no reason to write to anybody today."""
    Mail.objects.filter(state="waiting").delete()
