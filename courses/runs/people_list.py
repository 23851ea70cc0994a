"""A CSV file of people for one run: enrolled, with dates and guides of their own. Look first, then all or nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.access import may_run
from courses.models import CourseRun, Enrolment, RunGuide, RunRole
from courses.runs.days import day_problem
from courses.services.bulk import enrolments_extend, enrolments_guide
from courses.services.many import MOST, enrolments_create
from ecosystem.csv_reading import Problem
from ecosystem.list_kinds import ListKind, Row
from ecosystem.models import Membership

COLUMNS = ("email", "ends_on", "instructor", "mentor")
SAMPLE = "email,ends_on,instructor,mentor\r\nama@example.org,2027-03-31,,jan@example.org\r\n"


def list_of(run: CourseRun) -> ListKind:
    """The list that belongs to a run; each run has its own, so that a file that waits is confirmed where it was chosen."""

    def rule(membership: Membership | None) -> bool:
        return membership is not None and may_run(membership, run.element_id)

    return ListKind(
        key=f"run-{run.pk}",
        label=gettext_lazy("People for this run"),
        help=gettext_lazy(
            "Who is in the run already gets the date and the guides of the line. Empty cells change nothing."
        ),
        columns=COLUMNS,
        required=("email",),
        sample=SAMPLE,
        rule=rule,
        check=lambda rows: _check(run, rows),
        write=lambda rows, by: _write(run, rows, by),
        back="courses:run",
    )


def _check(run: CourseRun, rows: list[Row]) -> list[Problem]:
    emails = [row["email"] for row in rows]
    here = set(
        Membership.objects.filter(ended_at=None, person__email__in=emails).values_list("person__email", flat=True)
    )
    guides = _guides(run)
    found, seen = [], {}
    for row in rows:
        reasons = _reasons(run, row, here, guides)
        if (first := seen.setdefault(row["email"], row["line"])) != row["line"]:
            reasons.append(_("The same address is on line %(line)s.") % {"line": first})
        found += [Problem(row["line"], reason, row["email"][:80]) for reason in reasons]
    if len(rows) > MOST:
        found.append(Problem(0, _("At most %(most)s people at once.") % {"most": MOST}))
    return found


def _reasons(run: CourseRun, row: Row, here: set[str], guides: dict[tuple[str, str], int]) -> list[str]:
    reasons = []
    if row["email"] not in here:
        reasons.append(_("Nobody with this e-mail address is a member here."))
    if row["ends_on"]:
        last = _day(row["ends_on"])
        if last is None:
            reasons.append(_("Write the date as 2027-03-31."))
        elif wrong := day_problem(last):
            reasons.append(wrong)
        elif run.starts_on and last < run.starts_on:
            reasons.append(_("The last day is before the first."))
    for role in RunRole.values:
        if row[role] and (role, row[role].lower()) not in guides:
            said = {"email": row[role][:80], "role": RunRole(role).label}
            reasons.append(_("%(email)s does not guide this run as %(role)s.") % said)
    return reasons


def _guides(run: CourseRun) -> dict[tuple[str, str], int]:
    rows = RunGuide.objects.filter(run=run).select_related("person")
    return {(row.role, row.person.email): row.person_id for row in rows}


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _write(run: CourseRun, rows: list[Row], by: Membership) -> None:
    enrolments_create(run=run, emails=[row["email"] for row in rows], by=by)
    ids = dict(
        Enrolment.objects.filter(run=run, person__email__in=[row["email"] for row in rows]).values_list(
            "person__email", "pk"
        )
    )
    wanted: dict[tuple[str, Any], list[int]] = {}
    guides = _guides(run)
    for row in rows:
        if row["ends_on"]:
            wanted.setdefault(("ends_on", _day(row["ends_on"])), []).append(ids[row["email"]])
        for role in RunRole.values:
            if row[role]:
                wanted.setdefault((role, guides[role, row[role].lower()]), []).append(ids[row["email"]])
    for (what, value), people in wanted.items():
        if what == "ends_on":
            enrolments_extend(run=run, ids=people, by=by, ends_on=value)
        else:
            enrolments_guide(run=run, ids=people, by=by, role=what, person_id=value)
