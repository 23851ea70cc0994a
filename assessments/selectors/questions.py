"""Questions as other parts need them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from assessments.models import Answer, Assessment, Question, QuestionVersion
from assessments.question_types.base import Marking
from assessments.question_types.registry import QUESTION_TYPES
from ecosystem.prepared import Among, Given, prepared

# Types whose answers a person must mark; they do not count for a score that is given at once.
MARKED_BY_PEOPLE = frozenset(key for key, kind in QUESTION_TYPES.items() if kind.marking is Marking.PERSON)
# Types that never count for a score: nothing is marked at once.
NOT_COUNTED = frozenset(key for key, kind in QUESTION_TYPES.items() if kind.marking is not Marking.AUTO)


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """``fraction`` is the share earned, 0..1; None when a person must mark it."""

    question_id: int
    bank_id: int
    version_id: int
    fraction: Decimal | None
    answered_at: datetime


def questions_of(assessment: Assessment) -> list[Question]:
    """The questions it asks now, in order, without retired ones."""
    rows = assessment.questions.select_related("question").filter(question__retired_at=None)
    return [row.question for row in rows.order_by("position")]


def newest_versions(*, question_ids: Iterable[int]) -> dict[int, QuestionVersion]:
    """The version to ask, per question id."""
    return {version.question_id: version for version in _newest(questions=list(question_ids))}


@prepared
def _newest(*, questions: Given) -> QuerySet[QuestionVersion]:
    rows = QuestionVersion.objects.filter(Among("question_id", questions))
    return rows.order_by("question_id", "-number").distinct("question_id")


def answered_questions(*, attempt_id: int) -> list[AnsweredQuestion]:
    """What was answered in a finished attempt, in order; questions left open and open attempts give nothing."""
    rows = Answer.objects.filter(
        attempt_id=attempt_id, attempt__finished_at__isnull=False, response__isnull=False, saved_at__isnull=False
    )
    return [
        AnsweredQuestion(*row)
        for row in rows.order_by("position").values_list(
            "version__question_id", "bank_id", "version_id", "fraction", "saved_at"
        )
    ]
