"""What the learner's pages show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Avg, F, Q
from django.utils.translation import gettext as _

from courses.access import buildable
from courses.learning.closing import IN_COURSE, closed_because, today_for
from courses.models import (
    Activity,
    ActivityState,
    CourseVersion,
    Enrolment,
    EnrolmentState,
    State,
    Topic,
    VersionState,
)
from courses.selectors.naming import labels_of
from ecosystem.addresses import address
from ecosystem.models import Element, Membership, Power
from ecosystem.prepared import Among, Given, prepared
from ecosystem.registry import Achievement, HomeSection, Todo, activity_types, scores_withheld
from ecosystem.slugs import own_first
from ecosystem.spans import span_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet


MOST_WAITING = 500


def enrolments_of(*, membership: Membership) -> list[Enrolment]:
    """The person's courses here, the most recently used first."""
    return _newest_first(person=membership.person_id)


def enrolment_in(*, membership: Membership, slug: str) -> Enrolment | None:
    """The person's newest enrolment in the course with this slug, in our own before one from above."""
    return next(iter(_in_course(person=membership.person_id, slug=slug)), None)


def enrolment_for(*, membership: Membership, course: Element) -> Enrolment | None:
    """The person's newest enrolment in this course."""
    return _enrolments(membership.person_id).filter(element=course).order_by("-enrolled_at").first()


def _enrolments(person: Given) -> QuerySet[Enrolment]:
    rows = Enrolment.objects.filter(person_id=person, state__in=IN_COURSE)
    return rows.select_related("element", "run")


@prepared
def _newest_first(*, person: Given) -> QuerySet[Enrolment]:
    return _enrolments(person).order_by("state", F("last_active_at").desc(nulls_last=True), "-enrolled_at")


@prepared
def _in_course(*, person: Given, slug: Given) -> QuerySet[Enrolment]:
    return _enrolments(person).filter(element__slug=slug).order_by(own_first("element__"), "-enrolled_at")[:1]


def people_in(courses: Iterable[int]) -> QuerySet[Enrolment, dict[str, int]]:
    """Ids of the people who are in one of these courses, without those who have withdrawn."""
    rows = Enrolment.objects.filter(element_id__in=courses, state__in=IN_COURSE)
    return rows.values("person_id")


def steps_in(courses: Iterable[int]) -> QuerySet[ActivityState]:
    """Who does which element (``target_id``) as a step of one of these courses."""
    return ActivityState.objects.filter(element_id__in=courses, enrolment__state__in=IN_COURSE)


def elements_asked(membership: Membership) -> QuerySet[ActivityState, dict[str, int]]:
    """Ids of the elements that are activities of the person's courses."""
    return ActivityState.objects.filter(
        person_id=membership.person_id, enrolment__state__in=EnrolmentState.living()
    ).values("target_id")


def next_activities(*, enrolments: Iterable[Enrolment]) -> dict[int, ActivityState]:
    """Per enrolment id what was begun last, or else the first open activity, in one query."""
    rows = _first_open(enrolments=[enrolment.pk for enrolment in enrolments])
    return {row.enrolment_id: row for row in rows}


@prepared
def _first_open(*, enrolments: Given) -> QuerySet[ActivityState]:
    return (
        ActivityState.objects.filter(Among("enrolment_id", enrolments), state__in=[State.OPEN, State.STARTED])
        .select_related("activity__block", "activity__target")
        .order_by(
            "enrolment_id",
            F("started_at").desc(nulls_last=True),  # what was begun last
            "activity__block__position",
            "activity__position",
        )
        .distinct("enrolment_id")
    )


def _at_home(membership: Membership) -> list[Enrolment]:
    """Asked for by the todos and by the cards of one page, so kept on the membership, which lives for one request."""
    kept = membership.__dict__
    if "enrolments_at_home" not in kept:
        kept["enrolments_at_home"] = enrolments_of(membership=membership)
    found: list[Enrolment] = kept["enrolments_at_home"]
    return found


