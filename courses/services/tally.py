"""How far somebody is with a course, and whether they have completed it."""

from datetime import datetime

from courses.models import ActivityState, Enrolment, EnrolmentState, State
from ecosystem.models import Element
from records.services import record


def enrolment_tally(*, enrolment: Enrolment, at: datetime) -> None:
    """Progress by weight of what must be done; completed, and recorded so once, when all of it is.

    An enrolment that is completed stays so. The caller holds its row.
    """
    rows = list(
        ActivityState.objects.filter(enrolment=enrolment, activity__optional=False).values_list(
            "state", "activity__weight"
        )
    )
    total = sum(weight for _state, weight in rows)
    done = sum(weight for state, weight in rows if state == State.COMPLETED)
    complete = bool(rows) and all(state == State.COMPLETED for state, _weight in rows)
    newly = complete and enrolment.state == EnrolmentState.ACTIVE
    # Rounding never makes the whole of what is not.
    enrolment.progress = 100 if complete else min(99, round(100 * done / total)) if total else 0
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
