"""How much each reviewer's word counts: pure.

The iterated weights of Hamer, Ma & Kwong, "A method of automatic grade calibration in peer assessment" (Australasian Computing
Education Conference, 2005): grades are means of the reviews weighted by reviewer, the weight of a reviewer is the mean error of
all over their own, damped with a logarithm, and the two are worked out in turn until they stand still. Departures, for classes
with three reviews each rather than dozens:

- the error is measured against what the *others* say (leave one out), so nobody, and no pair, is their own proof;
- each practice review of a sample, whose worth the teacher has said, counts as ``SAMPLE`` reviews with a known truth;
- errors are shrunk towards the mean error as if ``PRIOR`` reviews of the average kind had been given too;
- the weights stay between ``LEAST`` and ``MOST``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log

LEAST, MOST = 0.25, 2.0
PRIOR, SAMPLE = 2.0, 2.0
ROUNDS, STILL = 50, 1e-6
FLOOR = 0.0025  # squared: nobody is nearer than five points, which is what levels of a rubric can tell apart


@dataclass(frozen=True)
class Given:
    """One review: a score from 0 to 1."""

    work: int
    reviewer: int
    score: float


@dataclass(frozen=True)
class Weight:
    """Of one reviewer. ``apart`` is how far (in points) their scores lie from the others', ``apart_samples`` from the teacher's;
    None without any to compare."""

    weight: float
    reviews: int
    apart: float | None
    apart_samples: float | None


@dataclass(frozen=True)
class Calibrated:
    """``scores`` by work; ``weights`` by reviewer."""

    scores: dict[int, float]
    weights: dict[int, Weight]


def calibrated(reviews: Iterable[Given], samples: Mapping[int, Iterable[float]] | None = None) -> Calibrated:
    """``samples``: by reviewer, the differences (0 to 1) between their practice reviews and the teacher's."""
    rows = list(reviews)
    practice = {who: list(found) for who, found in (samples or {}).items()}
    weights = dict.fromkeys(sorted({row.reviewer for row in rows} | set(practice)), 1.0)
    by_work: dict[int, list[Given]] = {}
    for row in rows:
        by_work.setdefault(row.work, []).append(row)
    for _round in range(ROUNDS):
        after = _weights(_errors(by_work, weights), practice, weights)
        moved = max((abs(after[who] - weights[who]) for who in weights), default=0.0)
        weights = after
        if moved < STILL:
            break
    errors, counts = _errors(by_work, weights), Counter(row.reviewer for row in rows)
    shown = {
        who: Weight(
            weight, counts[who], _points(errors.get(who, ())), _points([one * one for one in practice.get(who, ())])
        )
        for who, weight in weights.items()
    }
    return Calibrated({work: _mean(found, weights) for work, found in by_work.items()}, shown)


def _errors(by_work: Mapping[int, list[Given]], weights: Mapping[int, float]) -> dict[int, list[float]]:
    """By reviewer: their squared distances from what the others say about the same work."""
    found: dict[int, list[float]] = {}
    for rows in by_work.values():
        total = sum(weights[row.reviewer] for row in rows)
        value = sum(weights[row.reviewer] * row.score for row in rows)
        for row in rows:
            rest = total - weights[row.reviewer]
            if len(rows) > 1 and rest > 0:
                others = (value - weights[row.reviewer] * row.score) / rest
                found.setdefault(row.reviewer, []).append((row.score - others) ** 2)
    return found


def _weights(
    errors: Mapping[int, list[float]], practice: Mapping[int, list[float]], before: Mapping[int, float]
) -> dict[int, float]:
    every = [one for rows in errors.values() for one in rows] + [
        one * one for rows in practice.values() for one in rows for _time in range(int(SAMPLE))
    ]
    if not every:
        return dict(before)
    mean = max(sum(every) / len(every), FLOOR)
    return {who: _damped(mean / _shrunk(errors.get(who, ()), practice.get(who, ()), mean)) for who in before}


def _shrunk(errors: Iterable[float], practice: Iterable[float], mean: float) -> float:
    own, tried = list(errors), [one * one for one in practice]
    total = sum(own) + SAMPLE * sum(tried) + PRIOR * mean
    return max(total / (len(own) + SAMPLE * len(tried) + PRIOR), FLOOR)


def _damped(ratio: float) -> float:
    """As in the paper a ratio above two grows with its logarithm only; then the bounds."""
    return min(MOST, max(LEAST, ratio if ratio <= 2 else 2 + log(ratio - 1)))


def _mean(rows: Iterable[Given], weights: Mapping[int, float]) -> float:
    total = value = 0.0
    for row in rows:
        total += weights[row.reviewer]
        value += weights[row.reviewer] * row.score
    return value / total


def _points(squares: Iterable[float]) -> float | None:
    rows = list(squares)
    return 100 * (sum(rows) / len(rows)) ** 0.5 if rows else None
