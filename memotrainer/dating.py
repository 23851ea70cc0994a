"""When cards come next: by the corrected forecast, the way of the course, and how full the days are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from memotrainer.engine.evidence import Asked, CardEvidence, logit
from memotrainer.engine.forecaster import Forecaster, recall_of
from memotrainer.enums import Mode
from memotrainer.forecasting import InForce, asked_of, in_force
from memotrainer.fsrs import DEFAULT_WEIGHTS
from memotrainer.memory import day_of, due_after
from memotrainer.models import Card, Trainer
from memotrainer.scheduling import NEVER, balanced, days_until_next, fuzz_window
from memotrainer.ways import Ways, loads_of, ways_of

MOST_SIBLINGS = 50  # cards of the same objectives that an answer looks at


@dataclass(frozen=True)
class Dating:
    """What the days of one person's cards depend on."""

    trainer: Trainer
    zone: ZoneInfo
    known: InForce
    ways: Ways
    forecaster: Forecaster


@dataclass(frozen=True)
class Wait:
    """``shift``: by how many logits recall is expected to differ, on the day it comes back, from what FSRS-6 says by the
    published curve."""

    days: int
    shift: float


def wait_of(dating: Dating, card: Card, *, evidence: CardEvidence, asked: Asked) -> Wait:
    """How long after its last answer a card comes back, before days are balanced."""
    weights = dating.known.weights(dating.ways.course_of.get(card.source_id or 0))
    found = 0.0

    def shift(days: int) -> float:
        nonlocal found
        found = dating.forecaster.shift(
            stability=card.stability,
            difficulty=card.difficulty,
            days=days,
            card=evidence,
            asked=asked,
            topic=card.question.objective_id,
            weights=weights,
        )
        return found

    days = days_until_next(
        way=dating.ways.of(card.source_id),
        stability=card.stability,
        run=evidence.run,
        weights=weights,
        shift=shift,
    )
    if weights != DEFAULT_WEIGHTS:  # pages and conditions know the published curve only
        found += logit(recall_of(card.stability, days, weights=weights))
        found -= logit(recall_of(card.stability, days, weights=DEFAULT_WEIGHTS))
    return Wait(days, found)


def card_date(dating: Dating, card: Card, *, evidence: CardEvidence, asked: Asked) -> None:
    """Say when a card comes next after its last answer, on the least full of the days that are as good."""
    wait = wait_of(dating, card, evidence=evidence, asked=asked)
    today = day_of(card.last_reviewed_at, zone=dating.zone)
    days = wait.days
    if dating.ways.of(card.source_id).mode is not Mode.STREAK:  # its days are as told, without play
        days = _balanced(dating, card, days=days, today=today)
    card.shift, card.due_at = wait.shift, due_after(card.last_reviewed_at, days=days, zone=dating.zone)


def _balanced(dating: Dating, card: Card, *, days: int, today: date) -> int:
    trainer = dating.trainer
    load = loads_of(person_id=trainer.person_id, today=today, days=days, zone=dating.zone, but=card.question_id)
    return balanced(
        days,
        today=today,
        load=load,
        weekdays=trainer.weekdays,
        easy_days=trainer.easy_days,
        seed=card.question_id * 1_000_003 + card.reviews,
        off=lambda day: trainer.back_on(day) != day,
    )


def kept_day(dating: Dating, card: Card, wait: Wait) -> datetime:
    """When a card is due: the day it has, where that is as good. What was spread over days is not heaped again."""
    first, latest = (wait.days, wait.days) if wait.days >= NEVER else fuzz_window(wait.days)
    answered_on = day_of(card.last_reviewed_at, zone=dating.zone)
    has = (day_of(card.due_at, zone=dating.zone) - answered_on).days
    days = has if first <= has <= latest else wait.days
    return due_after(card.last_reviewed_at, days=days, zone=dating.zone)


def siblings_date(dating: Dating, *, answered: Collection[Card]) -> list[Card]:
    """Other cards of the objectives of the cards ``answered``, whose day the answers have moved, with their new days.

    Questions of one objective tell about each other: who fails one is asked the others sooner. The caller saves.
    """
    topics = {card.question.objective_id for card in answered if card.question.objective_id}
    if not topics:
        return []
    same = Card.objects.filter(
        person_id=dating.trainer.person_id, suspended_at=None, reviews__gt=0, question__objective_id__in=topics
    ).exclude(question_id__in=[card.question_id for card in answered])
    cards = list(same.select_related("question").order_by("pk")[:MOST_SIBLINGS])
    if not cards:
        return []
    dating = _of_all_their_courses(dating, cards)
    asked = asked_of(questions=[card.question for card in cards], types={})
    moved = []
    for card in cards:
        if dating.ways.of(card.source_id).mode is Mode.STREAK:
            continue
        wait = wait_of(dating, card, evidence=CardEvidence(**card.evidence), asked=asked[card.question_id])
        due = kept_day(dating, card, wait)
        if due != card.due_at:
            card.due_at, card.shift = due, wait.shift
            moved.append(card)
    return moved


def _of_all_their_courses(dating: Dating, cards: Collection[Card]) -> Dating:
    sources = {card.source_id for card in cards if card.source_id}
    if sources <= set(dating.ways.asked):
        return dating
    ways = ways_of(trainer=dating.trainer, source_ids=sources)
    known = in_force(person_id=dating.trainer.person_id, course_ids=ways.course_ids)
    return replace(dating, ways=ways, known=known)
