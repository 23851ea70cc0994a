"""What the coming days cost and bring: a forecast by mean fields. Pure.

Each card is followed as it is expected to fare: an answer is right with the recall of that day, and the state after it lies
between the two in that proportion. So a forecast costs as much as living through the days once, whatever may happen.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from memotrainer.engine.lives import Floats
from memotrainer.fsrs import AGAIN, DEFAULT_WEIGHTS, GOOD, expected_step, interval_days, retrievability, step
from memotrainer.preparing import LEAST_GAIN, SECONDS_PER_CARD, worth_of

RETENTIONS = (0.80, 0.85, 0.90, 0.95)
MOST_MINUTES = 60
LONGEST_DELAY = 60  # days that a test may be moved in a proposal
_EITHER = np.array([[GOOD], [AGAIN]])


@dataclass(frozen=True)
class Cards:
    """States of cards, and of those never asked (NaN stability)."""

    stability: Floats
    difficulty: Floats
    days: Floats  # since the last answer
    seconds: Floats | None = None  # that an answer takes
    topics: npt.NDArray[np.int64] | None = None  # of the cards with the same number one is asked a day

    def __len__(self) -> int:
        return len(self.stability)


@dataclass(frozen=True)
class Forecast:
    """Of each day: answers, and mean recall when it ends (a question that was never met counts as not known)."""

    answers: Floats
    recall: Floats


@dataclass(frozen=True)
class Reach:
    """Whether a goal is reached by the day of the test, and what would reach it."""

    recall: float
    goal: float
    minutes_needed: int | None = None
    days_more: int | None = None
    share_reachable: float = 1.0

    @property
    def percent(self) -> int:
        return round(100 * self.recall)

    @property
    def reached(self) -> bool:
        return self.recall >= self.goal


def _expected(s: Floats, d: Floats, days: Floats, weights: Sequence[float]) -> tuple[Floats, Floats]:
    """The state after an answer that is expected to be right as often as recall says."""
    new = np.isnan(s)
    if not new.any():
        return expected_step(stability=s, difficulty=d, elapsed_days=days, weights=weights)
    recall = np.where(new, 0.6, retrievability(stability=s, elapsed_days=days, weights=weights))
    stability, difficulty = step(
        stability=s, difficulty=d, elapsed_days=np.maximum(days, 1.0), rating=_EITHER, weights=weights
    )
    longer, shorter = np.log(stability)
    return np.exp(recall * longer + (1 - recall) * shorter), recall * difficulty[0] + (1 - recall) * difficulty[1]


def maintain(
    cards: Cards,
    *,
    desired_retention: float,
    days: int,
    cap: int | None = None,
    weights: Sequence[float] = DEFAULT_WEIGHTS,
) -> Forecast:
    """Keep recall at ``desired_retention`` for some days, at most ``cap`` answers a day."""
    s, d, since = cards.stability.copy(), cards.difficulty.copy(), cards.days.copy()
    wait = _waits(s, desired_retention, weights)
    answers, recall = np.zeros(days), np.zeros(days)
    for day in range(days):
        due = np.flatnonzero(since >= wait)
        if cap is not None and len(due) > cap:
            due = due[np.argsort(wait[due] - since[due], kind="stable")[:cap]]
        if len(due):
            s[due], d[due] = _expected(s[due], d[due], since[due], weights)
            since[due], wait[due] = 0.0, _waits(s[due], desired_retention, weights)
        answers[day] = len(due)
        since += 1.0
        recall[day] = float(retrievability(stability=s, elapsed_days=since, weights=weights).mean()) if len(s) else 0.0
    return Forecast(answers, recall)


def answers_within(
    cards: Cards,
    *,
    retentions: Sequence[float] = RETENTIONS,
    days: int,
    times: npt.ArrayLike = 1.0,
    weights: Sequence[float] = DEFAULT_WEIGHTS,
) -> list[float]:
    """For each retention how many answers ``maintain`` asks for without a cap; ``times``: how many cards a state stands for.

    Without a cap no card waits for another, so each is followed from answer to answer instead of from day to day: as many
    turns as the card that is asked most has answers, for all retentions at once.
    """
    count = len(cards)
    s, d, since = (np.tile(part, len(retentions)) for part in (cards.stability, cards.difficulty, cards.days))
    wanted, of = np.repeat(retentions, count), np.repeat(np.arange(len(retentions)), count)
    weight = np.tile(np.broadcast_to(np.asarray(times, dtype=np.float64), count), len(retentions))
    day = np.maximum(0.0, np.ceil(_waits(s, wanted, weights) - since))
    since = since + day
    answers = np.zeros(len(retentions))
    while (asked := day < days).any():
        s, d, since, wanted, of, weight, day = (part[asked] for part in (s, d, since, wanted, of, weight, day))
        answers += np.bincount(of, weights=weight, minlength=len(retentions))
        s, d = _expected(s, d, since, weights)
        since = _waits(s, wanted, weights)
        day = day + since
    return [float(one) for one in answers]


def _waits(s: Floats, desired_retention: npt.ArrayLike, weights: Sequence[float]) -> Floats:
    known = np.where(np.isnan(s), 1.0, s)
    waits = interval_days(stability=known, desired_retention=desired_retention, weights=weights)
    return np.where(np.isnan(s), 0.0, waits.astype(np.float64))


def prepare(
    cards: Cards,
    *,
    days: int,
    seconds_a_day: float,
    off: Collection[int] = (),
    weights: Sequence[float] = DEFAULT_WEIGHTS,
) -> Forecast:
    """Ask as ``preparing.chosen_for_test`` does on each day, so many seconds of it, but end at the first card that is too
    long for what is left; nothing on days ``off`` (0 is today)."""
    s, d, since = cards.stability.copy(), cards.difficulty.copy(), cards.days.copy()
    seconds = np.full(len(s), float(SECONDS_PER_CARD)) if cards.seconds is None else cards.seconds
    answers, recall = np.zeros(days), np.zeros(days)
    for day in range(days):
        left = float(days - day)
        gain, worth = worth_of(stability=s, difficulty=d, days=since, left=left, weights=weights)
        chosen = np.argsort(-worth / seconds, kind="stable")
        chosen = chosen[gain[chosen] > LEAST_GAIN]
        if cards.topics is not None:  # the first of each
            chosen = chosen[np.sort(np.unique(cards.topics[chosen], return_index=True)[1])]
        chosen = chosen[np.cumsum(seconds[chosen]) <= (0 if day in off else seconds_a_day)]
        s[chosen], d[chosen] = _expected(s[chosen], d[chosen], since[chosen], weights)
        since[chosen], answers[day] = 0.0, len(chosen)
        since += 1.0
        recall[day] = float(retrievability(stability=s, elapsed_days=since, weights=weights).mean()) if len(s) else 0.0
    return Forecast(answers, recall)


def reach(
    cards: Cards,
    *,
    days: int,
    minutes: int,
    goal: float,
    most_minutes: int = MOST_MINUTES,
    off: Collection[int] = (),
    weights: Sequence[float] = DEFAULT_WEIGHTS,
) -> Reach:
    """Is mean recall ``goal`` on the day of the test, with so many minutes a day? If not: what would do."""

    def recall_with(*, of: int, per_day: int) -> float:
        return (
            float(prepare(cards, days=of, seconds_a_day=60 * per_day, off=off, weights=weights).recall[-1])
            if of > 0 and len(cards)
            else 0.0
        )

    found = recall_with(of=days, per_day=minutes)
    if found >= goal or not len(cards):
        return Reach(found, goal)
    needed = _least(lambda n: recall_with(of=days, per_day=n) >= goal, minutes + 1, most_minutes)
    more = _least(lambda n: recall_with(of=days + n, per_day=minutes) >= goal, 1, LONGEST_DELAY)
    return Reach(found, goal, needed, more, min(1.0, found / goal))


def _least(good: Callable[[int], bool], low: int, high: int) -> int | None:
    if low > high or not good(high):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if good(middle) else (middle + 1, high)
    return low
