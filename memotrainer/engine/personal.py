"""One person over time: weights fitted on what came before, and the online correction on top of them."""

from collections.abc import Sequence

import numpy as np

from memotrainer.engine.correction import Correction
from memotrainer.engine.evidence import logit
from memotrainer.engine.fitting import fit
from memotrainer.engine.lives import Floats
from memotrainer.engine.logs import ReviewLog
from memotrainer.engine.population import Population
from memotrainer.engine.walking import States, states_of, walk
from memotrainer.fsrs import DEFAULT_WEIGHTS


def fitted_before(log: ReviewLog, row: int, *, parent: Sequence[float] = DEFAULT_WEIGHTS) -> Floats:
    """Weights from the answers before ``row``; the parent's where there is nothing to learn from."""
    lives = log.lives()
    before = (np.arange(len(log)) < row) & log.scored
    return fit(lives, right=log.right[lives.order], worth=before[lives.order].astype(np.float64), parent=parent)


def later_block(log: ReviewLog, begin: int, end: int, weights: Floats) -> tuple[Floats, Floats]:
    """(recall by FSRS-6, corrected) of the rows from ``begin`` to before ``end``, with weights known at ``begin``.

    New weights make other mistakes than old ones, so the correction learns anew from the first answer with each fit.
    """
    part = log.of(np.arange(len(log)) < end)
    states = states_of(part, weights)
    return states.recall[begin:], corrected(part, states)[begin:]


def corrected(log: ReviewLog, states: States, *, population: Population | None = None) -> Floats:
    """What one person's correction would have foretold, day by day, NaN where nothing is foretold.

    It moves what FSRS-6 says or, where there is one, what the population says of this person.
    """
    if population is None:
        base, inputs = states.recall, walk(log, states)
    else:
        inputs = walk(log, states, eases=population.eases, usual=population.usual)
        base = population.foretell(inputs, states.recall)
    correction = Correction.of(population=population is not None and population.coefficients is not None)
    found, right = np.full(len(log), np.nan), log.rating > 1
    for row in range(len(log)):
        correction.begin(int(log.day[row]))
        if log.gap[row] < 1:
            continue
        told = inputs[row].copy()
        told[1] = logit(float(base[row]))
        found[row] = correction.foretell(told, recall=float(base[row]))
        correction.answered(told, recall=float(base[row]), right=bool(right[row]), day=int(log.day[row]))
    return found
