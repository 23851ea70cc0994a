"""Weights of FSRS-6 for one person or many, near those of a parent: L-BFGS-B with the exact derivative.

What is minimised is the sum of log loss plus how far the weights are from the parent's, in units of how much weights
differ between people. So ten answers hardly move them and ten thousand do, which is the shrinkage of the chain
global -> environment -> course -> person.
"""

from collections.abc import Sequence

import numpy as np

from memotrainer.engine.gradient import loss_and_gradient, run
from memotrainer.engine.lives import Floats, Lives
from memotrainer.fsrs import DEFAULT_WEIGHTS, HIGHEST_WEIGHTS, LOWEST_WEIGHTS

# How much weights differ between people, as published with the optimizer of FSRS-6 (open-spaced-repetition). The first
# four, stabilities after the first answer, are judged by their logarithm.
SPREAD: tuple[float, ...] = (
    1.5, 1.5, 1.5, 1.5, 0.57, 0.28, 0.6, 0.12, 0.39, 0.18, 0.33, 0.3, 0.09, 0.16, 0.57, 0.25, 1.03, 0.31, 0.32, 0.14, 0.27,
)  # fmt: skip
FIRST = slice(0, 4)
NEWS = 0.1  # share of new answers that make another fit worth while
MOST_STEPS = 60


def fit(
    lives: Lives,
    *,
    right: Floats,
    worth: Floats,
    parent: Sequence[float] = DEFAULT_WEIGHTS,
    pull: float = 1.0,
    most_steps: int = MOST_STEPS,
) -> Floats:
    """Return 21 weights within the published bounds.

    right: 1 or 0 for each row of ``lives``. worth: what each row counts, 0 for rows that are not foretold (first answers,
    the same day, or whatever is held out).
    """
    parent_at = _inner(np.asarray(parent, dtype=np.float64))
    spread = np.asarray(SPREAD)
    low, high = _inner(np.asarray(LOWEST_WEIGHTS)), _inner(np.asarray(HIGHEST_WEIGHTS))
    bounds = list(zip((low - parent_at) / spread, (high - parent_at) / spread, strict=True))

    def cost(x: Floats) -> tuple[float, Floats]:
        w = _outer(parent_at + x * spread)
        loss, by_weight = loss_and_gradient(lives, w, right=right, worth=worth)
        by_weight[FIRST] *= w[FIRST]
        return loss + pull * float(x @ x), by_weight * spread + 2.0 * pull * x

    if not np.any(worth > 0):
        return np.asarray(parent, dtype=np.float64).copy()
    from scipy.optimize import minimize  # noqa: PLC0415 -- a fifth of the start of every process, and few of them fit

    found = minimize(
        cost, np.zeros(21), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": most_steps, "ftol": 1e-8}
    )
    return np.clip(_outer(parent_at + found.x * spread), LOWEST_WEIGHTS, HIGHEST_WEIGHTS)


def log_loss(lives: Lives, weights: Sequence[float], *, right: Floats, worth: Floats) -> float:
    """Mean log loss of the rows that count."""
    total = float(worth.sum())
    if total == 0:
        return float("nan")
    p = np.clip(run(lives, np.asarray(weights, dtype=np.float64)).recall[worth > 0], 1e-6, 1 - 1e-6)
    y = right[worth > 0]
    return float(-(worth[worth > 0] * (y * np.log(p) + (1 - y) * np.log(1 - p))).sum() / total)


def _inner(w: Floats) -> Floats:
    inner = w.copy()
    inner[FIRST] = np.log(w[FIRST])
    return inner


def _outer(x: Floats) -> Floats:
    w = x.copy()
    w[FIRST] = np.exp(x[FIRST])
    return w
