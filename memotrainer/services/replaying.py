"""Making cards and profiles anew from the log: after new weights, a newer model, or a doubt."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

from memotrainer.engine.evidence import Asked
from memotrainer.forecasting import Forecaster, asked_of, in_force
from memotrainer.fsrs import AGAIN, MODEL_VERSION
from memotrainer.memory import Given, Memory, day_of, due_after, evidence_of, replay_all
from memotrainer.models import Card, Profile, Trainer
from memotrainer.scheduling import days_until_next, fuzz_window
from memotrainer.services.logs import logs_of
from memotrainer.services.trainers import trainer_lock, zone_here
from memotrainer.ways import ways_of

# One statement for all cards of a person: states come as arrays. Without the person, every partition would be looked at.
WRITE = """
    UPDATE memotrainer_card c SET stability = n.stability, difficulty = n.difficulty, due_at = n.due_at,
        last_reviewed_at = n.last_at, reviews = n.reviews, lapses = n.lapses, run = n.run, evidence = n.evidence::jsonb,
        model_version = %s
    FROM unnest(%s::bigint[], %s::float8[], %s::float8[], %s::timestamptz[], %s::timestamptz[], %s::int[], %s::int[],
        %s::int[], %s::text[]) AS n (id, stability, difficulty, due_at, last_at, reviews, lapses, run, evidence)
    WHERE c.environment_id = %s AND c.person_id = %s AND c.id = n.id
"""


def people_replay(*, person_ids: Sequence[int] | None = None) -> int:
    """Replay everybody in the open scope, or some; returns how many answers were replayed."""
    people = Trainer.objects.order_by("person_id").values_list("person_id", flat=True)
    chosen = people if person_ids is None else people.filter(person_id__in=person_ids)
    return sum(person_replay(person_id=person_id) for person_id in list(chosen))


def person_replay(*, person_id: int) -> int:
    """Replay all cards of one person with the weights in force. Safe to run twice: the same log gives the same states."""
    trainer, zone = trainer_lock(person_id=person_id), zone_here()
    cards = list(Card.objects.filter(person_id=person_id).select_related("question"))
    if not cards:
        return 0
    logs = logs_of(person_id=person_id, question_ids=[card.question_id for card in cards])
    cards = [card for card in cards if card.question_id in logs]
    ways = ways_of(trainer=trainer, source_ids={card.source_id for card in cards if card.source_id})
    known = in_force(person_id=person_id, course_ids=ways.course_ids)
    groups: dict[tuple[float, ...], list[Card]] = {}
    for card in cards:
        groups.setdefault(known.weights(ways.course_of.get(card.source_id or 0)), []).append(card)
    lived_by: dict[int, list[tuple[Given, Memory]]] = {}
    rows: list[tuple[Any, ...]] = []
    for weights, some in groups.items():
        for card, lived in zip(
            some, replay_all([logs[c.question_id] for c in some], zone=zone, weights=weights), strict=True
        ):
            last, evidence = lived[-1][1], evidence_of(lived, zone=zone)
            days = days_until_next(
                way=ways.of(card.source_id),
                today=day_of(last.answered_at, zone=zone),
                stability=last.stability,
                run=evidence.run,
                weights=weights,
            )
            due = due_after(last, days=_kept(card, last, days=days, zone=zone), zone=zone)
            rows.append(
                (card.pk, last.stability, last.difficulty, due, last.answered_at, last.reviews, last.lapses, evidence.run,
                 json.dumps(asdict(evidence)))
            )  # fmt: skip
            lived_by[card.question_id] = lived
    with connection.cursor() as cursor:
        columns = [list(column) for column in zip(*rows, strict=True)]
        cursor.execute(WRITE, [MODEL_VERSION, *columns, trainer.environment_id, person_id])
    asked = asked_of(questions=[card.question for card in cards], types={})
    _relearn(trainer, lived_by, asked, Forecaster.of(None, population=known.population), zone=zone)
    return sum(len(lived) for lived in lived_by.values())


def _kept(card: Card, last: Memory, *, days: int, zone: ZoneInfo) -> int:
    """The day a card already has, where that is as good: what was spread over days is not heaped again."""
    first, latest = fuzz_window(days)
    has = (day_of(card.due_at, zone=zone) - day_of(last.answered_at, zone=zone)).days
    return has if first <= has <= latest else days


def _relearn(
    trainer: Trainer,
    lived_by: dict[int, list[tuple[Given, Memory]]],
    asked: dict[int, Asked],
    forecaster: Forecaster,
    *,
    zone: ZoneInfo,
) -> None:
    """The person's profile, as if every answer had arrived in its time."""
    answers = sorted(
        (given.answered_at, given.uid, question_id, place)
        for question_id, lived in lived_by.items()
        for place, (given, _memory) in enumerate(lived)
    )
    for answered_at, _uid, question_id, place in answers:
        lived, day = lived_by[question_id], day_of(answered_at, zone=zone).toordinal()
        given, memory = lived[place]
        right = given.rating > AGAIN
        forecaster.begin(day)
        if memory.recall is not None:
            before = lived[place - 1][1]
            row, base = forecaster.inputs(
                recall=memory.recall,
                stability=before.stability,
                difficulty=before.difficulty,
                gap=memory.elapsed_days,
                card=evidence_of(lived[:place], zone=zone),
                asked=asked[question_id],
            )
            forecaster.correction.answered(row, recall=base, right=right, day=day)
        forecaster.person.answered(right=right, asked=asked[question_id], foretold=memory.recall)
    evidence, correction = forecaster.kept()
    Profile.objects.update_or_create(
        environment_id=trainer.environment_id,
        person_id=trainer.person_id,
        defaults={"evidence": evidence, "correction": correction, "updated_at": timezone.now()},
    )
