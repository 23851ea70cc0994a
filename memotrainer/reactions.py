"""What was answered in a quiz is worth remembering."""

from memotrainer.services import cards_first_seen, course_cards_release, extras_release
from records.dispatch import on
from records.models import Statement


@on("passed", "failed")
def remember(statement: Statement) -> None:
    """Records without an attempt of ours (outside tools) have no questions to remember."""
    attempt_id = statement.context.get("attempt")
    if isinstance(attempt_id, int) and statement.person_id is not None:
        cards_first_seen(person_id=statement.person_id, attempt_id=attempt_id, source_id=statement.element_id)
        if statement.element_id is not None:
            extras_release(person_id=statement.person_id, quiz_id=statement.element_id)


@on("enrolled")
def release(statement: Statement) -> None:
    """Where a course is trained from day one, its questions wait as soon as somebody is in it."""
    if statement.person_id is not None and statement.element_id is not None:
        course_cards_release(person_id=statement.person_id, course_id=statement.element_id)
