"""What becomes of one enrolment when it goes to another version of its course. Nothing here reads the database.

What somebody began or completed stays, by the ``uid`` of the activity. What is new begins as for somebody who enrols now
with the same facts. What is not begun is judged again. The list of consequences that is shown before, and the move
itself, both come from here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from courses.learning.tallying import tally_of
from courses.models import Activity, ActivityState, Enrolment, State
from courses.services.states import FINISHED, state_lock_or_open
from ecosystem.predicates import Facts

FactsFor = Callable[[ActivityState | None], Facts]


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
    facts: FactsFor,
    complete_at: int,
    at: datetime,
) -> Move:
    """``states`` with their activities of the present version, ``activities`` of the version it goes to."""
    move = Move(enrolment, before=enrolment.progress)
    known = {state.activity.uid: state for state in states}
    for activity in activities:
        state = known.pop(activity.uid, None)
        if state is None:
            move.begun.append(_begin(enrolment, activity, facts, at))
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


def _begin(enrolment: Enrolment, activity: Activity, facts: FactsFor, at: datetime) -> ActivityState:
    state = ActivityState(
        environment_id=enrolment.environment_id,
        enrolment=enrolment,
        person_id=enrolment.person_id,
        element_id=enrolment.element_id,
        activity=activity,
        target_id=activity.target_id,
    )
    state_lock_or_open(state=state, facts=facts(None), at=at)
    return state


def _carry(move: Move, state: ActivityState, activity: Activity, facts: FactsFor, at: datetime) -> None:
    """To the same activity of the other version. Nobody is locked out of what they have begun; what was done counts."""
    was = state.state
    state.activity, state.target_id = activity, activity.target_id
    known = facts(state)
    if was == State.STARTED:
        _catch_up(state, known, at)
    elif state_lock_or_open(state=state, facts=known, at=at):
        if state.state == State.LOCKED:
            move.locked.append(activity.title)
        elif was == State.LOCKED:
            move.unlocked.append(activity.title)
    move.kept.append(state)


def _catch_up(state: ActivityState, facts: Facts, at: datetime) -> None:
    """What was finished while nobody looked, as in a pause."""
    if any(facts.recorded(verb, state.target_id) for verb in FINISHED):
        state.state, state.completed_at = State.COMPLETED, at
        state.passed = True if facts.recorded("passed", state.target_id) else state.passed
