"""Where people are with activities, as the conditions and the facts say.

An activity that nobody has begun is open while its condition holds, and locked while it does not: the state follows from
the facts of the moment, whatever happened in between. What is begun stays open, what is completed stays completed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from courses.conditions import holds, next_change
from courses.conditions.trees import leaves_of
from courses.learning.facts import Asked, FactsOf
from courses.models import Activity, ActivityState, Enrolment, State, Wake
from courses.services.tally import enrolment_tally
from ecosystem.predicates import Facts, Predicate, predicates
from ecosystem.prepared import Among, Given, prepared

UNBEGUN = (State.LOCKED, State.OPEN)
# Passing something is also finishing it.
FINISHED = ("completed", "passed")


def activities_bring(*, states: Sequence[ActivityState]) -> None:
    """Give held states their activities: read now, because a move to another version changes which ones they are."""
    found = {row.pk: row for row in _activities(ids=sorted({state.activity_id for state in states}))} if states else {}
    for state in states:
        state.activity = found[state.activity_id]


@prepared
def _activities(*, ids: Given) -> QuerySet[Activity]:
    return Activity.objects.filter(Among("pk", ids))


def state_lock_or_open(*, state: ActivityState, facts: Facts, at: datetime) -> bool:
    """Let the condition decide (not saved); true when the state is another now.

    What the person did with the element before, elsewhere, counts as soon as it is open.
    """
    if state.state not in UNBEGUN:
        return False
    before = state.state
    if not holds(state.activity.condition, facts=facts):
        state.state, state.opened_at = State.LOCKED, None
        return before != State.LOCKED
    if before == State.LOCKED:
        state.state, state.opened_at = State.OPEN, at
    if any(facts.recorded(verb, state.target_id) for verb in FINISHED):
        state.state = State.COMPLETED
        state.started_at, state.completed_at = state.started_at or at, at
        state.passed = True if facts.recorded("passed", state.target_id) else None
    return state.state != before


def states_begin(
    *, enrolments: Sequence[Enrolment], activities: Sequence[Activity], at: datetime
) -> list[ActivityState]:
    """Where these people begin with these activities; saved. ``enrolments`` come with their run.

    What they did elsewhere counts. The number of statements does not grow with theirs.
    """
    facts = FactsOf(
        person_ids=[enrolment.person_id for enrolment in enrolments],
        asked=Asked.by(activity.condition for activity in activities),
        at=at,
        about=[activity.target_id for activity in activities],
    )
    states, known = [], []
    for enrolment in enrolments:
        of_them = facts.of(enrolment)
        for activity in activities:
            state = ActivityState(
                environment_id=enrolment.environment_id,
                enrolment=enrolment,
                person_id=enrolment.person_id,
                element_id=enrolment.element_id,
                activity=activity,
                target_id=activity.target_id,
            )
            state_lock_or_open(state=state, facts=of_them, at=at)
            states.append(state)
            known.append(of_them)
    ActivityState.objects.bulk_create(states, batch_size=5000)
    _wait_for_time(states, known, fresh=True)
    return states


@transaction.atomic(savepoint=False)  # with every record: a failure is never survived
def states_judge(*, states: Sequence[ActivityState], at: datetime) -> list[ActivityState]:
    """Look at these states again with the facts of now; returns those that changed. Twice changes nothing.

    The caller holds their rows and those of their enrolments, and brings them with ``activity`` and ``enrolment__run``.
    """
    if not states:
        return []
    facts = FactsOf(
        person_ids=[state.person_id for state in states],
        asked=Asked.by(activity.condition for activity in {one.activity_id: one.activity for one in states}.values()),
        at=at,
        about=[state.target_id for state in states],
    )
    known = [facts.of(state.enrolment, state) for state in states]
    changed = [
        state for state, of_it in zip(states, known, strict=True) if state_lock_or_open(state=state, facts=of_it, at=at)
    ]  # fmt: skip
    _save(changed)
    _wait_for_time(states, known)
    completed = {state.enrolment_id: state.enrolment for state in changed if state.state == State.COMPLETED}
    for _pk, enrolment in sorted(completed.items()):
        enrolment_tally(enrolment=enrolment, at=at)
    return changed


def _save(changed: list[ActivityState]) -> None:
    """One statement for all that open and one for all that lock; the few that are completed at once have facts of their own."""
    opened = [state for state in changed if state.state == State.OPEN]
    locked = [state.pk for state in changed if state.state == State.LOCKED]
    if opened:
        rows = ActivityState.objects.filter(pk__in=[state.pk for state in opened])
        rows.update(state=State.OPEN, opened_at=opened[0].opened_at)
    if locked:
        ActivityState.objects.filter(pk__in=locked).update(state=State.LOCKED, opened_at=None)
    done = [state for state in changed if state.state == State.COMPLETED]
    if done:
        fields = ["state", "opened_at", "started_at", "completed_at", "passed"]
        ActivityState.objects.bulk_update(done, fields, batch_size=500)


def _wait_for_time(states: Sequence[ActivityState], known: Iterable[Facts], *, fresh: bool = False) -> None:
    """Note when each of these must be looked at again because time passes."""
    activities = {state.activity_id: state.activity for state in states}
    by_time = {pk for pk, activity in activities.items() if waits_for_time(activity=activity)}
    timed = [pair for pair in zip(states, known, strict=True) if pair[0].activity_id in by_time]
    if not timed:
        return
    due, over = [], []
    for state, facts in timed:
        moment = next_change(state.activity.condition, facts=facts) if state.state in UNBEGUN else None
        if moment is None:
            over.append(state.pk)
        else:
            due.append(Wake(environment_id=state.environment_id, state=state, due_at=moment))
    if over and not fresh:
        Wake.objects.filter(state_id__in=over).delete()
    Wake.objects.bulk_create(
        due,
        batch_size=5000,
        update_conflicts=True,
        unique_fields=["environment", "state"],
        update_fields=["due_at"],
    )


def waits_for_time(*, activity: Activity) -> bool:
    """Whether time alone can change what its condition says."""
    return any(
        type(predicates[key]).moments is not Predicate.moments for key, _value in leaves_of(activity.condition)
    )  # fmt: skip
