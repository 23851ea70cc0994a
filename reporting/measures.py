"""The figures of the ecosystem: one function each, in SQL, about the open scope. Screen, file and API call the same."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Min, Q, QuerySet, When
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Attempt, Mode
from certificates.models import Certificate
from courses.models import Enrolment, EnrolmentState
from ecosystem.models import Membership
from ecosystem.registry import Figure
from ecosystem.spans import WHOLE, Span
from records.models import Fact
from reporting.asking import in_all, of_span

MONTHS = 12


def members_now(span: Span = WHOLE) -> QuerySet[Membership]:
    return Membership.objects.filter(span.of_people(), ended_at=None)


def taken(at: datetime, span: Span = WHOLE) -> QuerySet[Enrolment]:
    """Enrolments until a moment, without those withdrawn."""
    rows = Enrolment.objects.filter(span.of_courses(), enrolled_at__lte=at)
    return rows.exclude(state=EnrolmentState.WITHDRAWN)


STARTED = Q(last_active_at__isnull=False) | Q(progress__gt=0) | Q(state=EnrolmentState.COMPLETED)
HALF_WAY = Q(progress__gte=50) | Q(state=EnrolmentState.COMPLETED)
FINISHED = Q(state=EnrolmentState.COMPLETED)


@of_span
def _firsts(at: Any, span: Span) -> QuerySet[Fact, datetime]:
    """When each member did something for the first time. Facts know it of each element, so the records are not read."""
    members = members_now(span).values("person_id")
    rows = Fact.objects.filter(span.of_work(), first_at__lte=at, person_id__in=members).values("person_id")
    return rows.annotate(first=Min("first_at")).values_list("first", flat=True)


@of_span
def _members(_at: Any, span: Span) -> QuerySet[Membership, tuple[int, ...]]:
    return in_all(members_now(span), members=Count("pk"))


def reached(at: datetime, span: Span = WHOLE) -> Figure:
    """Members with any record at all; the series counts them up to the end of each month."""
    months = Counter(f"{timezone.localtime(first):%Y-%m}" for first in _firsts(at, span))
    series: list[tuple[str, float | None]] = [
        (label, sum(count for month, count in months.items() if month <= label)) for label in last_months(at)
    ]
    return Figure(value=months.total(), of=_only(_members(at, span))[0], series=series)


@of_span
def _steps(at: Any, span: Span) -> QuerySet[Enrolment, tuple[int, ...]]:
    return in_all(
        taken(at, span),
        enrolled=Count("pk"),
        started=Count("pk", filter=STARTED),
        half_way=Count("pk", filter=HALF_WAY),
        finished=Count("pk", filter=FINISHED),
    )


def enrolled(at: datetime, span: Span = WHOLE) -> Figure:
    return Figure(value=_only(_steps(at, span))[0])


def started(at: datetime, span: Span = WHOLE) -> Figure:
    enrolled, started, *_further = _only(_steps(at, span))
    return Figure(value=started, of=enrolled)


def finished(at: datetime, span: Span = WHOLE) -> Figure:
    """How many courses were finished; the series says how many in each month."""
    done = When(FINISHED & Q(completed_at__lte=at), then=TruncMonth("completed_at"))
    rows = taken(at, span).annotate(month=Case(done)).values_list("month").annotate(Count("pk"))
    by_month = {f"{month:%Y-%m}" if month else "": count for month, count in rows}
    of, still_open = sum(by_month.values()), by_month.pop("", 0)
    series = [(label, by_month.get(label, 0)) for label in last_months(at)]
    return Figure(value=of - still_open, of=of, series=series)


@of_span
def _first_attempts(at: Any, span: Span) -> QuerySet[Attempt, tuple[int, ...]]:
    # Surveys ask for no knowledge, and what waits for a marker has no result yet.
    judged = Attempt.objects.filter(passed__isnull=False, assessment__mode=Mode.QUIZ)
    firsts = judged.filter(span.of_work(), number=1, finished_at__lte=at)
    return in_all(firsts, tried=Count("pk"), passed=Count("pk", filter=Q(passed=True)))


def pass_rate(at: datetime, span: Span = WHOLE) -> Figure:
    """Whole percent; None without a finished first attempt."""
    tried, passed, *_nothing = _only(_first_attempts(at, span))
    if not tried:
        return Figure(value=None, note=_("No quiz has been finished yet."))
    return Figure(value=share(passed, tried), details={"tried": tried, "passed": passed})


@of_span
def _certificates(at: Any, span: Span) -> QuerySet[Certificate, tuple[int, ...]]:
    rows = Certificate.objects.filter(span.of_courses(), issued_at__lte=at, revoked_at=None)
    return in_all(rows, given=Count("pk"))


def certificates(at: datetime, span: Span = WHOLE) -> Figure:
    return Figure(value=_only(_certificates(at, span))[0])


def funnel(at: datetime, span: Span = WHOLE) -> Figure:
    """How far enrolments came; the steps are the series."""
    words = (_("Enrolled"), _("Started"), _("Half way"), _("Finished"))
    counts = _only(_steps(at, span))
    return Figure(value=counts[-1], of=counts[0], series=list(zip(words, counts, strict=True)))


def _only(rows: list[tuple[int, ...]]) -> tuple[int, ...]:
    """The one row of ``in_all``; of a span of nothing, of which nobody asks PostgreSQL, there is none."""
    return rows[0] if rows else (0, 0, 0, 0)


def share(part: int, whole: int) -> int:
    """Whole percent."""
    return round(100 * part / whole) if whole else 0


def last_months(at: datetime) -> list[str]:
    """The labels of the twelve months that end with that of ``at``, oldest first."""
    labels, day = [], timezone.localdate(at).replace(day=1)
    for _step in range(MONTHS):
        labels.append(f"{day:%Y-%m}")
        day = (day - timedelta(days=1)).replace(day=1)
    return labels[::-1]
