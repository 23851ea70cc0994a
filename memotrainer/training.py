"""Over which courses somebody may see how they are remembered, and change how they are trained."""

from __future__ import annotations

from django.db.models import QuerySet

from ecosystem.models import Element, Membership, Power
from ecosystem.spans import span_of

LOOK = (Power.MARK, Power.SEE_RESULTS)


def courses_seen(membership: Membership) -> QuerySet[Element]:
    """Courses over which the person may see results, with all learners of them."""
    span = span_of(membership, *LOOK)
    rows = Element.objects.filter(kind="course")
    return rows if span.everything else rows.filter(pk__in=span.courses)


def may_train(membership: Membership, course: Element) -> bool:
    """Whoever marks the work of a course says how it is trained."""
    span = span_of(membership, Power.MARK)
    return span.everything or course.pk in span.courses
