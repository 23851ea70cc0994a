"""The cast: an author, a course of two chapters that is published, and its draft."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from content.services import page_create
from courses.models import Enrolment
from courses.services import PlannedActivity, PlannedBlock, course_publish, draft_of, enrolment_create, run_open, runs
from ecosystem.models import Reach
from ecosystem.scope import open_scope
from ecosystem.services.delegations import delegation_grant
from ecosystem.services.elements import element_create
from tests.cast import People, environment
from tests.standing import World, stands

RUN_ENDS = date(2027, 3, 31)


def within(membership):
    return open_scope(environment_id=membership.environment_id, person_id=membership.person_id)


def pages_by(author):
    with within(author):
        return [
            page_create(title=f"Page {n}", markdown="Hello", creators=[author.person], minutes=5).element
            for n in range(4)
        ]


def course_of(author, pages):
    """Chapter One: pages 0 and 1 (which waits for 0). Chapter Two: page 2. Page 3 is not used."""
    with within(author):
        element = element_create(kind="course", title="Built", creators=[author.person])
        first = [
            PlannedActivity(target=pages[0], weight=3),
            PlannedActivity(target=pages[1], condition={"completed": pages[0].pk}),
        ]
        course_publish(
            element=element,
            blocks=[PlannedBlock("One", first), PlannedBlock("Two", [PlannedActivity(target=pages[2])])],
        )
        return element


def run_of(manager, built):
    with within(manager):
        return runs.run_create(element=built, by=manager, title="March", starts_on=None, ends_on=RUN_ENDS)


def learners_of(run, manager, member):
    learners = [member("learner", name=f"Learner {n}") for n in range(3)]
    with within(manager):
        for one in learners:
            enrolment_create(run=run, person=one.person)
    return learners


@stands("env", "author", "pages", "built", folder="tests/courses")
def a_course() -> World:
    env = environment("alpha")
    member = People(env)
    author = member("author", name="Ama")
    pages = pages_by(author)
    built = course_of(author, pages)
    return {"env": env, "author": author, "pages": pages, "built": built, "count": member.count}


@stands("env", "author", "pages", "built", "manager", "run", "people", folder="tests/courses")
def a_run() -> World:
    env = environment("alpha")
    member = People(env)
    author, manager = member("author", name="Ama"), member("manager", name="Max")
    pages = pages_by(author)
    built = course_of(author, pages)
    run = run_of(manager, built)
    people = learners_of(run, manager, member)
    return {
        "env": env, "author": author, "pages": pages, "built": built, "manager": manager, "run": run, "people": people,
        "count": member.count,
    }  # fmt: skip


@pytest.fixture
def author(member, standing):
    return standing.get("author") or member("author", name="Ama")


@pytest.fixture
def pages(author, standing):
    return standing.get("pages") or pages_by(author)


@pytest.fixture
def built(author, pages, standing):
    return standing.get("built") or course_of(author, pages)


@pytest.fixture
def draft(author, built):
    with within(author):
        return draft_of(element=built, by=author)


@pytest.fixture
def give(member):
    """``give("enrol", course=course)``: a learner who was given that over one course (or ``group``) only."""

    def make(*powers, course=None, group=None):
        giver, holder = member("admin"), member("learner")
        with within(giver):
            delegation_grant(
                person=holder.person,
                powers=powers,
                until=timezone.now() + timedelta(days=30),
                by=giver,
                reach=Reach.COURSE if course else Reach.GROUP,
                element=course,
                group=group,
            )
        return holder

    return make


@pytest.fixture
def make_course():
    """``make_course([(element, condition), ...])`` publishes a course in the open scope and gives its run."""
    count = 0

    def make(plan, **dates):
        nonlocal count
        count += 1
        course = element_create(kind="course", title=f"Course {count}", slug=f"course-{count}", creators=["Ada"])
        activities = [PlannedActivity(target=element, condition=condition) for element, condition in plan]
        course_publish(element=course, blocks=[PlannedBlock("One", activities)])
        return run_open(element=course, **dates)

    return make


@pytest.fixture
def manager(member, standing):
    return standing.get("manager") or member("manager", name="Max")


@pytest.fixture
def run(manager, built, standing):
    return standing.get("run") or run_of(manager, built)


@pytest.fixture
def people(manager, member, run, standing):
    return standing.get("people") or learners_of(run, manager, member)


def outline(version) -> list[str]:
    """``["One", "- Page 0", ...]``"""
    found = []
    for block in version.blocks.order_by("position"):
        found.append(block.title)
        found += [f"- {activity.title}" for activity in block.activities.order_by("position")]
    return found


def uids(version) -> dict[str, str]:
    rows = [*version.blocks.all(), *version.activities.all()]
    return {row.title: str(row.uid) for row in rows}


def ids(run, *learners) -> list[int]:
    rows = Enrolment.objects.filter(run=run, person_id__in=[one.person_id for one in learners])
    return list(rows.values_list("pk", flat=True))


def state_of(manager, learner) -> str:
    with within(manager):
        return Enrolment.objects.get(person_id=learner.person_id).state
