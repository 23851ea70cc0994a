"""Questions of a quiz into the learner's pool."""

from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils import timezone

from assessments.selectors import answered_questions
from memotrainer.services.remembering import Remembered, answers_remember
from memotrainer.services.trainers import reminder_plan, trainer_lock, zone_here


@transaction.atomic
def cards_first_seen(*, person_id: int, attempt_id: int, source_id: int | None) -> int:
    """Put what was answered in an attempt into the pool, each answer as a review; returns how many cards changed.

    Run twice is run once: the uid of a review follows from attempt and question. Questions left open, and those
    that a person must mark, make no card.
    """
    answered = [answer for answer in answered_questions(attempt_id=attempt_id) if answer.fraction is not None]
    if not answered:
        return 0
    trainer, zone = trainer_lock(person_id=person_id), zone_here()
    cards = answers_remember(
        trainer=trainer,
        zone=zone,
        answers=[
            Remembered(
                uid=uuid5(NAMESPACE_URL, f"grove:{trainer.environment_id}:attempt:{attempt_id}:{answer.question_id}"),
                question_id=answer.question_id,
                bank_id=answer.bank_id,
                version_id=answer.version_id,
                fraction=max(answer.fraction, Decimal(0)),
                answered_at=answer.answered_at,
                source_id=source_id,
            )
            for answer in answered
        ],
    )
    if cards:
        reminder_plan(trainer=trainer, zone=zone, after=timezone.now())
        trainer.save(update_fields=["next_reminder_at"])
    return len(cards)
