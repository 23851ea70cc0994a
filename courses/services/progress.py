"""What a record changes in the courses of the person: marks, progress, completion.

Runs inside the transaction of the record, because the learner is waiting. What it unlocks is seen to afterwards, by
``facts_arrived``.
"""

from django.db import transaction
from django.db.models import QuerySet

from courses.models import ActivityState, EnrolmentState, State
from courses.services.states import activities_bring
from courses.services.tally import enrolment_tally
from ecosystem.prepared import Given, prepared
from ecosystem.registry import activity_types
from records.models import Statement


@transaction.atomic(savepoint=False)  # with every record: a failure is never survived
def progress_apply(*, statement: Statement) -> list[ActivityState]:
    """Apply a record to every enrolment it concerns, completed ones too; returns the states that were completed by it.

    Running it twice changes nothing: completed states stay.
    """
    if statement.person_id is None or statement.element_id is None:
        return []
    states = _done_in(person=statement.person_id, element=statement.element_id)
    activities_bring(states=states)
    enrolments = {state.enrolment_id: state.enrolment for state in states}
    finished = [state for state in states if _mark(state, statement)]
    for enrolment in enrolments.values():
        enrolment.last_active_at = statement.occurred_at
    to_tally = {state.enrolment_id for state in finished}
    for pk in sorted(to_tally):
        enrolment_tally(enrolment=enrolments[pk], at=statement.occurred_at)
    for pk in sorted(set(enrolments) - to_tally):
        enrolments[pk].save(update_fields=["last_active_at"])
    return finished


@prepared
def _done_in(*, person: Given, element: Given) -> QuerySet[ActivityState]:
    """Where the element is a step that is not locked; held with the enrolments, one by one, until the record is there."""
    return (
        ActivityState.objects.select_for_update(of=("self", "enrolment"), no_key=True)
        .select_related("enrolment")
        .filter(
            person_id=person,
            target_id=element,
            enrolment__state__in=EnrolmentState.living(),
        )
        .exclude(state=State.LOCKED)
        .order_by("enrolment_id", "pk")
    )


def _mark(state: ActivityState, statement: Statement) -> bool:
    """Started, completed, passed or failed, as the activity type reads the verb; true when it was completed now."""
    kind = activity_types[state.activity.type]
    now = statement.occurred_at
    was_completed = state.state == State.COMPLETED
    if statement.verb in kind.passes:
        state.passed = True
    elif statement.verb in kind.fails and not state.passed:
        state.passed = False
    if statement.scaled is not None:
        state.score = max(state.score or 0.0, statement.scaled)
    state.started_at = state.started_at or now
    if statement.verb in kind.completes | kind.passes:
        state.state, state.completed_at = State.COMPLETED, state.completed_at or now
    elif state.state == State.OPEN:
        state.state = State.STARTED
    state.save(update_fields=["passed", "score", "started_at", "state", "completed_at"])
    return state.state == State.COMPLETED and not was_completed
