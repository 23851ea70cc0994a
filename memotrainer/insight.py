"""What a person knows by objective and by day, and what the coming weeks ask of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.core.cache import cache
from django.db.models import Avg, Count, ExpressionWrapper, F, FloatField, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from courses.models import Activity, VersionState
from ecosystem.registry import Figure
from ecosystem.scope import current_scope
from memotrainer.fsrs import retrievability
from memotrainer.models import Card, Review
from memotrainer.places import rows_everywhere
from memotrainer.planning import RETENTIONS, Cards, Forecast, maintain
from memotrainer.recall import days_since, recall_at

HORIZON = 28  # days of the forecast
WEEKS = 13  # of the calendar
MOST_CARDS = 5_000  # of which a workload is foretold; more are counted in proportion
SURE = 1.645  # standard deviations of a 90 % interval
LEAST_INTERVAL = 3.0  # percent to either side, whatever is known
IN_A_WHILE = timedelta(days=30)
READY = 80  # percent of an objective that is called remembered
FEWEST_PEOPLE = 5  # of whom a figure may be shown
KEPT = 600  # seconds
MOST_OBJECTIVES = 20  # in a report, the weakest


@dataclass(frozen=True)
class Readiness:
    """How much of an objective is remembered, with the interval in which 9 of 10 such figures lie. In percent."""

    objective_id: int | None
    text: str
    cards: int
    people: int
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
    days = np.array([days_since(last, now) for _s, _d, last in table])
    states = Cards(np.array([row[0] for row in table]), np.array([row[1] for row in table]), np.floor(days))
    return states, total / len(table) if table else 1.0


def readiness_by_objective(rows: Any, *, fewest_people: int = 1) -> list[Readiness]:
    """Of the cards of a queryset, weakest first, in one query however many cards; those without an objective are left out.

    The interval is that of what would be answered right: each card is right or wrong, and its recall is itself known only
    as well as its answers allow.
    """
    now = timezone.now()
    recall = recall_at(now, answered="last_reviewed_at", shifted=True)
    spread = ExpressionWrapper(F("recall_now") * (1.0 - F("recall_now")), output_field=FloatField())
    found = (
        rows.filter(reviews__gt=0)
        .exclude(question__objective=None)
        .order_by()
        .annotate(recall_now=recall)
        .annotate(
            spread=spread,
            unsure=ExpressionWrapper(spread / (1.0 + F("reviews")), output_field=FloatField()),
            later=recall_at(now + IN_A_WHILE, answered="last_reviewed_at", shifted=True),
        )
        .values("question__objective_id", "question__objective__text")
        .annotate(
            cards=Count("pk"),
            people=Count("person_id", distinct=True),
            mean=Avg("recall_now"),
            of_cards=Sum("spread"),
            of_states=Sum("unsure"),
            in_thirty_days=Avg("later"),
        )
        .filter(people__gte=fewest_people)
    )
    return sorted((_readiness(row) for row in found), key=lambda one: (one.recall, one.text))


def _readiness(row: dict[str, Any]) -> Readiness:
    cards, mean = row["cards"], row["mean"]
    half = max(LEAST_INTERVAL / 100, SURE * (row["of_states"] + row["of_cards"] / cards) ** 0.5 / cards)
    return Readiness(
        objective_id=row["question__objective_id"],
        text=row["question__objective__text"],
        cards=cards,
        people=row["people"],
        recall=round(100 * mean),
        low=round(100 * max(0.0, mean - half)),
        high=round(100 * min(1.0, mean + half)),
        in_thirty_days=round(100 * row["in_thirty_days"]),
    )


def readiness_of_environment(at: datetime) -> Figure:
    """Every learning objective that five people or more have met here, with its interval; of now only, since what else is
    known of a card is not kept for the past."""
    if at < timezone.now() - timedelta(minutes=1):
        return Figure(value=None)
    found = readiness_by_objective(Card.objects.filter(question__retired_at=None), fewest_people=FEWEST_PEOPLE)
    if not found:
        return Figure(value=None, note=_("Shown once five people have cards of a learning objective."))
    rows = [[one.text, one.people, one.recall, one.low, one.high, one.in_thirty_days] for one in found]
    ready = sum(one.recall >= READY for one in found)
    return Figure(value=ready, of=len(found), details={"rows": rows[:MOST_OBJECTIVES]})


def recall_by_element() -> dict[int, tuple[int, int]]:
    """By where cards were met: (how many of them, percent that would be answered right now); where five people or more met
    them. One query over all cards, so what it said stays for ten minutes."""
    key = f"memo:recall:{current_scope().environment_id}"
    kept: dict[int, tuple[int, int]] | None = cache.get(key)
    if kept is None:
        kept = _recall_by_element()
        cache.set(key, kept, KEPT)
    return kept


def _recall_by_element() -> dict[int, tuple[int, int]]:
    found = (
        Card.objects.filter(reviews__gt=0, source__isnull=False, question__retired_at=None)
        .annotate(recall_now=recall_at(timezone.now(), answered="last_reviewed_at", shifted=True))
        .order_by()
        .values("source_id")
        .annotate(cards=Count("pk"), mean=Avg("recall_now"), people=Count("person_id", distinct=True))
        .filter(people__gte=FEWEST_PEOPLE)
    )
    return {row["source_id"]: (row["cards"], round(100 * row["mean"])) for row in found}


def remembered_by_person(*, person_id: int, element_ids: Collection[int]) -> dict[int, int]:
    """What somebody would answer right now of the questions of courses, in percent; without courses of which they have no
    cards. Two queries, however many courses."""
    quizzes: dict[int, set[int]] = {}
    steps = Activity.objects.filter(element_id__in=element_ids, version__state=VersionState.PUBLISHED)
    for course_id, quiz_id in steps.values_list("element_id", "target_id"):
        quizzes.setdefault(course_id, set()).add(quiz_id)
    cards = Card.objects.filter(person_id=person_id, reviews__gt=0, source_id__in=set().union(*quizzes.values()))
    recall = recall_at(timezone.now(), answered="last_reviewed_at", shifted=True)
    known = list(cards.annotate(recall_now=recall).values_list("source_id", "recall_now")) if quizzes else []
    found = {}
    for course_id, its in quizzes.items():
        mine = [recall for source_id, recall in known if source_id in its]
        if mine:
            found[course_id] = round(100 * sum(mine) / len(mine))
    return found


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


@dataclass(frozen=True)
class Calendar:
    """Answers by day. ``mondays``: the first day of each week; ``rows``: of each day of the week, its days, None ahead."""

    mondays: list[date]
    rows: list[tuple[str, list[DayAnswered | None]]]

    @property
    def answers(self) -> int:
        return sum(day.answers for _name, days in self.rows for day in days if day)


def calendar_of(*, person_id: int, weeks: int = WEEKS, beside: Collection[int] = ()) -> Calendar:
    """The last weeks from Monday on, the newest last; of answers here and in the environments ``beside``."""
    today = timezone.localdate()
    first = today - timedelta(days=today.weekday() + 7 * (weeks - 1))
    with rows_everywhere(beside) as places:
        answers = Review.objects.filter(places, person_id=person_id, answered_at__date__gte=first)
        days = answers.annotate(day=TruncDate("answered_at")).values("day").annotate(count=Count("pk"))
        counts = dict(days.values_list("day", "count"))

    def on(day: date) -> DayAnswered | None:
        return DayAnswered(day, counts.get(day, 0)) if day <= today else None

    mondays = [first + timedelta(weeks=n) for n in range(weeks)]
    rows = [(str(WEEKDAYS_ABBR[n]), [on(monday + timedelta(days=n)) for monday in mondays]) for n in range(7)]
    return Calendar(mondays, rows)
