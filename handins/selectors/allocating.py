"""Whose a round is to mark, and how much waits for each."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Q

from ecosystem.models import Membership
from handins.models import Round, RoundState


def is_unallocated() -> Q:
    """For nobody yet, or for somebody who has left since."""
    here = Membership.objects.filter(person_id=OuterRef("marker_id"), ended_at=None)
    return Q(marker=None) | ~Exists(here)


def loads_of(person_ids: Iterable[int]) -> dict[int, int]:
    """How many rounds wait for each of these, of all assignments."""
    people = list(person_ids)
    waiting = Round.objects.filter(marker__in=people, state__in=RoundState.waiting()).order_by()
    return dict.fromkeys(people, 0) | dict(waiting.values_list("marker").annotate(n=Count("pk")))
