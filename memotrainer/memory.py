"""From answers to memory: a replay over local days. Pure: no database, no clock.

Two answers on one local day use the same-day formula of FSRS-6, so repeating a quiz at once cannot pretend that
something was remembered for long. Answers are ordered by (time, uid), whatever order they arrived in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from memotrainer.engine.evidence import CardEvidence
from memotrainer.engine.gradient import run
from memotrainer.engine.lives import lives_of
from memotrainer.fsrs import AGAIN, DEFAULT_WEIGHTS, GOOD, HARD, interval_days

UTC = ZoneInfo("UTC")


@dataclass(frozen=True, order=True)
class Given:
    """One answer; sorts by when it was given."""

    answered_at: datetime
    uid: UUID
    rating: int


@dataclass(frozen=True)
class Memory:
    """The state after an answer. ``elapsed_days`` are whole local days since the answer before, 0 for the first.

    ``recall``: what FSRS-6 foretold for this answer, None for the first and on the day of the one before.
    """

    stability: float
    difficulty: float
    elapsed_days: int
    reviews: int
    lapses: int
    answered_at: datetime
    recall: float | None = None


def rating_of(fraction: Decimal) -> int:
    """All points are *good*, some are *hard*, none is *again*."""
    if fraction >= 1:
        return GOOD
    return HARD if fraction > 0 else AGAIN


def replay_all(
    logs: Sequence[Iterable[Given]], *, zone: ZoneInfo, weights: Sequence[float] = DEFAULT_WEIGHTS
) -> list[list[tuple[Given, Memory]]]:
    """Of each log: its answers in the order they were given, with the memory after each. All logs in one pass."""
    ordered = [sorted(log, key=_when) for log in logs]
    flat = [given for log in ordered for given in log]
    keys = np.repeat(np.arange(len(ordered)), [len(log) for log in ordered])
    days = np.array([_day(given.answered_at, zone).toordinal() for given in flat], dtype=np.int64)
    first = np.r_[True, keys[1:] != keys[:-1]] if len(keys) else np.zeros(0, dtype=bool)
    gaps = np.where(first, 0, np.maximum(np.diff(days, prepend=0), 0))
    lives = lives_of(memory=keys, rating=[given.rating for given in flat], days=gaps)
    lived = run(lives, np.asarray(weights, dtype=np.float64))
    parts = (lives.back(part).tolist() for part in (lived.stability, lived.difficulty, lived.recall))
    stability, difficulty, recall = parts
    waits = gaps.tolist()
    found, at = [], 0
    for log in ordered:
        memories, lapses = [], 0
        for place, given in enumerate(log):
            lapses += place > 0 and given.rating == AGAIN
            memories.append(
                (
                    given,
                    Memory(
                        stability=stability[at],
                        difficulty=difficulty[at],
                        elapsed_days=waits[at],
                        reviews=place + 1,
                        lapses=lapses,
                        answered_at=given.answered_at,
                        recall=recall[at] if waits[at] >= 1 else None,
                    ),
                )
            )
            at += 1
        found.append(memories)
    return found


def _when(given: Given) -> tuple[datetime, UUID]:
    return given.answered_at, given.uid


def replay(
    answers: Iterable[Given], *, zone: ZoneInfo, weights: Sequence[float] = DEFAULT_WEIGHTS
) -> list[tuple[Given, Memory]]:
    """Each answer in the order it was given, with the memory after it."""
    return replay_all([list(answers)], zone=zone, weights=weights)[0]


def evidence_of(lived: Sequence[tuple[Given, Memory]], *, zone: ZoneInfo) -> CardEvidence:
    """What the course of the answers tells beside the state."""
    evidence = CardEvidence()
    for given, memory in lived:
        evidence.answered(rating=given.rating, day=_day(given.answered_at, zone).toordinal(), foretold=memory.recall)
    return evidence


def due_at(memory: Memory, *, desired_retention: float, zone: ZoneInfo) -> datetime:
    """The beginning of the local day on which recall has fallen to ``desired_retention``; tomorrow at the earliest."""
    days = int(interval_days(stability=memory.stability, desired_retention=desired_retention))
    return due_after(memory.answered_at, days=days, zone=zone)


def due_after(answered_at: datetime, *, days: int, zone: ZoneInfo) -> datetime:
    """The beginning of the local day so many days after the answer; tomorrow at the earliest."""
    return start_of_day(_day(answered_at, zone) + timedelta(days=max(1, days)), zone=zone)


def days_between(before: datetime, after: datetime) -> float:
    """Days with their parts, 0 where clocks ran backwards."""
    return max(0.0, (after - before).total_seconds() / 86_400)


def day_of(moment: datetime, *, zone: ZoneInfo) -> date:
    return _day(moment, zone)


def start_of_day(day: date, *, zone: ZoneInfo) -> datetime:
    """The first moment of a local day, in UTC. Where clocks skip midnight it is the moment they skip to."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()
