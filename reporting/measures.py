"""The figures of the ecosystem: one function each, in SQL, about the open scope. Screen, file and API call the same."""

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Attempt, Mode
from certificates.models import Certificate
from courses.models import Enrolment, EnrolmentState
from ecosystem.models import Membership
from ecosystem.registry import Figure
from ecosystem.spans import WHOLE, Span
from records.models import Statement

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


def reached(at: datetime, span: Span = WHOLE) -> Figure:
    """Members with any record at all; the series counts them up to the end of each month."""
    people = members_now(span).values("person_id")
    firsts = (
        Statement.objects.filter(span.of_work(), occurred_at__lte=at, person_id__in=people)
        .values("person_id")
        .annotate(first=TruncMonth(Min("occurred_at")))
        .values_list("first", flat=True)
    )
    months = {f"{month:%Y-%m}": count for month, count in Counter(firsts).items()}
    series: list[tuple[str, float | None]] = [
        (label, sum(count for month, count in months.items() if month <= label)) for label in last_months(at)
    ]
    return Figure(value=sum(months.values()), of=members_now(span).count(), series=series)


def enrolled(at: datetime, span: Span = WHOLE) -> Figure:
    return Figure(value=taken(at, span).count())


def started(at: datetime, span: Span = WHOLE) -> Figure:
    return Figure(value=taken(at, span).filter(STARTED).count(), of=taken(at, span).count())


def finished(at: datetime, span: Span = WHOLE) -> Figure:
    """How many courses were finished; the series says how many in each month."""
    rows = (
        taken(at, span)
        .filter(FINISHED, completed_at__lte=at)
        .annotate(month=TruncMonth("completed_at"))
        .values_list("month")
        .annotate(Count("pk"))
    )
    by_month = {f"{month:%Y-%m}": count for month, count in rows}
    series = [(label, by_month.get(label, 0)) for label in last_months(at)]
    return Figure(value=sum(by_month.values()), of=taken(at, span).count(), series=series)


def pass_rate(at: datetime, span: Span = WHOLE) -> Figure:
    """Whole percent; None without a finished first attempt."""
    # Surveys ask for no knowledge, and what waits for a marker has no result yet.
    judged = Attempt.objects.filter(passed__isnull=False, assessment__mode=Mode.QUIZ)
    found = judged.filter(span.of_work(), number=1, finished_at__lte=at).aggregate(
        tried=Count("pk"), passed=Count("pk", filter=Q(passed=True))
    )
    if not found["tried"]:
        return Figure(value=None, note=_("No quiz has been finished yet."))
    return Figure(value=share(found["passed"], found["tried"]), details=found)


def certificates(at: datetime, span: Span = WHOLE) -> Figure:
    return Figure(value=Certificate.objects.filter(span.of_courses(), issued_at__lte=at, revoked_at=None).count())


def funnel(at: datetime, span: Span = WHOLE) -> Figure:
    """How far enrolments came; the steps are the series."""
    found = taken(at, span).aggregate(
        enrolled=Count("pk"),
        started=Count("pk", filter=STARTED),
        half_way=Count("pk", filter=HALF_WAY),
        finished=Count("pk", filter=FINISHED),
    )
    words = {
        "enrolled": _("Enrolled"),
        "started": _("Started"),
        "half_way": _("Half way"),
        "finished": _("Finished"),
    }
    series = [(words[step], found[step]) for step in words]
    return Figure(value=found["finished"], of=found["enrolled"], series=series)


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
