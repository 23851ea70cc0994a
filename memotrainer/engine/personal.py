"""One person over time: weights fitted on what came before, and the online correction on top of them."""

from collections.abc import Sequence

import numpy as np

from memotrainer.engine.correction import Correction
from memotrainer.engine.fitting import NEWS, fit
from memotrainer.engine.lives import Floats
from memotrainer.engine.logs import ReviewLog
from memotrainer.engine.population import Population, learned_on
from memotrainer.engine.walking import States, states_of, walk
from memotrainer.fsrs import DEFAULT_WEIGHTS

REMEMBERED = (
    5_000  # newest foretold answers from which a correction that begins anew learns; older ones say little more
)


def fitted_before(log: ReviewLog, row: int, *, parent: Sequence[float] = DEFAULT_WEIGHTS) -> Floats:
    """Weights from the answers before ``row``; the parent's where there is nothing to learn from."""
    part = log.of(np.arange(len(log)) < row)
    lives = part.lives()
    return fit(lives, right=part.right[lives.order], worth=part.scored[lives.order].astype(np.float64), parent=parent)


def later_block(log: ReviewLog, begin: int, end: int, weights: Floats) -> tuple[Floats, Floats]:
    """(recall by FSRS-6, as the trainer foretells it) of the rows from ``begin`` to before ``end``.

    ``weights`` are those known at ``begin``, and FSRS-6 keeps them. The trainer lives on: it fits again when a tenth more
    answers came, from earlier days only, and its correction learns each day. New weights make other mistakes than old
    ones, so the correction begins anew with each fit.
    """
    plain = states_of(log.of(np.arange(len(log)) < end), weights).recall[begin:]
    best, at = np.empty(end - begin), begin
    while at < end:
        stop = _next_fit(log, at, end)
        part = log.of(np.arange(len(log)) < stop)
        best[at - begin : stop - begin] = corrected(part, states_of(part, weights), begin=at)[at:]
        at = stop
        if at < end:
            weights = fitted_before(log, at)
    return plain, best


def _next_fit(log: ReviewLog, at: int, end: int) -> int:
    """The row with which a day begins on which there is news enough for another fit; ``end`` when that is later."""
    known = int(log.scored[:at].sum())
    fresh = np.cumsum(log.scored[at:end])
    place = int(np.searchsorted(fresh, max(1, int(known * NEWS))))
    if place >= end - at:
        return end
    later = np.flatnonzero(log.day[at + place : end] > log.day[at + place])
    return at + place + int(later[0]) if len(later) else end


def corrected(log: ReviewLog, states: States, *, population: Population | None = None, begin: int = 0) -> Floats:
    """What one person's correction would have foretold, day by day, NaN where nothing is foretold and before ``begin``.

    It moves what FSRS-6 says or, where there is one, what the population says of this person.
    """
    learned = np.flatnonzero(log.scored[:begin])
    since = int(learned[-REMEMBERED]) if len(learned) > REMEMBERED else 0
    if population is None:
        rows = walk(log, states, begin=since)
        return learned_on(log, rows, states.recall, Correction.of(population=False), begin=begin, since=since)
    rows = walk(log, states, eases=population.eases, usual=population.usual)
    base = population.foretell(rows, states.recall)
    return learned_on(log, rows, base, population.correction(), begin=begin, since=since)
