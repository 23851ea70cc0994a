"""Simulated years: the trainer beside the ladder of n right answers in a row, with true memories of three shapes.

Everybody meets all items in the first weeks, answers at most `cap` a day, and stops after a year. Counted are the answers
until then and the true recall of all items on day 365. The trainer first serves a pilot group with the published weights,
is fitted on their answers, and then serves the others: nobody is scheduled by another population's weights for long.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.true_memories import MEMORIES
from memotrainer.engine.fitting import fit
from memotrainer.engine.lives import Floats, Integers, lives_of
from memotrainer.fsrs import AGAIN, DEFAULT_WEIGHTS, GOOD, interval_days, step

DAYS, CAP, ITEMS, INTRODUCED = 365, 10, 150, 5
LADDER = (1, 3, 7, 14, 30, 60)
RETENTIONS = (0.60, 0.70, 0.75, 0.80, 0.85, 0.90, 0.95)
DRAWS = 1000


@dataclass
class Year:
    """Answers and final recall of each learner, and the log."""

    answers: Integers
    recall: Floats
    log: list[tuple[Integers, Integers, int, np.ndarray]]


class Ladder:
    """n right in a row and a question is done; one wrong answer begins again."""

    def __init__(self, shape: tuple[int, int], level: int) -> None:
        self.level, self.run = level, np.zeros(shape, dtype=np.int64)

    def next_due(self, rows: Integers, columns: Integers, day: int, right: np.ndarray) -> Integers:
        run = np.where(right, self.run[rows, columns] + 1, 0)
        self.run[rows, columns] = run
        wait = np.asarray(LADDER)[np.clip(run - 1, 0, len(LADDER) - 1)]
        return np.where(run >= self.level, 10**6, day + np.where(right, wait, 1))


class Trainer:
    """FSRS-6 to a desired retention."""

    def __init__(self, shape: tuple[int, int], retention: float, weights: Floats) -> None:
        self.retention, self.weights = retention, weights
        self.stability, self.difficulty = np.full(shape, np.nan), np.full(shape, np.nan)
        self.last = np.zeros(shape, dtype=np.int64)

    def next_due(self, rows: Integers, columns: Integers, day: int, right: np.ndarray) -> Integers:
        at = (rows, columns)
        days = np.where(np.isnan(self.stability[at]), 0, day - self.last[at])
        self.stability[at], self.difficulty[at] = step(
            stability=self.stability[at],
            difficulty=self.difficulty[at],
            elapsed_days=days,
            rating=np.where(right, GOOD, AGAIN),
            weights=self.weights,
        )
        self.last[at] = day
        return day + interval_days(stability=self.stability[at], desired_retention=self.retention, weights=self.weights)


def year(kind: str, policy: Ladder | Trainer, *, learners: int, seed: int, days: int = DAYS, cap: int = CAP) -> Year:
    """Live through it. The same seed gives the same people, whatever the policy."""
    rng = np.random.default_rng(seed)
    memory = MEMORIES[kind](rng, learners, ITEMS)
    due = np.full((learners, ITEMS), 10**7)
    answers, log = np.zeros(learners, dtype=np.int64), []
    everybody = np.arange(learners)
    for day in range(days):
        new = np.arange(day * INTRODUCED, min((day + 1) * INTRODUCED, ITEMS))
        if len(new):
            rows, columns = np.repeat(everybody, len(new)), np.tile(new, learners)
            right = rng.random(len(rows)) < 0.6  # the quiz of a course in which they were taught
            memory.answered(rows, columns, day, right)
            due[rows, columns] = policy.next_due(rows, columns, day, right)
            log.append((rows, columns, day, right))
        order = np.argsort(due, axis=1, kind="stable")[:, :cap]
        chosen = np.take_along_axis(due, order, axis=1) <= day
        rows, columns = np.repeat(everybody, cap)[chosen.ravel()], order[chosen]
        if not len(rows):
            continue
        right = rng.random(len(rows)) < memory.recall(rows, columns, day)
        memory.answered(rows, columns, day, right)
        due[rows, columns] = policy.next_due(rows, columns, day, right)
        answers += np.bincount(rows, minlength=learners)
        log.append((rows, columns, day, right))
    rows, columns = np.repeat(everybody, ITEMS), np.tile(np.arange(ITEMS), learners)
    return Year(answers, memory.recall(rows, columns, days).reshape(learners, ITEMS).mean(axis=1), log)


def fitted_on(log: list[tuple[Integers, Integers, int, np.ndarray]]) -> Floats:
    memory = np.concatenate([rows * ITEMS + columns for rows, columns, _day, _right in log])
    day = np.concatenate([np.full(len(rows), at) for rows, _columns, at, _right in log])
    right = np.concatenate([one for _rows, _columns, _day, one in log]).astype(np.float64)
    last: dict[int, int] = {}
    gap = np.empty(len(day))
    for place, (key, at) in enumerate(zip(memory.tolist(), day.tolist(), strict=True)):
        gap[place] = at - last.get(key, at)
        last[key] = at
    lives = lives_of(memory=memory, rating=np.where(right > 0, GOOD, AGAIN), days=gap)
    return fit(lives, right=right[lives.order], worth=(gap >= 1).astype(np.float64)[lives.order])


def saved(levels: dict[int, Year], years: dict[float, Year], level: int) -> tuple[float, float, float]:
    """(answers saved at the recall of the ladder, 2.5 %, 97.5 %), by drawing learners."""
    rng = np.random.default_rng(1)
    size = len(levels[level].answers)

    def of(people: Integers) -> float:
        recall = np.array([years[r].recall[people].mean() for r in RETENTIONS])
        count = np.array([years[r].answers[people].mean() for r in RETENTIONS])
        # What is dearer and gives less is not chosen: the cheapest from each recall on. Below the range, its cheapest.
        cheapest = np.minimum.accumulate(count[::-1])[::-1]
        needed = np.interp(levels[level].recall[people].mean(), np.maximum.accumulate(recall), cheapest)
        return float(1 - needed / levels[level].answers[people].mean())

    draws = [of(rng.integers(0, size, size)) for _draw in range(DRAWS)]
    low, high = np.percentile(draws, (2.5, 97.5)).tolist()
    return of(np.arange(size)), low, high


def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./grove bench simulation")
    parser.add_argument("--learners", type=int, default=120)
    parser.add_argument("--pilot", type=int, default=30, help="whose answers the weights are fitted on")
    parser.add_argument("--out", type=Path, default=Path("artefacts/bench/simulation.json"))
    options = parser.parse_args(arguments)
    report = {}
    for kind in MEMORIES:
        shape = (options.learners, ITEMS)
        pilot = year(
            kind, Trainer((options.pilot, ITEMS), 0.85, np.asarray(DEFAULT_WEIGHTS)), learners=options.pilot, seed=1
        )
        weights = fitted_on(pilot.log)
        levels = {n: year(kind, Ladder(shape, n), learners=options.learners, seed=2) for n in (3, 6)}
        years = {r: year(kind, Trainer(shape, r, weights), learners=options.learners, seed=2) for r in RETENTIONS}
        print(f"\n{kind}: {options.learners} learners, {ITEMS} items, at most {CAP} answers a day, {DAYS} days")
        print(f"  {'policy':<34}{'answers':>9}{'recall on day 365':>20}")
        for n, one in levels.items():
            print(f"  {f'ladder, {n} right in a row':<34}{one.answers.mean():>9.0f}{one.recall.mean():>20.3f}")
        for r, one in years.items():
            print(f"  {f'trainer, desired retention {r:.2f}':<34}{one.answers.mean():>9.0f}{one.recall.mean():>20.3f}")
        best, low, high = saved(levels, years, 6)
        print(f"  at the recall of six in a row: {best:.1%} fewer answers (95 % {low:.1%} to {high:.1%})")
        report[kind] = {
            "ladder": {n: [float(one.answers.mean()), float(one.recall.mean())] for n, one in levels.items()},
            "trainer": {r: [float(one.answers.mean()), float(one.recall.mean())] for r, one in years.items()},
            "fewer_answers_at_equal_recall": [best, low, high],
        }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(report, indent=2) + "\n")
    print(f"\nWritten to {options.out}")
    return 0
