"""One person over time: weights fitted on what came before, and the online correction on top of them."""

from collections.abc import Sequence

import numpy as np

from memotrainer.engine.correction import Correction
from memotrainer.engine.evidence import logit
from memotrainer.engine.fitting import fit
from memotrainer.engine.lives import Floats
from memotrainer.engine.logs import ReviewLog
from memotrainer.engine.walking import States, states_of, walk
from memotrainer.fsrs import DEFAULT_WEIGHTS


def fitted_before(log: ReviewLog, row: int, *, parent: Sequence[float] = DEFAULT_WEIGHTS) -> Floats:
    """Weights from the answers before ``row``; the parent's where there is nothing to learn from."""
    lives = log.lives()
    before = (np.arange(len(log)) < row) & log.scored
    return fit(lives, right=log.right[lives.order], worth=before[lives.order].astype(np.float64), parent=parent)


def states_by_block(log: ReviewLog, begins: Sequence[int], weights: Sequence[Floats]) -> States:
    """The states of each block of rows with the weights that were known when it began."""
    parts = [states_of(log, one) for one in weights]
    recall, stability, difficulty = (getattr(parts[0], name).copy() for name in ("recall", "stability", "difficulty"))
    ends = [*begins[1:], len(log)]
    for begin, end, part in zip(begins, ends, parts, strict=True):
        recall[begin:end], stability[begin:end] = part.recall[begin:end], part.stability[begin:end]
        difficulty[begin:end] = part.difficulty[begin:end]
    return States(recall, stability, difficulty)


def corrected(log: ReviewLog, states: States, *, rows: Floats | None = None, recall: Floats | None = None) -> Floats:
    """What one person's correction would have foretold, day by day, NaN where nothing is foretold.

    ``rows`` and ``recall``: inputs and first forecast where a population has already been asked; else those of FSRS-6.
    """
    base = states.recall if recall is None else recall
    inputs = walk(log, states) if rows is None else rows
    correction, found, right = Correction(), np.full(len(log), np.nan), log.rating > 1
    for row in range(len(log)):
        correction.begin(int(log.day[row]))
        if log.gap[row] < 1:
            continue
        told = inputs[row].copy()
        told[1] = logit(float(base[row]))
        found[row] = correction.foretell(told, recall=float(base[row]))
        correction.answered(told, recall=float(base[row]), right=bool(right[row]), day=int(log.day[row]))
    return found
