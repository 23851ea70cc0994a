"""What is still to be done, week by week. Nothing here reads the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

WEEK = timedelta(days=7)


@dataclass
class Week:
    """``first`` is its Monday."""

    first: date
    minutes: int = 0
    titles: list[str] = field(default_factory=list)


def weeks_of(steps: Sequence[tuple[str, int]], *, first: date, last: date | None) -> list[Week]:
    """``steps`` (title, minutes) in order, spread evenly by minutes over the weeks from ``first`` to ``last``.

    Empty when there is no last day, when it is over, and when nothing is left.
    """
    if last is None or last < first or not steps:
        return []
    monday = first - timedelta(days=first.weekday())
    count = (last - monday).days // 7 + 1
    weeks = [Week(monday + WEEK * number) for number in range(count)]
    sizes = [minutes for _title, minutes in steps]
    if not any(sizes):
        sizes = [1] * len(steps)
    total, gone = sum(sizes), 0
    for (title, minutes), size in zip(steps, sizes, strict=True):
        # The week in which the middle of the step falls.
        week = weeks[min(int((gone + size / 2) * count / total), count - 1)]
        week.minutes += minutes
        week.titles.append(title)
        gone += size
    return weeks
