"""Making cards and profiles anew from the log: after new weights, a newer model, or a doubt."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import DateTimeField, Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from ecosystem.scope import open_scope
from memotrainer.dating import Dating, kept_day, wait_of
from memotrainer.engine.evidence import Asked, CardEvidence
from memotrainer.engine.forecaster import Forecaster
from memotrainer.forecasting import asked_of, forecaster_kept, forecaster_of, in_force
from memotrainer.fsrs import AGAIN, MODEL_VERSION
from memotrainer.memory import Given, Memory, day_of, days_between, replay_all
from memotrainer.models import Card, Fit, Profile, Trainer
from memotrainer.services.logs import logs_of
from memotrainer.services.trainers import trainer_lock, zone_here
from memotrainer.ways import ways_of

PEOPLE_AT_ONCE = 20  # in one transaction: a killed worker loses no more than these
REMEMBERED = 2_000  # newest answers that a correction which begins anew learns from
NEVER = datetime(1970, 1, 1, tzinfo=UTC)

# One statement for all cards of a person: states come as arrays. Without the person, every partition would be looked at.
WRITE = """
    UPDATE memotrainer_card c SET stability = n.stability, difficulty = n.difficulty, shift = n.shift, due_at = n.due_at,
        last_reviewed_at = n.last_at, reviews = n.reviews, lapses = n.lapses, run = n.run, evidence = n.evidence::jsonb,
        model_version = %s
    FROM unnest(%s::bigint[], %s::float8[], %s::float8[], %s::float8[], %s::timestamptz[], %s::timestamptz[], %s::int[],
        %s::int[], %s::int[], %s::text[])
        AS n (id, stability, difficulty, shift, due_at, last_at, reviews, lapses, run, evidence)
    WHERE c.environment_id = %s AND c.person_id = %s AND c.id = n.id
"""

Lived = list[tuple[Given, Memory]]


def people_replay(*, person_ids: Sequence[int] | None = None) -> int:
    """Replay everybody in the open scope, or some; returns how many answers were replayed."""
    people = Trainer.objects.order_by("person_id").values_list("person_id", flat=True)
    chosen = people if person_ids is None else people.filter(person_id__in=person_ids)
    return sum(person_replay(person_id=person_id) for person_id in list(chosen))


def people_catch_up(*, environment_id: int) -> int:
    """Replay everybody whose cards are older than the weights in force; returns how many people that were.

    A few people to a transaction, so that nobody who learns meanwhile waits long, and a killed worker is followed by one
    that goes on where it was.
    """
    count, after = 0, 0
    while True:
        with open_scope(environment_id=environment_id):
            people = _behind(after)
            for person_id in people:
                person_replay(person_id=person_id)
        if not people:
            return count
        count, after = count + len(people), people[-1]


def _behind(after: int) -> list[int]:
    at = Coalesce(OuterRef("replayed_at"), Value(NEVER, output_field=DateTimeField()))
    theirs = Q(person=None) | Q(person_id=OuterRef("person_id"))
    newer = Fit.objects.filter(theirs, accepted=True, fitted_at__gt=at)
    rows = Profile.objects.filter(Exists(newer), person_id__gt=after).order_by("person_id")
    return list(rows.values_list("person_id", flat=True)[:PEOPLE_AT_ONCE])


def person_replay(*, person_id: int) -> int:
    """Replay all cards of one person with the weights in force. Safe to run twice: the same log gives the same states."""
    trainer, zone = trainer_lock(person_id=person_id), zone_here()
    cards = list(Card.objects.filter(person_id=person_id).select_related("question"))
    logs = logs_of(person_id=person_id, question_ids=[card.question_id for card in cards]) if cards else {}
    cards = [card for card in cards if card.question_id in logs]
    if not cards:
        return 0
    ways = ways_of(trainer=trainer, source_ids={card.source_id for card in cards if card.source_id})
    known = in_force(person_id=person_id, course_ids=ways.course_ids)
    lived_by: dict[int, Lived] = {}
    groups: dict[tuple[float, ...], list[int]] = {}
    for card in cards:
        groups.setdefault(known.weights(ways.course_of.get(card.source_id or 0)), []).append(card.question_id)
    for weights, some in groups.items():
        lived_by |= dict(zip(some, replay_all([logs[one] for one in some], zone=zone, weights=weights), strict=True))
    asked = asked_of(questions=[card.question for card in cards], types={})
    topics = {card.question_id: card.question.objective_id for card in cards}
    forecaster = forecaster_of(None, population=known.population)
    evidence = _relearn(forecaster, lived_by, asked, topics, zone=zone)
    dating = Dating(trainer=trainer, zone=zone, known=known, ways=ways, forecaster=forecaster)
    rows = [_row(dating, card, lived_by[card.question_id][-1][1], evidence, asked) for card in cards]
    with connection.cursor() as cursor:
        columns = [list(column) for column in zip(*rows, strict=True)]
        cursor.execute(WRITE, [MODEL_VERSION, *columns, trainer.environment_id, person_id])
    learned, correction = forecaster_kept(forecaster)
    Profile.objects.update_or_create(
        environment_id=trainer.environment_id,
        person_id=person_id,
        defaults={"evidence": learned, "correction": correction, "replayed_at": timezone.now()},
    )
    return sum(len(lived) for lived in lived_by.values())


def _row(
    dating: Dating, card: Card, last: Memory, evidence: dict[int, CardEvidence], asked: dict[int, Asked]
) -> tuple[Any, ...]:
    mine = evidence[card.question_id]
    card.stability, card.difficulty, card.last_reviewed_at = last.stability, last.difficulty, last.answered_at
    wait = wait_of(dating, card, evidence=mine, asked=asked[card.question_id])
    return (
        card.pk, last.stability, last.difficulty, wait.shift, kept_day(dating, card, wait), last.answered_at, last.reviews,
        last.lapses, mine.run, json.dumps(vars(mine)),
    )  # fmt: skip


def _relearn(
    forecaster: Forecaster,
    lived_by: dict[int, Lived],
    asked: dict[int, Asked],
    topics: dict[int, int | None],
    *,
    zone: ZoneInfo,
) -> dict[int, CardEvidence]:
    """Teach ``forecaster`` as if every answer had arrived in its time; returns the course of each card."""
    answers = sorted(
        (given.answered_at, given.uid, question_id, place)
        for question_id, lived in lived_by.items()
        for place, (given, _memory) in enumerate(lived)
    )
    evidence = {question_id: CardEvidence() for question_id in lived_by}
    since = max(0, len(answers) - REMEMBERED)
    for number, (answered_at, _uid, question_id, place) in enumerate(answers):
        lived, day = lived_by[question_id], day_of(answered_at, zone=zone).toordinal()
        given, memory = lived[place]
        card, topic, right = evidence[question_id], topics[question_id], given.rating > AGAIN
        forecaster.begin(day)
        if memory.recall is not None and number >= since:
            before = lived[place - 1][1]
            row, base = forecaster.inputs(
                recall=memory.recall,
                stability=before.stability,
                difficulty=before.difficulty,
                gap=memory.elapsed_days,
                card=card,
                asked=asked[question_id],
                siblings=forecaster.person.siblings(topic, card),
                exact=days_between(before.answered_at, memory.answered_at),
            )
            forecaster.correction.answered(row, recall=base, right=right, day=day)
        forecaster.person.answered(right=right, asked=asked[question_id], foretold=memory.recall, topic=topic)
        card.answered(rating=given.rating, day=day, foretold=memory.recall)
    return evidence
