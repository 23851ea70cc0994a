"""The answers of a person that count."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from ecosystem.prepared import Among, prepared
from ecosystem.prepared import Given as Asked
from memotrainer.memory import Given
from memotrainer.models import Review, Withdrawal


def logs_of(*, person_id: int, question_ids: Sequence[int]) -> dict[int, list[Given]]:
    """The answers to each question: all but those taken back."""
    logs: dict[int, list[Given]] = {}
    for question_id, answered_at, uid, rating in _counted(person=person_id, questions=list(question_ids)):
        logs.setdefault(question_id, []).append(Given(answered_at, uid, rating))
    return logs


@prepared
def _counted(*, person: Asked, questions: Asked) -> QuerySet[Review, tuple[Any, ...]]:
    """(question, when, uid, rating), oldest first."""
    gone = Withdrawal.objects.filter(person_id=person).values("uid")
    rows = Review.objects.filter(Among("question_id", questions), person_id=person).exclude(uid__in=gone)
    return rows.order_by("question_id", "answered_at").values_list("question_id", "answered_at", "uid", "rating")
