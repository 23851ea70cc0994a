"""What the learner's pages show."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Avg, F
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.access import buildable
from courses.conditions import Missing, missing
from courses.conditions.wording import lock_sentence
from courses.learning.closing import IN_COURSE, closed_because, today_for
from courses.learning.facts import FactsOf, names_for
from courses.learning.workload import Week, weeks_of
from courses.models import (
    Activity,
    ActivityState,
    Block,
    CourseVersion,
    Enrolment,
    EnrolmentState,
    State,
    Topic,
    VersionState,
)
from courses.selectors.naming import labels_of
from ecosystem import clock
from ecosystem.addresses import address
from ecosystem.models import Element, Membership, Power
from ecosystem.percents import percent_of
from ecosystem.prepared import Among, Given, prepared
from ecosystem.registry import Achievement, HomeSection, Todo, activity_types
from ecosystem.slugs import own_first
from ecosystem.spans import span_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet


MOST_WAITING = 500


@dataclass
class Step:
    state: ActivityState
    title: str
    icon: str
    kind: str
    minutes: int
    href: str
    now: bool = False
    lock_sentence: str = ""  # ``Opens when you have passed “Check 1”.`` Empty unless locked.
    first_missing: str = ""  # where the first missing thing can be done now

    @property
    def look(self) -> str:
        """done, now, open or locked: how the step is shown."""
        if self.state.state == State.COMPLETED:
            return "done"
        if self.state.state == State.LOCKED:
            return "locked"
        return "now" if self.now else "open"

    @property
    def time(self) -> str:
        return _("%(minutes)s min") % {"minutes": self.minutes} if self.minutes else ""

    @property
    def percent(self) -> str:
        return "" if self.state.score is None else f"{percent_of(self.state.score)}%"


@dataclass
class Chapter:
    title: str
    steps: list[Step] = field(default_factory=list)

    @cached_property
    def done(self) -> int:
        return sum(step.look == "done" for step in self.steps)

    @cached_property
    def look(self) -> str:
        if self.done == len(self.steps):
            return "done"
        return "now" if any(step.now for step in self.steps) else "later"

    @property
    def is_open(self) -> bool:
        return self.look != "done"


@dataclass
class Journey:
    """A course as one person lives through it."""

    enrolment: Enrolment
    chapters: list[Chapter]
    next_step: Step | None
    closed: str = ""  # why nothing of it is open today, as a sentence

    @cached_property
    def steps(self) -> list[Step]:
        return [step for chapter in self.chapters for step in chapter.steps]

    @cached_property
    def done(self) -> int:
        return sum(step.look == "done" for step in self.steps)

    @cached_property
    def minutes_left(self) -> int:
        return sum(step.minutes for step in self.steps if step.look != "done")

    @cached_property
    def weeks(self) -> list[Week]:
        """What must still be done, spread over the weeks that are left."""
        left = [(s.title, s.minutes) for s in self.steps if s.look != "done" and not s.state.activity.optional]
        today = timezone.localdate(clock.now())
        first = max(today, self.enrolment.first_day or today)
        return weeks_of(left, first=first, last=self.enrolment.last_day)


@prepared
def _states(*, enrolment: Given) -> QuerySet[ActivityState]:
    return (
        ActivityState.objects.filter(enrolment_id=enrolment)
        .select_related("activity__target")
        .order_by("activity__block__position", "activity__position")
    )


@prepared
def _blocks(*, version: Given) -> QuerySet[Block, tuple[int, str]]:
    return Block.objects.filter(version_id=version).values_list("pk", "title")


def journey_of(*, enrolment: Enrolment) -> Journey:
    """Chapters and steps with state, reasons of locks and the next step: a few queries, however long the course."""
    states = _states(enrolment=enrolment.pk)
    why = _why_locked(enrolment, states)
    labels = labels_of((state.activity.type, state.target_id) for state in states)
    steps = {state.pk: _step(state, enrolment, str(labels[state.target_id])) for state in states}
    by_target = {state.target_id: steps[state.pk] for state in states}
    closed = closed_because(enrolment)
    following = None if closed else _where_left(states, steps)
    if following:
        following.now = True
    chapters: dict[int, Chapter] = {}
    titles = dict(_blocks(version=enrolment.version_id))
    for state in states:
        step = steps[state.pk]
        if state.pk in why:
            step.lock_sentence, lacking = why[state.pk]
            doable = (by_target.get(pk) for leaf in lacking.leaves if not leaf.negated for pk in leaf.elements)
            step.first_missing = next((other.href for other in doable if other and other.look != "locked"), "")
        chapter = chapters.get(state.activity.block_id)
        if chapter is None:
            chapter = chapters[state.activity.block_id] = Chapter(titles[state.activity.block_id])
        chapter.steps.append(step)
        if closed and state.state != State.COMPLETED:
            step.href = step.first_missing = ""
    return Journey(enrolment, list(chapters.values()), following, closed)


def _where_left(states: Iterable[ActivityState], steps: dict[int, Step]) -> Step | None:
    """What was begun last and is not finished; else the first that is open."""
    begun = [state for state in states if state.state == State.STARTED and state.started_at]
    if begun:
        return steps[max(begun, key=lambda state: state.started_at).pk]  # type: ignore[arg-type, return-value]
    return next((steps[state.pk] for state in states if state.state in {State.OPEN, State.STARTED}), None)


def _step(state: ActivityState, enrolment: Enrolment, label: str) -> Step:
    activity = state.activity
    kind = activity_types[activity.type]
    onward = address("courses:next", enrolment.element.slug)
    return Step(state, activity.title, kind.icon, label, activity.minutes, kind.launch_url(activity.target, onward))


def _why_locked(enrolment: Enrolment, states: list[ActivityState]) -> dict[int, tuple[str, Missing]]:
    """What each locked one waits for, in words and as a tree, by state; nothing of one that is about to open."""
    locked = [state for state in states if state.state == State.LOCKED]
    if not locked:
        return {}
    trees = [state.activity.condition for state in locked]
    facts = FactsOf(person_ids=[enrolment.person_id], trees=trees, at=clock.now())
    names = names_for(trees=trees, titles={state.target_id: state.activity.title for state in states})
    found = {}
    for state in locked:
        known = facts.of(enrolment, state)
        lacking = missing(state.activity.condition, facts=known)
        if lacking is not None:
            found[state.pk] = (lock_sentence(lacking, names=names, facts=known), lacking)
    return found


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
    """For the transcript: one line per completed enrolment with the average of the scored steps; one query."""
    rows = (
        Enrolment.objects.filter(person_id=membership.person_id, completed_at__isnull=False)
        .annotate(score=Avg("states__score"))
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
    asking = Topic.objects.filter(source="releases", element__slug=slug).values("activity_id")
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
