"""Simulated years: the trainer beside the ladder of n right answers in a row, with true memories of three shapes.

Everybody meets all items in the first weeks, answers at most `cap` a day, and stops after a year. Counted are the answers
until then and the true recall of all items on day 365. The trainer first serves a pilot group with the published weights,
is fitted on their answers, and then serves the others: nobody is scheduled by another population's weights for long.

The trainer is the site's own: FSRS-6 with the fitted weights, and what the pilot and the person's own answers teach moves
the day of each card (`engine.forecaster`, `scheduling.days_until_next`). Desired retentions are tried from well below what
people may choose, so that there is one at which recall on day 365 equals that of the ladder.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.true_memories import MEMORIES
from memotrainer.engine.evidence import CardEvidence, PersonEvidence
from memotrainer.engine.forecaster import Forecaster, recall_of
from memotrainer.engine.lives import Floats, Integers
from memotrainer.engine.logs import ReviewLog, gaps_of
from memotrainer.engine.population import Population, population_of
from memotrainer.fsrs import AGAIN, DEFAULT_WEIGHTS, GOOD, interval_days, step
from memotrainer.scheduling import Way, days_until_next

DAYS, CAP, ITEMS, INTRODUCED = 365, 10, 150, 5
LADDER = (1, 3, 7, 14, 30, 60)
RETENTIONS = (0.30, 0.40, 0.50, 0.60, 0.70, 0.75, 0.80, 0.85, 0.90, 0.95)
# The corrected trainer is tried where the plain one equals the ladder, and so much higher: below some retention each wrong
# answer costs more than was spared, so that knowing more takes fewer answers.
ASIDE = (0.0, 0.05, 0.10, 0.15)
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
        self.lived(rows, columns, day, right)
        stability = self.stability[rows, columns]
        return day + interval_days(stability=stability, desired_retention=self.retention, weights=self.weights)

    def lived(self, rows: Integers, columns: Integers, day: int, right: np.ndarray) -> None:
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


class CorrectedTrainer(Trainer):
    """The same, with the day of each card moved by what the pilot and the person's own answers teach."""

    def __init__(self, shape: tuple[int, int], retention: float, known: Population) -> None:
        super().__init__(shape, retention, known.weights)
        self.known, self.way = known, Way(desired_retention=retention)
        self.people = [
            Forecaster(
                PersonEvidence.unknown(usual=known.usual),
                known.correction(),
                known.coefficients,
            )
            for _person in range(shape[0])
        ]
        self.cards = [[CardEvidence() for _item in range(shape[1])] for _person in range(shape[0])]

    def next_due(self, rows: Integers, columns: Integers, day: int, right: np.ndarray) -> Integers:
        before = self.stability[rows, columns], self.difficulty[rows, columns], day - self.last[rows, columns]
        self.lived(rows, columns, day, right)
        waits = [
            self._answered(*pair, day, one, state)
            for *pair, one, state in zip(
                rows.tolist(),
                columns.tolist(),
                right.tolist(),
                zip(*map(np.ndarray.tolist, before), strict=True),
                strict=True,
            )
        ]
        return day + np.array(waits)

    def _answered(self, row: int, column: int, day: int, right: bool, state: tuple[float, float, int]) -> int:  # noqa: FBT001
        forecaster, card, (s, d, gap) = self.people[row], self.cards[row][column], state
        asked = self.known.eases.asked(0, column)
        forecaster.begin(day)
        recall = None
        if not np.isnan(s):
            recall = recall_of(s, gap, weights=self.weights.tolist())
            inputs = {"recall": recall, "stability": s, "difficulty": d, "gap": gap, "card": card, "asked": asked}
            told, base = forecaster.inputs(**inputs)
            forecaster.correction.answered(told, recall=base, right=right, day=day)
        forecaster.person.answered(right=right, asked=asked, foretold=recall)
        card.answered(rating=GOOD if right else AGAIN, day=day, foretold=recall)
        after = {"stability": float(self.stability[row, column]), "difficulty": float(self.difficulty[row, column])}
        return days_until_next(
            way=self.way,
            stability=after["stability"],
            run=card.run,
            weights=self.weights,
            shift=lambda days: forecaster.shift(
                **after, days=days, card=card, asked=asked, topic=None, weights=self.weights
            ),
        )


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


