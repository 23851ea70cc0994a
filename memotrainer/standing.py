"""How people stand in courses that prepare for a test, or that count right answers in a row."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.db.models import Avg, F, FloatField, Value
from django.db.models.functions import Cast, Greatest, Least
from django.utils import timezone

from memotrainer.enums import Mode
from memotrainer.models import Card, Trainer, Training
from memotrainer.planning import MOST_MINUTES, Cards, Reach, reach
from memotrainer.preparing import seconds_of
from memotrainer.recall import days_since
from memotrainer.scheduling import streak_percent
from memotrainer.ways import ways_of

MOST_CARDS = 1_000  # of which a test is foretold; more are counted in proportion


@dataclass(frozen=True)
class Streak:
    """A course of which each question is known after ``level`` right answers in a row. ``percent``: the mean over its
    questions, where one wrong answer makes a question 0."""

    course: str
    level: int
    percent: int
    done: int
    cards: int


@dataclass(frozen=True)
class Outlook:
    """``reach``: what one learner will know on the day, with ``minutes`` a day, and what would do where that is too little."""

    course: str
    test_on: date
    minutes: int
    reach: Reach

    @property
    def goal_percent(self) -> int:
        return round(100 * self.reach.goal)


def streaks_of(*, person_id: int) -> list[Streak]:
    """The person's courses in which right answers in a row count, by title; one query when there are none."""
    trainings = {row.element_id: row for row in Training.objects.filter(mode=Mode.STREAK).select_related("element")}
    runs = _by_course(person_id, trainings, "run") if trainings else {}
    trainer = Trainer.objects.filter(person_id=person_id).first() if runs else None
    found = []
    for course_id, rows in runs.items():
        level = (trainer.streak_level if trainer else None) or trainings[course_id].streak_level
        each = [streak_percent(run=run, level=level) for (run,) in rows]
        done, mean = sum(one == 100 for one in each), round(sum(each) / len(each))
        found.append(Streak(trainings[course_id].element.title, level, mean, done, len(each)))
    return sorted(found, key=lambda one: one.course)


def _by_course(person_id: int, trainings: dict[int, Training], *names: str) -> dict[int, list[tuple[Any, ...]]]:
    cards = Card.objects.filter(person_id=person_id, question__retired_at=None, source__isnull=False)
    rows = list(cards.values_list("source_id", *names))
    ways = ways_of(trainer=Trainer(), source_ids={source_id for source_id, *_rest in rows})
    found: dict[int, list[tuple[Any, ...]]] = {}
    for source_id, *rest in rows:
        course_id = ways.course_of.get(source_id)
        if course_id in trainings:
            found.setdefault(course_id, []).append(tuple(rest))
    return found


def streak_of_course(cards: Any, training: Training) -> int | None:
    """The mean over all cards of a course, in percent; None where it is trained in another way or nobody has cards."""
    if training.mode != Mode.STREAK:
        return None
    level = float(training.streak_level)
    run = Least(Greatest(Cast(F("run"), FloatField()), Value(0.0)), Value(level))
    mean = cards.aggregate(mean=Avg(run))["mean"]
    return None if mean is None else round(100 * mean / level)


def outlooks_of(*, person_id: int) -> list[Outlook]:
    """The tests that the person's courses prepare for, the first one first; one query when there are none."""
    ahead = Training.objects.filter(mode=Mode.TEST, test_on__gt=timezone.localdate()).select_related("element")
    trainings = {row.element_id: row for row in ahead}
    ids = _by_course(person_id, trainings, "pk") if trainings else {}
    trainer = Trainer.objects.filter(person_id=person_id).first() if ids else None
    found = []
    for course_id, rows in ids.items():
        mine = Card.objects.filter(person_id=person_id, pk__in=[pk for (pk,) in rows])
        known = reach_of(trainings[course_id], mine, people=1, trainer=trainer)
        if known is not None:
            found.append(known)
    return sorted(found, key=lambda one: (one.test_on, one.course))


def reach_of(training: Training, cards: Any, *, people: int, trainer: Trainer | None = None) -> Outlook | None:
    """Whether the usual of ``people`` gets there by the day of the test; None where there is no test ahead or no card.

    ``trainer``: of the one learner, whose own minutes and holidays count.
    """
    today = timezone.localdate()
    if training.mode != Mode.TEST or training.test_on is None or training.test_on <= today or not people:
        return None
    states, times = _before_test(cards)
    if not len(states):
        return None
    each = people / times  # learners among the cards that were looked at
    minutes = (trainer and trainer.test_minutes) or training.minutes_a_day
    days = (training.test_on - today).days
    off = {
        n for n in range(days) if trainer and trainer.back_on(today + timedelta(days=n)) != today + timedelta(days=n)
    }
    found = reach(
        states,
        days=days,
        minutes=max(1, round(minutes * each)),
        off=off,
        goal=training.desired_retention,
        most_minutes=max(1, round(MOST_MINUTES * each)),
    )
    needed = found.minutes_needed and max(minutes + 1, math.ceil(found.minutes_needed / each))
    return Outlook(training.element.title, training.test_on, minutes, replace(found, minutes_needed=needed))


def _before_test(rows: Any) -> tuple[Cards, float]:
    """(states of cards with what an answer takes and one objective a day and person, by how much there are more)."""
    rows = rows.filter(suspended_at=None)
    total = rows.count()
    some = rows.order_by("question_id", "person_id").values_list(
        "stability", "difficulty", "last_reviewed_at", "question__type", "question__objective_id", "person_id", "pk"
    )
    table = list(some[:: max(1, total // MOST_CARDS)]) if total else []
    now, numbers = timezone.now(), itertools.count()
    topics: dict[tuple[int | None, int], int] = {}
    states = Cards(
        stability=np.array([row[0] for row in table]),
        difficulty=np.array([row[1] for row in table]),
        days=np.floor([days_since(row[2], now) for row in table]),
        seconds=np.array([float(seconds_of(row[3])) for row in table]),
        topics=np.array(
            [
                topics.setdefault((topic, person_id) if topic else (None, pk), next(numbers))
                for *_state, topic, person_id, pk in table
            ],
            dtype=np.int64,
        ),
    )
    return states, total / len(table) if table else 1.0
