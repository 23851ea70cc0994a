"""Whether everything in a version of a course can ever open."""

from courses.conditions import Finding, check, elements_of
from courses.learning.facts import steps_of
from courses.models import Activity, CourseVersion
from ecosystem import clock
from ecosystem.models import Element


def version_findings(*, version: CourseVersion) -> list[Finding]:
    """What no learner can ever open, with words for the author; ``keys`` are the uids of activities. Writes nothing."""
    rows = Activity.objects.filter(version=version).select_related("target", "block")
    return activities_findings(activities=list(rows.order_by("block__position", "position")))


def activities_findings(*, activities: list[Activity]) -> list[Finding]:
    """The same of these activities, saved or not, in the order of the plan; they come with ``target``."""
    steps = steps_of(activities)
    outside = {pk for step in steps for pk in elements_of(step.condition)} - {step.target_id for step in steps}
    others = Element.objects.filter(pk__in=outside) if outside else []
    return check(
        steps,
        titles={element.pk: element.title for element in others},
        kinds={element.pk: element.kind for element in others},
        now=clock.now(),
    )
