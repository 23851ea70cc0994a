"""When a question comes back: by recall, or by right answers in a row. Pure."""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from memotrainer.enums import Mode
from memotrainer.fsrs import DEFAULT_WEIGHTS, interval_of

STREAK_DAYS = (1, 3, 7, 14, 30, 60)  # after 1, 2, ... right answers in a row; of our choosing, nobody publishes theirs
NEVER = 36_500  # days; a streak that is complete is not asked again
NO_FUZZ_BELOW = 2.5
FUZZ = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.10), (20.0, float("inf"), 0.05))
TURNS = 2  # the shift of a day depends on the day, a little
EASY_DAY = 0.5  # a day with less takes half of what others take


def as_it_is(_days: int) -> float:
    """What FSRS-6 says is what is believed."""
    return 0.0


def never(_day: date) -> bool:
    return False


@dataclass(frozen=True)
class Way:
    """How the questions of a course are trained for one person. A test changes what is asked on a day, not when a question
    would be forgotten, so after it knowledge is kept as if it had always been."""

    mode: Mode = Mode.MAINTAIN
    desired_retention: float = 0.9
    streak_level: int = 3


def days_until_next(
    *,
    way: Way,
    stability: float,
    run: int,
    weights: Sequence[float] = DEFAULT_WEIGHTS,
    shift: Callable[[int], float] = as_it_is,
) -> int:
    """Whole days from the answer to the next time, before load is balanced. ``shift``: of a number of days, by how many
    logits the corrected forecast differs then from what FSRS-6 says; it moves the day to half or twice at most."""
    if way.mode is Mode.STREAK:
        if run >= way.streak_level:
            return NEVER
        return STREAK_DAYS[min(max(run, 1), len(STREAK_DAYS)) - 1]
    days = plain = interval_of(stability, way.desired_retention, weights=weights)
    for _turn in range(TURNS):
        aim = aimed(way.desired_retention, shift(days))
        found = interval_of(stability, aim, weights=weights)
        days = max(-(-plain // 2), min(found, 2 * plain))
    return days


def aimed(desired_retention: float, shift: float) -> float:
    """What FSRS-6 must say for recall to be as desired, where it is off by ``shift`` logits."""
    if not shift:
        return desired_retention
    x = math.log(desired_retention / (1 - desired_retention)) - shift
    return min(0.99, max(0.3, 1 / (1 + math.exp(-x))))


def fuzz_window(days: int) -> tuple[int, int]:
    """The first and last day that are as good as ``days``: none under 2.5, then a share that shrinks."""
    if days < NO_FUZZ_BELOW or days >= NEVER:
        return days, days
    delta = 1.0 + sum(share * max(0.0, min(float(days), high) - low) for low, high, share in FUZZ)
    return max(2, round(days - delta)), round(days + delta)


def balanced(
    days: int,
    *,
    today: date,
    load: Mapping[date, int],
    weekdays: Collection[int] = (),
    easy_days: Collection[int] = (),
    seed: int = 0,
    off: Callable[[date], bool] = never,
) -> int:
    """The day within the fuzz window with the least to do; days without training, and holidays (``off``), only when there is
    no other.

    ``load``: cards that are due on a day. The same input gives the same day.
    """
    first, last = fuzz_window(days)
    if first == last:
        return days
    order = np.random.default_rng(abs(seed)).permutation(last - first + 1).tolist()

    def cost(place: int) -> tuple[bool, bool, float, int]:
        day = today + timedelta(days=first + place)
        closed = bool(weekdays) and day.isoweekday() not in weekdays
        share = EASY_DAY if day.isoweekday() in easy_days else 1.0
        return off(day), closed, (load.get(day, 0) + 1) / share, order[place]

    return first + min(range(last - first + 1), key=cost)


def streak_percent(*, run: int, level: int) -> int:
    """0 after a wrong answer, 100 after ``level`` right ones in a row."""
    return round(100 * min(max(run, 0), level) / level)
