"""How far markers agree: figures about scores, without a database."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, variance

ENOUGH = 5  # below so many marks or pairs a figure says more about chance than about a marker
TWO_SIDED_95 = 1.959964  # of the normal distribution


def icc_single(rows: Sequence[Sequence[float]]) -> float | None:
    """ICC(1,1): how much of the differences between scores lies in the work, where each work is judged by k markers who are
    not the same for all of it. 1: markers always agree; 0: they agree no more than about different work.

    (BMS - WMS) / (BMS + (k - 1) WMS), with the mean squares between and within the rows of a one-way analysis of variance:
    case 1 of P. E. Shrout and J. L. Fleiss, "Intraclass correlations: uses in assessing rater reliability", Psychological
    Bulletin 86 (1979) 420-428. None for fewer than two rows, or where all scores are the same.
    """
    if len(rows) < 2:
        return None
    k = len(rows[0])
    if k < 2 or any(len(row) != k for row in rows):
        raise ValueError("Each row needs the scores of the same number of markers, two at least.")
    between = k * variance([fmean(row) for row in rows])
    within = fmean([variance(row) for row in rows])
    below = between + (k - 1) * within
    return None if below <= 1e-12 else (between - within) / below


def difference(own: Sequence[float], others: Sequence[float]) -> tuple[float, float] | None:
    """Mean of the one less mean of the others, and half the width of its 95 % interval, where each side has enough.

    The interval takes the two samples as independent and of unequal spread (B. L. Welch, Biometrika 34 (1947) 28-35), with
    the normal distribution in place of Student's: with few marks it is a little too narrow.
    """
    if min(len(own), len(others)) < ENOUGH:
        return None
    error = sqrt(variance(own) / len(own) + variance(others) / len(others))
    return fmean(own) - fmean(others), TWO_SIDED_95 * error


def paired_difference(pairs: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    """The same, for two scores of the same work each: the mean of the differences."""
    if len(pairs) < ENOUGH:
        return None
    apart = [own - other for own, other in pairs]
    return fmean(apart), TWO_SIDED_95 * sqrt(variance(apart) / len(apart))
