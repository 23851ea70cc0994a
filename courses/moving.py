"""What becomes of one enrolment when it goes to another version of its course. Nothing here reads the database.

What somebody began or completed stays, by the ``uid`` of the activity. What is new begins as for somebody who enrols now
with the same facts. What is still locked or untouched is judged again. The list of consequences that is shown before,
and the move itself, both come from here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from courses.conditions import Facts, holds
from courses.models import Activity, ActivityState, Enrolment, State
from courses.services.states import state_begin, state_open
from courses.tallying import tally_of


@dataclass
class Move:
    """Rows are not saved. Titles say what it means for the learner."""

    enrolment: Enrolment
    kept: list[ActivityState] = field(default_factory=list)
    begun: list[ActivityState] = field(default_factory=list)
    gone: list[ActivityState] = field(default_factory=list)
    gains: list[str] = field(default_factory=list)
    loses: list[str] = field(default_factory=list)
    locked: list[str] = field(default_factory=list)
    unlocked: list[str] = field(default_factory=list)
    before: int = 0
    after: int = 0
    completes: bool = False

    @property
    def changes_nothing(self) -> bool:
        return self.before == self.after and not (
            self.gains or self.loses or self.locked or self.unlocked or self.completes
        )


def move_of(
    *,
    enrolment: Enrolment,
    states: Iterable[ActivityState],
    activities: Iterable[Activity],
    facts: Facts,
    complete_at: int,
    at: datetime,
) -> Move:
    """``states`` with their activities of the present version, ``activities`` of the version it goes to."""
    move = Move(enrolment, before=enrolment.progress)
    known = {state.activity.uid: state for state in states}
    for activity in activities:
        state = known.pop(activity.uid, None)
        if state is None:
            move.begun.append(state_begin(enrolment=enrolment, activity=activity, facts=facts, at=at))
            move.gains.append(activity.title)
        else:
            _carry(move, state, activity, facts, at)
    move.gone = list(known.values())
    move.loses = [state.activity.title for state in move.gone if state.state in {State.STARTED, State.COMPLETED}]
    must = [state for state in (*move.kept, *move.begun) if not state.activity.optional]
    tally = tally_of(
        ((state.state == State.COMPLETED, state.activity.weight) for state in must), complete_at=complete_at
    )
    move.after, move.completes = tally.percent, tally.complete
    return move


def _carry(move: Move, state: ActivityState, activity: Activity, facts: Facts, at: datetime) -> None:
    """To the same activity of the other version. Nobody is locked out of what they have begun; what was done counts."""
    was = state.state
    state.activity, state.target_id = activity, activity.target_id
    is_open = holds(activity.condition, facts=facts)
    if was == State.LOCKED and is_open:
        state_open(state=state, facts=facts, at=at)
        move.unlocked.append(activity.title)
    elif was == State.OPEN and not is_open:
        state.state, state.opened_at = State.LOCKED, None
        move.locked.append(activity.title)
    elif was in {State.OPEN, State.STARTED}:
        _catch_up(state, facts, at)
    move.kept.append(state)


def _catch_up(state: ActivityState, facts: Facts, at: datetime) -> None:
    """What was done while nobody looked, as in a pause."""
    fresh = ActivityState(target_id=state.target_id, activity=state.activity)
    state_open(state=fresh, facts=facts, at=at)
    if fresh.state == State.COMPLETED:
        state.state, state.completed_at, state.passed = State.COMPLETED, at, fresh.passed
        state.started_at = state.started_at or at
