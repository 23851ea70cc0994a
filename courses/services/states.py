"""Opening an activity for a person."""

from datetime import datetime

from courses.conditions import IMPLIED, Facts, holds
from courses.models import Activity, ActivityState, Enrolment, State


def state_open(*, state: ActivityState, facts: Facts, at: datetime) -> None:
    """Open it (not saved); what the person did with the element before, elsewhere, counts at once."""
    state.state, state.opened_at = State.OPEN, at
    if any((verb, state.target_id) in facts for verb in IMPLIED["completed"]):
        state.state, state.started_at, state.completed_at = State.COMPLETED, at, at
        state.passed = True if ("passed", state.target_id) in facts else None


def state_begin(*, enrolment: Enrolment, activity: Activity, facts: Facts, at: datetime) -> ActivityState:
    """Where somebody with these facts begins with the activity; not saved."""
    state = ActivityState(
        environment_id=enrolment.environment_id,
        enrolment=enrolment,
        person_id=enrolment.person_id,
        element_id=enrolment.element_id,
        activity=activity,
        target_id=activity.target_id,
    )
    if holds(activity.condition, facts=facts):
        state_open(state=state, facts=facts, at=at)
    return state
