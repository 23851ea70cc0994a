"""Answers to cards, from the page or from a device that was offline for a while."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import QuestionVersion
from assessments.question_types.base import FormData
from assessments.question_types.registry import question_type
from assessments.selectors import newest_versions
from ecosystem.prepared import Given, prepared
from memotrainer.badge import due_changed
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
    given = AnswerGiven(uid, card_id, answered_at or timezone.now(), data, version_id, extra=extra)
    question_id, at = _answered(trainer, given)
    # The moment says in which month's table to look.
    review = Review.objects.select_related("version").get(
        person_id=person_id, uid=uid, answered_at=at, question_id=question_id
    )
    return feedback_of(review=review, card_id=card_id)


def _answered(trainer: Trainer, given: AnswerGiven) -> tuple[int, datetime]:
    """Keep one answer, once; (the question, the moment that counts). The trainer is locked."""
    person_id = trainer.person_id
    cards = _own_card(person=person_id, card=given.card_id)
    kept = _kept(person=person_id, uid=given.uid)
    if not cards or (kept and kept[0][0] != cards[0].question_id):
        raise UnknownCardError(_("This card is not yours."))
    if kept:
        return kept[0]
    card, now = cards[0], timezone.now()
    answer = _marked(
        card, uid=given.uid, data=given.data, answered_at=min(given.answered_at, now), version_id=given.version_id
    )
    _keep(trainer, card, replace(answer, extra=given.extra))
    return card.question_id, answer.answered_at


@prepared
def _kept(*, person: Given, uid: Given) -> QuerySet[Review, tuple[int, datetime]]:
    return Review.objects.filter(person_id=person, uid=uid).values_list("question_id", "answered_at")


@prepared
def _own_card(*, person: Given, card: Given) -> QuerySet[Card]:
    return Card.objects.select_related("source", "bank").filter(pk=card, person_id=person)


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
    due_changed(person_id=trainer.person_id)
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
            with transaction.atomic():
                _answered(trainer_lock(person_id=person_id), item)
        except CardError as refusal:
            taken.refused[item.uid] = str(refusal)
        else:
            taken.accepted.append(item.uid)
    return taken
