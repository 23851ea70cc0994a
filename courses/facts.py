"""What is recorded of a person, as conditions need it."""

from courses.conditions import RECORDS, Facts
from records.models import Statement


def facts_about(*, person_id: int, elements: set[int]) -> Facts:
    """(verb, element id) pairs from the records of one person about these elements."""
    if not elements:
        return frozenset()
    rows = Statement.objects.filter(person_id=person_id, element_id__in=elements, verb__in=RECORDS)
    return frozenset(rows.values_list("verb", "element_id").distinct())
