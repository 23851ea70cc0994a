"""A published plan as the pages of learners need it, kept in the process: it is never changed, and the same for everybody.

Holds nothing of a person, and no words of a language. What it says of elements is checked with each use: who asks gives
the slugs as they are now, and a plan that knows another one is read again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from courses.conditions import Tree
from courses.learning.facts import Asked
from courses.models import Activity
from ecosystem.addresses import address
from ecosystem.prepared import Given, prepared
from ecosystem.registry import activity_types
from ecosystem.scope import current_scope

if TYPE_CHECKING:
    from django.db.models import QuerySet

# Of all plans together, per process: about 30 MB.
MOST_STEPS = 20_000


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """An activity. ``href`` leads to its target and, afterwards, back to the course; ``chapter`` is the id of its block."""

    activity_id: int
    target_id: int
    slug: str  # of the target
    type: str
    title: str
    icon: str
    href: str
    minutes: int
    optional: bool
    condition: Tree | None
    asked: Asked  # by the condition
    chapter: int
    chapter_title: str


Plan = dict[int, PlannedStep]  # by activity, in order
_kept: dict[tuple[int, int, str], Plan] = {}


def plan_of(*, version_id: int, course_slug: str, slugs: Mapping[int, str]) -> Plan:
    """The plan of a published version. ``slugs``: of the targets of some or all of its activities, by activity, as they are now."""
    key = (current_scope().environment_id, version_id, course_slug)
    plan = _kept.get(key)
    if plan is None or not all(pk in plan and plan[pk].slug == slug for pk, slug in slugs.items()):
        plan = _read(version_id, address("courses:next", course_slug))
        _kept.pop(key, None)
        while _kept and sum(len(one) for one in list(_kept.values())) + len(plan) > MOST_STEPS:
            _kept.pop(next(iter(_kept)), None)
        _kept[key] = plan
    return plan


@prepared
def _activities(*, version: Given) -> QuerySet[Activity]:
    rows = Activity.objects.filter(version_id=version).select_related("target", "block")
    return rows.order_by("block__position", "position")


def _read(version_id: int, onward: str) -> Plan:
    steps = {}
    for activity in _activities(version=version_id):
        kind = activity_types[activity.type]
        steps[activity.pk] = PlannedStep(
            activity_id=activity.pk,
            target_id=activity.target_id,
            slug=activity.target.slug,
            type=activity.type,
            title=activity.title,
            icon=kind.icon,
            href=kind.launch_url(activity.target, onward),
            minutes=activity.minutes,
            optional=activity.optional,
            condition=activity.condition,
            asked=Asked.by([activity.condition]),
            chapter=activity.block_id,
            chapter_title=activity.block.title,
        )
    return steps
