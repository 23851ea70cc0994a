"""What a mark is worth to one person of a team."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handins.models import Adjustment, Mark


def own_result(*, mark: Mark, apart: Adjustment | None, pass_mark: int | None) -> tuple[float | None, bool]:
    """Score (0 to 1) and whether it passes, for one person: the points are added, and the pass mark holds for the sum."""
    if apart is None:
        return mark.score, mark.passed
    score = None if mark.score is None else min(1.0, max(0.0, mark.score + apart.points / 100))
    if pass_mark is not None and score is not None:
        return score, score * 100 + 1e-6 >= pass_mark
    return score, mark.passed if apart.passed is None else apart.passed
