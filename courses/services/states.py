"""Opening an activity for a person."""

from datetime import datetime

from courses.conditions import IMPLIED, Facts
from courses.models import ActivityState, State


def state_open(*, state: ActivityState, facts: Facts, at: datetime) -> None:
    """Open it (not saved); what the person did with the element before, elsewhere, counts at once."""
    state.state, state.opened_at = State.OPEN, at
    if any((verb, state.target_id) in facts for verb in IMPLIED["completed"]):
        state.state, state.started_at, state.completed_at = State.COMPLETED, at, at
        state.passed = True if ("passed", state.target_id) in facts else None
