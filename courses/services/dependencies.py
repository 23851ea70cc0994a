"""Which activities must be looked at when a fact arrives: written beside the plan, so that only dependents are."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from courses.conditions import elements_of, topics_of
from courses.exceptions import CourseError
from courses.models import Activity, Dependency, Topic
from ecosystem.models import Element

RECORDS = "records"


@transaction.atomic
def dependencies_write(*, activities: Iterable[Activity]) -> None:
    """Say anew what the conditions of these activities depend on, in a few statements. Their conditions can be judged.

    Refuses conditions about elements that are not available here.
    """
    rows = list(activities)
    named = {pk for activity in rows for pk in elements_of(activity.condition)}
    if Element.objects.filter(pk__in=named).count() != len(named):
        raise CourseError(_("Some of the elements in its conditions are not available here."))
    Dependency.objects.filter(activity__in=rows).delete()
    Topic.objects.filter(activity__in=rows).delete()
    dependencies, topics = [], []
    for activity in rows:
        common = {
            "environment_id": activity.environment_id,
            "element_id": activity.element_id,
            "version_id": activity.version_id,
            "activity": activity,
        }
        for source, subject in sorted(topics_of(activity.condition), key=str):
            if source == RECORDS:
                dependencies.append(Dependency(**common, subject_id=subject))
            else:
                topics.append(Topic(**common, source=source, subject=str(subject)))
    Dependency.objects.bulk_create(dependencies, batch_size=5000)
    Topic.objects.bulk_create(topics, batch_size=5000)
