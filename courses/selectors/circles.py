"""The people of a run, as ``ecosystem.circles`` asks for them: learners, and who guides them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from courses.learning.closing import IN_COURSE
from courses.models import Activity, ActivityState, CourseRun, Enrolment, RunGuide
from ecosystem.circles import Circle
from ecosystem.models import Membership, Power
from ecosystem.spans import EVERYBODY, span_of
from ecosystem.supervising import members_told

MOST = 100


def run_circles(*, membership: Membership, element_id: int, uid: UUID | None = None) -> list[Circle]:
    """Runs in which the person learns or guides and this element is an activity. Two queries at most.

    Powers over a group reach its people, not what everybody else of a run writes; so they open no circle.
    """
    mine = ActivityState.objects.filter(
        person_id=membership.person_id, target_id=element_id, enrolment__state__in=IN_COURSE
    )
    steps = Activity.objects.filter(version_id=OuterRef("version_id"), target_id=element_id)
    rows = CourseRun.objects.filter(Exists(steps), _over(membership)).select_related("element")
    if uid is not None:
        mine, rows = mine.filter(enrolment__run__uid=uid), rows.filter(uid=uid)
    learnt = {state.enrolment.run_id: state.enrolment.run for state in mine.select_related("enrolment__run__element")}
    guided = {run.pk: run for run in rows.order_by("-pk")[:MOST]}
    runs = sorted({**guided, **learnt}.values(), key=lambda run: (run.pk in learnt, run.pk), reverse=True)
    return [
        Circle(run.uid, run.title, run.element.title, is_learner=run.pk in learnt, is_guide=run.pk in guided)
        for run in runs
    ]


def run_uids(*, membership: Membership, guided: bool) -> QuerySet[CourseRun, dict[str, UUID]]:
    """Of all runs that the person guides, or learns in."""
    inside = Enrolment.objects.filter(person_id=membership.person_id, state__in=IN_COURSE)
    over = _over(membership) if guided else Q(pk__in=inside.values("run_id"))
    return CourseRun.objects.filter(over).order_by().values("uid")


def _over(membership: Membership) -> Q:
    """Runs that the person guides, or whose course they mark."""
    person = membership.person_id
    span = span_of(membership, Power.MARK)
    guides = RunGuide.objects.filter(person_id=person, run_id=OuterRef("pk"))
    given = Enrolment.objects.filter(
        Q(mentor_id=person) | Q(instructor_id=person), run_id=OuterRef("pk"), state__in=IN_COURSE
    )
    if span.everything:
        return EVERYBODY
    return Q(Exists(guides)) | Q(Exists(given)) | Q(element_id__in=span.courses)


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
