"""Adding answers to the log and bringing the cards' state up to it, by replay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils import timezone

from assessments.models import Question
from ecosystem.predicates import facts_changed
from memotrainer.memory import Given, Memory, due_at, rating_of, replay
from memotrainer.models import Card, Review, ReviewKind, Trainer


@dataclass(frozen=True)
class Remembered:
    """An answer that is marked and belongs to a question, wherever it was given."""

    uid: UUID
    question_id: int
    bank_id: int
    version_id: int
    fraction: Decimal
    answered_at: datetime
    response: Any = None
    source_id: int | None = None


def answers_remember(*, trainer: Trainer, zone: ZoneInfo, answers: list[Remembered]) -> list[Card]:
    """Log new answers and replay the cards they concern; makes the cards that are missing.

    The trainer is locked by the caller, so nobody else writes this person's cards. Answers whose uid is known
    are left out. A time in the future is a wrong clock and counts as now.
    """
    known = set(Review.objects.filter(uid__in=[answer.uid for answer in answers]).values_list("uid", flat=True))
    fresh = {answer.uid: answer for answer in answers if answer.uid not in known}
    by_question: dict[int, list[Remembered]] = {}
    for answer in fresh.values():
        by_question.setdefault(answer.question_id, []).append(answer)
    cards = {
        card.question_id: card
        for card in Card.objects.filter(person_id=trainer.person_id, question_id__in=list(by_question))
    }
    logs: dict[int, list[Review]] = {}
    for review in Review.objects.filter(card_id__in=[card.pk for card in cards.values()]):
        logs.setdefault(review.card_id, []).append(review)
    touched = []
    for question_id, given in by_question.items():
        card = cards.get(question_id) or Card(
            environment_id=trainer.environment_id,
            person_id=trainer.person_id,
            bank_id=given[0].bank_id,
            question_id=question_id,
        )
        _live(card, logs.get(card.pk, []), given, trainer=trainer, zone=zone)
        touched.append(card)
    if touched:
        questions = Question.objects.filter(pk__in=list(by_question)).exclude(objective=None)
        objectives = questions.values_list(Cast("objective_id", CharField()), flat=True)
        facts_changed(source="recall", person_ids=[trainer.person_id], subjects=objectives)
    return touched


def _live(card: Card, log: list[Review], given: list[Remembered], *, trainer: Trainer, zone: ZoneInfo) -> None:
    """Replay one card over its log and the new answers, and write what changed."""
    now = timezone.now()
    new = [_review(card, answer, now=now) for answer in given]
    by_uid = {review.uid: review for review in (*log, *new)}
    lived = replay([Given(r.answered_at, r.uid, r.rating) for r in by_uid.values()], zone=zone)
    moved = [by_uid[one.uid] for place, (one, memory) in enumerate(lived) if _settle(by_uid[one.uid], memory, place)]
    fresh = {review.uid for review in new}
    last = lived[-1][1]
    card.stability, card.difficulty = last.stability, last.difficulty
    card.reviews, card.lapses, card.last_reviewed_at = last.reviews, last.lapses, last.answered_at
    card.due_at = due_at(last, desired_retention=trainer.desired_retention, zone=zone)
    card.source_id = given[-1].source_id or card.source_id
    card.save()
    for review in new:
        review.card = card
    Review.objects.bulk_create(new)
    Review.objects.bulk_update(
        [review for review in moved if review.uid not in fresh],
        ["stability", "difficulty", "elapsed_days", "kind"],
    )


def _review(card: Card, answer: Remembered, *, now: datetime) -> Review:
    return Review(
        environment_id=card.environment_id,
        person_id=card.person_id,
        bank_id=answer.bank_id,
        version_id=answer.version_id,
        uid=answer.uid,
        rating=rating_of(answer.fraction),
        fraction=answer.fraction,
        response=answer.response,
        answered_at=min(answer.answered_at, now),
        received_at=now,
    )


def _settle(review: Review, memory: Memory, place: int) -> bool:
    """Write down what follows from the answers before; True when that is news."""
    before = (review.stability, review.difficulty, review.elapsed_days, review.kind)
    review.stability, review.difficulty = memory.stability, memory.difficulty
    review.elapsed_days = memory.elapsed_days
    review.kind = ReviewKind.REVIEW if place else ReviewKind.FIRST
    return before != (review.stability, review.difficulty, review.elapsed_days, review.kind)
