"""What posts tell the course: how many there are, and that the discussion is done."""

from __future__ import annotations

from ecosystem import clock
from ecosystem.predicates import facts_changed
from records.services import record
from social.models import Discussion, Participation
from social.selectors.counting import counted


def posts_changed(*, discussion: Discussion, part: Participation, is_learner: bool) -> None:
    """A person has written or taken back: done once they have all that is asked, and then it stays done.

    Who only guides has nothing to do here. Conditions that count posts are looked at anew, in the same transaction.
    """
    if is_learner:
        part_judge(discussion=discussion, part=part)
    facts_changed(source="posts", person_ids=[part.person_id], subjects=[part.element_id])


def part_judge(*, discussion: Discussion, part: Participation) -> None:
    """``part`` is held, and of somebody who learns. Once is for ever."""
    if part.completed_at is not None:
        return
    threads, replies = counted(person_id=part.person_id, element_id=part.element_id)
    if threads >= discussion.threads_asked and replies >= discussion.replies_asked:
        part.completed_at = clock.now()
        part.save(update_fields=["completed_at"])
        record(verb="completed", element=discussion.element, person_id=part.person_id, result={"completion": True})
