"""Goals that are there already: asking for something else, ending, and who has it reached by that."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Objective
from ecosystem.hints import hint
from ecosystem.models import Element, Membership
from ecosystem.scope import current_scope, open_scope
from ecosystem.services.audit import audit
from ecosystem.services.elements import element_update
from ecosystem.services.lending import element_lend_anew, places_lent_to
from memotrainer.exceptions import CardError
from memotrainer.goals import courses_with, questions_of
from memotrainer.models import Card, Goal, GoalPart, GoalReached
from memotrainer.services.goals import (
    goal_look,
    parts_add,
    parts_of,
    refuse_beyond_reach,
    refuse_parts,
    refuse_stranger,
)
from memotrainer.tasks import look_again

ASKED = ("recall", "coverage", "days")


@transaction.atomic
def goal_change(
    *,
    goal: Goal,
    by: Membership,
    title: str | None = None,
    summary: str | None = None,
    quizzes: Collection[Element] | None = None,
    objectives: Collection[Objective] | None = None,
    **asked: int,
) -> Goal:
    """Ask for something else: ``recall``, ``coverage`` and ``days`` as in goal_make; what is left out stays.

    Who has reached it keeps that, whatever is asked now. Everybody else is measured by the new goal: here, who has
    answered its questions is looked at soon, and others with their next answer.
    """
    held = _held(goal, by)
    if not set(asked) <= set(ASKED):
        raise TypeError(sorted(asked))
    words = {name: value for name, value in (("title", title), ("summary", summary)) if value is not None}
    if words:
        held.element = element_update(element=held.element, **words)
    before: dict[str, Any] = {name: getattr(held, name) for name in asked}
    for name, value in asked.items():
        setattr(held, name, value)
    refuse_beyond_reach(recall=held.recall, coverage=held.coverage, days=held.days)
    held.save(update_fields=list(ASKED))
    other_parts = _parts_set(held, quizzes, objectives, by)
    changed = {name: value for name, value in asked.items() if before[name] != value} | words | other_parts
    if changed:
        old = {name: before[name] for name in changed if name in before}
        audit(act="memotrainer.goal_changed", by=by.person, target=held.element, before=old, after=changed)
        hint(look_again, queue="bulk", environment_id=held.environment_id, goal_id=held.pk)
    return held


@transaction.atomic
def goal_end(*, goal: Goal, by: Membership) -> Goal:
    """Nobody reaches it any more; who has, keeps it. Refused while a course needs it. Ending twice is once."""
    held = _held(goal, by)
    if held.ended_at is not None:
        return held
    if courses := courses_with(held):
        names = ", ".join(course.title for course in courses[:3])
        raise CardError(_("It is a step of %(courses)s. Take it out there first.") % {"courses": names})
    if places := places_lent_to(element=held.element):
        raise CardError(_("%(places)s may use it. Take it back from there first.") % {"places": places[0].name})
    held.ended_at = timezone.now()
    held.save(update_fields=["ended_at"])
    audit(act="memotrainer.goal_ended", by=by.person, target=held.element, after={"ended": True})
    return held


@transaction.atomic
def goal_resume(*, goal: Goal, by: Membership) -> Goal:
    """It counts again, also what was answered while it had ended."""
    held = _held(goal, by)
    if held.ended_at is not None:
        held.ended_at = None
        held.save(update_fields=["ended_at"])
        audit(act="memotrainer.goal_ended", by=by.person, target=held.element, after={"ended": False})
        hint(look_again, queue="bulk", environment_id=held.environment_id, goal_id=held.pk)
    return held


def goal_look_again(*, environment_id: int, goal_id: int) -> int:
    """Note who reaches the goal as it is now; each in a transaction of their own, so twice is once. Returns how many."""
    with open_scope(environment_id=environment_id):
        goal = Goal.objects.filter(pk=goal_id, ended_at=None).select_related("element").first()
        if goal is None:
            return 0
        reached = GoalReached.objects.filter(element_id=goal.element_id).values("person_id")
        answered = Card.objects.filter(question_id__in=questions_of(goal), reviews__gt=0).exclude(person_id__in=reached)
        people = sorted(set(answered.values_list("person_id", flat=True)))
    found = 0
    for person_id in people:
        with open_scope(environment_id=environment_id):
            found += goal_look(goal=goal, person_id=person_id)
    return found


def _held(goal: Goal, by: Membership) -> Goal:
    refuse_stranger(by=by)
    if goal.environment_id != current_scope().environment_id:
        raise CardError(_("It comes from the environment above and is changed there."))
    return Goal.objects.select_for_update(of=("self",)).select_related("element").get(pk=goal.pk)


def _parts_set(
    goal: Goal, quizzes: Collection[Element] | None, objectives: Collection[Objective] | None, by: Membership
) -> dict[str, Any]:
    """What it is about now, where that is said; what is left out stays. For the log, when it is something else."""
    if quizzes is None and objectives is None:
        return {}
    rows = list(GoalPart.objects.filter(goal=goal).select_related("of", "objective"))
    if quizzes is None:
        quizzes = [row.of for row in rows if row.objective_id is None]
    if objectives is None:
        objectives = [row.objective for row in rows if row.objective is not None]
    refuse_parts(quizzes=quizzes, objectives=objectives)
    had, wanted = {(row.of_id, row.objective_id) for row in rows}, parts_of(quizzes=quizzes, objectives=objectives)
    if had == set(wanted):
        return {}
    GoalPart.objects.filter(
        pk__in=[row.pk for row in rows if (row.of_id, row.objective_id) not in set(wanted)]
    ).delete()
    parts_add(goal=goal, parts=[part for part in wanted if part not in had])
    element_lend_anew(element=goal.element, by=by)
    return {"quizzes": len(quizzes), "objectives": len(objectives)}
