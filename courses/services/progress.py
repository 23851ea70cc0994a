"""What a record changes in the courses of the person: marks, unlocking, progress, completion.

Runs inside the transaction of the record, because the learner is waiting for what it unlocks.
"""

from django.db import transaction

from courses.conditions import RECORDS, holds
from courses.facts import facts_about
from courses.models import ActivityState, Dependency, Enrolment, EnrolmentState, State
from courses.services.states import state_open
from courses.services.tally import enrolment_tally
from ecosystem.registry import activity_types
from records.models import Statement


@transaction.atomic
def progress_apply(*, statement: Statement) -> list[ActivityState]:
    """Apply a record to every enrolment it concerns, completed ones too; returns the states that were unlocked.

    Running it twice changes nothing: completed states stay, open ones are not opened again.
    """
    if statement.person_id is None or statement.element_id is None:
        return []
    states = list(
        ActivityState.objects.select_for_update(of=("self",))
        .select_related("activity")
        .filter(
            person_id=statement.person_id,
            target_id=statement.element_id,
            enrolment__state__in=EnrolmentState.living(),
        )
        .exclude(state=State.LOCKED)
        .order_by("pk")
    )
    finished = [state for state in states if _mark(state, statement)]
    unlocked = _unlock_dependents(statement) if statement.verb in RECORDS else []
    to_tally = {state.enrolment_id for state in finished} | {state.enrolment_id for state in unlocked}
    for enrolment in Enrolment.objects.select_for_update().filter(pk__in=to_tally).order_by("pk"):
        enrolment.last_active_at = statement.occurred_at
        enrolment_tally(enrolment=enrolment, at=statement.occurred_at)
    only_seen = {state.enrolment_id for state in states} - to_tally
    if only_seen:
        Enrolment.objects.filter(pk__in=only_seen).update(last_active_at=statement.occurred_at)
    return unlocked


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


def _unlock_dependents(statement: Statement) -> list[ActivityState]:
    """Open what waited for this element, and only look at that."""
    waiting = list(
        ActivityState.objects.select_for_update(of=("self",))
        .select_related("activity")
        .filter(
            person_id=statement.person_id,
            state=State.LOCKED,
            enrolment__state__in=EnrolmentState.living(),
            activity_id__in=Dependency.objects.filter(subject_id=statement.element_id).values("activity_id"),
        )
        .order_by("pk")
    )
    if not waiting:
        return []
    needed = set(
        Dependency.objects.filter(activity_id__in=[state.activity_id for state in waiting]).values_list(
            "subject_id", flat=True
        )
    )
    needed |= {state.target_id for state in waiting}
    facts = facts_about(person_id=statement.person_id, elements=needed)  # type: ignore[arg-type]
    opened = [state for state in waiting if holds(state.activity.condition, facts=facts)]
    for state in opened:
        state_open(state=state, facts=facts, at=statement.occurred_at)
        state.save(update_fields=["state", "opened_at", "started_at", "completed_at", "passed"])
    return opened
