"""A round that was handed in becomes a draft again: its learner takes it back, or a supervisor says that it is not done yet."""

from __future__ import annotations

from ecosystem import clock
from handins.models import Round, RoundState
from handins.services.peers import refuse_under_review
from handins.services.progress import state_changed
from handins.services.sharing import shares_thaw
from handins.services.telling import people_of
from handins.services.turns import turn_set
from records.services import record


def draft_again(*, held: Round) -> None:
    """``held`` with its submission, handed in and not looked at yet. Refuses while peers review it."""
    refuse_under_review(round=held)
    now = clock.now()
    held.state, held.submitted_at, held.is_late, held.declared = RoundState.DRAFT, None, False, ""
    turn_set(round=held)
    held.save(update_fields=["state", "submitted_at", "turn_at", "is_late", "declared"])
    for who in people_of(round=held):
        record(verb="retracted", element=held.element, person_id=who, context={"round": held.number}, occurred_at=now)
    state_changed(round=held)
    shares_thaw(round=held)
