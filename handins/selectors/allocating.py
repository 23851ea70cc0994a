"""Whose a round is to mark, and how much waits for each."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

from handins.models import Round, RoundState


def loads_of(person_ids: Iterable[int]) -> dict[int, int]:
    """How many rounds wait for each of these, of all assignments."""
    people = list(person_ids)
    waiting = Round.objects.filter(marker__in=people, state__in=RoundState.waiting()).order_by()
    return dict.fromkeys(people, 0) | dict(waiting.values_list("marker").annotate(n=Count("pk")))
