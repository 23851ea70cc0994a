"""What a person knows by objective and by day, and what the coming weeks ask of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.core.cache import cache
from django.db.models import Avg, Count, ExpressionWrapper, F, FloatField, QuerySet, Sum, Value
from django.db.models.functions import Floor, Greatest, Power, TruncDate
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from courses.models import Activity, VersionState
from ecosystem.prepared import Given, prepared
from ecosystem.registry import Figure
from ecosystem.scope import current_scope
from memotrainer.fsrs import retrievability
from memotrainer.models import Card, Review
from memotrainer.places import rows_everywhere
from memotrainer.planning import RETENTIONS, Cards, Forecast, answers_within, maintain
from memotrainer.preparing import SECONDS_PER_CARD
from memotrainer.recall import days_at, recall_at

HORIZON = 28  # days of the forecast
WEEKS = 13  # of the calendar
FORETOLD = 56  # days of a workload
SURE = 1.645  # standard deviations of a 90 % interval
LEAST_INTERVAL = 3.0  # percent to either side, whatever is known
IN_A_WHILE = timedelta(days=30)
READY = 80  # percent of an objective that is called remembered
FEWEST_PEOPLE = 5  # of whom a figure may be shown
KEPT = 600  # seconds
MOST_OBJECTIVES = 20  # in a report, the weakest
OBJECTIVE = ("question__objective_id", "question__objective__text")


@dataclass(frozen=True)
class Readiness:
    """How much of an objective is remembered, with the interval in which 9 of 10 such figures lie. In percent.

    ``people``: who have its cards, where that was asked for.
    """

    objective_id: int | None
    text: str
    cards: int
    people: int | None
    recall: int
    low: int
    high: int
    in_thirty_days: int


def states_of(rows: Any, *, now: Given) -> QuerySet[Any]:
    """(stability, difficulty, whole days since the last answer, how many of the cards). Cards that were answered alike on
    the same days are alike, so many people have far fewer states than cards."""
    return state_by_state(rows, now=now).order_by().annotate(cards=Count("pk"))


def state_by_state(rows: Any, *, now: Given) -> QuerySet[Any]:
    """The same of each card."""
    days = Greatest(Floor(days_at(now, answered="last_reviewed_at")), Value(0.0))
    states: QuerySet[Any] = rows.annotate(days=days).values_list("stability", "difficulty", "days")
    return states


def recall_sums(rows: Any, *by: str, now: Given, later: Given) -> QuerySet[Any]:
    """Of the cards that were answered, the sums that ``readiness_of`` reads. r (1 - r) is written as 1/4 - (r - 1/2)^2, which
    works r out once."""
    spread = Value(0.25) - Power(F("recall_now") - Value(0.5), Value(2.0), output_field=FloatField())
    found: QuerySet[Any] = (
        rows.filter(reviews__gt=0)
        .order_by()
        .annotate(recall_now=recall_at(now, answered="last_reviewed_at", shifted=True))
        .annotate(
            spread_now=ExpressionWrapper(spread, output_field=FloatField()),
            unsure_now=ExpressionWrapper(spread / (Value(1.0) + F("reviews")), output_field=FloatField()),
            recall_later=recall_at(later, answered="last_reviewed_at", shifted=True),
        )
        .values(*by)
        .annotate(
            cards=Count("pk"),
            recall=Sum("recall_now"),
            spread=Sum("spread_now"),
            unsure=Sum("unsure_now"),
            later=Sum("recall_later"),
        )
    )
    return found


def readiness_of(objective_id: int, text: str, sums: Mapping[str, Any]) -> Readiness:
    """The interval is that of what would be answered right: each card is right or wrong, and its recall is itself known only
    as well as its answers allow."""
    cards = sums["cards"]
    mean = sums["recall"] / cards
    half = max(LEAST_INTERVAL / 100, SURE * (sums["unsure"] + sums["spread"] / cards) ** 0.5 / cards)
    return Readiness(
        objective_id=objective_id,
        text=text,
        cards=cards,
        people=sums.get("people"),
        recall=round(100 * mean),
        low=round(100 * max(0.0, mean - half)),
        high=round(100 * min(1.0, mean + half)),
        in_thirty_days=round(100 * sums["later"] / cards),
    )


def weakest_first(rows: Iterable[Readiness]) -> list[Readiness]:
    return sorted(rows, key=lambda one: (one.recall, one.text))


def _by_objective(rows: Any, *, now: Given, later: Given) -> QuerySet[Any]:
    """One query however many cards; those without an objective are left out."""
    return recall_sums(rows.exclude(question__objective=None), *OBJECTIVE, now=now, later=later)


def _readiness_in(found: Iterable[dict[str, Any]]) -> list[Readiness]:
    objective_id, text = OBJECTIVE
    return weakest_first(readiness_of(row[objective_id], row[text], row) for row in found)


def readiness_of_person(person_id: int) -> list[Readiness]:
    """Of every learning objective of the person's cards."""
    now = timezone.now()
    return _readiness_in(_mine_by_objective(person=person_id, now=now, later=now + IN_A_WHILE))


@prepared
def _mine_by_objective(*, person: Given, now: Given, later: Given) -> QuerySet[Any]:
    return _by_objective(Card.objects.filter(person_id=person, question__retired_at=None), now=now, later=later)


def readiness_of_environment(at: datetime) -> Figure:
    """Every learning objective that five people or more have met here, with its interval; of now only, since what else is
    known of a card is not kept for the past."""
    if at < timezone.now() - timedelta(minutes=1):
        return Figure(value=None)
    now = timezone.now()
    asked = Card.objects.filter(question__retired_at=None)
    sums = _by_objective(asked, now=now, later=now + IN_A_WHILE).annotate(people=Count("person_id", distinct=True))
    found = _readiness_in(sums.filter(people__gte=FEWEST_PEOPLE))
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


@prepared
def _my_states(*, person: Given, now: Given) -> QuerySet[Any]:
    return states_of(Card.objects.filter(person_id=person, suspended_at=None), now=now)


def ahead_of(*, person_id: int, desired_retention: float, days: int = HORIZON) -> Ahead | None:
    """None without cards."""
    found = list(_my_states(person=person_id, now=timezone.now()))
    if not found:
        return None
    *parts, times = np.array(found, dtype=np.float64).T
    states = Cards(*(np.repeat(part, times.astype(np.int64)) for part in parts))
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

    @property
    def percent(self) -> int:
        return round(100 * self.desired_retention)


def costs_of(states: Iterable[tuple[Any, ...]], *, cards: int | None = None, people: int = 1) -> list[Cost]:
    """Minutes a week and a person for each desired retention on offer, over eight weeks. ``states`` are of ``states_of``;
    ``cards``: how many they stand for, where that is more than they have."""
    table = np.array(list(states), dtype=np.float64)
    if not len(table):
        return []
    stability, difficulty, days, times = table.T
    answers = answers_within(Cards(stability, difficulty, days), days=FORETOLD, times=times)
    share = (cards or times.sum()) / times.sum() / max(1, people)
    minutes = [7 * SECONDS_PER_CARD / 60 * count / FORETOLD * share for count in answers]
    return [Cost(wanted, float(one)) for wanted, one in zip(RETENTIONS, minutes, strict=True)]


def costs_of_person(person_id: int) -> list[Cost]:
    """Of their cards that may be asked."""
    return costs_of(_asked_states(person=person_id, now=timezone.now()))


@prepared
def _asked_states(*, person: Given, now: Given) -> QuerySet[Any]:
    rows = Card.objects.filter(person_id=person, suspended_at=None, question__retired_at=None)
    return states_of(rows, now=now)


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
