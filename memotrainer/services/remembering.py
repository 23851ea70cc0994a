"""Adding answers to the log and bringing the cards' state up to it, by replay."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from assessments.models import Question, QuestionVersion
from ecosystem.predicates import facts_changed
from memotrainer.dating import Dating, card_date, siblings_date
from memotrainer.engine.evidence import Asked, chance
from memotrainer.engine.forecaster import Forecaster
from memotrainer.enums import ReviewKind
from memotrainer.forecasting import asked_of, forecaster_kept, forecaster_of, in_force
from memotrainer.fsrs import AGAIN
from memotrainer.memory import Given, Memory, day_of, days_between, evidence_of, rating_of, replay_all
from memotrainer.models import Card, Profile, Review, Trainer
from memotrainer.services.easing import Counted, eases_add
from memotrainer.services.goals import goals_look
from memotrainer.services.logs import logs_of
from memotrainer.ways import ways_of


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
    extra: bool = False


Lived = list[tuple[Given, Memory]]


@dataclass
class Desk:
    """What all answers of one call need, read once."""

    dating: Dating
    now: datetime
    asked: dict[int, Asked]
    eases: dict[int, Counted] = field(default_factory=dict)

    @property
    def trainer(self) -> Trainer:
        return self.dating.trainer

    @property
    def zone(self) -> ZoneInfo:
        return self.dating.zone

    @property
    def forecaster(self) -> Forecaster:
        return self.dating.forecaster


def answers_remember(*, trainer: Trainer, zone: ZoneInfo, answers: list[Remembered]) -> list[Card]:
    """Log new answers and replay the cards they concern; makes the cards that are missing.

    The trainer is locked by the caller, so nobody else writes this person's cards. Answers whose uid is known
    are left out. A time in the future is a wrong clock and counts as now.
    """
    person_id, now = trainer.person_id, timezone.now()
    uids = [answer.uid for answer in answers]
    seen = set(Review.objects.filter(person_id=person_id, uid__in=uids).values_list("uid", flat=True))
    fresh = {
        answer.uid: replace(answer, answered_at=min(answer.answered_at, now))
        for answer in answers
        if answer.uid not in seen
    }
    if not fresh:
        return []
    by_question: dict[int, list[Remembered]] = {}
    for answer in fresh.values():
        by_question.setdefault(answer.question_id, []).append(answer)
    cards = _cards(trainer, by_question)
    logs = logs_of(person_id=person_id, question_ids=list(by_question))
    desk = _desk(trainer, zone, now, list(cards.values()), [answer.version_id for answer in fresh.values()])
    _learn(desk, cards, by_question, logs)
    objectives = {card.question.objective_id for card in cards.values()} - {None}
    if objectives:
        facts_changed(source="recall", person_ids=[person_id], subjects=sorted(objectives))
    goals_look(person_id=person_id, question_ids=list(by_question))
    return list(cards.values())


def _cards(trainer: Trainer, by_question: dict[int, list[Remembered]]) -> dict[int, Card]:
    cards = {
        card.question_id: card
        for card in Card.objects.filter(person_id=trainer.person_id, question_id__in=list(by_question))
    }
    for question_id, given in by_question.items():
        card = cards.get(question_id)
        if card is None:
            card = cards[question_id] = Card(
                environment_id=trainer.environment_id,
                person_id=trainer.person_id,
                bank_id=given[0].bank_id,
                question_id=question_id,
            )
        card.source_id = given[-1].source_id or card.source_id
    return cards


def _desk(trainer: Trainer, zone: ZoneInfo, now: datetime, cards: list[Card], version_ids: list[int]) -> Desk:
    ways = ways_of(trainer=trainer, source_ids={card.source_id for card in cards if card.source_id})
    known = in_force(person_id=trainer.person_id, course_ids=ways.course_ids)
    profile = Profile.objects.filter(person_id=trainer.person_id).first()
    questions = list(Question.objects.filter(pk__in=[card.question_id for card in cards]))
    known_by = {question.pk: question for question in questions}
    for card in cards:
        card.question = known_by[card.question_id]
    types = {
        question_id: (kind, len(body.get("choices") or []) if isinstance(body, dict) else 0)
        for question_id, kind, body in QuestionVersion.objects.filter(pk__in=version_ids).values_list(
            "question_id", "type", "body"
        )
    }
    forecaster = forecaster_of(profile, population=known.population)
    return Desk(
        dating=Dating(trainer=trainer, zone=zone, known=known, ways=ways, forecaster=forecaster),
        now=now,
        asked=asked_of(questions=questions, types=types),
    )


def _learn(
    desk: Desk, cards: dict[int, Card], by_question: dict[int, list[Remembered]], logs: dict[int, list[Given]]
) -> None:
    """Replay, write the answers, learn from them, and say when each card comes next."""
    given_by = {
        q: [Given(a.answered_at, a.uid, rating_of(a.fraction)) for a in answers] for q, answers in by_question.items()
    }
    lived_by: dict[int, Lived] = {}
    for weights, questions in _by_weights(desk, cards).items():
        whole = replay_all([[*logs.get(q, []), *given_by[q]] for q in questions], zone=desk.zone, weights=weights)
        lived_by |= dict(zip(questions, whole, strict=True))
    answers = sorted((a for given in by_question.values() for a in given), key=lambda a: (a.answered_at, a.uid))
    foretold = {
        answer.uid: _foretell(desk, cards[answer.question_id], answer, lived_by[answer.question_id])
        for answer in answers
    }
    for question_id, card in cards.items():
        _settle(desk, card, lived_by[question_id])
    _save([*cards.values(), *siblings_date(desk.dating, answered=cards.values())])
    Review.objects.bulk_create(
        [_review(desk, cards[a.question_id], a, lived_by[a.question_id], foretold[a.uid]) for a in answers]
    )
    evidence, correction = forecaster_kept(desk.forecaster)
    kept = {"evidence": evidence, "correction": correction, "updated_at": desk.now}
    environment_id, person_id = desk.trainer.environment_id, desk.trainer.person_id
    if not Profile.objects.filter(person_id=person_id).update(**kept):  # the trainer is locked: nobody else makes one
        Profile.objects.create(environment_id=environment_id, person_id=person_id, **kept)
    eases_add(environment_id=environment_id, counted=desk.eases)


def _by_weights(desk: Desk, cards: dict[int, Card]) -> dict[tuple[float, ...], list[int]]:
    found: dict[tuple[float, ...], list[int]] = {}
    for question_id, card in cards.items():
        weights = desk.dating.known.weights(desk.dating.ways.course_of.get(card.source_id or 0))
        found.setdefault(weights, []).append(question_id)
    return found


def _foretell(desk: Desk, card: Card, answer: Remembered, lived: Lived) -> float | None:
    """What was foretold of this answer; the person, the card's correction and the question learn from it.

    An answer that came late is counted for the person and the question; the order of forecasts is not lived again.
    """
    place = next(n for n, (given, _memory) in enumerate(lived) if given.uid == answer.uid)
    memory, asked, topic = lived[place][1], desk.asked[answer.question_id], card.question.objective_id
    right, day = rating_of(answer.fraction) > AGAIN, day_of(answer.answered_at, zone=desk.zone).toordinal()
    forecaster = desk.forecaster
    forecaster.begin(day)
    _ease_count(desk, answer, right=right, late=memory.recall is not None)
    foretold = None
    if memory.recall is not None and place == len(lived) - 1:
        before, earlier = lived[place - 1][1], evidence_of(lived[:place], zone=desk.zone)
        row, base = forecaster.inputs(
            recall=memory.recall,
            stability=before.stability,
            difficulty=before.difficulty,
            gap=memory.elapsed_days,
            card=earlier,
            asked=asked,
            siblings=forecaster.person.siblings(topic, earlier),
            exact=days_between(before.answered_at, memory.answered_at),
        )
        foretold = forecaster.foretell(row, base)
        forecaster.correction.answered(row, recall=base, right=right, day=day)
    forecaster.person.answered(right=right, asked=asked, foretold=memory.recall, topic=topic)
    return foretold


def _ease_count(desk: Desk, answer: Remembered, *, right: bool, late: bool) -> None:
    """Count an answer for how easy its question is; written at the end, all in one."""
    person = desk.forecaster.person
    usual = float(desk.dating.known.population.get("late_usual", 0.0))
    expected, later = chance(person.plain.mean), chance(usual + person.late.mean)
    sums = desk.eases.setdefault(answer.question_id, Counted(answer.bank_id))
    sums.answers += 1
    sums.surprise += right - expected
    sums.weight += expected * (1 - expected)
    if late:
        sums.late_answers += 1
        sums.late_surprise += right - later
        sums.late_weight += later * (1 - later)


def _settle(desk: Desk, card: Card, lived: Lived) -> None:
    """The card as its replay leaves it, and when it comes next."""
    last = lived[-1][1]
    evidence = evidence_of(lived, zone=desk.dating.zone)
    card.stability, card.difficulty = last.stability, last.difficulty
    card.reviews, card.lapses, card.last_reviewed_at = last.reviews, last.lapses, last.answered_at
    card.run, card.evidence = evidence.run, asdict(evidence)
    card_date(desk.dating, card, evidence=evidence, asked=desk.asked[card.question_id])


def _save(cards: list[Card]) -> None:
    """New cards in one statement, the others by person and key, so that one partition is looked at."""
    known = [card for card in cards if card.pk is not None]
    Card.objects.bulk_create([card for card in cards if card.pk is None])
    for card in known:
        Card.objects.filter(pk=card.pk, person_id=card.person_id).update(
            **{name: getattr(card, name) for name in STATE}, source_id=card.source_id
        )


STATE = (
    "stability", "difficulty", "shift", "due_at", "last_reviewed_at", "reviews", "lapses", "run", "evidence", "model_version",
)  # fmt: skip


def _review(desk: Desk, card: Card, answer: Remembered, lived: Lived, foretold: float | None) -> Review:
    memory = next(memory for given, memory in lived if given.uid == answer.uid)
    first = ReviewKind.FIRST if memory.reviews == 1 else ReviewKind.REVIEW
    return Review(
        environment_id=card.environment_id,
        person_id=card.person_id,
        bank_id=answer.bank_id,
        question_id=answer.question_id,
        version_id=answer.version_id,
        uid=answer.uid,
        kind=ReviewKind.EXTRA if answer.extra else first,
        rating=rating_of(answer.fraction),
        fraction=answer.fraction,
        response=answer.response,
        answered_at=answer.answered_at,
        received_at=desk.now,
        elapsed_days=memory.elapsed_days,
        foretold=foretold,
        stability=card.stability,
        difficulty=card.difficulty,
    )
