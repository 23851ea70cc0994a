"""A course as one person lives through it: chapters and steps, with state, and why what is locked is locked."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from courses.conditions import missing
from courses.conditions.wording import LockWords
from courses.learning.closing import closed_because
from courses.learning.facts import Asked, FactsOf, names_of
from courses.learning.workload import Week, weeks_of
from courses.models import ActivityState, Enrolment, State
from courses.plans.published import PlannedStep, plan_of
from courses.selectors.naming import labels_of
from ecosystem import clock
from ecosystem.percents import percent_of
from ecosystem.prepared import Given, prepared
from ecosystem.registry import scores_withheld

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.db.models import QuerySet


@dataclass(slots=True)
class StepState:
    """Where a person is with a step, as far as pages show it."""

    target_id: int
    state: str = State.OPEN
    passed: bool | None = None
    score: float | None = None
    started_at: datetime | None = None
    released_at: datetime | None = None


@dataclass(slots=True)
class Step:
    state: StepState
    title: str
    icon: str
    kind: str
    minutes: int
    href: str
    optional: bool = False
    now: bool = False
    lock_sentence: str = ""  # ``Opens when you have passed “Check 1”.`` Empty unless locked.
    withheld: bool = False  # the score, which the person may not see yet
    first_missing: str = ""  # where the first missing thing can be done now

    @property
    def look(self) -> str:
        """done, now, open or locked: how the step is shown."""
        if self.state.state == State.COMPLETED:
            return "done"
        if self.state.state == State.LOCKED:
            return "locked"
        return "now" if self.now else "open"

    def shown(self, minutes: str) -> dict[str, str]:
        """The parameters of the component ``step``; ``minutes`` is how so many of them are written."""
        state = self.state
        return {
            "title": self.title,
            "state": self.look,
            "icon": self.icon,
            "href": self.href,
            "kind": self.kind,
            "time": minutes % {"minutes": self.minutes} if self.minutes else "",
            "why": self.lock_sentence,
            "why_href": self.first_missing,
            "chip": "" if state.score is None or self.withheld else f"{percent_of(state.score)}%",
            "chip_tone": "" if state.passed is None else "ok" if state.passed else "warn",
        }


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

    @property
    def shown(self) -> list[dict[str, str]]:
        """The parameters of the component ``step``, for each."""
        minutes = _("%(minutes)s min")
        return [step.shown(minutes) for step in self.steps]


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
        if self.enrolment.last_day is None:
            return []
        left = [(s.title, s.minutes) for s in self.steps if s.look != "done" and not s.optional]
        today = timezone.localdate(clock.now())
        first = max(today, self.enrolment.first_day or today)
        return weeks_of(left, first=first, last=self.enrolment.last_day)


@prepared
def _states(*, enrolment: Given) -> QuerySet[ActivityState, tuple[Any, ...]]:
    rows = ActivityState.objects.filter(enrolment_id=enrolment)
    return rows.values_list(
        "activity_id", "target__slug", "target_id", "state", "passed", "score", "started_at", "released_at"
    )


def journey_of(*, enrolment: Enrolment) -> Journey:
    """Chapters and steps with state, reasons of locks and the next step: a few queries, however long the course."""
    course = enrolment.element
    rows = _states(enrolment=enrolment.pk)
    plan = plan_of(version_id=enrolment.version_id, course_slug=course.slug, slugs={row[0]: row[1] for row in rows})
    states = {row[0]: StepState(*row[2:]) for row in rows}
    planned = [step for pk, step in plan.items() if pk in states]
    labels = labels_of((one.type, one.target_id) for one in planned)
    said = {id(label): str(label) for label in {id(label): label for label in labels.values()}.values()}  # few labels
    steps = {
        one.activity_id: Step(
            states[one.activity_id],
            one.title,
            one.icon,
            said[id(labels[one.target_id])],
            one.minutes,
            one.href,
            one.optional,
        )
        for one in planned
    }
    scored = [states[one.activity_id].target_id for one in planned if states[one.activity_id].score is not None]
    hidden = scores_withheld(person_id=enrolment.person_id, element_ids=scored)
    for step in steps.values():
        step.withheld = step.state.target_id in hidden
    closed = closed_because(enrolment)
    following = None if closed else _where_left(steps.values())
    if following:
        following.now = True
    _say_why(enrolment, [(one, steps[one.activity_id]) for one in planned])
    chapters: dict[int, Chapter] = {}
    for one in planned:
        chapter = chapters.get(one.chapter)
        if chapter is None:
            chapter = chapters[one.chapter] = Chapter(one.chapter_title)
        step = steps[one.activity_id]
        chapter.steps.append(step)
        if closed and step.state.state != State.COMPLETED:
            step.href = step.first_missing = ""
    return Journey(enrolment, list(chapters.values()), following, closed)


def _where_left(steps: Collection[Step]) -> Step | None:
    """What was begun last and is not finished; else the first that is open."""
    begun = [step for step in steps if step.state.state == State.STARTED and step.state.started_at]
    if begun:
        return max(begun, key=lambda step: step.state.started_at)  # type: ignore[arg-type, return-value]
    return next((step for step in steps if step.state.state in {State.OPEN, State.STARTED}), None)


def _say_why(enrolment: Enrolment, steps: list[tuple[PlannedStep, Step]]) -> None:
    """What each locked one waits for, in words, and where to do it; nothing of one that is about to open."""
    locked = [(planned, step) for planned, step in steps if step.state.state == State.LOCKED]
    if not locked:
        return
    asked = Asked.together(planned.asked for planned, _step in locked)
    facts = FactsOf(person_ids=[enrolment.person_id], asked=asked, at=clock.now())
    names = names_of(asked, titles={planned.target_id: planned.title for planned, _step in steps})
    doable = {planned.target_id: step.href for planned, step in steps if step.state.state != State.LOCKED}
    # Whether somebody has opened it by hand is all in which the facts of one step differ from those of another.
    known = {True: facts.of(enrolment, StepState(0, released_at=clock.now())), False: facts.of(enrolment)}
    words = {released: LockWords(names=names, facts=of_it) for released, of_it in known.items()}
    for planned, step in locked:
        released = step.state.released_at is not None
        lacking = missing(planned.condition, facts=known[released])
        if lacking is not None:
            step.lock_sentence = words[released].sentence(lacking)
            first = (doable.get(pk) for leaf in lacking.leaves if not leaf.negated for pk in leaf.elements)
            step.first_missing = next((href for href in first if href), "")
