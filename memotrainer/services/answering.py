"""Answers to cards, from the page or from a device that was offline for a while."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import QuestionVersion
from assessments.question_types.base import FormData
from assessments.question_types.registry import question_type
from assessments.selectors import newest_versions
from memotrainer.exceptions import CardError, UnknownCardError
from memotrainer.models import Card, Review, Trainer
from memotrainer.selectors import Feedback, feedback_of
from memotrainer.services.remembering import Remembered, answers_remember
from memotrainer.services.trainers import reminder_plan, trainer_lock, zone_here
from memotrainer.services.withdrawing import answer_withdraw
from records.services import record

LONGEST_ANSWER = 10_000  # characters


@dataclass(frozen=True)
class AnswerGiven:
    """An answer as it left the device. ``data`` is form data (name -> values), ``version_id`` what was on screen.

    ``undoes``: it takes that answer back instead. ``extra``: practice beside the cards of the day.
    """

    uid: UUID
    card_id: int
    answered_at: datetime
    data: FormData
    version_id: int | None = None
    undoes: UUID | None = None
    extra: bool = False


@dataclass
class Taken:
    """``accepted``: uids that are kept and may leave the device. ``refused``: uid -> why it never can be."""

    accepted: list[UUID] = field(default_factory=list)
    refused: dict[UUID, str] = field(default_factory=dict)


@transaction.atomic
def card_answer(
    *,
    person_id: int,
    uid: UUID,
    card_id: int,
    data: FormData,
    answered_at: datetime | None = None,
    version_id: int | None = None,
    extra: bool = False,
) -> Feedback:
    """Mark and keep one answer of a person to their card.

    The same ``uid`` again changes nothing and gives the same feedback. The order in which answers arrive does not
    matter: the card is replayed in the order they were given. Raises UnknownCardError when the card is not the
    person's, CardError when the answer cannot be kept.
    """
    trainer = trainer_lock(person_id=person_id)
    kept = Review.objects.select_related("version").filter(person_id=person_id, uid=uid).first()
    if kept is not None:
        return _told_before(kept, person_id=person_id, card_id=card_id)
    card = Card.objects.select_related("source", "bank").filter(pk=card_id, person_id=person_id).first()
    if card is None:
        raise UnknownCardError(_("This card is not yours."))
    now = timezone.now()
    answer = _marked(card, uid=uid, data=data, answered_at=min(answered_at or now, now), version_id=version_id)
    _keep(trainer, card, replace(answer, extra=extra))
    # The moment says in which month's table to look.
    review = Review.objects.select_related("version").get(
        person_id=person_id, uid=uid, answered_at=answer.answered_at, question_id=card.question_id
    )
    return feedback_of(review=review, card_id=card_id)


def _told_before(kept: Review, *, person_id: int, card_id: int) -> Feedback:
    mine = Card.objects.filter(pk=card_id, person_id=person_id, question_id=kept.question_id)
    if not mine.exists():
        raise UnknownCardError(_("This card is not yours."))
    return feedback_of(review=kept, card_id=card_id)


def _marked(card: Card, *, uid: UUID, data: FormData, answered_at: datetime, version_id: int | None) -> Remembered:
    if sum(len(value) for values in data.values() for value in values) > LONGEST_ANSWER:
        raise CardError(_("This answer is too long."))
    version = _version_asked(card, version_id)
    kind = question_type(version.type)
    response = kind.parse(version.body, data)
    fraction = kind.score(version.body, response).fraction
    if fraction is None:
        raise CardError(_("This question cannot be practised: a person has to mark it."))
    return Remembered(
        uid=uid,
        question_id=card.question_id,
        bank_id=card.bank_id,
        version_id=version.pk,
        fraction=max(Decimal(fraction), Decimal(0)),  # what a quiz takes off is no matter of memory
        answered_at=answered_at,
        response=response,
    )


def _version_asked(card: Card, version_id: int | None) -> QuestionVersion:
    """The version that was on the screen, when it is one of this question; else the newest."""
    asked = QuestionVersion.objects.filter(pk=version_id, question_id=card.question_id).first() if version_id else None
    found = asked or newest_versions(question_ids=[card.question_id]).get(card.question_id)
    if found is None:
        raise CardError(_("This question is no longer there."))
    return found


def _keep(trainer: Trainer, card: Card, answer: Remembered) -> None:
    zone = zone_here()
    answers_remember(trainer=trainer, zone=zone, answers=[answer])
    trainer.ignored = 0
    reminder_plan(trainer=trainer, zone=zone, after=timezone.now())
    trainer.save(update_fields=["ignored", "next_reminder_at"])
    record(
        verb="reviewed",
        element=card.source or card.bank,
        person_id=trainer.person_id,
        result={"scaled": float(answer.fraction), "success": answer.fraction == 1},
        context={"card": card.pk, "answer": str(answer.uid)},
        occurred_at=answer.answered_at,
    )


def answers_take(*, person_id: int, items: list[AnswerGiven]) -> Taken:
    """Keep what a device kept. Each answer by itself: a refused one does not hold up the others."""
    taken = Taken()
    for item in sorted(items, key=lambda item: (item.answered_at, item.uid)):
        try:
            if item.undoes is not None:
                answer_withdraw(person_id=person_id, uid=item.undoes)
                taken.accepted.append(item.uid)
                continue
            card_answer(
                person_id=person_id,
                uid=item.uid,
                card_id=item.card_id,
                data=item.data,
                answered_at=item.answered_at,
                version_id=item.version_id,
                extra=item.extra,
            )
        except CardError as refusal:
            taken.refused[item.uid] = str(refusal)
        else:
            taken.accepted.append(item.uid)
    return taken
