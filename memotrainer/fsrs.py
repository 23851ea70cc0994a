"""FSRS-6: what a person still remembers, as one NumPy step for one answer or a million.

A memory has a stability S (days after which recall has fallen to 0.9) and a difficulty D (1 easy .. 10 hard). Both
depend only on the sequence of (whole days since the answer before, rating), never on when the question was due, so a
state can be replayed from the log.

Source of the formulas: FSRS-6 with 21 weights, as published by open-spaced-repetition; the PyPI package `fsrs` is the
oracle in tests/memotrainer/test_fsrs.py. Nothing here knows about people, questions or the database.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Weight = Callable[[int], Floats]  # i -> w[i], of a shape that broadcasts with the items

MODEL_VERSION = "fsrs-6"

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4

# Defaults and bounds of w0..w20 as published with FSRS-6.
DEFAULT_WEIGHTS: tuple[float, ...] = (
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796,
    1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
)  # fmt: skip
LOWEST_WEIGHTS: tuple[float, ...] = (
    0.001, 0.001, 0.001, 0.001, 1.0, 0.001, 0.001, 0.001, 0.0, 0.0, 0.001,
    0.001, 0.001, 0.001, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.1,
)  # fmt: skip
HIGHEST_WEIGHTS: tuple[float, ...] = (
    100.0, 100.0, 100.0, 100.0, 10.0, 4.0, 4.0, 0.75, 4.5, 0.8, 3.5,
    5.0, 0.25, 0.9, 4.0, 1.0, 6.0, 2.0, 2.0, 0.8, 0.8,
)  # fmt: skip

_DEFAULT = np.array(DEFAULT_WEIGHTS)

LOWEST_STABILITY = 0.001  # days
LOWEST_DIFFICULTY, HIGHEST_DIFFICULTY = 1.0, 10.0


def step(
    *,
    stability: npt.ArrayLike,
    difficulty: npt.ArrayLike,
    elapsed_days: npt.ArrayLike,
    rating: npt.ArrayLike,
    weights: npt.ArrayLike = DEFAULT_WEIGHTS,
) -> tuple[Floats, Floats]:
    """Return (stability in days, difficulty 1..10) after one answer each.

    All arguments broadcast; the results have the common shape (`()` for scalars).
    stability: days; NaN where the item was never answered, and then difficulty and elapsed_days are ignored there.
    elapsed_days: whole days since the answer before. Part days are rounded down and negative ones count as 0; 0 uses
    the same-day formula.
    rating: 1 again (wrong), 2 hard, 3 good (right), 4 easy.
    weights: (21,), or (..., 21) where the leading part broadcasts with the items.
    ValueError: a rating other than 1..4, a stability of 0 or less, a difficulty outside 1..10, missing days, or weights
    out of bounds.
    """
    w = _weights(weights)
    s, d, days, grade = np.broadcast_arrays(
        np.asarray(stability, dtype=np.float64),
        np.asarray(difficulty, dtype=np.float64),
        np.asarray(elapsed_days, dtype=np.float64),
        np.asarray(rating, dtype=np.float64),
    )
    new = np.isnan(s)
    _refuse_impossible(new=new, s=s, d=d, days=days, grade=grade)
    # Neutral values keep the formulas below free of NaN; the rows of new items are replaced at the end.
    s = np.where(new, 1.0, s)
    d = np.where(new, 5.0, d)
    days = np.where(new, 1.0, np.floor(np.maximum(days, 0.0)))

    recall = _recall(s=s, days=days, w=w)
    later = np.where(
        grade == AGAIN, _forgotten(s=s, d=d, recall=recall, w=w), _recalled(s=s, d=d, recall=recall, grade=grade, w=w)
    )
    next_s, next_d, same_day = later, _next_difficulty(d=d, grade=grade, w=w), days < 1.0
    if same_day.any():
        next_s = np.where(same_day, _same_day(s=s, grade=grade, w=w), next_s)
    if new.any():
        next_s = np.where(new, _first_stability(grade=grade, w=w), next_s)
        next_d = np.where(new, _first_difficulty(grade=grade, w=w), next_d)
    return np.maximum(next_s, LOWEST_STABILITY), np.clip(next_d, LOWEST_DIFFICULTY, HIGHEST_DIFFICULTY)


def expected_step(
    *, stability: Floats, difficulty: Floats, elapsed_days: Floats, weights: npt.ArrayLike = DEFAULT_WEIGHTS
) -> tuple[Floats, Floats]:
    """Return (stability, difficulty) after an answer on a later day that is *good* as often as recall says and else *again*:
    the mean of the two, of stabilities the geometric one.

    What ``step`` says of both, for memories that are known to be possible: every one was answered, and nothing is checked.
    """
    w = _weights(weights)
    good, again = np.asarray(float(GOOD)), np.asarray(float(AGAIN))
    right = _recall(s=stability, days=np.maximum(elapsed_days, 0.0), w=w)
    recall = _recall(s=stability, days=np.floor(np.maximum(elapsed_days, 1.0)), w=w)
    longer = np.maximum(_recalled(s=stability, d=difficulty, recall=recall, grade=good, w=w), LOWEST_STABILITY)
    shorter = np.maximum(_forgotten(s=stability, d=difficulty, recall=recall, w=w), LOWEST_STABILITY)
    after_right, after_wrong = (
        np.clip(_next_difficulty(d=difficulty, grade=grade, w=w), LOWEST_DIFFICULTY, HIGHEST_DIFFICULTY)
        for grade in (good, again)
    )
    next_s = np.exp(right * np.log(longer) + (1 - right) * np.log(shorter))
    return next_s, right * after_right + (1 - right) * after_wrong


def retrievability(
    *, stability: npt.ArrayLike, elapsed_days: npt.ArrayLike, weights: npt.ArrayLike = DEFAULT_WEIGHTS
) -> Floats:
    """Return the probability (0..1) of a right answer now: R(t, S) = (1 + F t/S)^-w20 with F = 0.9^(-1/w20) - 1, so
    R(S, S) = 0.9.

    stability and elapsed_days in days, broadcast together. Part days count. An item never answered (NaN stability)
    gives 0.
    """
    w = _weights(weights)
    s = np.asarray(stability, dtype=np.float64)
    days = np.maximum(np.asarray(elapsed_days, dtype=np.float64), 0.0)
    new = np.isnan(s)
    if np.any(~new & (s <= 0.0)):
        raise ValueError("Stability must be above 0 days.")
    return np.where(new, 0.0, _recall(s=np.where(new, 1.0, s), days=days, w=w))


def interval_days(
    *,
    stability: npt.ArrayLike,
    desired_retention: npt.ArrayLike,
    weights: npt.ArrayLike = DEFAULT_WEIGHTS,
    maximum: int = 36500,
) -> Integers:
    """Return the whole days (1..maximum) after which recall has fallen to desired_retention: I = S/F (r^(-1/w20) - 1),
    half to even.

    ValueError: a stability that is NaN or not above 0, or a desired retention that is not between 0 and 1.
    """
    w = _weights(weights)
    s = np.asarray(stability, dtype=np.float64)
    wanted = np.asarray(desired_retention, dtype=np.float64)
    if not np.all(s > 0.0):
        raise ValueError("Only an item with a stability above 0 days has an interval.")
    if not np.all((wanted > 0.0) & (wanted < 1.0)):
        raise ValueError("Desired retention must be between 0 and 1.")
    decay = -w(20)
    exact = s / _factor(w) * (wanted ** (1.0 / decay) - 1.0)
    return np.clip(np.rint(exact), 1, maximum).astype(np.int64)


def interval_of(stability: float, desired_retention: float, *, weights: Sequence[float], maximum: int = 36500) -> int:
    """``interval_days`` for one memory with weights that are known to be within bounds, without arrays."""
    decay = -weights[20]
    exact = stability / (0.9 ** (1.0 / decay) - 1.0) * (desired_retention ** (1.0 / decay) - 1.0)
    return min(max(round(exact), 1), maximum)


def _weights(weights: npt.ArrayLike) -> Weight:
    """Return i -> w[i], checked against the published bounds."""
    if weights is DEFAULT_WEIGHTS:  # nearly always, and of few items the check costs as much as a formula
        return lambda index: _DEFAULT[..., index]
    table = np.asarray(weights, dtype=np.float64)
    if table.shape[-1:] != (len(DEFAULT_WEIGHTS),):
        raise ValueError(f"FSRS-6 needs {len(DEFAULT_WEIGHTS)} weights, the last axis has shape {table.shape[-1:]}.")
    if not np.all((table >= np.array(LOWEST_WEIGHTS)) & (table <= np.array(HIGHEST_WEIGHTS))):
        raise ValueError("A weight is outside the bounds of FSRS-6.")
    return lambda index: table[..., index]


def _refuse_impossible(*, new: npt.NDArray[np.bool_], s: Floats, d: Floats, days: Floats, grade: Floats) -> None:
    if not np.all((grade >= AGAIN) & (grade <= EASY) & (grade == np.rint(grade))):
        raise ValueError("A rating is 1, 2, 3 or 4.")
    if not np.all(new | (s > 0.0)):
        raise ValueError("Stability must be above 0 days.")
    if not np.all(new | ((d >= LOWEST_DIFFICULTY) & (d <= HIGHEST_DIFFICULTY))):
        raise ValueError("Difficulty must be between 1 and 10.")
    if not np.all(new | np.isfinite(days)):
        raise ValueError("An answered item needs the days since its last answer.")


def _factor(w: Weight) -> Floats:
    return np.asarray(0.9 ** (1.0 / -w(20)) - 1.0)


def _recall(*, s: Floats, days: Floats, w: Weight) -> Floats:
    return np.asarray((1.0 + _factor(w) * days / s) ** -w(20))


def _first_stability(*, grade: Floats, w: Weight) -> Floats:
    """S0(G) = w[G-1]."""
    return np.select([grade == AGAIN, grade == HARD, grade == GOOD], [w(0), w(1), w(2)], w(3))


def _first_difficulty(*, grade: Floats | float, w: Weight) -> Floats:
    """D0(G) = w4 - e^(w5 (G-1)) + 1, not yet clipped."""
    return np.asarray(w(4) - np.exp(w(5) * (grade - 1.0)) + 1.0)


def _next_difficulty(*, d: Floats, grade: Floats, w: Weight) -> Floats:
    """D' = w7 D0(easy) + (1-w7)(D + (10-D) delta/9), delta = -w6 (G-3): damped near 10, pulled towards an easy
    start."""
    delta = -(w(6) * (grade - 3.0))
    damped = d + (10.0 - d) * delta / 9.0
    return np.asarray(w(7) * _first_difficulty(grade=float(EASY), w=w) + (1.0 - w(7)) * damped)


def _recalled(*, s: Floats, d: Floats, recall: Floats, grade: Floats, w: Weight) -> Floats:
    """S' = S (1 + e^w8 (11-D) S^-w9 (e^(w10 (1-R)) - 1) [w15 if hard] [w16 if easy])."""
    hard = np.where(grade == HARD, w(15), 1.0)
    easy = np.where(grade == EASY, w(16), 1.0)
    growth = np.exp(w(8)) * (11.0 - d) * s ** -w(9) * (np.exp((1.0 - recall) * w(10)) - 1.0)
    return np.asarray(s * (1.0 + growth * hard * easy))


def _forgotten(*, s: Floats, d: Floats, recall: Floats, w: Weight) -> Floats:
    """S' = min(w11 D^-w12 ((S+1)^w13 - 1) e^(w14 (1-R)), S / e^(w17 w18))."""
    long_term = w(11) * d ** -w(12) * ((s + 1.0) ** w(13) - 1.0) * np.exp((1.0 - recall) * w(14))
    return np.asarray(np.minimum(long_term, s / np.exp(w(17) * w(18))))


def _same_day(*, s: Floats, grade: Floats, w: Weight) -> Floats:
    """S' = S e^(w17 (G-3+w18)) S^-w19, where any answer but a wrong one never shortens S."""
    increase = np.exp(w(17) * (grade - 3.0 + w(18))) * s ** -w(19)
    return np.asarray(s * np.where(grade >= HARD, np.maximum(increase, 1.0), increase))
