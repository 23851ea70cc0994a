"""Answers as arrays, in the order of time, with days and gaps: what fits and predictions are made of."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from memotrainer.engine.lives import Floats, Integers, Lives, lives_of

HOUR, DAY = 3600, 24 * 3600


@dataclass(frozen=True)
class ReviewLog:
    """One row per answer. Learners, memories, skills and items are numbered from 0; a memory belongs to one learner.

    ``gap``: whole days since the answer before of the same memory, -1 at its first. ``scored``: it is foretold, because the
    memory was answered before, on an earlier day.
    """

    learner: Integers
    memory: Integers
    skill: Integers
    item: Integers
    day: Integers
    rating: Integers
    gap: Integers
    has_skills: bool = False
    has_items: bool = False
    exact: Floats | None = (
        None  # days since the answer before of the same memory with their parts, where times are known
    )

    def __len__(self) -> int:
        return len(self.learner)

    @property
    def right(self) -> Floats:
        return (self.rating > 1).astype(np.float64)

    @property
    def scored(self) -> npt.NDArray[np.bool_]:
        return self.gap >= 1

    @property
    def learners(self) -> int:
        return int(self.learner.max()) + 1 if len(self) else 0

    def lives(self) -> Lives:
        return lives_of(memory=self.memory, rating=self.rating, days=np.maximum(self.gap, 0))

    def by_learner(self) -> list[Integers]:
        """The rows of each learner, in the order of time; of each who has any. One sort, however many there are."""
        order = np.argsort(self.learner, kind="stable")
        return np.split(order, np.flatnonzero(np.diff(self.learner[order])) + 1) if len(order) else []

    def of(self, rows: npt.NDArray[np.bool_] | Integers) -> "ReviewLog":
        """Some rows; gaps stay as they were, so whole memories must be chosen, or beginnings of them."""
        return ReviewLog(
            self.learner[rows], self.memory[rows], self.skill[rows], self.item[rows], self.day[rows], self.rating[rows],
            self.gap[rows], self.has_skills, self.has_items, None if self.exact is None else self.exact[rows],
        )  # fmt: skip


def quietest_hour(seconds: npt.ArrayLike) -> int:
    """The hour (0..23, UTC) at which somebody's day ends: the middle of the longest stretch with the fewest answers."""
    hours = (np.asarray(seconds, dtype=np.int64) // HOUR) % 24
    counts = np.bincount(hours, minlength=24)
    quiet = counts == counts.min()
    if quiet.all():
        return 0
    best, length = 0, 0
    for start in range(24):
        if quiet[start] and not quiet[start - 1]:
            size = next(n for n in range(1, 25) if not quiet[(start + n) % 24])
            if size > length:
                best, length = start, size
    return (best + length // 2) % 24


def days_by_quiet_hours(*, learner: Integers, seconds: Integers) -> Integers:
    """The day of each answer, for each learner counted from their own quietest hour."""
    days = np.empty(len(seconds), dtype=np.int64)
    order = np.argsort(learner, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(learner[order])) + 1):
        days[rows] = (seconds[rows] - quietest_hour(seconds[rows]) * HOUR) // DAY
    return days


def exact_gaps_of(*, memory: Integers, seconds: Integers) -> Floats:
    """The same in days and parts of days, NaN at the first."""
    order = np.argsort(memory, kind="stable")
    same = np.flatnonzero(memory[order][1:] == memory[order][:-1])
    gaps = np.full(len(memory), np.nan)
    gaps[order[same + 1]] = (seconds[order[same + 1]] - seconds[order[same]]) / DAY
    return gaps


def gaps_of(*, memory: Integers, day: Integers) -> Integers:
    """Days since the answer before of the same memory, -1 at the first. Rows are in the order of time."""
    order = np.argsort(memory, kind="stable")
    keys, days = memory[order], day[order]
    gaps = np.full(len(memory), -1, dtype=np.int64)
    if len(memory) > 1:
        same = keys[1:] == keys[:-1]
        gaps[order[1:][same]] = np.maximum(days[1:] - days[:-1], 0)[same]
    return gaps
