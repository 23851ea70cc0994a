"""What a hand-in tells the course: how far it is, and that it is done."""

from __future__ import annotations

from ecosystem import clock
from ecosystem.predicates import facts_changed
from handins.models import Round, Submission
from handins.services.telling import people_of
from records.services import record


def state_changed(*, round: Round) -> None:
    """Conditions that ask how far the hand-in is are looked at anew, in the same transaction."""
    facts_changed(source="handins", person_ids=people_of(round=round), subjects=[round.element_id])


def submission_complete(*, submission: Submission) -> None:
    """The activity is done. Twice is once."""
    if submission.completed_at is not None:
        return
    submission.completed_at = clock.now()
    submission.save(update_fields=["completed_at"])
    record(verb="completed", element=submission.element, person_id=submission.person_id, result={"completion": True})
