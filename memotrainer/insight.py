"""What a person knows by objective and by day, and what the coming weeks ask of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from memotrainer.fsrs import retrievability
from memotrainer.models import Card, Review
from memotrainer.planning import RETENTIONS, Cards, Forecast, maintain

DAY = 24 * 3600
HORIZON = 28  # days of the forecast
WEEKS = 13  # of the calendar
MOST_CARDS = 5_000  # of which a workload is foretold; more are counted in proportion
SURE = 1.645  # standard deviations of a 90 % interval
LEAST_INTERVAL = 3.0  # percent to either side, whatever is known


@dataclass(frozen=True)
class Readiness:
    """How much of an objective is remembered, with the interval in which 9 of 10 such figures lie. In percent."""

    objective_id: int | None
    text: str
    cards: int
    recall: int
    low: int
    high: int
    in_thirty_days: int


def cards_of(rows: Any) -> tuple[Cards, float]:
    """(states of at most 5 000 cards of a queryset, by how much to multiply what they cost)."""
    total = rows.count()
    some = rows.order_by("question_id", "person_id").values_list("stability", "difficulty", "last_reviewed_at")
    table = list(some[:: max(1, total // MOST_CARDS)]) if total else []
    now = timezone.now()
    days = np.array([max(0.0, (now - last).total_seconds() / DAY) for _s, _d, last in table])
    states = Cards(np.array([row[0] for row in table]), np.array([row[1] for row in table]), np.floor(days))
    return states, total / len(table) if table else 1.0


def readiness_of(*, recall: np.ndarray, lapses: np.ndarray, reviews: np.ndarray) -> tuple[float, float, float]:
    """(mean recall, low, high) in percent: the spread of what would be answered right, wider where little was answered."""
    mean = float(recall.mean())
    # Each card is right or wrong, and its recall is itself known only as well as its answers allow.
    unsure = recall * (1 - recall) * (1 / (1 + reviews) + 1 / len(recall))
    half = max(LEAST_INTERVAL / 100, SURE * float(np.sqrt(unsure.sum()) / len(recall)))
    return 100 * mean, 100 * max(0.0, mean - half), 100 * min(1.0, mean + half)


def readiness_by_objective(rows: Any) -> list[Readiness]:
    """Of the cards of a queryset, weakest first; cards without an objective are left out."""
    now = timezone.now()
    found: dict[int, list[tuple[Any, ...]]] = {}
    texts: dict[int, str] = {}
    values = (
        rows.filter(reviews__gt=0)
        .exclude(question__objective=None)
        .values_list(
            "question__objective_id", "question__objective__text", "stability", "last_reviewed_at", "lapses", "reviews"
        )
    )
    for objective_id, text, *state in values:
        texts[objective_id] = text
        found.setdefault(objective_id, []).append(tuple(state))
    result = []
    for objective_id, states in found.items():
        stability = np.array([state[0] for state in states])
        days = np.array([max(0.0, (now - state[1]).total_seconds() / DAY) for state in states])
        recall = retrievability(stability=stability, elapsed_days=days)
        later = retrievability(stability=stability, elapsed_days=days + 30)
        mean, low, high = readiness_of(
            recall=recall, lapses=np.array([s[2] for s in states]), reviews=np.array([s[3] for s in states])
        )
        result.append(
            Readiness(
                objective_id,
                texts[objective_id],
                len(states),
                round(mean),
                round(low),
                round(high),
                round(100 * later.mean()),
            )
        )
    return sorted(result, key=lambda one: (one.recall, one.text))


@dataclass(frozen=True)
class Ahead:
    """Recall on the coming days, with practice and without."""

    with_practice: list[float]
    without: list[float]


def ahead_of(*, person_id: int, desired_retention: float, days: int = HORIZON) -> Ahead | None:
    """None without cards."""
    states, _times = cards_of(Card.objects.filter(person_id=person_id, suspended_at=None))
    if not len(states):
        return None
    kept: Forecast = maintain(states, desired_retention=desired_retention, days=days)
    without = [
        float(retrievability(stability=states.stability, elapsed_days=states.days + n + 1).mean()) for n in range(days)
    ]
    return Ahead([100 * one for one in kept.recall.tolist()], [100 * one for one in without])


@dataclass(frozen=True)
class Cost:
    """What a desired retention asks for in the coming weeks."""

    desired_retention: float
    minutes_a_week: float
    recall: float

    @property
    def percent(self) -> int:
        return round(100 * self.desired_retention)


def costs_of(rows: Any, *, people: int = 1) -> list[Cost]:
    """Minutes a week and a person for each desired retention on offer, over eight weeks, and the recall it gives."""
    states, times = cards_of(rows)
    if not len(states):
        return []
    found = []
    for wanted in RETENTIONS:
        forecast = maintain(states, desired_retention=wanted, days=56)
        found.append(
            Cost(wanted, forecast.minutes_a_week * times / max(1, people), 100 * float(forecast.recall.mean()))
        )
    return found


@dataclass(frozen=True)
class DayAnswered:
    day: date
    answers: int

    @property
    def level(self) -> int:
        """0 for none to 4 for many."""
        return sum(self.answers >= least for least in (1, 4, 8, 16))


def calendar_of(*, person_id: int, weeks: int = WEEKS) -> list[list[DayAnswered]]:
    """Answers by day, a list for each week from Monday on, the newest week last."""
    today = timezone.localdate()
    first = today - timedelta(days=today.weekday() + 7 * (weeks - 1))
    counts = dict(
        Review.objects.filter(person_id=person_id, answered_at__date__gte=first)
        .annotate(day=TruncDate("answered_at"))
        .values("day")
        .annotate(count=Count("pk"))
        .values_list("day", "count")
    )
    days = [first + timedelta(days=n) for n in range(7 * weeks)]
    return [
        [DayAnswered(day, counts.get(day, 0)) for day in days[start : start + 7] if day <= today]
        for start in range(0, len(days), 7)
    ]
