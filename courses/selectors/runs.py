"""What the pages of runs show."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from courses.access import RUNNING, SEES_LEARNERS
from courses.learning.workload import Week, weeks_of
from courses.models import Activity, CourseRun, CourseVersion, Enrolment, EnrolmentState, Pace, VersionState
from ecosystem import clock
from ecosystem.models import Element, Membership
from ecosystem.spans import span_of
from ecosystem.visibility import elements_for

if TYPE_CHECKING:
    from collections.abc import Iterable


def courses_run(membership: Membership) -> QuerySet[Element]:
    """Courses whose runs the person may look at: by powers over all, over the course, or over people of a group."""
    span = span_of(membership, *RUNNING)
    courses = Element.objects.filter(kind="course")
    if span.everything:
        return courses
    open_to = elements_for(membership).values("pk") if span.groups else []
    return courses.filter(Q(pk__in=span.courses) | Q(pk__in=open_to))


def courses_published(membership: Membership) -> QuerySet[Element]:
    """Those of them that can have runs, by title."""
    published = CourseVersion.objects.filter(state=VersionState.PUBLISHED).values("element_id")
    return courses_run(membership).filter(pk__in=published).order_by("title", "pk")


def runs_shown(membership: Membership) -> QuerySet[CourseRun]:
    """Runs here of those courses, with how many people the person may see in them."""
    reached = span_of(membership, *SEES_LEARNERS).of_courses(course="element_id", person="enrolments__person_id")
    living = Q(enrolments__state__in=[*EnrolmentState.living(), EnrolmentState.PAUSED])
    rows = CourseRun.objects.filter(element__in=courses_run(membership)).select_related("element", "version")
    return rows.annotate(
        learners=Count("enrolments", filter=living & reached, distinct=True),
        finished=Count("enrolments", filter=Q(enrolments__state=EnrolmentState.COMPLETED) & reached, distinct=True),
    )


def learners_of(
    *, run: CourseRun, membership: Membership, text: str = "", state: str = "", guided: bool = False
) -> QuerySet[Enrolment]:
    """The people in a run whom the person may see, by name; with ``guided`` only whom they guide."""
    reached = span_of(membership, *SEES_LEARNERS).of_courses()
    rows = Enrolment.objects.filter(reached, run=run).select_related("person", "mentor", "instructor", "run")
    if state in EnrolmentState.values:
        rows = rows.filter(state=state)
    if guided:
        rows = rows.filter(Q(mentor_id=membership.person_id) | Q(instructor_id=membership.person_id))
    if text:
        rows = rows.filter(Q(person__name__icontains=text) | Q(person__email__icontains=text))
    return rows.order_by("person__name", "pk")


def workload_of(run: CourseRun) -> list[Week]:
    """What somebody who begins on the first day of the run has to do each week; empty for a run without a last day."""
    first = run.starts_on or timezone.localdate(clock.now())
    last = run.ends_on
    if run.pace == Pace.OWN and run.lasts_days:
        last = first + timedelta(days=run.lasts_days - 1)
    if last is None:
        return []
    rows = Activity.objects.filter(version_id=run.version_id, optional=False)
    steps = rows.order_by("block__position", "position").values_list("title", "minutes")
    return weeks_of(list(steps), first=first, last=last)


@dataclass
class Day:
    on: date
    inside: bool
    starts: list[CourseRun] = field(default_factory=list)
    ends: list[CourseRun] = field(default_factory=list)


@dataclass
class Month:
    first: date
    weeks: list[list[Day]]
    going: list[CourseRun]

    @property
    def before(self) -> str:
        return (self.first - timedelta(days=1)).strftime("%Y-%m")

    @property
    def after(self) -> str:
        return (self.first + timedelta(days=32)).strftime("%Y-%m")

    @property
    def days(self) -> list[Day]:
        """The days of the month on which something starts or ends."""
        return [day for week in self.weeks for day in week if day.inside and (day.starts or day.ends)]


def month_of(*, membership: Membership, first: date) -> Month:
    """A month of runs, in weeks from Monday: what starts and ends on which day, and what is under way. One query."""
    weeks = [
        [Day(on, inside=on.month == first.month) for on in week]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]
    start, end = weeks[0][0].on, weeks[-1][-1].on
    rows = (
        CourseRun.objects.filter(element__in=courses_run(membership))
        .filter(Q(starts_on__lte=end) | Q(starts_on=None, ends_on__isnull=False))
        .filter(Q(ends_on__gte=start) | Q(ends_on=None))
        .select_related("element")
        .order_by("starts_on", "title", "pk")
    )
    runs = list(rows)
    _place(weeks, runs)
    return Month(first, weeks, runs)


def _place(weeks: list[list[Day]], runs: Iterable[CourseRun]) -> None:
    days = {day.on: day for week in weeks for day in week}
    for run in runs:
        if run.starts_on in days:
            days[run.starts_on].starts.append(run)
        if run.ends_on in days:
            days[run.ends_on].ends.append(run)