def learned_from(log: list[tuple[Integers, Integers, int, np.ndarray]]) -> Population:
    """What the site learns from the answers of a pilot: weights, how easy each item is, and how they go together."""
    memory = np.concatenate([rows * ITEMS + columns for rows, columns, _day, _right in log])
    day = np.concatenate([np.full(len(rows), at) for rows, _columns, at, _right in log])
    right = np.concatenate([one for _rows, _columns, _day, one in log]).astype(np.float64)
    item = np.concatenate([columns for _rows, columns, _day, _right in log])
    read = ReviewLog(
        learner=memory // ITEMS,
        memory=memory,
        skill=np.zeros(len(memory), dtype=np.int64),
        item=item,
        day=day,
        rating=np.where(right > 0, GOOD, AGAIN),
        gap=gaps_of(memory=memory, day=day),
        has_items=True,
    )
    return population_of(read, skills=1, items=ITEMS)


def saved(ladder: Year, years: dict[float, Year]) -> tuple[float, float, float]:
    """(answers saved at the recall of the ladder, 2.5 %, 97.5 %), by drawing learners."""
    rng = np.random.default_rng(1)
    size = len(ladder.answers)
    tried = sorted(years)

    def of(people: Integers) -> float:
        recall = np.array([years[r].recall[people].mean() for r in tried])
        count = np.array([years[r].answers[people].mean() for r in tried])
        # What is dearer and gives less is not chosen: the cheapest from each recall on. Below the range, its cheapest.
        cheapest = np.minimum.accumulate(count[::-1])[::-1]
        needed = np.interp(ladder.recall[people].mean(), np.maximum.accumulate(recall), cheapest)
        return float(1 - needed / ladder.answers[people].mean())

    draws = [of(rng.integers(0, size, size)) for _draw in range(DRAWS)]
    low, high = np.percentile(draws, (2.5, 97.5)).tolist()
    return of(np.arange(size)), low, high


def equal_at(ladder: Year, years: dict[float, Year]) -> float:
    """The desired retention at which recall on day 365 is that of the ladder."""
    tried = sorted(years)
    recall = np.maximum.accumulate([years[r].recall.mean() for r in tried])
    return float(np.interp(ladder.recall.mean(), recall, tried))


def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./grove bench simulation")
    parser.add_argument("--learners", type=int, default=60)
    parser.add_argument("--pilot", type=int, default=30, help="whose answers the weights are fitted on")
    parser.add_argument("--out", type=Path, default=Path("artefacts/bench/simulation.json"))
    options = parser.parse_args(arguments)
    report = {}
    for kind in MEMORIES:
        shape = (options.learners, ITEMS)
        pilot = year(
            kind, Trainer((options.pilot, ITEMS), 0.85, np.asarray(DEFAULT_WEIGHTS)), learners=options.pilot, seed=1
        )
        known = learned_from(pilot.log)
        levels = {n: year(kind, Ladder(shape, n), learners=options.learners, seed=2) for n in (3, 6)}
        plain = {r: year(kind, Trainer(shape, r, known.weights), learners=options.learners, seed=2) for r in RETENTIONS}
        middle = equal_at(levels[6], plain)
        around = [round(min(0.97, max(0.2, middle + side)), 3) for side in ASIDE]
        years = {r: year(kind, CorrectedTrainer(shape, r, known), learners=options.learners, seed=2) for r in around}
        print(f"\n{kind}: {options.learners} learners, {ITEMS} items, at most {CAP} answers a day, {DAYS} days")
        print(f"  {'policy':<44}{'answers':>9}{'recall on day 365':>20}")
        lines = {f"ladder, {n} right in a row": one for n, one in levels.items()}
        lines |= {f"FSRS-6 alone, desired retention {r:.2f}": one for r, one in plain.items()}
        lines |= {f"trainer, desired retention {r:.3f}": one for r, one in years.items()}
        for name, one in lines.items():
            print(f"  {name:<44}{one.answers.mean():>9.0f}{one.recall.mean():>20.3f}")
        report[kind] = {name: [float(one.answers.mean()), float(one.recall.mean())] for name, one in lines.items()}
        for name, tried in (("FSRS-6 alone", plain), ("trainer", years)):
            best, low, high = saved(levels[6], tried)
            print(f"  {name} at the recall of six in a row: {best:.1%} fewer answers (95 % {low:.1%} to {high:.1%})")
            report[kind][f"{name}, fewer answers at equal recall"] = [best, low, high]
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(report, indent=2) + "\n")
    print(f"\nWritten to {options.out}")
    return 0
