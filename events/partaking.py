"""Who may take part: the condition that is separate from the one to book, as people with a seat and trainers read it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ecosystem.conditions import condition_lacking, condition_unmet, condition_ways
from ecosystem.models import Membership
from ecosystem.registry import element_kinds
from ecosystem.visibility import elements_for
from events.models import Event


@dataclass(frozen=True)
class Way:
    """Something with which the condition may come true, and its page."""

    title: str
    href: str


@dataclass(frozen=True)
class Hindrance:
    """``lacks`` is a clause after *when*."""

    lacks: str
    ways: list[Way]


def hindrance_of(event: Event, membership: Membership) -> Hindrance | None:
    """Why the person could not check in now; None when nothing is in the way. The ways are those that they may see."""
    lacks = condition_lacking(event.attend_if, person_id=membership.person_id)
    if not lacks:
        return None
    ids = condition_ways(event.attend_if, person_id=membership.person_id)
    found = {row.pk: row for row in elements_for(membership).filter(pk__in=ids)}
    rows = [found[pk] for pk in ids if pk in found and found[pk].kind in element_kinds]
    return Hindrance(lacks, [Way(row.title, element_kinds[row.kind].href(row)) for row in rows])


def not_ready(event: Event, person_ids: Collection[int]) -> set[int]:
    """Those of these people who could not check in now."""
    return condition_unmet(event.attend_if, person_ids=person_ids)
