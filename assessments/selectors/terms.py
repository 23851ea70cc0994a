"""The terms that count for one person: those of the assessment, with the exceptions of the person and of their groups."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from assessments.models import Assessment, Override
from ecosystem.models import GroupMember
from ecosystem.prepared import Among, Given, prepared


@dataclass(frozen=True, slots=True)
class Terms:
    """``minutes`` and ``attempts_allowed`` 0 are no limit."""

    opens_at: datetime | None
    closes_at: datetime | None
    minutes: int
    grace: timedelta
    attempts_allowed: int
    wait: timedelta

    def is_open(self, now: datetime) -> bool:
        return (self.opens_at is None or self.opens_at <= now) and (self.closes_at is None or now < self.closes_at)

    def deadline(self, started_at: datetime) -> datetime | None:
        """When an attempt begun then must be finished: after its minutes, and at the closing at the latest."""
        ends = [self.closes_at] if self.closes_at else []
        if self.minutes:
            ends.append(started_at + timedelta(minutes=self.minutes))
        return min(ends, default=None)


def terms_of(*, assessment: Assessment, person_id: int) -> Terms:
    """One query. The person's own exception counts before those of groups; of several groups the most generous."""
    mine = _overrides(assessment=assessment.pk, person=person_id)
    own = [one for one in mine if one.person_id]
    groups = [one for one in mine if not one.person_id]
    extra = (
        own[0].extra_minutes if own and own[0].extra_minutes else max((one.extra_minutes for one in groups), default=0)
    )
    return Terms(
        opens_at=_chosen(own, groups, "opens_at", min, assessment.opens_at),
        closes_at=_chosen(own, groups, "closes_at", max, assessment.closes_at),
        minutes=assessment.minutes_allowed + extra if assessment.minutes_allowed else 0,
        grace=timedelta(seconds=assessment.grace_seconds),
        attempts_allowed=_chosen(own, groups, "attempts_allowed", _most, assessment.attempts_allowed),
        wait=timedelta(minutes=assessment.wait_minutes),
    )


def closings_of(*, closings: Mapping[int, datetime | None], person_id: int) -> dict[int, datetime | None]:
    """When each assessment (by id, with its own closing) closes for the person; one query."""
    mine: dict[int, list[Override]] = defaultdict(list)
    for one in _all_overrides(assessments=list(closings), person=person_id):
        mine[one.assessment_id].append(one)
    found: dict[int, datetime | None] = {}
    for pk, closes_at in closings.items():
        own, groups = [one for one in mine[pk] if one.person_id], [one for one in mine[pk] if not one.person_id]
        found[pk] = _chosen(own, groups, "closes_at", max, closes_at)
    return found


@prepared
def _all_overrides(*, assessments: Given, person: Given) -> QuerySet[Override]:
    groups = GroupMember.objects.filter(person_id=person).values("group_id")
    rows: QuerySet[Override] = Override.objects.filter(Among("assessment_id", assessments))
    return rows.filter(Q(person_id=person) | Q(group_id__in=groups))


@prepared
def _overrides(*, assessment: Given, person: Given) -> QuerySet[Override]:
    groups = GroupMember.objects.filter(person_id=person).values("group_id")
    rows: QuerySet[Override] = Override.objects.filter(assessment_id=assessment)
    return rows.filter(Q(person_id=person) | Q(group_id__in=groups))


def _most(values: list[int]) -> int:
    return 0 if 0 in values else max(values)


def _chosen(own: list[Override], groups: list[Override], name: str, best: object, otherwise: Any) -> Any:
    for rows in (own, groups):
        said = [value for row in rows if (value := getattr(row, name)) is not None]
        if said:
            return best(said)  # type: ignore[operator]
    return otherwise
