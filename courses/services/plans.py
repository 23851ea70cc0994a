"""The plan of a course: blocks and activities, drafted and published."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from courses import conditions
from courses.exceptions import CourseError
from courses.models import Activity, Block, CourseRun, CourseVersion, VersionState
from courses.plans.versions import newest_published
from courses.services.checking import activities_findings
from courses.services.dependencies import dependencies_write
from ecosystem import clock
from ecosystem.models import Element
from ecosystem.registry import activity_types
from ecosystem.scope import current_scope


@dataclass(frozen=True)
class PlannedActivity:
    target: Element
    title: str = ""
    minutes: int = 0
    weight: int = 1
    optional: bool = False
    condition: dict[str, Any] | None = None


@dataclass(frozen=True)
class PlannedBlock:
    title: str
    activities: list[PlannedActivity] = field(default_factory=list)


@transaction.atomic
def course_publish(*, element: Element, blocks: list[PlannedBlock]) -> CourseVersion:
    """Publish a plan as the next version of the course.

    Refuses a course from above, elements that are not available here or cannot be an activity, conditions
    that cannot be judged, and a plan in which something can never open (``courses.conditions.check``).
    """
    environment_id = current_scope().environment_id
    if element.environment_id != environment_id:
        raise CourseError(_("It comes from the environment above and is changed there."))
    seen: set[int] = set()
    for block in blocks:
        for planned in block.activities:
            _check(planned)
            seen.add(planned.target.pk)
    if not seen:
        raise CourseError(_("A course needs at least one activity."))
    if Element.objects.filter(pk__in=seen).count() != len(seen):
        raise CourseError(_("Some of these elements are not available here."))
    last = CourseVersion.objects.filter(element=element).order_by("-number").values_list("number", flat=True).first()
    version = CourseVersion.objects.create(
        environment_id=environment_id,
        element=element,
        number=(last or 0) + 1,
        state=VersionState.PUBLISHED,
        published_at=clock.now(),
    )
    known = _uids_of(element, last)
    activities = [row for position, block in enumerate(blocks) for row in _write(version, block, position, known)]
    dependencies_write(activities=activities)
    findings = activities_findings(activities=activities)
    if findings:
        raise CourseError(" ".join(finding.words for finding in findings))
    return version


def _uids_of(element: Element, number: int | None) -> dict[int, uuid.UUID]:
    """The uid of each element in version ``number``, so that what people did with it goes on counting."""
    rows = Activity.objects.filter(element=element, version__number=number).order_by("-block__position", "-position")
    return dict(rows.values_list("target_id", "uid"))


def _check(planned: PlannedActivity) -> None:
    if planned.target.kind not in activity_types:
        raise CourseError(_("“%(title)s” cannot be an activity.") % {"title": planned.target.title})
    wrong = conditions.problems(planned.condition)
    if wrong:
        raise CourseError(" ".join(wrong))


def _write(version: CourseVersion, block: PlannedBlock, position: int, known: dict[int, uuid.UUID]) -> list[Activity]:
    common = {"environment_id": version.environment_id, "element_id": version.element_id, "version": version}
    row = Block.objects.create(**common, title=block.title, position=position)
    return [
        Activity.objects.create(
            **common,
            uid=known.pop(planned.target.pk, None) or uuid.uuid4(),
            block=row,
            target=planned.target,
            type=planned.target.kind,
            title=planned.title or planned.target.title,
            position=index,
            minutes=planned.minutes or planned.target.minutes,
            weight=planned.weight,
            optional=planned.optional,
            condition=planned.condition,
        )
        for index, planned in enumerate(block.activities)
    ]


def run_open(*, element: Element, title: str = "", **dates: Any) -> CourseRun:
    """A run of the latest published version, in the open environment."""
    version = newest_published(element.pk)
    if version is None:
        raise CourseError(_("Publish the course before you start a run."))
    return CourseRun.objects.create(
        environment_id=current_scope().environment_id,
        element=element,
        version=version,
        title=title or element.title,
        **dates,
    )
