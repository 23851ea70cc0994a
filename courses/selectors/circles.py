"""The people of a run, as ``ecosystem.circles`` asks for them: learners, and who guides them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from courses.learning.closing import IN_COURSE
from courses.models import Activity, ActivityState, CourseRun, Enrolment, RunGuide
from ecosystem.circles import Circle
from ecosystem.models import Membership, Power
from ecosystem.spans import span_of
from ecosystem.supervising import members_told


def run_circles(*, membership: Membership, element_id: int) -> list[Circle]:
    """Runs in which the person learns or guides and this element is an activity. Two queries at most.

    Powers over a group reach its people, not what everybody else of a run writes; so they open no circle.
    """
    person = membership.person_id
    mine = _learnt(person, element_id).select_related("enrolment__run__element").order_by("-enrolment__run_id")
    runs = {state.enrolment.run_id: state.enrolment.run for state in mine}
    found = [Circle(run.uid, run.title, run.element.title, is_guide=False) for run in runs.values()]
    guided = _guided(membership, element_id).exclude(pk__in=runs).select_related("element").order_by("-pk")
    return found + [Circle(run.uid, run.title, run.element.title, is_guide=True) for run in guided]


def _learnt(person_id: int, element_id: int) -> QuerySet[ActivityState]:
    return ActivityState.objects.filter(person_id=person_id, target_id=element_id, enrolment__state__in=IN_COURSE)


def _guided(membership: Membership, element_id: int) -> QuerySet[CourseRun]:
    person = membership.person_id
    span = span_of(membership, Power.MARK)
    guides = RunGuide.objects.filter(person_id=person, run_id=OuterRef("pk"))
    given = Enrolment.objects.filter(
        Q(mentor_id=person) | Q(instructor_id=person), run_id=OuterRef("pk"), state__in=IN_COURSE
    )
    over = Exists(guides) | Exists(given)
    if span.everything:
        over = Q(pk__isnull=False)
    elif span.courses:
        over |= Q(element_id__in=span.courses)
    steps = Activity.objects.filter(version_id=OuterRef("version_id"), target_id=element_id)
    return CourseRun.objects.filter(Q(Exists(steps)), over)


def run_guides(*, uid: UUID) -> list[int]:
    """Guides of a run, and who was given to one of its learners."""
    run = CourseRun.objects.filter(uid=uid).first()
    if run is None:
        return []
    given = Enrolment.objects.filter(run=run, state__in=IN_COURSE)
    found = set(RunGuide.objects.filter(run=run).values_list("person_id", flat=True))
    for mentor, instructor in given.values_list("mentor_id", "instructor_id").distinct():
        found |= {mentor, instructor} - {None}
    return members_told(Membership.objects.filter(person_id__in=found), besides=0)
