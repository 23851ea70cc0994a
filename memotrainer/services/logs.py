"""The answers of a person that count."""

from collections.abc import Sequence

from memotrainer.memory import Given
from memotrainer.models import Review, Withdrawal


def logs_of(*, person_id: int, question_ids: Sequence[int]) -> dict[int, list[Given]]:
    """The answers to each question: all but those taken back."""
    gone = Withdrawal.objects.filter(person_id=person_id).values("uid")
    logs: dict[int, list[Given]] = {}
    rows = Review.objects.filter(person_id=person_id, question_id__in=question_ids).exclude(uid__in=gone)
    for question_id, answered_at, uid, rating in rows.values_list("question_id", "answered_at", "uid", "rating"):
        logs.setdefault(question_id, []).append(Given(answered_at, uid, rating))
    return logs
