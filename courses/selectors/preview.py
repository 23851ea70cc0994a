"""The draft as a learner sees it who has done nothing yet. Nothing is written."""

from django.urls import reverse

from courses.conditions import missing
from courses.conditions.wording import lock_sentence
from courses.learning.facts import names_for, zone_here
from courses.models import Activity, CourseVersion, Enrolment, State
from courses.selectors.journeys import Chapter, Journey, Step, StepState
from courses.selectors.naming import labels_of
from ecosystem import clock
from ecosystem.models import Element
from ecosystem.predicates import Facts
from ecosystem.registry import activity_types


def preview_of(*, element: Element) -> Journey:
    """Of the draft, or of what is published when there is none; a few queries."""
    version = CourseVersion.objects.filter(element=element).order_by("state", "-number").first()
    activities = list(
        Activity.objects.filter(version=version)
        .select_related("block", "target")
        .order_by("block__position", "position")
    )
    trees = [activity.condition for activity in activities]
    names = names_for(trees=trees, titles={activity.target_id: activity.title for activity in activities})
    now = clock.now()
    nothing = Facts(at=now, zone=zone_here(), begins_at=now, enrolled_at=now)
    back = reverse("courses:preview", args=[element.slug])
    labels = labels_of((activity.type, activity.target_id) for activity in activities)
    chapters: dict[int, Chapter] = {}
    first: Step | None = None
    for activity in activities:
        lacking = missing(activity.condition, facts=nothing)
        lock = lock_sentence(lacking, names=names, facts=nothing) if lacking else ""
        state = StepState(activity.target_id, State.LOCKED if lock else State.OPEN)
        kind = activity_types[activity.type]
        label, href = str(labels[activity.target_id]), kind.launch_url(activity.target, back)
        step = Step(state, activity.title, kind.icon, label, activity.minutes, href, lock_sentence=lock)
        if first is None and not lock:
            first, step.now = step, True
        chapters.setdefault(activity.block_id, Chapter(activity.block.title)).steps.append(step)
    return Journey(Enrolment(element=element), list(chapters.values()), first)
