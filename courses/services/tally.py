"""How far somebody is with a course, and whether they have completed it."""

from datetime import datetime

from courses.learning.tallying import tally_of
from courses.models import ActivityState, CourseRun, Enrolment, EnrolmentState, State
from ecosystem.models import Element
from records.services import record


def enrolment_tally(*, enrolment: Enrolment, at: datetime) -> None:
    """Progress by weight of what must be done; completed, and recorded so once, when that is enough for the run.

    An enrolment that is completed stays so. The caller holds its row.
    """
    rows = ActivityState.objects.filter(enrolment=enrolment, activity__optional=False)
    done = [(state == State.COMPLETED, weight) for state, weight in rows.values_list("state", "activity__weight")]
    complete_at = CourseRun.objects.values_list("complete_at", flat=True).get(pk=enrolment.run_id)
    tally = tally_of(done, complete_at=complete_at)
    newly = tally.complete and enrolment.state == EnrolmentState.ACTIVE
    enrolment.progress = tally.percent
    if newly:
        enrolment.state, enrolment.completed_at = EnrolmentState.COMPLETED, at
    enrolment.save(update_fields=["progress", "last_active_at", "state", "completed_at"])
    if newly:
        record(
            verb="completed",
            element=Element.objects.get(pk=enrolment.element_id),
            person_id=enrolment.person_id,
            context={"enrolment": enrolment.pk},
            occurred_at=at,
        )
