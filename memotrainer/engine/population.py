"""What is known of people nobody has seen yet: fitted on others, applied to the new.

FSRS-6 with the weights of the others, how easy each skill and item was for them, and a ridge regression that weighs those,
the person's ability so far and the memory state. How strong the ridge is, whether products of features help, whether the
regression helps at all, and whether to go on learning about each person beside it, is decided on people who were held out
inside the training data.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from memotrainer.engine.correction import Correction
from memotrainer.engine.evidence import PAIRS, SIZE, logit, with_pairs
from memotrainer.engine.fitting import fit
from memotrainer.engine.lives import Floats, Integers
from memotrainer.engine.logs import ReviewLog
from memotrainer.engine.scores import group_folds, log_loss, losses
from memotrainer.engine.walking import Eases, States, eases_of, states_of, walk
from memotrainer.fsrs import DEFAULT_WEIGHTS

RIDGES = (3.0, 30.0, 100.0)
PAIR_RIDGES = (400.0, 100.0)  # the strongest first: each begins where the one before ended
FEWEST_FOR_PAIRS = 5 * PAIRS  # answers; fewer cannot tell so many products apart
INNER_FOLDS = 3
# Answers that are foretold, of whole people chosen by chance: more teach a few hundred coefficients little and cost time.
MOST_TAUGHT = 60_000  # on which the regression is fitted
MOST_TRIED = 20_000  # on which is decided how


@dataclass(frozen=True)
class Population:
    """What is carried from known people to new ones. ``coefficients`` of None: FSRS-6 alone foretold better.
    ``correcting_helps``: what each person's own answers say beside it made it better still."""

    weights: Floats
    usual: float
    late_usual: float
    eases: Eases
    coefficients: Floats | None
    correcting_helps: bool = True

    def correction(self) -> Correction:
        """What a new person's own answers will teach, before the first."""
        return Correction.of(population=self.coefficients is not None, helps=self.correcting_helps)

    def foretell(self, rows: Floats, recall: Floats) -> Floats:
        """Of each row of features (NaN where nothing is foretold) with its recall by FSRS-6."""
        if self.coefficients is None:
            return recall
        return sigmoid((rows if len(self.coefficients) == SIZE else with_pairs(rows)) @ self.coefficients)


def sigmoid(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -30.0, 30.0))))


def ridge(x: Floats, y: Floats, *, pull: float, begin: Floats | None = None, steps: int = 30) -> Floats:
    """Logistic regression by Newton's method, pulled to *recall by FSRS-6 and nothing else* with ``pull`` for each
    coefficient. ``begin``: where to start looking."""
    towards = np.zeros(x.shape[1])
    towards[1] = 1.0
    found, hold = (towards if begin is None else begin).copy(), np.eye(x.shape[1]) * pull
    for _step in range(steps):
        p = sigmoid(x @ found)
        slope = np.maximum(p * (1 - p), 1e-6)
        move = np.linalg.solve((x * slope[:, None]).T @ x + hold, x.T @ (p - y) + pull * (found - towards))
        found = found - move * min(1.0, 4.0 / max(float(np.abs(move).max()), 1e-12))
        if float(np.abs(move).max()) < 1e-4:
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
    learners = log.by_learner()
    total = Eases.none(skills=skills, items=items)
    for mine in learners:
        eases_of(log.of(mine), into=total, **known)
    taught = _some(learners, scored, most=MOST_TAUGHT)
    rows = np.full((len(log), SIZE), np.nan)
    for mine in taught:
        rows[mine] = walk(log.of(mine), states.of(mine), eases=_as_if_new(log.of(mine), total, **known), usual=usual)
    tried = _some(taught, scored, most=MOST_TRIED)
    coefficients, helps = _chosen(log, states, rows, taught=taught, tried=tried)
    return Population(weights, usual, late_usual, total, coefficients, helps)


def _as_if_new(part: ReviewLog, total: Eases, *, usual: float, late_usual: float, skills: int, items: int) -> Eases:
    """How easy everything is for all others than the one person of ``part``."""
    without = Eases.none(skills=skills, items=items)
    eases_of(part, into=without, usual=usual, late_usual=late_usual, skills=skills, items=items)
    return total.add(without, -1.0)


