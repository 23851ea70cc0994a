"""What answers tell of questions: the figures of classical test theory, vectorised. Nothing here knows the database.

An answer is one place in arrays of equal length: which attempt (0..a-1, in the order in which they began), which item
(0..i-1), what it earned and what could be earned (points), the seconds it took, and the option chosen (-1 for none).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BINS = 5
ENOUGH = 20  # answers below which nothing is said of an item
TOO_EASY, TOO_HARD = 0.95, 0.15
POOR = 0.1  # discrimination below which an item tells little
MISLEADS = 0.1  # share that a wrong option must have to be looked at
DRIFTS, SURELY = 0.1, 3.0


@dataclass(frozen=True, slots=True)
class Answers:
    attempt: Ints
    item: Ints
    earned: Floats
    points: Floats
    seconds: Floats
    option: Ints

    @property
    def items(self) -> int:
        return int(self.item.max()) + 1 if len(self.item) else 0

    @property
    def attempts(self) -> int:
        return int(self.attempt.max()) + 1 if len(self.attempt) else 0


@dataclass(frozen=True, slots=True)
class Option:
    """``share`` of those asked who chose it, and how well those did on the rest (mean share of the rest's points)."""

    option: int
    share: float
    rest: float


@dataclass(slots=True)
class ItemFigure:
    """Figures of one item; None where the answers do not say."""

    answers: int
    facility: float
    spread: float
    point_biserial: float | None
    discrimination: float | None
    exposure: float
    seconds: float | None
    curve: list[float | None]
    drift: float
    drift_z: float
    options: list[Option] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TestFigure:
    """Figures of a whole assessment. ``alpha`` and what follows from it only where everybody was asked the same."""

    attempts: int
    mean: float
    spread: float
    alpha: float | None
    error: float | None


def cronbach_alpha(scores: Floats) -> float | None:
    """Reliability as internal consistency, from a matrix people × items without holes; None below two of either.

    alpha = k / (k - 1) * (1 - sum of item variances / variance of totals), variances with n - 1.
    Source: L. J. Cronbach, Coefficient alpha and the internal structure of tests, Psychometrika 16 (1951) 297-334, eq. 2.
    """
    people, items = scores.shape
    total = scores.sum(axis=1).var(ddof=1) if people > 1 else 0.0
    if items < 2 or total <= 0:
        return None
    return float(items / (items - 1) * (1 - scores.var(axis=0, ddof=1).sum() / total))


def standard_error(spread: float, alpha: float | None) -> float | None:
    """How far a score lies from the true one, typically: s * sqrt(1 - reliability).

    Source: F. M. Lord, M. R. Novick, Statistical Theories of Mental Test Scores (1968), ch. 3, eq. 3.8.2 (sigma_E).
    """
    return None if alpha is None else float(spread * np.sqrt(max(0.0, 1 - alpha)))


def correlations(item: Ints, x: Floats, y: Floats, items: int) -> Floats:
    """Pearson's r of ``x`` and ``y`` within each item, NaN where either does not vary.

    With x 0 or 1 this is the point-biserial correlation; with y the score without the item, the corrected item-total.
    Sources: J. Lev, The point biserial coefficient of correlation, Ann. Math. Stat. 20 (1949) 125-126; S. Henrysson,
    Correction of item-total correlations in item analysis, Psychometrika 28 (1963) 211-218.
    """
    n = np.maximum(np.bincount(item, minlength=items), 1)
    dx = x - (np.bincount(item, x, items) / n)[item]
    dy = y - (np.bincount(item, y, items) / n)[item]
    sxx, syy = np.bincount(item, dx * dx, items), np.bincount(item, dy * dy, items)
    both = np.sqrt(sxx * syy)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(both > 1e-12, np.bincount(item, dx * dy, items) / both, np.nan)


def test_figure(answers: Answers) -> TestFigure:
    """Mean and spread of the totals (shares of the points), reliability and error of measurement."""
    attempts, items = answers.attempts, answers.items
    if not attempts:
        return TestFigure(0, 0.0, 0.0, None, None)
    share = _totals(answers)[0]
    spread = float(share.std(ddof=1)) if attempts > 1 else 0.0
    alpha = None
    if len(answers.item) == attempts * items:
        matrix = np.full((attempts, items), np.nan)
        matrix[answers.attempt, answers.item] = answers.earned
        alpha = None if np.isnan(matrix).any() else cronbach_alpha(matrix)
    return TestFigure(attempts, float(share.mean()), spread, alpha, standard_error(spread, alpha))


def _totals(answers: Answers) -> tuple[Floats, Floats, Floats]:
    """Per attempt: share of the points, points earned, points possible."""
    earned = np.bincount(answers.attempt, answers.earned, answers.attempts)
    possible = np.bincount(answers.attempt, answers.points, answers.attempts)
    return earned / np.maximum(possible, 1e-9), earned, possible


def item_figures(answers: Answers) -> list[ItemFigure]:
    """The figures of each item, in their order.

    Facility: mean share of the points earned (Lord & Novick 1968, ch. 15, "item difficulty"). Exposure: share of the
    attempts that asked it (J. B. Sympson, R. D. Hetter, Proc. Military Testing Association 1985). Curve: facility in five
    equal groups by the rest of the test, from the weakest on, which is the empirical item characteristic curve (Lord,
    Applications of Item Response Theory, 1980, ch. 2). Drift: facility of the later half of its answers less that of the
    earlier, with z by the two variances (B. L. Welch, Biometrika 29 (1938) 350-362).
    """
    items = answers.items
    if not items:
        return []
    n = np.bincount(answers.item, minlength=items)
    x = answers.earned / np.maximum(answers.points, 1e-9)
    _share, earned, possible = _totals(answers)
    rest_points = possible[answers.attempt] - answers.points
    rest = (earned[answers.attempt] - answers.earned) / np.maximum(rest_points, 1e-9)
    total = earned[answers.attempt] / np.maximum(possible[answers.attempt], 1e-9)
    safe = np.maximum(n, 1)
    facility = np.bincount(answers.item, x, items) / safe
    spread = np.sqrt(np.maximum(np.bincount(answers.item, x * x, items) / safe - facility**2, 0))
    biserial = correlations(answers.item, x, total, items)
    corrected = correlations(answers.item, x, rest, items)
    curve = _curves(answers.item, x, rest, items)
    drift, z = _drifts(answers, x, items)
    seconds = _medians(answers.item, answers.seconds, items)
    options = _options(answers, rest, n)
    return [
        ItemFigure(
            answers=int(n[i]),
            facility=float(facility[i]),
            spread=float(spread[i]),
            point_biserial=_known(biserial[i]),
            discrimination=_known(corrected[i]),
            exposure=float(n[i] / answers.attempts),
            seconds=_known(seconds[i]),
            curve=[_known(value) for value in curve[i]],
            drift=float(drift[i]),
            drift_z=float(z[i]),
            options=options.get(i, []),
        )
        for i in range(items)
    ]


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _curves(item: Ints, x: Floats, rest: Floats, items: int) -> Floats:
    """Mean of ``x`` per item in five groups of equal size by ``rest``."""
    order = np.argsort(rest, kind="stable")
    rank = np.empty(len(rest), dtype=np.int64)
    rank[order] = np.arange(len(rest))
    group = rank * BINS // len(rest)
    place = item * BINS + group
    n = np.bincount(place, minlength=items * BINS)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.where(n > 0, np.bincount(place, x, items * BINS) / n, np.nan)
    return means.reshape(items, BINS)


def _drifts(answers: Answers, x: Floats, items: int) -> tuple[Floats, Floats]:
    order = np.lexsort((answers.attempt, answers.item))
    item = answers.item[order]
    n = np.bincount(item, minlength=items)
    place = np.arange(len(item)) - np.repeat(np.cumsum(n) - n, n)
    late = (place * 2 >= n[item]).astype(np.int64)
    half, value = item * 2 + late, x[order]
    count = np.bincount(half, minlength=items * 2)
    safe = np.maximum(count, 1)
    mean = np.bincount(half, value, items * 2) / safe
    spread = np.maximum(np.bincount(half, value**2, items * 2) / safe - mean**2, 0) / safe
    mean, spread = mean.reshape(items, 2), spread.reshape(items, 2).sum(axis=1)
    drift = np.where(count.reshape(items, 2).min(axis=1) > 0, mean[:, 1] - mean[:, 0], 0.0)
    return drift, np.where(spread > 0, drift / np.sqrt(np.maximum(spread, 1e-12)), 0.0)


def _medians(item: Ints, seconds: Floats, items: int) -> Floats:
    """Median of the seconds that are known (above 0), per item."""
    known = seconds > 0
    item, seconds = item[known], seconds[known]
    found = np.full(items, np.nan)
    if not len(item):
        return found
    order = np.lexsort((seconds, item))
    values, n = seconds[order], np.bincount(item, minlength=items)
    first = np.cumsum(n) - n
    there = n > 0
    low, high = first[there] + (n[there] - 1) // 2, first[there] + n[there] // 2
    found[there] = (values[low] + values[high]) / 2
    return found


def _options(answers: Answers, rest: Floats, n: Ints) -> dict[int, list[Option]]:
    """Per item the options that were chosen, with the mean of the rest of those who chose them."""
    chose = answers.option >= 0
    if not chose.any():
        return {}
    item, option, others = answers.item[chose], answers.option[chose], rest[chose]
    most = int(option.max()) + 1
    place, where = np.unique(item * most + option, return_inverse=True)
    count = np.bincount(where)
    mean = np.bincount(where, others) / count
    found: dict[int, list[Option]] = {}
    for at, key in enumerate(place):
        i = int(key // most)
        found.setdefault(i, []).append(Option(int(key % most), float(count[at] / n[i]), float(mean[at])))
    return found


def flags_of(figure: ItemFigure, *, guess: float, right: frozenset[int]) -> list[str]:
    """What is wrong with an item, the worst first: names that ``FLAGS`` puts into words. ``right``: its right options."""
    if figure.answers < ENOUGH:
        return []
    r = figure.discrimination
    wrong_key = r is not None and r < -POOR
    guessed = guess > 0 and figure.facility <= guess + 0.05 and (r is None or r < POOR)
    tests = {
        "wrong_key": wrong_key,
        "misleading": not wrong_key and _misleads(figure, right),
        "guessed": guessed,
        "weak": r is not None and -POOR <= r < POOR and not guessed and TOO_HARD <= figure.facility <= TOO_EASY,
        "too_easy": figure.facility > TOO_EASY,
        "too_hard": figure.facility < TOO_HARD,
        "drift": abs(figure.drift) > DRIFTS and abs(figure.drift_z) > SURELY,
    }
    return [name for name, is_so in tests.items() if is_so]


def _misleads(figure: ItemFigure, right: frozenset[int]) -> bool:
    """A wrong option that a tenth chose, by people who did at least as well on the rest as those who chose right."""
    good = [one.rest for one in figure.options if one.option in right]
    bad = [one.rest for one in figure.options if one.option not in right and one.share >= MISLEADS]
    return bool(good and bad) and max(bad) >= max(good)
