"""The cards of a course, of everybody, as its page reads them: each part is one query that adds up in the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Func, IntegerField, Min, Q, QuerySet, Value, Window
from django.db.models.functions import Mod, RowNumber
from django.utils import timezone

from assessments.models import AssessmentQuestion, Question
from courses.models import Activity, VersionState
from ecosystem.prepared import Among, Given, prepared
from memotrainer.insight import (
    IN_A_WHILE,
    Cost,
    Readiness,
    costs_of,
    readiness_of,
    recall_sums,
    state_by_state,
    states_of,
    weakest_first,
)
from memotrainer.models import Card

LATE = timedelta(days=3)  # for which a card has waited when its person falls behind
MOST_PEOPLE = 20  # who are named
MOST_CARDS = 5_000  # of which a workload is foretold; more are counted in proportion


@dataclass(frozen=True)
class Behind:
    person_id: int
    name: str
    waiting: int
    since: date


@dataclass(frozen=True)
class Audience:
    """How many ``people`` have how many ``cards``, and whose have waited longest."""

    people: int
    cards: int
    behind: list[Behind]


class _Total(Func):
    """Over all groups; a Sum of Django's refuses to add up what a Count has counted."""

    function = "SUM"
    output_field = IntegerField()
    window_compatible = True


def questions_asked(course_id: int) -> list[int]:
    """The questions of the quizzes that the course asks now."""
    return sorted({pk for (pk,) in _asked(course=course_id, state=VersionState.PUBLISHED.value)})


@prepared
def _asked(*, course: Given, state: Given) -> QuerySet[Any]:
    quizzes = Activity.objects.filter(element_id=course, version__state=state).values("target_id")
    return AssessmentQuestion.objects.filter(element_id__in=quizzes).order_by().values_list("question_id")


def audience_of(questions: Collection[int]) -> Audience:
    """With those of whom something has been due for three days or more, who have most to do first."""
    found = _people(questions=list(questions), late=timezone.now() - LATE)
    if not found:
        return Audience(0, 0, [])
    behind = [
        Behind(row["person_id"], row["person__name"], row["waiting"], timezone.localtime(row["since"]).date())
        for row in found
        if row["waiting"]
    ]
    return Audience(found[0]["people"], found[0]["cards"], behind)


@prepared
def _people(*, questions: Given, late: Given) -> QuerySet[Any]:
    waits = Q(due_at__lte=late, suspended_at=None)
    people = Card.objects.filter(Among("question_id", questions)).order_by().values("person_id", "person__name")
    sums = people.annotate(
        waiting=Count("pk", filter=waits), since=Min("due_at", filter=waits), of_one=Count("pk")
    ).annotate(people=Window(Count("*")), cards=Window(_Total("of_one")))
    return sums.order_by("-waiting", "person__name")[:MOST_PEOPLE]


def readiness_of_questions(questions: Collection[int]) -> list[Readiness]:
    """Of the objectives of these questions. By question they are added up without a look at questions for each card."""
    now = timezone.now()
    sums: dict[tuple[int, str], Counter[str]] = {}
    of_question = {pk: (objective_id, text) for pk, objective_id, text in _objectives(questions=list(questions))}
    for row in _by_question(questions=list(of_question), now=now, later=now + IN_A_WHILE) if of_question else ():
        sums.setdefault(of_question[row.pop("question_id")], Counter()).update(row)
    return weakest_first(readiness_of(*objective, its) for objective, its in sums.items())


@prepared
def _objectives(*, questions: Given) -> QuerySet[Any]:
    rows = Question.objects.filter(Among("pk", questions), objective__isnull=False).order_by()
    return rows.values_list("pk", "objective_id", "objective__text")


@prepared
def _by_question(*, questions: Given, now: Given, later: Given) -> QuerySet[Any]:
    return recall_sums(Card.objects.filter(Among("question_id", questions)), "question_id", now=now, later=later)


def costs_of_course(questions: Collection[int], audience: Audience) -> list[Cost]:
    """For each person; of many cards every second, third, ... is looked at, over all questions and people."""
    if not audience.people:
        return []
    now, every = timezone.now(), audience.cards // MOST_CARDS
    states: Iterable[tuple[Any, ...]]
    if every > 1:
        place = Window(RowNumber(), order_by=["question_id", "person_id"])
        some = Card.objects.filter(question_id__in=questions).annotate(turn=Mod(place - 1, Value(every))).filter(turn=0)
        states = ((*state, 1) for state in state_by_state(some, now=now))
    else:
        states = _states(questions=list(questions), now=now)
    return costs_of(states, cards=audience.cards, people=audience.people)


@prepared
def _states(*, questions: Given, now: Given) -> QuerySet[Any]:
    return states_of(Card.objects.filter(Among("question_id", questions)), now=now)
