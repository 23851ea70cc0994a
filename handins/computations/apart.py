"""What a mark is worth to one person of a team."""

from __future__ import annotations


def own_result(
    *, score: float | None, passed: bool, apart: tuple[int, bool | None] | None, pass_mark: int | None
) -> tuple[float | None, bool]:
    """Score (0 to 1) and whether it passes, for one person: the points are added, and the pass mark holds for the sum.

    ``apart``: percentage points more or less than the mark, and whether it passes where no pass mark says so.
    """
    if apart is None:
        return score, passed
    points, passes = apart
    own = None if score is None else min(1.0, max(0.0, score + points / 100))
    if pass_mark is not None and own is not None:
        return own, own * 100 + 1e-6 >= pass_mark
    return own, passed if passes is None else passes