def _some(learners: Sequence[Integers], scored: np.ndarray, *, most: int) -> list[Integers]:
    """Whole people with something foretold, by chance but the same ones each time, until they have ``most`` such answers."""
    counts = [int(scored[mine].sum()) for mine in learners]
    found, total = [], 0
    for place in np.random.default_rng(6).permutation(len(learners)).tolist():
        if counts[place] and (total + counts[place] <= most or not found):
            found.append(place)
            total += counts[place]
    return [learners[place] for place in sorted(found)]


def _surely(gains: Floats, learner: Integers) -> bool:
    """Whether people gain together by more than two standard errors: with a handful of people chance is often better."""
    by_person = np.bincount(np.unique(learner, return_inverse=True)[1], gains)
    return bool(by_person.sum() > 2 * np.sqrt(np.sum(by_person**2)))


def _chosen(
    log: ReviewLog, states: States, rows: Floats, *, taught: Sequence[Integers], tried: Sequence[Integers]
) -> tuple[Floats | None, bool]:
    """(the regression that foretells people best who were not in it, whether correcting it for each of them helps); none
    when that is FSRS-6 itself."""
    if not taught:
        return None, True
    at = np.concatenate(tried)
    at = at[log.scored[at]]
    right, learner, recall = log.right[at], log.learner[at], states.recall[at]
    if len(np.unique(learner)) < 2 or len(right) < 50 or len(np.unique(right)) < 2:
        return None, True
    pull, pairs, held = _ridge_chosen(rows[at], right, learner, recall)
    if not pull or not _surely(losses(right, recall) - losses(right, held), learner):
        pull, held = 0.0, recall
    base = np.full(len(log), np.nan)
    base[at] = held
    corrected = np.concatenate(
        [
            learned_on(log.of(mine), rows[mine], base[mine], Correction.of(population=pull > 0))[log.scored[mine]]
            for mine in tried
        ]
    )
    helps = _surely(losses(right, held) - losses(right, corrected), learner)
    if not pull:
        return None, helps
    every = np.concatenate(taught)
    every = every[log.scored[every]]
    x = with_pairs(rows[every]) if pairs else rows[every]
    return ridge(x, log.right[every], pull=pull), helps


def _ridge_chosen(rows: Floats, right: Floats, learner: Integers, recall: Floats) -> tuple[float, bool, Floats]:
    """(pull, with pairs, what it foretold of people who were held out); a pull of 0 where FSRS-6 was better."""
    folds = group_folds(learner, min(INNER_FOLDS, len(np.unique(learner))))
    best, choice, chosen = log_loss(right, recall), (0.0, False), recall
    for pairs, pulls in ((False, RIDGES), (True, PAIR_RIDGES)):
        if pairs and len(right) < FEWEST_FOR_PAIRS:
            continue
        x = with_pairs(rows) if pairs else rows
        held = np.empty((len(pulls), len(right)))
        for fold in range(int(folds.max()) + 1):
            out, found = folds == fold, None
            for turn, pull in enumerate(pulls):
                found = ridge(x[~out], right[~out], pull=pull, begin=found)
                held[turn, out] = sigmoid(x[out] @ found)
        for pull, told in zip(pulls, held, strict=True):
            loss = log_loss(right, told)
            if loss < best:
                best, choice, chosen = loss, (pull, pairs), told
    return (*choice, chosen)


def learned_on(
    log: ReviewLog, rows: Floats, base: Floats, correction: Correction, *, begin: int = 0, since: int = 0
) -> Floats:
    """What a new ``correction`` of ``base`` would have foretold of one person, day by day, from the row ``begin`` on; NaN
    where nothing is foretold. It learns from the rows ``since``. ``rows``: features, in which the memory becomes the base."""
    found = np.full(len(log), np.nan)
    days, rights, recalls = log.day.tolist(), (log.rating > 1).tolist(), base.tolist()
    for row in np.flatnonzero(log.scored).tolist():
        if row < since:
            continue
        correction.begin(days[row])
        told = rows[row].copy()
        told[1] = logit(recalls[row])
        if row >= begin:
            found[row] = correction.foretell(told, recall=recalls[row])
        correction.answered(told, recall=recalls[row], right=rights[row], day=days[row])
    return found
