"""A locked activity is closed by its own address too."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.learning.closing import IN_COURSE, closed_because, today_for
from courses.models import ActivityState, Enrolment, EnrolmentState, State
from courses.selectors.journeys import journey_of
from ecosystem.gates import Closed
from ecosystem.models import Element, Membership
from ecosystem.prepared import Given, prepared


def locked_in_course(membership: Membership, element: Element) -> Closed | None:
    """Closed while every course of the person that has it keeps it locked, is paused, has not begun or is over.

    Leaving a course opens nothing: what it kept closed stays so, unless another course opens it.
    """
    found = _states(person=membership.person_id, target=element.pk)
    today = today_for([state.enrolment for state in found])
    closed: list[tuple[str, Enrolment]] = []
    for state in found:
        if because := _why(state, today):
            closed.append((because, state.enrolment))
        elif state.enrolment.state in IN_COURSE:
            return None
    if not closed:
        return None
    because, enrolment = closed[0]
    return Closed(
        because=because,
        where=_("To the course “%(title)s”") % {"title": enrolment.element.title},
        href=reverse("courses:course", args=[enrolment.element.slug]),
    )


def locked_among(membership: Membership, element_ids: Collection[int]) -> set[int]:
    """The same of many elements, in one query. A step that is about to open still counts as locked."""
    found = list(_of(membership.person_id).filter(target_id__in=element_ids))
    today = today_for([state.enrolment for state in found])
    shut: set[int] = set()
    opened: set[int] = set()
    for state in found:
        over = state.state != State.COMPLETED and closed_because(state.enrolment, today=today)
        if over or state.state == State.LOCKED:
            shut.add(state.target_id)
        elif state.enrolment.state in IN_COURSE:
            opened.add(state.target_id)
    return shut - opened


@prepared
def _states(*, person: Given, target: Given) -> QuerySet[ActivityState]:
    return _of(person).filter(target_id=target).select_related("enrolment__element").order_by("pk")


def _of(person: Given) -> QuerySet[ActivityState]:
    left = Q(enrolment__state=EnrolmentState.WITHDRAWN) & ~Q(state=State.COMPLETED)
    rows = ActivityState.objects.filter(Q(enrolment__state__in=IN_COURSE) | left, person_id=person)
    return rows.select_related("enrolment__run")


def _why(state: ActivityState, today: date | None) -> str:
    """Why the step is closed, as a sentence; empty when it is open, or when nothing is missing any more."""
    closed = "" if state.state == State.COMPLETED else closed_because(state.enrolment, today=today)
    if closed or state.state != State.LOCKED:
        return closed
    return next(
        step.lock_sentence
        for step in journey_of(enrolment=state.enrolment).steps
        if step.state.target_id == state.target_id
    )
