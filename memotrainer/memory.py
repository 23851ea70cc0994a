"""From answers to memory: a replay over local days. Pure: no database, no clock.

Two answers on one local day use the same-day formula of FSRS-6, so repeating a quiz at once cannot pretend that
something was remembered for long. Answers are ordered by (time, uid), whatever order they arrived in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from memotrainer.fsrs import AGAIN, GOOD, HARD, interval_days, step

UTC = ZoneInfo("UTC")


@dataclass(frozen=True, order=True)
class Given:
    """One answer; sorts by when it was given."""

    answered_at: datetime
    uid: UUID
    rating: int


@dataclass(frozen=True)
class Memory:
    """The state after an answer. ``elapsed_days`` are whole local days since the answer before, 0 for the first."""

    stability: float
    difficulty: float
    elapsed_days: int
    reviews: int
    lapses: int
    answered_at: datetime


def rating_of(fraction: Decimal) -> int:
    """All points are *good*, some are *hard*, none is *again*."""
    if fraction >= 1:
        return GOOD
    return HARD if fraction > 0 else AGAIN


def replay(answers: Iterable[Given], *, zone: ZoneInfo) -> list[tuple[Given, Memory]]:
    """Each answer in the order it was given, with the memory after it."""
    lived: list[tuple[Given, Memory]] = []
    memory: Memory | None = None
    for given in sorted(answers):
        memory = _after(memory, given, zone=zone)
        lived.append((given, memory))
    return lived


def _after(before: Memory | None, given: Given, *, zone: ZoneInfo) -> Memory:
    days = 0 if before is None else (_day(given.answered_at, zone) - _day(before.answered_at, zone)).days
    stability, difficulty = step(
        stability=np.nan if before is None else before.stability,
        difficulty=np.nan if before is None else before.difficulty,
        elapsed_days=days,
        rating=given.rating,
    )
    forgotten = before is not None and given.rating == AGAIN
    return Memory(
        stability=float(stability),
        difficulty=float(difficulty),
        elapsed_days=days,
        reviews=1 if before is None else before.reviews + 1,
        lapses=(0 if before is None else before.lapses) + forgotten,
        answered_at=given.answered_at,
    )


def due_at(memory: Memory, *, desired_retention: float, zone: ZoneInfo) -> datetime:
    """The beginning of the local day on which recall has fallen to ``desired_retention``; tomorrow at the earliest."""
    days = int(interval_days(stability=memory.stability, desired_retention=desired_retention))
    return start_of_day(_day(memory.answered_at, zone) + timedelta(days=max(1, days)), zone=zone)


def start_of_day(day: date, *, zone: ZoneInfo) -> datetime:
    """The first moment of a local day, in UTC. Where clocks skip midnight it is the moment they skip to."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()
