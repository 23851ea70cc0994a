"""Results per course, with small groups protected."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from assessments.models import Attempt, Mode
from courses.models import ActivityState, Enrolment
from ecosystem.spans import WHOLE, Span
from reporting.asking import of_span
from reporting.measures import FINISHED, share, taken
from reporting.small_groups import CourseRow, protected


def course_rows(*, at: datetime, span: Span = WHOLE) -> list[CourseRow]:
    """One row per course with enrolments, the largest first; two queries."""
    by_course = {row["element_id"]: row for row in _tries(at, span)}
    rows = []
    for row in _courses(at, span):
        tried = by_course.get(row["element_id"])
        rows.append(
            CourseRow(
                title=row["element__title"],
                people=row["people"],
                enrolled=row["enrolled"],
                finished=row["finished"],
                pass_rate=share(tried["won"], tried["tried"]) if tried else None,
                tried_by=tried["people"] if tried else 0,
            )
        )
    return protected(rows)


@of_span
def _courses(at: Any, span: Span) -> QuerySet[Enrolment, dict[str, Any]]:
    return (
        taken(at, span)
        .values("element_id", "element__title")
        .annotate(people=Count("person_id", distinct=True), enrolled=Count("pk"), finished=Count("pk", filter=FINISHED))
        .order_by("-enrolled", "element__title")
    )


@of_span
def _tries(at: Any, span: Span) -> QuerySet[ActivityState, dict[str, Any]]:
    """Steps whose first attempt at the quiz has a result.

    Whether there is one is asked apart from what it is: PostgreSQL makes a join of the one, and then knows the row of the other
    by its key.
    """
    first = Attempt.objects.filter(
        environment_id=OuterRef("environment_id"),
        person_id=OuterRef("person_id"),
        element_id=OuterRef("target_id"),
        number=1,
    )
    judged = first.filter(assessment__mode=Mode.QUIZ, finished_at__lte=at, passed__isnull=False)
    steps = ActivityState.objects.filter(Exists(judged), enrolment__in=taken(at, span), passed__isnull=False)
    won = Count("pk", filter=Exists(first.filter(passed=True)))
    return steps.values("element_id").annotate(tried=Count("pk"), won=won, people=Count("person_id", distinct=True))
