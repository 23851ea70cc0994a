"""Real connections, real commits: authors at the same moment, and a learner who works while being moved to another version."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from content.services import page_create, page_finish
from courses.exceptions import CourseError
from courses.models import ActivityState, CourseVersion, DraftEdit, State
from courses.services import (
    PlannedActivity,
    PlannedBlock,
    activity_change,
    block_add,
    course_publish,
    draft_of,
    enrolment_create,
    run_open,
)
from courses.services.many import people_enrol
from courses.services.publishing import draft_publish
from courses.services.version_moves import enrolment_move
from ecosystem.models import Membership
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create
from ecosystem.services.environments import environment_create
from ecosystem.services.people import member_add
from tests.courses.conftest import uids, within

pytestmark = pytest.mark.usefixtures("own_database")
MANY = 5


class Cast:
    """An author and a learner, who is in a run of a course of two pages of which the second waits for the first."""

    def __init__(self) -> None:
        here = environment_create(slug="alpha", name="Alpha", hosts=["alpha.localhost"])
        with open_scope(environment_id=here.pk):
            self.author = member_add(email="author@example.org", name="Ama", roles=["author"])
            self.learner = member_add(email="learner@example.org", name="Lee", roles=["learner"])
            self.pages = [page_create(title=f"Page {n}", markdown="x", creators=["A"]).element for n in range(2)]
            self.course = element_create(kind="course", title="Course", creators=["A"])
            steps = [
                PlannedActivity(target=self.pages[0]),
                PlannedActivity(target=self.pages[1], condition={"completed": self.pages[0].pk}),
            ]
            course_publish(element=self.course, blocks=[PlannedBlock("One", steps)])
            self.run = run_open(element=self.course)
            self.enrolment = enrolment_create(run=self.run, person=self.learner.person)


@pytest.fixture
def cast() -> Cast:
    return Cast()


def at_once(who: Membership, act: Callable[[int], Any]) -> list[Any]:
    """What each of many got who began in the same moment; a refusal is the exception."""
    gate, found = threading.Barrier(MANY), []

    def work(number: int) -> None:
        gate.wait()
        try:
            with within(who):
                found.append(act(number))
        except CourseError as refusal:
            found.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return found


def test_many_who_begin_a_draft_at_once_share_one_and_every_edit_is_kept(cast):
    drafts = at_once(cast.author, lambda _number: draft_of(element=cast.course, by=cast.author).pk)
    assert len(set(drafts)) == 1
    assert len(drafts) == MANY
    with within(cast.author):
        draft = CourseVersion.objects.get(pk=drafts[0])
        assert draft.activities.count() == 2
    edits = at_once(cast.author, lambda n: block_add(draft=draft, title=f"B{n}", by=cast.author, seen=0).number)
    assert sorted(edits) == list(range(1, MANY + 1))
    with within(cast.author):
        assert [block.position for block in draft.blocks.all()] == list(range(MANY + 1))
        assert DraftEdit.objects.count() == MANY


def test_of_many_who_change_the_same_thing_at_once_one_does_and_the_others_are_told(cast):
    with within(cast.author):
        draft = draft_of(element=cast.course, by=cast.author)
        uid = uids(draft)["Page 0"]
    found = at_once(cast.author, lambda n: activity_change(draft=draft, uid=uid, title=f"T{n}", by=cast.author, seen=0))
    refused = [one for one in found if isinstance(one, CourseError)]
    assert (len(found), len(refused)) == (MANY, MANY - 1)
    assert all("Ama changed" in str(one) for one in refused)


def test_many_who_publish_at_once_make_one_version(cast):
    with within(cast.author):
        draft = draft_of(element=cast.course, by=cast.author)
    found = at_once(
        cast.author, lambda _n: draft_publish(draft=draft, by=cast.author, seen=0, runs={cast.run: "migrate"})
    )
    assert sum(not isinstance(one, CourseError) for one in found) == 1
    with within(cast.author):
        assert list(CourseVersion.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_many_who_enrol_the_same_people_at_once_enrol_them_once(cast):
    with within(cast.author):
        people = [member_add(email=f"p{n}@example.org", name=f"P{n}", roles=["learner"]).person for n in range(3)]
    found = at_once(cast.author, lambda _n: len(people_enrol(run=cast.run, people=people)[1]))
    assert sorted(found) == [0] * (MANY - 1) + [3]


@pytest.mark.parametrize("first", ["the move", "the learner"])
def test_what_a_learner_finishes_while_being_moved_counts_and_opens_the_next(cast, first):
    with within(cast.author):
        version = draft_publish(draft=draft_of(element=cast.course, by=cast.author), by=cast.author, seen=0)
    begun = threading.Event()

    def move() -> None:
        enrolment_move(enrolment_id=cast.enrolment.pk, version=version)

    def learn() -> None:
        page_finish(element=cast.pages[0])

    def work(act: Callable[[], None], *, leads: bool) -> None:
        try:
            if not leads:
                begun.wait(timeout=30)
            with within(cast.learner):
                act()
                if leads:
                    begun.set()
                    time.sleep(0.5)  # the other meets rows that are held
        finally:
            connection.close()

    jobs = [
        threading.Thread(target=work, args=(act,), kwargs={"leads": (act is move) == (first == "the move")})
        for act in (move, learn)
    ]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join(timeout=60)
    with within(cast.learner):
        rows = ActivityState.objects.select_related("activity", "enrolment").order_by("activity__position")
        assert [row.state for row in rows] == [State.COMPLETED, State.OPEN]
        assert {row.activity.version_id for row in rows} == {version.pk}
        assert rows[0].enrolment.progress == 50
