"""Results per course, with small groups protected."""

from datetime import datetime

from django.db.models import Count, OuterRef, Q, Subquery

from assessments.models import Attempt, Mode
from courses.models import ActivityState
from ecosystem.spans import WHOLE, Span
from reporting.measures import FINISHED, share, taken
from reporting.small_groups import CourseRow, protected


def course_rows(*, at: datetime, span: Span = WHOLE) -> list[CourseRow]:
    """One row per course with enrolments, the largest first; two queries."""
    first = Attempt.objects.filter(
        assessment__mode=Mode.QUIZ,
        person_id=OuterRef("person_id"),
        element_id=OuterRef("target_id"),
        number=1,
        finished_at__lte=at,
    ).values("passed")[:1]
    tries = (
        ActivityState.objects.filter(enrolment__in=taken(at, span), passed__isnull=False)
        .annotate(first=Subquery(first))
        .filter(first__isnull=False)
        .values("element_id")
        .annotate(tried=Count("pk"), won=Count("pk", filter=Q(first=True)), people=Count("person_id", distinct=True))
    )
    by_course = {row["element_id"]: row for row in tries}
    rows = []
    courses = (
        taken(at, span)
        .values("element_id", "element__title")
        .annotate(people=Count("person_id", distinct=True), enrolled=Count("pk"), finished=Count("pk", filter=FINISHED))
        .order_by("-enrolled", "element__title")
    )
    for row in courses:
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
