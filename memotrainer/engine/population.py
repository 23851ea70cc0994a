"""What is known of people nobody has seen yet: fitted on others, applied to the new.

FSRS-6 with the weights of the others, how easy each skill and item was for them, and a ridge regression that weighs those,
the person's ability so far and the memory state. How strong the ridge is, and whether products of features help, is decided
on people who were held out inside the training data.
"""

from dataclasses import dataclass

import numpy as np

from memotrainer.engine.evidence import SIZE, logit, with_pairs
from memotrainer.engine.fitting import fit
from memotrainer.engine.lives import Floats, Integers
from memotrainer.engine.logs import ReviewLog
from memotrainer.engine.scores import group_folds, log_loss, losses
from memotrainer.engine.walking import Eases, eases_of, states_of, walk
from memotrainer.fsrs import DEFAULT_WEIGHTS

RIDGES = (3.0, 30.0, 100.0)
PAIR_RIDGES = (100.0, 400.0)
INNER_FOLDS = 3


@dataclass(frozen=True)
class Population:
    """What is carried from known people to new ones. ``coefficients`` of None: FSRS-6 alone foretold better."""

    weights: Floats
    usual: float
    late_usual: float
    eases: Eases
    coefficients: Floats | None
    pairs: bool

    def foretell(self, rows: Floats, recall: Floats) -> Floats:
        """Of each row of features (NaN where nothing is foretold) with its recall by FSRS-6."""
        if self.coefficients is None:
            return recall
        return sigmoid((with_pairs(rows) if self.pairs else rows) @ self.coefficients)


def sigmoid(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -30.0, 30.0))))


def ridge(x: Floats, y: Floats, *, pull: float, towards: Floats, steps: int = 30) -> Floats:
    """Logistic regression by Newton's method, pulled to ``towards`` with ``pull`` for each coefficient."""
    found, hold = towards.copy(), np.eye(x.shape[1]) * pull
    for _step in range(steps):
        p = sigmoid(x @ found)
        slope = np.maximum(p * (1 - p), 1e-6)
        move = np.linalg.solve((x * slope[:, None]).T @ x + hold, x.T @ (p - y) + pull * (found - towards))
        found = found - move * min(1.0, 4.0 / max(float(np.abs(move).max()), 1e-12))
        if float(np.abs(move).max()) < 1e-6:
            break
    return found


def population_of(log: ReviewLog, *, skills: int, items: int) -> Population:
    """Learn from everybody in ``log``. Skills and items are numbered below ``skills`` and ``items``, also unseen ones."""
    lives = log.lives()
    right, scored = log.right, log.scored
    weights = fit(lives, right=right[lives.order], worth=scored[lives.order].astype(np.float64), parent=DEFAULT_WEIGHTS)
    states = states_of(log, weights)
    usual = logit(float(right.mean()))
    late_usual = logit(float(right[scored].mean())) if scored.any() else usual
    known = {"usual": usual, "late_usual": late_usual, "skills": skills, "items": items}
    learners = [log.learner == one for one in np.unique(log.learner)]
    total = Eases.none(skills=skills, items=items)
    for mine in learners:
        total = total.add(eases_of(log.of(mine), **known))
    rows = np.full((len(log), SIZE), np.nan)
    for mine in learners:
        part = log.of(mine)
        without = total.add(eases_of(part, **known), -1.0)  # as if this person were new
        rows[mine] = walk(part, states.of(mine), eases=without, usual=usual)
    coefficients, pairs = _chosen(rows[scored], right[scored], log.learner[scored], states.recall[scored])
    return Population(weights, usual, late_usual, total, coefficients, pairs)


def _surely(gains: Floats, learner: Integers) -> bool:
    """Whether people gain together by more than one standard error: with a handful of people chance is often better."""
    by_person = np.bincount(np.unique(learner, return_inverse=True)[1], gains)
    return bool(by_person.sum() > np.sqrt(np.sum(by_person**2)))


def _chosen(rows: Floats, right: Floats, learner: Integers, recall: Floats) -> tuple[Floats | None, bool]:
    """The regression that foretells people best who were not in it; none when that is FSRS-6 itself."""
    if len(np.unique(learner)) < 2 or len(right) < 50 or len(np.unique(right)) < 2:
        return None, False
    folds = group_folds(learner, min(INNER_FOLDS, len(np.unique(learner))))
    best, choice, chosen = log_loss(right, recall), (0.0, False), recall
    for pairs, pulls in ((False, RIDGES), (True, PAIR_RIDGES)):
        x = with_pairs(rows) if pairs else rows
        towards = np.zeros(x.shape[1])
        towards[1] = 1.0
        for pull in pulls:
            held = np.empty(len(right))
            for fold in range(int(folds.max()) + 1):
                out = folds == fold
                held[out] = sigmoid(x[out] @ ridge(x[~out], right[~out], pull=pull, towards=towards))
            loss = log_loss(right, held)
            if loss < best:
                best, choice, chosen = loss, (pull, pairs), held.copy()
    if not choice[0] or not _surely(losses(right, recall) - losses(right, chosen), learner):
        return None, False
    x = with_pairs(rows) if choice[1] else rows
    towards = np.zeros(x.shape[1])
    towards[1] = 1.0
    return ridge(x, right, pull=choice[0], towards=towards), choice[1]
