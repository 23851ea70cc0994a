"""Runs: started, changed, copied; who guides the learners in them, and which groups enrol."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from courses.access import may_run
from courses.exceptions import CourseError
from courses.learning.closing import today_here
from courses.models import CourseRun, Enrolment, EnrolmentState, Pace, RunGroup, RunGuide, RunRole
from courses.runs.days import day_problem
from courses.services.many import people_enrol
from courses.services.plans import run_open
from courses.services.reconsidering import enrolments_reconsider
from courses.services.run_tallying import run_tally
from ecosystem.models import Element, Group, GroupMember, Membership, Person
from ecosystem.services.audit import audit
from ecosystem.visibility import elements_for

FACTS = ("title", "pace", "starts_on", "ends_on", "lasts_days", "complete_at")


def refuse_strangers(*, by: Membership, course_id: int) -> None:
    if not may_run(by, course_id):
        raise CourseError(_("You cannot change the runs of this course."))


@transaction.atomic
def run_create(*, element: Element, by: Membership, **facts: Any) -> CourseRun:
    """Start a run of the last published version. ``facts``: title, pace and its dates, complete_at."""
    refuse_strangers(by=by, course_id=element.pk)
    if not elements_for(by).filter(pk=element.pk, kind="course").exists():
        raise CourseError(_("Some of these elements are not available here."))
    run = run_open(element=element, **_checked(facts))
    audit(act="run.created", by=by.person, target=run, after=_said(run))
    return run


@transaction.atomic
def run_update(*, run: CourseRun, by: Membership, **facts: Any) -> CourseRun:
    """Change facts of a run; the others stay. Dates that learners were given of their own stay theirs.

    Another ``complete_at`` holds for everybody who has not completed yet; who has, stays so.
    """
    fresh = CourseRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    refuse_strangers(by=by, course_id=fresh.element_id)
    before = _said(fresh)
    facts = _checked({**{name: getattr(fresh, name) for name in FACTS}, **facts})
    for name, value in facts.items():
        setattr(fresh, name, value)
    if before != _said(fresh):
        fresh.save(update_fields=list(FACTS))
        if before["starts_on"] != fresh.starts_on:
            rows = Enrolment.objects.filter(run=fresh, state__in=EnrolmentState.living())
            enrolments_reconsider(enrolment_ids=list(rows.values_list("pk", flat=True)))
        if before["complete_at"] != fresh.complete_at:
            run_tally(run=fresh)
        audit(act="run.changed", by=by.person, target=fresh, before=before, after=_said(fresh))
    return fresh


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    """Dates that do not belong to the pace are left out; the rest is refused in words before the database does."""
    if strange := facts.keys() - set(FACTS):
        raise CourseError(_("This cannot be changed: %(name)s.") % {"name": sorted(strange)[0]})
    found = {**facts, "pace": facts.get("pace") or Pace.FIXED}
    if found["pace"] == Pace.OWN:
        found |= {"starts_on": None, "ends_on": None}
    else:
        found["lasts_days"] = None
    first, last = found.get("starts_on"), found.get("ends_on")
    if wrong := day_problem(first) or day_problem(last):
        raise CourseError(wrong)
    if first and last and last < first:
        raise CourseError(_("The last day is before the first."))
    if not 1 <= found.get("complete_at", 100) <= 100:
        raise CourseError(_("Choose a number from %(least)s to %(most)s.") % {"least": 1, "most": 100})
    if found.get("lasts_days") is not None and not 1 <= found["lasts_days"] <= 3650:
        raise CourseError(_("Choose a number from %(least)s to %(most)s.") % {"least": 1, "most": 3650})
    return found


def _said(run: CourseRun) -> dict[str, Any]:
    return {name: getattr(run, name) for name in FACTS}


@transaction.atomic
def run_copy(*, run: CourseRun, by: Membership, starts_on: date | None = None, title: str = "") -> CourseRun:
    """A new run with the same settings, guides and groups, and nobody in it yet.

    Its dates are moved so that it starts on ``starts_on``. It takes the version that was published last; the groups enrol
    who joins from now on.
    """
    refuse_strangers(by=by, course_id=run.element_id)
    facts = _said(run) | {"title": title or run.title}
    if starts_on and run.pace == Pace.FIXED:
        facts |= {"starts_on": starts_on, "ends_on": _shifted(run, starts_on)}
    made = run_create(element=run.element, by=by, **facts)
    common = {"environment_id": made.environment_id, "run": made}
    RunGuide.objects.bulk_create(
        [RunGuide(**common, person_id=row.person_id, role=row.role) for row in run.guides.all()]
    )
    RunGroup.objects.bulk_create([RunGroup(**common, group_id=row.group_id) for row in run.groups.all()])
    return made


def _shifted(run: CourseRun, starts_on: date) -> date | None:
    if run.ends_on is None or run.starts_on is None:
        return None
    if wrong := day_problem(starts_on):
        raise CourseError(wrong)
    try:
        return starts_on + (run.ends_on - run.starts_on)
    except OverflowError:
        raise CourseError(day_problem(date.max)) from None


@transaction.atomic
def run_guide_add(*, run: CourseRun, person: Person, role: str, by: Membership) -> RunGuide:
    """Somebody guides learners of the run, as instructor or mentor; twice is once. Refuses who is no member here."""
    refuse_strangers(by=by, course_id=run.element_id)
    if role not in RunRole.values:
        raise CourseError(_("There is no such role in a run."))
    if not Membership.objects.filter(person=person, ended_at=None).exists():
        raise CourseError(_("Nobody here has this address."))
    row, created = RunGuide.objects.get_or_create(environment_id=run.environment_id, run=run, person=person, role=role)
    if created:
        audit(act="run.guide_added", by=by.person, target=run, after={"person": person.pk, "role": role})
    return row


@transaction.atomic
def run_guide_remove(*, guide: RunGuide, by: Membership) -> None:
    """They guide nobody in the run any more."""
    run = CourseRun.objects.get(pk=guide.run_id)
    refuse_strangers(by=by, course_id=run.element_id)
    run.enrolments.filter(**{f"{guide.role}_id": guide.person_id}).update(**{guide.role: None})
    audit(act="run.guide_removed", by=by.person, target=run, before={"person": guide.person_id, "role": guide.role})
    guide.delete()


@transaction.atomic
def run_group_add(*, run: CourseRun, group: Group, by: Membership) -> int:
    """Enrol everybody in the group, and from now on whoever joins it; returns how many are new. Twice is once."""
    refuse_strangers(by=by, course_id=run.element_id)
    _row, created = RunGroup.objects.get_or_create(environment_id=run.environment_id, run=run, group=group)
    inside = GroupMember.objects.filter(group=group).values("person_id")
    members = Membership.objects.filter(ended_at=None, person_id__in=inside).select_related("person")
    _before, made = people_enrol(run=run, people=[member.person for member in members])
    if created or made:
        audit(act="run.group_added", by=by.person, target=run, after={"group": group.name, "count": len(made)})
    return len(made)


@transaction.atomic
def run_group_remove(*, run: CourseRun, group: Group, by: Membership) -> None:
    """Joining the group enrols nobody any more; who is in the run stays."""
    refuse_strangers(by=by, course_id=run.element_id)
    if RunGroup.objects.filter(run=run, group=group).delete()[0]:
        audit(act="run.group_removed", by=by.person, target=run, before={"group": group.name})


@transaction.atomic
def group_joined(*, group: Group, person_ids: set[int]) -> None:
    """Enrol who has just joined a group in every run that it enrols for and that is not over. Twice is once."""
    rows = (
        RunGroup.objects.filter(group=group)
        .exclude(run__ends_on__lt=today_here())
        .select_related("run")
        .order_by("run_id")
    )
    runs = [row.run for row in rows]
    if not runs:
        return
    members = Membership.objects.filter(ended_at=None, person_id__in=person_ids).select_related("person")
    people = [member.person for member in members]
    for run in runs:
        people_enrol(run=run, people=people)
