"""Which way of training counts for a card, and how full the coming days are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from courses.models import Activity, VersionState
from memotrainer.enums import Mode
from memotrainer.memory import start_of_day
from memotrainer.models import Card, Trainer, Training
from memotrainer.scheduling import NEVER, NO_FUZZ_BELOW, Way, fuzz_window


@dataclass(frozen=True)
class Ways:
    """By where a card was met (a quiz): its course and its way."""

    usual: Way
    course_of: Mapping[int, int] = field(default_factory=dict)
    by_course: Mapping[int, Way] = field(default_factory=dict)
    asked: Collection[int] = frozenset()  # the sources that were looked up

    @property
    def course_ids(self) -> set[int]:
        return set(self.course_of.values())

    def of(self, source_id: int | None) -> Way:
        return self.by_course.get(self.course_of.get(source_id or 0, 0), self.usual)


def ways_of(*, trainer: Trainer, source_ids: Collection[int]) -> Ways:
    """Two queries. What the person wishes counts where a course says nothing, and for the length of a streak."""
    usual = Way(desired_retention=trainer.desired_retention)
    if not source_ids:
        return Ways(usual)
    course_of = dict(
        Activity.objects.filter(target_id__in=source_ids, version__state=VersionState.PUBLISHED)
        .order_by("version__number")
        .values_list("target_id", "element_id")
    )
    by_course = {
        row.element_id: way_of(row, trainer=trainer)
        for row in Training.objects.filter(element_id__in=set(course_of.values()))
    }
    return Ways(usual, course_of, by_course, frozenset(source_ids))


def way_of(training: Training, *, trainer: Trainer | None = None) -> Way:
    way = Way(
        mode=Mode(training.mode),
        desired_retention=training.desired_retention,
        streak_level=training.streak_level,
    )
    own = trainer.streak_level if trainer else None
    return replace(way, streak_level=own) if own else way


def loads_of(*, person_id: int, today: date, days: int, zone: ZoneInfo, but: int | None = None) -> dict[date, int]:
    """Cards due on the days around ``days`` from today; nothing is read where there is no choice."""
    if days < NO_FUZZ_BELOW or days >= NEVER:
        return {}
    first, last = fuzz_window(days)
    begin = start_of_day(today + timedelta(days=first), zone=zone)
    end = start_of_day(today + timedelta(days=last + 1), zone=zone)
    moments = Card.objects.filter(person_id=person_id, suspended_at=None, due_at__gte=begin, due_at__lt=end)
    counts: dict[date, int] = {}
    for moment in moments.exclude(question_id=but).values_list("due_at", flat=True):
        day = moment.astimezone(zone).date()
        counts[day] = counts.get(day, 0) + 1
    return counts
