"""How good predictions are: plain log loss, RMSE over bins, AUC; and how to hold answers out."""

import numpy as np

from memotrainer.engine.lives import Floats, Integers

SURE = 1e-6


def log_loss(right: Floats, foretold: Floats) -> float:
    """Mean of -log of what was given to what happened; not weighted."""
    if not len(right):
        return float("nan")
    p = np.clip(foretold, SURE, 1 - SURE)
    return float(-np.mean(right * np.log(p) + (1 - right) * np.log(1 - p)))


def losses(right: Floats, foretold: Floats) -> Floats:
    p = np.clip(foretold, SURE, 1 - SURE)
    return np.asarray(-(right * np.log(p) + (1 - right) * np.log(1 - p)))


def auc(right: Floats, foretold: Floats) -> float:
    """The chance that a right answer was given more than a wrong one; NaN when there is only one kind."""
    ones = int(right.sum())
    zeros = len(right) - ones
    if not ones or not zeros:
        return float("nan")
    _values, inverse, counts = np.unique(foretold, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    return float((ranks[right == 1].sum() - ones * (ones + 1) / 2) / (ones * zeros))


def rmse_bins(right: Floats, foretold: Floats, *, gap: Integers, place: Integers, lapses: Integers) -> float:
    """Root mean square of (mean right - mean foretold) over bins by gap, number of the answer and lapses before.

    The bins of the public benchmark of spaced repetition. It can be cheated, so it is never read alone.
    """
    bins = np.stack([_bin(gap, 2.48, 3.62), _bin(place, 1.99, 1.89), _bin(lapses, 1.65, 1.73)], axis=1)
    _found, inverse = np.unique(bins, axis=0, return_inverse=True)
    inverse = inverse.ravel()
    counts = np.bincount(inverse)
    means = (np.bincount(inverse, right) - np.bincount(inverse, foretold)) / counts
    return float(np.sqrt(np.sum(counts * means**2) / counts.sum()))


def _bin(values: Integers, factor: float, base: float) -> Floats:
    positive = np.maximum(values, 1)
    return np.where(values > 0, factor * base ** np.floor(np.log(positive) / np.log(base)), 0.0)


def calibration(right: Floats, foretold: Floats, *, bins: int = 10) -> list[tuple[float, float, int]]:
    """(mean foretold, share right, answers) of as many equally large groups."""
    order = np.argsort(foretold, kind="stable")
    return [
        (float(foretold[part].mean()), float(right[part].mean()), len(part))
        for part in np.array_split(order, min(bins, max(1, len(order))))
        if len(part)
    ]


def time_folds(count: int, folds: int = 5) -> list[tuple[slice, slice]]:
    """(earlier, later) for ``count`` answers in the order of time, as scikit-learn's TimeSeriesSplit does it."""
    size = count // (folds + 1)
    return [
        (slice(0, count - (folds - n) * size), slice(count - (folds - n) * size, count - (folds - n - 1) * size))
        for n in range(folds)
    ]


def group_folds(group: Integers, folds: int = 5) -> Integers:
    """The fold of each row; a group is in one fold whole, as scikit-learn's GroupKFold does it."""
    names, inverse = np.unique(group, return_inverse=True)
    sizes = np.bincount(inverse, minlength=len(names))
    fold_of, filled = np.zeros(len(names), dtype=np.int64), np.zeros(folds)
    for one in np.argsort(sizes)[::-1].tolist():
        lightest = int(np.argmin(filled))
        filled[lightest] += sizes[one]
        fold_of[one] = lightest
    return fold_of[inverse]
