"""An enrolment comes back into life: every step of it is judged by what is recorded now."""

from courses.models import ActivityState, Enrolment
from courses.moving.impact import activities_of, moves_here
from courses.services.reconsidering import enrolment_reconsider
from courses.services.tally import enrolment_tally
from ecosystem import clock


def states_held(*, enrolment_id: int) -> list[ActivityState]:
    """The states of an enrolment with their activities, locked in the order in which records lock them."""
    return list(
        ActivityState.objects.select_for_update(of=("self", "enrolment"), no_key=True)
        .select_related("enrolment")
        .prefetch_related("activity")
        .filter(enrolment_id=enrolment_id)
        .order_by("enrolment_id", "pk")
    )


def enrolment_catch_up(*, enrolment: Enrolment) -> None:
    """Judge every step again by what is recorded now. The caller holds the row."""
    (move,) = moves_here(
        enrolments=[enrolment],
        states={enrolment.pk: states_held(enrolment_id=enrolment.pk)},
        activities=activities_of(enrolment.version),
        complete_at=enrolment.run.complete_at,
    )
    changed = ["state", "opened_at", "started_at", "completed_at", "passed"]
    ActivityState.objects.bulk_update(move.kept, changed, batch_size=500)
    enrolment_tally(enrolment=enrolment, at=clock.now())
    enrolment_reconsider(enrolment=enrolment)  # which also notes what waits for time
