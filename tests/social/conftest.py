"""A discussion that is the first step of a course, a page that waits for it, and two runs: each with a guide and learners."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from content.services import page_create
from courses.models import CourseRun, RunRole
from courses.services import PlannedActivity, PlannedBlock, course_publish, enrolment_create, run_open
from courses.services.runs import run_guide_add
from ecosystem.models import Element, Membership
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create
from social.models import Discussion, Post
from social.services import discussion_make, reply_write, thread_begin


@contextmanager
def within(membership: Membership) -> Iterator[None]:
    with open_scope(environment_id=membership.environment_id, person_id=membership.person_id):
        yield


@dataclass
class Stage:
    discussion: Discussion
    page: Element
    course: Element
    run: CourseRun
    other_run: CourseRun
    guide: Membership
    manager: Membership
    learners: list[Membership] = field(default_factory=list)

    def asks(self, who: Membership, title: str = "Why?", text: str = "Why so?", run: CourseRun | None = None) -> Post:
        with within(who):
            circle = (run or self.run).uid
            return thread_begin(discussion=self.discussion, circle=circle, title=title, text=text, by=who)

    def replies(self, who: Membership, post: Post, text: str = "Because.") -> Post:
        with within(who):
            return reply_write(thread=post.thread, text=text, by=who)


@pytest.fixture
def author(member) -> Membership:
    return member("author", name="Ada")


@pytest.fixture
def stage(author, member) -> Callable[..., Stage]:
    def make(**facts: object) -> Stage:
        guide, manager = member("learner", name="Gus"), member("manager", name="Max")
        learners = [member("learner", name=name) for name in ("Lea Long", "Tom Tall")]
        elsewhere = member("learner", name="Eva Else")
        with within(author):
            asked = {"threads_asked": 1, "replies_asked": 1, **facts}
            made = discussion_make(title="Night rounds", markdown="What **surprised** you?", by=author, **asked)
            page = page_create(title="Later", markdown="Hello", creators=[author.person]).element
            course = element_create(kind="course", title="Nights", slug="nights", creators=["Ada"])
            waits = PlannedActivity(target=page, condition={"posted": {"of": made.element_id, "least": 2}})
            steps = [PlannedActivity(target=made.element), waits]
            course_publish(element=course, blocks=[PlannedBlock("One", steps)])
            run, other_run = run_open(element=course, title="March"), run_open(element=course, title="May")
        with within(manager):
            run_guide_add(run=run, person=guide.person, role=RunRole.INSTRUCTOR, by=manager)
            for learner in learners:
                enrolment_create(run=run, person=learner.person)
            enrolment_create(run=other_run, person=elsewhere.person)
        return Stage(made, page, course, run, other_run, guide, manager, [*learners, elsewhere])

    return make
