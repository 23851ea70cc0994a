"""Goals as steps of courses: made, and reached in the transaction of the answer that does it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Objective
from ecosystem.models import Element, Membership
from ecosystem.rules import is_author
from ecosystem.scope import current_scope
from ecosystem.services.audit import audit
from ecosystem.services.elements import element_create
from ecosystem.slugs import slug_free
from memotrainer.exceptions import CardError
from memotrainer.goals import Standing, are_there_goals, goals_about, standing_of
from memotrainer.models import Goal, GoalPart, GoalReached
from memotrainer.services.trainers import trainer_lock
from records.services import record

KIND = "recall_goal"
MOST_PARTS = 50


@transaction.atomic
def goal_make(
    *,
    title: str,
    by: Membership,
    quizzes: Collection[Element],
    objectives: Collection[Objective] = (),
    recall: int = 80,
    coverage: int = 100,
    days: int = 14,
    **facts: Any,
) -> Goal:
    """A new goal over the questions of quizzes and learning objectives; ``facts`` are those of the element.

    ``recall`` and ``coverage`` in percent; ``days`` without practice after which so much must still be known. Refuses
    (CardError) one about nothing, and one that nobody could reach.
    """
    refuse_stranger(by=by)
    refuse_parts(quizzes=quizzes, objectives=objectives)
    refuse_beyond_reach(recall=recall, coverage=coverage, days=days)
    facts.setdefault("slug", slug_free(title=title, kind=KIND))
    facts.setdefault("creators", [by.person])
    element = element_create(kind=KIND, title=title, **facts)
    here = {"environment_id": current_scope().environment_id, "element": element}
    goal: Goal = Goal.objects.create(**here, recall=recall, coverage=coverage, days=days)
    parts_add(goal=goal, parts=parts_of(quizzes=quizzes, objectives=objectives))
    audit(act="memotrainer.goal_made", by=by.person, target=element, after={"recall": recall, "coverage": coverage})
    return goal


def refuse_stranger(*, by: Membership) -> None:
    if not is_author(by):
        raise CardError(_("Only who makes content can do that."))


def refuse_parts(*, quizzes: Collection[Element], objectives: Collection[Objective]) -> None:
    if not 0 < len(quizzes) + len(objectives) <= MOST_PARTS:
        raise CardError(_("Choose quizzes or learning objectives, at most 50."))
    if any(quiz.kind != "assessment" for quiz in quizzes):
        raise CardError(_("Only quizzes have questions that can be remembered."))


def refuse_beyond_reach(*, recall: int, coverage: int, days: int) -> None:
    if not (1 <= recall <= 99 and 1 <= coverage <= 100 and 0 <= days <= 365):
        raise CardError(_("Ask for a recall of 1 to 99 percent, after at most a year."))


Parts = list[tuple[int, int | None]]


def parts_of(*, quizzes: Collection[Element], objectives: Collection[Objective]) -> Parts:
    """(element, objective) of each, once; a quiz as a whole has no objective."""
    whole: Parts = [(quiz.pk, None) for quiz in quizzes]
    return list(dict.fromkeys([*whole, *((one.element_id, one.pk) for one in objectives)]))


def parts_add(*, goal: Goal, parts: Collection[tuple[int, int | None]]) -> None:
    here = {"environment_id": goal.environment_id, "element_id": goal.element_id, "goal": goal}
    GoalPart.objects.bulk_create(GoalPart(**here, of_id=of_id, objective_id=about) for of_id, about in parts)


def goals_look(*, person_id: int, question_ids: Collection[int]) -> int:
    """After answers to these questions: note the goals that they reach, once; returns how many. The trainer is locked."""
    if not question_ids or not are_there_goals():
        return 0
    goals = goals_about(person_id=person_id, question_ids=question_ids)
    return sum(_look(standing_of(goal, person_id=person_id), person_id) for goal in goals)


@transaction.atomic
def goal_look(*, goal: Goal, person_id: int) -> bool:
    """Whether the person has reached it; noted now when nobody did, since answers before it was there count too.

    One that has ended is reached by nobody any more.
    """
    trainer_lock(person_id=person_id)
    if GoalReached.objects.filter(person_id=person_id, element_id=goal.element_id).exists():
        return True
    if Goal.objects.filter(pk=goal.pk).exclude(ended_at=None).exists():
        return False
    return _look(standing_of(goal, person_id=person_id), person_id)


def _look(standing: Standing, person_id: int) -> bool:
    if not standing.reached or standing.recall is None:
        return False
    element, now = standing.goal.element, timezone.now()
    GoalReached.objects.create(
        environment_id=current_scope().environment_id,
        person_id=person_id,
        element=element,
        recall=100 * standing.recall,
        coverage=standing.coverage,
        reached_at=now,
    )
    record(
        verb="completed", element=element, person_id=person_id, result={"scaled": standing.recall}, occurred_at=now
    )  # its reactions complete the step here and now
    return True
