"""The score of an attempt: appended with each change, told to the rest of the ecosystem once it is known."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Max

from assessments.models import Answer, Attempt, Result
from assessments.selectors.questions import MARKED_BY_PEOPLE
from assessments.services.adapting import ability_set
from ecosystem import clock
from ecosystem.models import Person
from records.services import record


def result_add(
    *, attempt: Attempt, answers: Iterable[Answer], because: str = "", by: Person | None = None
) -> Result | None:
    """The result as the marks of the answers make it; None when it is as it was. The attempt must be locked.

    A first score, and one that passes now or no longer does, is a record (``passed`` or ``failed``): courses,
    certificates and cards follow it. Records are never taken back, and neither is what somebody completed by one.
    """
    answers = list(answers)
    waiting = sum(is_waiting(attempt=attempt, answer=answer) for answer in answers)
    share = _share(attempt, answers)
    score = None if waiting else float(share)
    passed = None if waiting else share >= round(Decimal(str(attempt.assessment.pass_mark)), 4)
    before = (attempt.score, attempt.passed)
    number = (Result.objects.filter(attempt=attempt).aggregate(last=Max("number"))["last"] or 0) if because else 0
    if number and (score, passed, waiting) == (*before, attempt.waiting):
        return None
    attempt.score, attempt.passed, attempt.waiting = score, passed, waiting
    attempt.save(update_fields=["score", "passed", "waiting", "finished_at"])
    result = Result.objects.create(
        environment_id=attempt.environment_id,
        attempt=attempt,
        person_id=attempt.person_id,
        number=number + 1,
        score=score,
        passed=passed,
        waiting=waiting,
        because=because[:200],
        by=by,
        at=clock.now(),
    )
    if score is not None and (score, passed) != before:
        _tell(attempt, again=before[0] is not None, late=number > 0)
    return result


def _share(attempt: Attempt, answers: list[Answer]) -> Decimal:
    if attempt.assessment.is_adaptive:
        return Decimal(str(ability_set(attempt=attempt, answers=answers)))
    return share_of_points(answers=answers)


def is_waiting(*, attempt: Attempt, answer: Answer) -> bool:
    """Whether somebody must still mark the answer for the score to be known; opinions have no mark."""
    return attempt.assessment.people_mark and answer.fraction is None and answer.version.type in MARKED_BY_PEOPLE


def share_of_points(*, answers: Iterable[Answer]) -> Decimal:
    """The share of the points of what is marked, 0..1: wrong answers may cost points, but nobody gets less than nothing."""
    marked = [answer for answer in answers if answer.fraction is not None]
    points = sum(answer.version.points for answer in marked)
    earned = sum((answer.fraction * answer.version.points for answer in marked), start=Decimal(0))
    # Thirds are kept to five places, so three of them are a little less than one: four places make it one again.
    return max(round(earned / points, 4), Decimal(0)) if points else Decimal(0)


def _tell(attempt: Attempt, *, again: bool, late: bool) -> None:
    context: dict[str, object] = {"attempt": attempt.pk}
    if again:
        context["again"] = True
    record(
        verb="passed" if attempt.passed else "failed",
        element=attempt.element,
        person_id=attempt.person_id,
        result={"scaled": attempt.score, "success": attempt.passed},
        context=context,
        # A mark that comes later is known later: what it opens counts from then.
        occurred_at=None if again or late else attempt.finished_at,
    )
