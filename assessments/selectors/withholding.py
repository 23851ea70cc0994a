"""What a person may not know yet about tries they have finished, wherever it would be told: the review matrix decides."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from assessments.models import Answer, AssessmentQuestion, Attempt
from assessments.selectors.terms import closings_of
from assessments.showing import AFTER_CLOSE, POINTS, RIGHT, RIGHT_AFTER, WHILE_OPEN, moment_of, shown_at
from ecosystem import clock
from ecosystem.prepared import Among, Given, prepared

AFTERWARDS = (RIGHT_AFTER, WHILE_OPEN, AFTER_CLOSE)


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished try at a quiz whose matrix hides something at some moment."""

    attempt_id: int
    element_id: int
    assessment_id: int
    finished_at: datetime
    review: dict[str, Any]
    closes_at: datetime | None


def attempts_withheld(*, person_id: int) -> set[int]:
    """Ids of the person's finished tries whose score they may not see now."""
    return {one.attempt_id for one in _withheld(person_id, POINTS)}


def scores_withheld(*, person_id: int, element_ids: Collection[int]) -> set[int]:
    """Those of the quizzes with a try whose score the person may not see now."""
    return {one.element_id for one in _withheld(person_id, POINTS) if one.element_id in element_ids}


def answers_withheld(*, person_id: int) -> list[int]:
    """Ids of the assessments that the person has finished, and whose right answers they may not see now."""
    return sorted({one.assessment_id for one in _withheld(person_id, RIGHT)})


def asked_questions(*, person_id: Given, withheld: Given) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """Ids of questions whose answers must not be shown to the person now, as two subqueries: of the tests that are open, and
    of those in ``withheld`` (``answers_withheld``); what they ask of everybody, and what was drawn for the person."""
    tests = Attempt.objects.filter(person_id=person_id, finished_at=None).values("assessment_id")
    fixed = AssessmentQuestion.objects.filter(Q(assessment_id__in=tests) | Q(Among("assessment_id", withheld)))
    drawn = Answer.objects.filter(
        Q(attempt__finished_at=None) | Q(Among("attempt__assessment_id", withheld)), attempt__person_id=person_id
    )
    return fixed.values("question_id"), drawn.order_by().values("version__question_id")


def _withheld(person_id: int, thing: str) -> Iterator[Finished]:
    rows = [Finished(*row) for row in _finished(person=person_id)]
    rows = [one for one in rows if any(thing not in shown_at(one.review, moment) for moment in AFTERWARDS)]
    if not rows:
        return
    closings = closings_of(closings={one.assessment_id: one.closes_at for one in rows}, person_id=person_id)
    now = clock.now()
    for one in rows:
        moment = moment_of(finished_at=one.finished_at, closes_at=closings[one.assessment_id], now=now)
        if thing not in shown_at(one.review, moment):
            yield one


@prepared
def _finished(*, person: Given) -> QuerySet[Attempt, tuple[Any, ...]]:
    rows = Attempt.objects.filter(person_id=person, finished_at__isnull=False).exclude(assessment__review={})
    return rows.values_list(
        "id", "element_id", "assessment_id", "finished_at", "assessment__review", "assessment__closes_at"
    )
