"""Taking back the last answer."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from memotrainer.badge import due_changed
from memotrainer.exceptions import CardError, UnknownCardError
from memotrainer.models import Card, Review, Withdrawal
from memotrainer.services.logs import logs_of
from memotrainer.services.replaying import person_replay
from memotrainer.services.trainers import reminder_plan, trainer_lock, zone_here

UNDO_WITHIN = timedelta(minutes=15)


@transaction.atomic
def answer_withdraw(*, person_id: int, uid: UUID) -> Card | None:
    """Take back the last answer of a person to a card, within a quarter of an hour; twice is once.

    Returns the card as it was before, due now; None when it was its only answer and the card is gone. The log keeps both.
    """
    trainer, now = trainer_lock(person_id=person_id), timezone.now()
    review = Review.objects.filter(person_id=person_id, uid=uid).first()
    if review is None:
        raise UnknownCardError(_("This answer is not yours."))
    mine = Card.objects.filter(person_id=person_id, question_id=review.question_id)
    if Withdrawal.objects.filter(person_id=person_id, uid=uid).exists():
        return mine.first()
    newest = Review.objects.filter(person_id=person_id).order_by("-received_at", "-pk").first()
    if newest is None or newest.uid != uid or now - review.received_at > UNDO_WITHIN:
        raise CardError(_("Only the answer you gave last can be taken back, and only for a quarter of an hour."))
    due_changed(person_id=person_id)
    Withdrawal.objects.create(environment_id=trainer.environment_id, person_id=person_id, uid=uid, at=now)
    if not logs_of(person_id=person_id, question_ids=[review.question_id]):
        mine.delete()
        return None
    person_replay(person_id=person_id)
    mine.filter(last_reviewed_at__lt=now).update(due_at=now)  # it was asked, so it may be asked again
    reminder_plan(trainer=trainer, zone=zone_here(), after=now)
    trainer.save(update_fields=["next_reminder_at"])
    return mine.first()
