"""Who may build a course, and who may run it."""

from django.db.models import Q

from ecosystem.models import Element, Membership, Power
from ecosystem.rules import may_somewhere
from ecosystem.spans import span_of

# Of some course at least; which ones, `buildable` says.
may_build_some = may_somewhere(Power.MANAGE_CONTENT)


def may_build(membership: Membership, element: Element) -> bool:
    """Our own course, by whoever may change content here or of this course."""
    return (
        element.kind == "course"
        and element.environment_id == membership.environment_id
        and span_of(membership, Power.MANAGE_CONTENT).covers_course(element.pk)
    )


def buildable(membership: Membership) -> Q:
    """Elements that are courses which the person may build."""
    ours = Q(kind="course", environment_id=membership.environment_id)
    span = span_of(membership, Power.MANAGE_CONTENT)
    return ours if span.everything else ours & Q(pk__in=span.courses)


SEES_LEARNERS = (Power.SEE_RESULTS, Power.MARK, Power.MANAGE_PEOPLE, Power.ENROL)
RUNNING = (*SEES_LEARNERS, Power.MANAGE_CONTENT)
# At the runs of some course; of which ones, `courses_run` says.
may_look = may_somewhere(*RUNNING)


def may_run(membership: Membership, course_id: int) -> bool:
    """Start runs of a course here, change them, and enrol anybody in them."""
    return span_of(membership, Power.ENROL).covers_course(course_id)


def may_release(membership: Membership, course_id: int) -> bool:
    """Open activities by hand for learners of a course, or for those of a group in it."""
    span = span_of(membership, Power.MARK)
    return span.covers_course(course_id) or bool(span.groups)


def sees_learners(membership: Membership, course_id: int) -> bool:
    """May know who is in a course and how far."""
    return span_of(membership, *SEES_LEARNERS).covers_course(course_id)
