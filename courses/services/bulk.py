"""Withdraw, pause, resume, extend, and give a guide: one enrolment of a run or many, all or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from courses.exceptions import CourseError
from courses.models import CourseRun, Enrolment, EnrolmentState, RunGuide, RunRole
from courses.runs.days import day_problem
from courses.services.catching_up import enrolment_catch_up
from courses.services.many import MOST, enrolment_withdraw
from ecosystem.models import Membership, Power
from ecosystem.services.audit import audit
from ecosystem.spans import span_of

LIVING = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED)


def enrolments_reached(*, run: CourseRun, ids: Sequence[int], by: Membership) -> list[Enrolment]:
    """The enrolments of a run, locked. Refuses ids that ``by`` may not enrol, all of them, as if they were not there."""
    if len(ids) > MOST:
        raise CourseError(_("At most %(most)s people at once.") % {"most": MOST})
    wanted = set(ids)
    reached = Enrolment.objects.filter(span_of(by, Power.ENROL).of_courses(), run=run, pk__in=wanted)
    rows = Enrolment.objects.filter(pk__in=list(reached.values_list("pk", flat=True)))
    found = list(rows.select_for_update(of=("self",)).select_related("run").order_by("pk"))
    if not wanted or len(found) != len(wanted):
        raise CourseError(_("Choose people of this run."))
    return found


@transaction.atomic
def enrolments_withdraw(*, run: CourseRun, ids: Sequence[int], by: Membership) -> int:
    """Out of the run, with everything kept for a way back; returns how many. Refuses who has completed the course."""
    rows = [row for row in enrolments_reached(run=run, ids=ids, by=by) if row.state != EnrolmentState.WITHDRAWN]
    for row in rows:
        enrolment_withdraw(enrolment=row, by=by)
    return len(rows)


@transaction.atomic
def enrolments_pause(*, run: CourseRun, ids: Sequence[int], by: Membership) -> int:
    """The course is closed to them and waits; what they did stays. Returns how many are paused now and were not."""
    rows = enrolments_reached(run=run, ids=ids, by=by)
    return _state(rows, EnrolmentState.ACTIVE, EnrolmentState.PAUSED, act="enrolments.paused", run=run, by=by)


@transaction.atomic
def enrolments_resume(*, run: CourseRun, ids: Sequence[int], by: Membership) -> int:
    """The course is open to them again, and what they did in the pause counts. Returns how many were paused."""
    rows = [row for row in enrolments_reached(run=run, ids=ids, by=by) if row.state == EnrolmentState.PAUSED]
    count = _state(rows, EnrolmentState.PAUSED, EnrolmentState.ACTIVE, act="enrolments.resumed", run=run, by=by)
    for row in rows:
        enrolment_catch_up(enrolment=row)
    return count


def _state(rows: list[Enrolment], old: str, new: str, *, act: str, run: CourseRun, by: Membership) -> int:
    changed = [row for row in rows if row.state == old]
    for row in changed:
        row.state = new
    Enrolment.objects.bulk_update(changed, ["state"])
    if changed:
        audit(act=act, by=by.person, target=run, after={"enrolments": [row.pk for row in changed]})
    return len(changed)


@transaction.atomic
def enrolments_extend(*, run: CourseRun, ids: Sequence[int], by: Membership, ends_on: date) -> int:
    """Give them another last day. Returns for how many it changed; refuses one before their first day."""
    rows = enrolments_reached(run=run, ids=ids, by=by)
    if wrong := day_problem(ends_on):
        raise CourseError(wrong)
    if any(row.first_day and row.first_day > ends_on for row in rows):
        raise CourseError(_("The last day is before the first."))
    changed = [row for row in rows if row.ends_on != ends_on]
    for row in changed:
        row.ends_on = ends_on
    Enrolment.objects.bulk_update(changed, ["ends_on"])
    if changed:
        after = {"ends_on": ends_on, "enrolments": [row.pk for row in changed]}
        audit(act="enrolments.extended", by=by.person, target=run, after=after)
    return len(changed)


@transaction.atomic
def enrolments_guide(*, run: CourseRun, ids: Sequence[int], by: Membership, role: str, person_id: int | None) -> int:
    """Give them an instructor or mentor of the run, or (None) none. Returns for how many it changed."""
    if role not in RunRole.values:
        raise CourseError(_("There is no such role in a run."))
    if person_id is not None and not RunGuide.objects.filter(run=run, role=role, person_id=person_id).exists():
        raise CourseError(_("Choose somebody who guides this run."))
    rows = [row for row in enrolments_reached(run=run, ids=ids, by=by) if getattr(row, f"{role}_id") != person_id]
    for row in rows:
        setattr(row, f"{role}_id", person_id)
    Enrolment.objects.bulk_update(rows, [role])
    if rows:
        after: dict[str, Any] = {role: person_id, "enrolments": [row.pk for row in rows]}
        audit(act="enrolments.guided", by=by.person, target=run, after=after)
    return len(rows)
