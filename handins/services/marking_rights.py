"""Whose work somebody marks, be it begun or not."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import BigIntegerField, Value
from django.utils.translation import gettext as _

from ecosystem.models import Membership
from handins.access import may_review, work_of
from handins.exceptions import HandinError
from handins.models import Round, RoundState
from handins.selectors.queue import assignments_reviewed


def marks_people(*, by: Membership, element_id: int, person_ids: Collection[int]) -> bool:
    """Whether ``by`` marks the work of all these members for this assignment."""
    of_this = Value(element_id, output_field=BigIntegerField())
    rows = Membership.objects.annotate(element_id=of_this).filter(work_of(by), person_id__in=set(person_ids))
    return rows.values("person_id").distinct().count() == len(set(person_ids))


def refuse_no_marker(*, by: Membership, element_id: int) -> None:
    """Only who marks, and marks the work of everybody who has handed in for this assignment."""
    works = Round.objects.filter(element_id=element_id).exclude(state=RoundState.DRAFT)
    people = set(works.values_list("person_id", flat=True)) - {by.person_id}
    here = Membership.objects.filter(person_id__in=people, ended_at=None).values_list("person_id", flat=True)
    if (
        not may_review(by)
        or not assignments_reviewed(by).filter(element_id=element_id).exists()
        or not marks_people(by=by, element_id=element_id, person_ids=list(here))
    ):
        raise HandinError(_("Only who marks this assignment can do that."))
