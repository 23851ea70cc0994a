"""How far somebody is with a course, and whether they have completed it."""

from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from courses.learning.tallying import tally_counted
from courses.models import ActivityState, Enrolment, EnrolmentState, State
from ecosystem.models import Element
from ecosystem.prepared import Given, prepared
from records.services import record


def enrolment_tally(*, enrolment: Enrolment, at: datetime) -> None:
    """Progress by weight of what must be done; completed, and recorded so once, when that is enough for the run.

    An enrolment that is completed stays so. The caller holds its row.
    """
    counted = _counted(enrolment=enrolment.pk)
    tally = tally_counted(**(counted[0] if counted else {"steps": 0, "left": 0, "total": 0, "done": 0}))
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


@prepared
def _counted(*, enrolment: Given) -> QuerySet[ActivityState, dict[str, int]]:
    """One row, or none where nothing must be done; with every record that completes something, so PostgreSQL counts."""
    done = Q(state=State.COMPLETED)
    return (
        ActivityState.objects.filter(enrolment_id=enrolment, activity__optional=False)
        .values("enrolment_id")
        .annotate(
            steps=Count("pk"),
            left=Count("pk", filter=~done),
            total=Sum("activity__weight"),
            done=Coalesce(Sum("activity__weight", filter=done), 0),
            complete_at=Max("enrolment__run__complete_at"),
        )
        .values("steps", "left", "total", "done", "complete_at")
    )
