"""What the MemoTrainer keeps of a twin beside its cards: wishes of a course, fitted weights, reports, what was taken back."""

from __future__ import annotations

import uuid

from django.utils import timezone

from assessments.models import Question
from ecosystem.models import Element
from memotrainer.fsrs import DEFAULT_WEIGHTS
from memotrainer.models import Fit, GoalReached, QuestionReport, Review, Training, Withdrawal
from memotrainer.services import goal_make
from tests.guards.twins import Twin


def bring_memory(twin: Twin, secret: str, prefix: str, course: Element, question: Question) -> None:
    here, learner, now = {"environment": twin.environment}, twin.people["learner"].person, timezone.now()
    Training.objects.create(**here, element=course)
    quiz = Element.objects.filter(environment=twin.environment, kind="assessment").order_by("pk").first()
    by = twin.people["admin"]
    goal = goal_make(title=f"{secret} goal", slug=f"{prefix}-goal", quizzes=[quiz], by=by, summary=secret)
    GoalReached.objects.create(**here, person=learner, element=goal.element, recall=81, coverage=100, reached_at=now)
    Fit.objects.create(
        **here, scope="environment", weights=list(DEFAULT_WEIGHTS), reviews=1,
        accepted=False, fitted_at=now,
    )  # fmt: skip
    QuestionReport.objects.create(
        **here,
        person=learner,
        bank_id=question.element_id,
        question=question,
        text=f"{secret} is wrong",
        reported_at=now,
    )
    Withdrawal.objects.create(**here, person=learner, uid=uuid.uuid4(), at=now)
    taken_back = Review.objects.create(  # of the administrator, whose token it is
        **here, person=twin.people["admin"].person, bank_id=question.element_id, question=question,
        version=question.versions.first(), kind="review", rating=3, fraction=1, response=None, answered_at=now, received_at=now,
        elapsed_days=0, stability=1, difficulty=5,
    )  # fmt: skip
    Withdrawal.objects.create(**here, person=taken_back.person, uid=taken_back.uid, at=now)
