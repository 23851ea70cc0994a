"""Whom somebody guides, and what of these people waits for them.

A guide needs no power for that: it is who was given to a learner as mentor or instructor, or who guides a run in which the
learner was given nobody. Whoever marks the work of a course or a group sees its people too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from courses.models import ActivityState, Enrolment, EnrolmentState, ReportState, RunGuide, State, TaskReport, Topic
from ecosystem.models import Membership, Power
from ecosystem.spans import span_of

if TYPE_CHECKING:
    from collections.abc import Iterable


def guided_by(membership: Membership) -> QuerySet[Enrolment]:
    """Enrolments of the people whom this person guides, their own left out."""
    person = membership.person_id
    runs = RunGuide.objects.filter(person_id=person).values("run_id")
    guides = Q(mentor_id=person) | Q(instructor_id=person) | Q(run_id__in=runs, mentor=None, instructor=None)
    marks = span_of(membership, Power.MARK).of_courses()
    rows = Enrolment.objects.filter(guides | marks, state__in=[*EnrolmentState.living(), EnrolmentState.PAUSED])
    return rows.exclude(person_id=person)


def guides_somebody(membership: Membership) -> bool:
    """Whether the person was given a learner, or guides a run."""
    person = membership.person_id
    given = Enrolment.objects.filter(Q(mentor_id=person) | Q(instructor_id=person))
    return RunGuide.objects.filter(person_id=person).exists() or given.exists()


def reports_for(membership: Membership) -> QuerySet[TaskReport]:
    """What the people say they have done whom this person guides in a course that has the task, whatever its state."""
    steps = ActivityState.objects.filter(
        person_id=OuterRef("person_id"),
        target_id=OuterRef("element_id"),
        enrolment_id__in=guided_by(membership).values("pk"),
    )
    return TaskReport.objects.filter(Exists(steps)).exclude(person_id=membership.person_id)


def reports_waiting(membership: Membership) -> QuerySet[TaskReport]:
    """Of these, what waits for an answer; who has waited longest comes first."""
    rows = reports_for(membership).filter(state=ReportState.WAITING).select_related("person", "element")
    return rows.order_by("said_at", "pk")


@dataclass(frozen=True)
class Learner:
    """``waiting`` is how many tasks of theirs wait for an answer, ``to_open`` how many steps somebody must open by hand."""

    enrolment: Enrolment
    waiting: int
    to_open: int


def learners_shown(enrolments: Iterable[Enrolment]) -> list[Learner]:
    """With what waits in each; two queries however many."""
    rows = list(enrolments)
    ids = [row.pk for row in rows]
    asking = Topic.objects.filter(source="releases").values("activity_id")
    locked = ActivityState.objects.filter(
        enrolment_id__in=ids, state=State.LOCKED, released_at=None, activity_id__in=asking
    )
    said = TaskReport.objects.filter(
        state=ReportState.WAITING, person_id=OuterRef("person_id"), element_id=OuterRef("target_id")
    )
    tasks = ActivityState.objects.filter(Exists(said), enrolment_id__in=ids)
    to_open, waiting = (
        dict(states.values_list("enrolment_id").annotate(count=Count("pk"))) for states in (locked, tasks)
    )  # fmt: skip
    return [Learner(row, waiting.get(row.pk, 0), to_open.get(row.pk, 0)) for row in rows]


def guides_of(*, person_id: int, element_id: int) -> set[int]:
    """Who is to be told that somebody has done this task: their guides in every course that has it, or those of its run."""
    rows = Enrolment.objects.filter(
        person_id=person_id, states__target_id=element_id, state__in=EnrolmentState.living()
    ).distinct()  # fmt: skip
    found: set[int] = set()
    for enrolment in rows:
        given = {enrolment.mentor_id, enrolment.instructor_id} - {None}
        found |= given or set(RunGuide.objects.filter(run_id=enrolment.run_id).values_list("person_id", flat=True))
    return found - {person_id}