def course_todos(membership: Membership) -> list[Todo]:
    """The next activity of each active course, the one in hand first."""
    mine = [e for e in _at_home(membership) if e.state == EnrolmentState.ACTIVE]
    today = today_for(mine)
    active = [e for e in mine if not closed_because(e, today=today)][:6]
    following = next_activities(enrolments=active)
    labels = labels_of((state.activity.type, state.target_id) for state in following.values())
    found = []
    for order, enrolment in enumerate(active):
        state = following.get(enrolment.pk)
        if state is None:
            continue
        kind = activity_types[state.activity.type]
        started = state.state == State.STARTED or enrolment.progress > 0
        onward = address("courses:next", enrolment.element.slug)
        found.append(
            Todo(
                rank=10 + order if started else 30 + order,
                kind=labels[state.target_id],
                icon=kind.icon,
                title=state.activity.title,
                href=kind.launch_url(state.activity.target, onward),
                action=_("Continue") if state.state == State.STARTED else _("Start"),
                minutes=state.activity.minutes,
                where=enrolment.element.title,
                percent=enrolment.progress,
                why=_("You have started this course.") if started else _("It is the first step of your course."),
            )
        )
    return found


def courses_section(membership: Membership) -> HomeSection | None:
    """The person's courses on the home page."""
    enrolments = _at_home(membership)[:6]
    if not enrolments:
        return None
    cards = [
        {
            "title": enrolment.element.title,
            "href": address("courses:course", enrolment.element.slug),
            "art": enrolment.element.cover,
            "tint": 1 + at % 3,
            "items": None,
            "summary": "",
            "percent": enrolment.progress,
            "next": _("Finished") if enrolment.completed_at else "",
        }
        for at, enrolment in enumerate(enrolments)
    ]
    return HomeSection(_("Your courses"), _("All your courses"), address("courses:mine"), cards)


def courses_completed(membership: Membership) -> list[Achievement]:
    """For the transcript: one line per completed enrolment with the average of the scored steps that may be seen."""
    scored = ActivityState.objects.filter(person_id=membership.person_id, score__isnull=False)
    hidden = scores_withheld(
        person_id=membership.person_id, element_ids=list(scored.values_list("target_id", flat=True).distinct())
    )
    rows = (
        Enrolment.objects.filter(person_id=membership.person_id, completed_at__isnull=False)
        .annotate(score=Avg("states__score", filter=~Q(states__target_id__in=hidden)))
        .order_by("-completed_at")
        .values_list("element__title", "element__slug", "completed_at", "score")
    )
    return [
        Achievement(title, at, score=score, href=address("courses:course", slug)) for title, slug, at, score in rows
    ]


def plan_activities(*, membership: Membership, slug: str, draft: bool = False) -> list[Activity]:
    """The activities of the draft of a course that this author may change, in order; empty for everybody else.

    Without ``draft`` those of the last published version when there is no draft.
    """
    versions = CourseVersion.objects.filter(
        element__in=Element.objects.filter(buildable(membership), kind="course", slug=slug)
    )  # fmt: skip
    wanted = versions.filter(state=VersionState.DRAFT).first()
    if wanted is None and not draft:
        wanted = versions.order_by("-number").first()
    if wanted is None:
        return []
    rows = Activity.objects.filter(version=wanted).select_related("target", "block", "element")
    return list(rows.order_by("block__position", "position"))


def releases_waiting(*, membership: Membership, slug: str) -> list[ActivityState]:
    """What learners of a course wait for somebody to open, or somebody has opened and they have not begun, by person.

    Of the people whose work the person of the membership marks.
    """
    # Few, and known before the rest is planned: otherwise all states of the course are read to find those of these steps.
    asking = list(Topic.objects.filter(source="releases", element__slug=slug).values_list("activity_id", flat=True))
    if not asking:
        return []
    rows = ActivityState.objects.filter(
        activity_id__in=asking,
        state__in=[State.LOCKED, State.OPEN],
        enrolment__state__in=EnrolmentState.living(),
        enrolment_id__in=Enrolment.objects.filter(span_of(membership, Power.MARK).of_courses()).values("pk"),
    )
    rows = rows.select_related("person", "activity__block", "element", "enrolment__run")
    return list(
        rows.order_by("person__name", "person_id", "activity__block__position", "activity__position")[:MOST_WAITING]
    )
