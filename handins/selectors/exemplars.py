"""Examples of good work, for whoever may open the assignment."""

from __future__ import annotations

from django.db.models import QuerySet

from ecosystem.models import Membership
from handins.models import Exemplar, ExemplarState
from handins.selectors.assignments import assignments_for

MOST = 20


def exemplars_for(membership: Membership) -> QuerySet[Exemplar]:
    """Those that are shown, of assignments that the person may open."""
    rows = Exemplar.objects.filter(state=ExemplarState.AGREED)
    open_ones = assignments_for(membership).values("element_id")
    return rows.filter(element__in=open_ones).select_related("element", "round").order_by("-answered_at", "pk")


def exemplars_of(membership: Membership, *, element_id: int) -> list[Exemplar]:
    return list(exemplars_for(membership).filter(element_id=element_id)[:MOST])


def own_exemplars(membership: Membership, *, element_id: int) -> list[Exemplar]:
    """What was asked of the person about this assignment, whatever they answered."""
    rows = Exemplar.objects.filter(person_id=membership.person_id, element_id=element_id)
    return list(rows.select_related("round").order_by("pk"))
