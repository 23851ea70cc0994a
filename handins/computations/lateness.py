"""What late work loses."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

DAY = timedelta(days=1)


def days_late(*, handed_in: datetime, due: datetime) -> int:
    """Each day that has begun counts: a minute late is one."""
    return max(0, math.ceil((handed_in - due) / DAY))


def late_off(*, score: float, days: int, per_day: int) -> tuple[float, int]:
    """The score (0 to 1) that is left, and how many percentage points are gone: never more than there were."""
    points = min(days * per_day, math.ceil(score * 100 - 1e-6))
    return max(0.0, score - points / 100), points
