"""Learner by learner, what another version of a course would mean, before anything happens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from courses.learning.facts import Asked, FactsOf
from courses.models import Activity, ActivityState, CourseRun, CourseVersion, Enrolment, EnrolmentState
from courses.moving.moves import Move, move_of
from ecosystem import clock

# Who has completed the course stays on the version it was completed with, as does who has withdrawn.
MOVABLE = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED)


@dataclass
class Impact:
    """``moves`` of the learners who would go along, by name."""

    run: CourseRun
    moves: list[Move] = field(default_factory=list)

    @property
    def touched(self) -> list[Move]:
        return [move for move in self.moves if not move.changes_nothing]

    @property
    def untouched(self) -> int:
        return len(self.moves) - len(self.touched)

    @property
    def losing(self) -> int:
        return sum(bool(move.loses) for move in self.moves)

    @property
    def locking(self) -> int:
        return sum(bool(move.locked) for move in self.moves)

    @property
    def completing(self) -> int:
        return sum(move.completes for move in self.moves)


def impact_of(*, run: CourseRun, version: CourseVersion) -> Impact:
    """What moving the run to ``version`` (a draft, or published) would do. Writes nothing."""
    enrolments = list(
        Enrolment.objects.filter(run=run, state__in=MOVABLE)
        .exclude(version=version)
        .select_related("person", "run")
        .order_by("person__name", "pk")
    )
    activities = activities_of(version)
    states: dict[int, list[ActivityState]] = defaultdict(list)
    for state in ActivityState.objects.filter(enrolment__in=enrolments).select_related("activity"):
        states[state.enrolment_id].append(state)
    moves = moves_here(enrolments=enrolments, states=states, activities=activities, complete_at=run.complete_at)
    return Impact(run, moves)


def activities_of(version: CourseVersion) -> list[Activity]:
    return list(Activity.objects.filter(version=version).order_by("block__position", "position"))


def moves_here(
    *,
    enrolments: Sequence[Enrolment],
    states: Mapping[int, list[ActivityState]],
    activities: list[Activity],
    complete_at: int,
) -> list[Move]:
    """The moves of enrolments (with their run) to these activities, with what is recorded of the people now.

    ``states`` by enrolment, with their activities. The number of queries does not grow with the people.
    """
    now = clock.now()
    facts = FactsOf(
        person_ids=[enrolment.person_id for enrolment in enrolments],
        asked=Asked.by(activity.condition for activity in activities),
        at=now,
        about=[activity.target_id for activity in activities],
    )
    return [
        move_of(
            enrolment=enrolment,
            states=states.get(enrolment.pk, []),
            activities=activities,
            facts=partial(facts.of, enrolment),
            complete_at=complete_at,
            at=now,
        )
        for enrolment in enrolments
    ]
