"""Reads that cross tables."""

from ecosystem.models import Credit, Element, Membership
from ecosystem.scope import own_rows


def environments_of_person() -> list[Membership]:
    """The person's memberships in every environment, for the switcher."""
    with own_rows():
        return list(
            Membership.objects.filter(ended_at=None).select_related("environment").order_by("environment__name")
        )


def makers_of(*, elements: list[Element]) -> dict[int, list[str]]:
    """Names of the makers per element id, in credit order."""
    makers: dict[int, list[str]] = {}
    rows = Credit.objects.filter(element_id__in=[element.pk for element in elements])
    for element_id, name in rows.values_list("element_id", "name"):
        makers.setdefault(element_id, []).append(name)
    return makers
