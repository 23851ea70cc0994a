"""What is recorded of a person, as conditions need it."""

from django.db.models import QuerySet

from courses.conditions import RECORDS, Facts
from ecosystem.prepared import Among, Given, prepared
from records.models import Fact


def facts_about(*, person_id: int, elements: set[int]) -> Facts:
    """(verb, element id) pairs from the records of one person about these elements."""
    if not elements:
        return frozenset()
    return frozenset(_recorded(person=person_id, elements=list(elements)))


@prepared
def _recorded(*, person: Given, elements: Given) -> QuerySet[Fact, tuple[str, int]]:
    rows = Fact.objects.filter(Among("element_id", elements), person_id=person, verb__in=RECORDS)
    return rows.values_list("verb", "element_id")
