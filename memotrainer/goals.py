"""How somebody stands before a goal, and which goals a question counts for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from assessments.models import AssessmentQuestion, Draw, Question
from assessments.services.drawing import candidates_of
from courses.models import Activity, CourseRun, VersionState
from ecosystem.models import Element
from ecosystem.prepared import prepared
from memotrainer.models import Card, Goal, GoalPart, GoalReached
from memotrainer.recall import days_since, expected_recall


@dataclass(frozen=True)
class Standing:
    """``met`` of ``of`` questions; ``recall`` of those that are met, when the days of the goal have gone by, 0 to 1."""

    goal: Goal
    met: int
    of: int
    recall: float | None

    @property
    def coverage(self) -> float:
        return 100 * self.met / self.of if self.of else 0.0

    @property
    def covers(self) -> bool:
        return self.of > 0 and 100 * self.met >= self.goal.coverage * self.of

    @property
    def remembers(self) -> bool:
        return self.recall is not None and 100 * self.recall >= self.goal.recall

    @property
    def reached(self) -> bool:
        return self.covers and self.remembers

    @property
    def coverage_percent(self) -> int:
        return int(self.coverage)  # rounding never says that a goal is reached

    @property
    def recall_percent(self) -> int:
        return int(100 * (self.recall or 0.0))

    @property
    def missing(self) -> int:
        """How many questions must still be met."""
        return max(0, -(-self.goal.coverage * self.of // 100) - self.met)


def questions_of(goal: Goal) -> set[int]:
    """All that the goal is about, as it is now: what its quizzes ask or may draw, and what has its objectives."""
    parts = list(goal.parts.values_list("of_id", "objective_id"))
    quizzes = [of_id for of_id, objective_id in parts if objective_id is None]
    objectives = [objective_id for _of, objective_id in parts if objective_id is not None]
    asked = AssessmentQuestion.objects.filter(element_id__in=quizzes, question__retired_at=None)
    found = set(asked.values_list("question_id", flat=True))
    for draw in Draw.objects.filter(element_id__in=quizzes):
        found |= set(candidates_of(draw=draw).values_list("pk", flat=True))
    rows = (
        Question.objects.filter(objective_id__in=objectives, retired_at=None) if objectives else Question.objects.none()
    )
    return found | set(rows.values_list("pk", flat=True))


def standing_of(goal: Goal, *, person_id: int, at: datetime | None = None) -> Standing:
    """Four queries, and one for each random draw of its quizzes."""
    now, questions = at or timezone.now(), questions_of(goal)
    rows = list(
        Card.objects.filter(person_id=person_id, question_id__in=questions, reviews__gt=0).values_list(
            "stability", "last_reviewed_at", "shift"
        )
    )
    if not rows:
        return Standing(goal, 0, len(questions), None)
    stability, answered_at, shift = zip(*rows, strict=True)
    days = [days_since(moment, now) + goal.days for moment in answered_at]
    recall = float(expected_recall(stability=stability, days=days, shift=shift).mean())
    return Standing(goal, len(rows), len(questions), recall)


def goals_about(*, person_id: int, question_ids: Collection[int]) -> QuerySet[Goal]:
    """Goals that these questions count for and that the person has not reached."""
    questions = Question.objects.filter(pk__in=question_ids)
    asking = AssessmentQuestion.objects.filter(question_id__in=question_ids).values("element_id")
    drawing = Draw.objects.filter(bank_id__in=questions.values("element_id")).values("element_id")
    topics = questions.exclude(objective=None).values("objective_id")
    parts = GoalPart.objects.filter(
        Q(objective_id__in=topics) | Q(objective=None) & (Q(of_id__in=asking) | Q(of_id__in=drawing))
    )
    reached = GoalReached.objects.filter(person_id=person_id, element_id=OuterRef("element_id"))
    rows = Goal.objects.filter(~Exists(reached), pk__in=parts.values("goal_id"), ended_at=None)
    return rows.select_related("element").order_by("pk")


def courses_with(goal: Goal) -> list[Element]:
    """Courses in which it is a step now: of the newest plan, or of one that a run here still follows."""
    followed = CourseRun.objects.values("version_id")
    steps = Activity.objects.filter(target_id=goal.element_id)
    steps = steps.filter(version__state=VersionState.PUBLISHED) | steps.filter(version_id__in=followed)
    return list(Element.objects.filter(pk__in=steps.values("element_id")).order_by("title"))


def are_there_goals() -> bool:
    """One small query, since most answers are given where there is none."""
    return bool(_some_goal())


@prepared
def _some_goal() -> QuerySet[Goal, tuple[int]]:
    return Goal.objects.filter(ended_at=None).order_by().values_list("pk")[:1]
