"""Whose work somebody marks, be it begun or not."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import BigIntegerField, Value

from ecosystem.models import Membership
from handins.access import work_of


def marks_people(*, by: Membership, element_id: int, person_ids: Collection[int]) -> bool:
    """Whether ``by`` marks the work of all these members for this assignment."""
    of_this = Value(element_id, output_field=BigIntegerField())
    rows = Membership.objects.annotate(element_id=of_this).filter(work_of(by), person_id__in=set(person_ids))
    return rows.values("person_id").distinct().count() == len(set(person_ids))
