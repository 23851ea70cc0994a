"""Memories to simulate with, of three shapes. Each gives recall of many (learner, item) pairs on a day and lives on answers.

`FsrsMemory` is what our model assumes, with noise in every person and item. `TraceMemory` is Pavlik and Anderson's: each
answer leaves a trace that fades by a power law, faster the better it was known; recall is a logistic of their sum.
`HalfLifeMemory` forgets exponentially; a right answer stretches the half-life, a wrong one cuts it. The last two are not of
the shape of FSRS, so a scheduler gains nothing from having guessed the formula.
"""

import numpy as np

from memotrainer.engine.lives import Floats, Integers
from memotrainer.fsrs import AGAIN, GOOD, retrievability, step

MOST_TRACES = 64
ITEMS_SEED = 11


def of_items(items: int, spread: float, *, turn: int = 0) -> Floats:
    """How items differ: the same ones whoever answers them, so that what a pilot teaches about them holds."""
    return np.random.default_rng(ITEMS_SEED + turn).normal(0, spread, (1, items))


class FsrsMemory:
    def __init__(self, rng: np.random.Generator, learners: int, items: int) -> None:
        noise = rng.normal(0, 0.35, (learners, 1)) + of_items(items, 0.5) + rng.normal(0, 0.3, (learners, items))
        self.factor = np.exp(noise)
        self.stability = np.full((learners, items), np.nan)
        self.difficulty = np.full((learners, items), np.nan)
        self.last = np.zeros((learners, items), dtype=np.int64)

    def recall(self, rows: Integers, columns: Integers, day: int) -> Floats:
        at = (rows, columns)
        return retrievability(stability=self.stability[at] * self.factor[at], elapsed_days=day - self.last[at])

    def answered(self, rows: Integers, columns: Integers, day: int, right: np.ndarray) -> None:
        at = (rows, columns)
        days = np.where(np.isnan(self.stability[at]), 0, day - self.last[at])
        self.stability[at], self.difficulty[at] = step(
            stability=self.stability[at],
            difficulty=self.difficulty[at],
            elapsed_days=days,
            rating=np.where(right, GOOD, AGAIN),
        )
        self.last[at] = day


class TraceMemory:
    """activation = ln(sum of age^-d), d = 0.18 e^activation + a; recall = 1 / (1 + e^((tau - activation) / s))."""

    def __init__(self, rng: np.random.Generator, learners: int, items: int) -> None:
        self.base = 0.16 + 0.02 * rng.normal(0, 1, (learners, 1)) + of_items(items, 0.02)
        self.base = np.clip(self.base, 0.08, 0.3)
        self.ease = rng.normal(0, 0.25, (learners, 1)) + of_items(items, 0.3, turn=1)
        self.day = np.full((learners, items, MOST_TRACES), -1, dtype=np.int64)
        self.decay = np.zeros((learners, items, MOST_TRACES))
        self.count = np.zeros((learners, items), dtype=np.int64)

    def activation(self, rows: Integers, columns: Integers, day: int) -> Floats:
        days, decay = self.day[rows, columns], self.decay[rows, columns]
        age = np.maximum(day - days, 0.02) * 24.0
        traces = np.where(days >= 0, age**-decay, 0.0).sum(axis=-1)
        return np.log(np.maximum(traces, 1e-9)) + self.ease[rows, columns]

    def recall(self, rows: Integers, columns: Integers, day: int) -> Floats:
        return np.asarray(1 / (1 + np.exp((-0.55 - self.activation(rows, columns, day)) / 0.3)))

    def answered(self, rows: Integers, columns: Integers, day: int, right: np.ndarray) -> None:
        activation = np.where(self.count[rows, columns] > 0, self.activation(rows, columns, day), -1.0)
        place = self.count[rows, columns] % MOST_TRACES
        strength = np.where(right, 0.0, 0.06)  # being told leaves a trace that fades faster than having known
        self.decay[rows, columns, place] = np.clip(
            0.18 * np.exp(np.minimum(activation, 0.8)) + self.base[rows, columns] + strength, 0.05, 0.9
        )
        self.day[rows, columns, place] = day
        self.count[rows, columns] += 1


class HalfLifeMemory:
    def __init__(self, rng: np.random.Generator, learners: int, items: int) -> None:
        spread = rng.normal(0, 0.3, (learners, 1)) + of_items(items, 0.4)
        self.stretch = 1.0 + 2.2 * np.exp(spread)
        self.half_life = 7.0 * np.exp(spread + rng.normal(0, 0.3, (learners, items)))
        self.last = np.zeros((learners, items), dtype=np.int64)

    def recall(self, rows: Integers, columns: Integers, day: int) -> Floats:
        at = (rows, columns)
        return np.asarray(0.5 ** ((day - self.last[at]) / self.half_life[at]))

    def answered(self, rows: Integers, columns: Integers, day: int, right: np.ndarray) -> None:
        at = (rows, columns)
        gap = day - self.last[at]
        spaced = 1 - 0.5 ** (gap / self.half_life[at])  # nothing is gained by asking what was just asked
        grown = self.half_life[at] * (1 + (self.stretch[at] - 1) * np.minimum(1.0, 4.0 * spaced))
        self.half_life[at] = np.clip(np.where(right, grown, self.half_life[at] * 0.5), 1.5, 2000.0)
        self.last[at] = day


MEMORIES = {
    "FSRS with noise": FsrsMemory,
    "fading traces (not FSRS)": TraceMemory,
    "half-lives (not FSRS)": HalfLifeMemory,
}
