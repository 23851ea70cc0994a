"""Reads that cross tables."""

from django.db.models import QuerySet

from ecosystem.models import Credit, Element, Membership
from ecosystem.prepared import Among, Given, prepared
from ecosystem.scope import own_rows


def environments_of_person() -> list[Membership]:
    """The person's memberships in every environment, for the switcher."""
    with own_rows():
        return list(
            Membership.objects.filter(ended_at=None).select_related("environment").order_by("environment__name")
        )


@prepared
def _credits(*, elements: Given) -> QuerySet[Credit, tuple[int, str]]:
    return Credit.objects.filter(Among("element_id", elements)).values_list("element_id", "name")


def makers_of(*, elements: list[Element]) -> dict[int, list[str]]:
    """Names of the makers per element id, in credit order."""
    makers: dict[int, list[str]] = {}
    for element_id, name in _credits(elements=[element.pk for element in elements]):
        makers.setdefault(element_id, []).append(name)
    return makers
