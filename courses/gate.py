"""A locked activity is closed by its own address too."""

from django.urls import reverse
from django.utils.translation import gettext as _

from courses.models import ActivityState, EnrolmentState, State
from courses.selectors import journey_of
from ecosystem.gates import Closed
from ecosystem.models import Element, Membership


def locked_in_course(membership: Membership, element: Element) -> Closed | None:
    """Closed while a course of the person keeps it locked and no other has opened it."""
    states = list(
        ActivityState.objects.filter(
            person_id=membership.person_id, target=element, enrolment__state__in=EnrolmentState.living()
        ).select_related("enrolment__element", "enrolment__run")
    )
    locked = [state for state in states if state.state == State.LOCKED]
    if not locked or len(locked) < len(states):
        return None
    enrolment = locked[0].enrolment
    step = next(s for s in journey_of(enrolment=enrolment).steps if s.state.target_id == element.pk)
    if not step.lock_sentence:
        return None  # nothing is missing any more
    return Closed(
        because=step.lock_sentence,
        where=_("To the course “%(title)s”") % {"title": enrolment.element.title},
        href=reverse("courses:course", args=[enrolment.element.slug]),
    )
