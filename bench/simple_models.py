"""What any model must beat: a constant, SM-2 and a moving average, as the public benchmark of spaced repetition has them."""

import math

import numpy as np

from memotrainer.engine.lives import Floats
from memotrainer.engine.logs import ReviewLog

UPDATE = 0.3


def sm2(log: ReviewLog) -> Floats:
    """0.9 to the power of days over SM-2's interval, before each answer (NaN at a first)."""
    found = np.full(len(log), np.nan)
    cards: dict[int, tuple[float, float, int]] = {}
    for row in range(len(log)):
        interval, ease, repeats = cards.get(int(log.memory[row]), (0.0, 2.5, 0))
        if log.gap[row] >= 0:
            found[row] = 0.9 ** (log.gap[row] / max(interval, 1.0))
        quality = int(log.rating[row]) + 1
        if log.rating[row] > 1:
            interval = 1.0 if repeats == 0 else 6.0 if repeats == 1 else min(interval * ease, 36500.0)
            repeats += 1
        else:
            interval, repeats = 1.0, 0
        ease = max(1.3, ease + 0.1 - (5 - quality) * (0.08 + (5 - quality) * 0.02))
        cards[int(log.memory[row])] = (interval, ease, repeats)
    return found


def moving_average(log: ReviewLog) -> Floats:
    """One logit per learner, moved by each foretold answer and by nothing else."""
    found, logits = np.full(len(log), np.nan), {}
    for row in np.flatnonzero(log.scored).tolist():
        logit = logits.get(int(log.learner[row]), 1.2)
        p = 1 / (1 + math.exp(-logit))
        found[row] = p
        logits[int(log.learner[row])] = logit + UPDATE * ((log.rating[row] > 1) - p)
    return found


def places_and_lapses(log: ReviewLog) -> tuple[np.ndarray, np.ndarray]:
    """(the number of the answer, lapses before it) of each row, for the bins of RMSE."""
    place, lapse = np.zeros(len(log), dtype=np.int64), np.zeros(len(log), dtype=np.int64)
    seen: dict[int, list[int]] = {}
    for row in range(len(log)):
        one = seen.setdefault(int(log.memory[row]), [0, 0])
        one[0] += 1
        place[row], lapse[row] = one
        if log.rating[row] == 1 and log.gap[row] >= 1:
            one[1] += 1
    return place, lapse
