"""Writing and pinning at once: real connections, real commits. The naive control tells and pins too much, so this is a race."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import connections

from courses.models import RunRole
from courses.services import PlannedActivity, PlannedBlock, course_publish, enrolment_create, run_open
from courses.services.runs import run_guide_add
from ecosystem import clock
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Membership
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create
from ecosystem.services.environments import environment_create
from ecosystem.services.people import member_add
from records.models import Statement
from records.services import record
from social.models import Discussion, Participation, Thread
from social.services import discussion_make, reply_write, thread_begin, thread_pin
from social.services.moderating import MOST_PINNED

AT_ONCE = 5


@dataclass
class Room:
    discussion: Discussion
    learner: Membership
    guide: Membership
    threads: list[Thread]


@pytest.fixture
def room(own_database) -> Room:
    here = environment_create(slug="desk", name="Desk", hosts=["desk.localhost"])
    with open_scope(environment_id=here.pk):
        author, manager, guide, learner = (
            member_add(email=f"{role}{n}@example.org", name=role, roles=[role])
            for n, role in enumerate(("author", "manager", "learner", "learner"))
        )
        made = discussion_make(title="Rounds", markdown="Talk", threads_asked=0, replies_asked=1, by=author)
        course = element_create(kind="course", title="Nights", slug="nights", creators=["Ada"])
        course_publish(element=course, blocks=[PlannedBlock("One", [PlannedActivity(target=made.element)])])
        run = run_open(element=course, title="March")
        run_guide_add(run=run, person=guide.person, role=RunRole.INSTRUCTOR, by=manager)
        enrolment_create(run=run, person=learner.person)
        threads = [
            thread_begin(discussion=made, circle=run.uid, title="T", text="t", by=guide).thread
            for _number in range(AT_ONCE)
        ]
    return Room(made, learner, guide, threads)


def at_once(person: Membership, act: Callable[[int], object]) -> None:
    barrier = threading.Barrier(AT_ONCE)

    def run(number: int) -> None:
        try:
            barrier.wait(60)
            with open_scope(environment_id=person.environment_id, person_id=person.person_id):
                act(number)
        except EcosystemError:
            pass
        finally:
            connections.close_all()

    hands = [threading.Thread(target=run, args=[number]) for number in range(AT_ONCE)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(120)


def outcome(room: Room) -> tuple[int, int, int]:
    """How many replies the first thread says it has, how often being done was told, and how many threads are pinned."""
    with open_scope(environment_id=room.guide.environment_id):
        done = Statement.objects.filter(
            person_id=room.learner.person_id, verb="completed", element_id=room.discussion.element_id
        )
        pinned = Thread.objects.filter(pinned_at__isnull=False).count()
        return Thread.objects.get(pk=room.threads[0].pk).replies, done.count(), pinned


def test_replies_at_once_all_count_and_are_done_once_and_no_more_are_pinned_than_may(room):
    at_once(room.learner, lambda _number: reply_write(thread=room.threads[0], text="Mine", by=room.learner))
    at_once(room.guide, lambda number: thread_pin(thread=room.threads[number], is_pinned=True, by=room.guide))
    assert outcome(room) == (AT_ONCE, 1, MOST_PINNED)


def test_the_naive_control_loses_replies_tells_it_twice_and_pins_too_many(room):
    with open_scope(environment_id=room.learner.environment_id, person_id=room.learner.person_id):
        part = Participation.objects.create(
            environment_id=room.learner.environment_id, element=room.discussion.element, person=room.learner.person
        )
    together = threading.Barrier(AT_ONCE)

    def naive(number: int) -> None:
        thread = Thread.objects.get(pk=room.threads[0].pk)
        fresh = Participation.objects.get(pk=part.pk)
        pinned = Thread.objects.filter(pinned_at__isnull=False).count()
        together.wait(60)
        Thread.objects.filter(pk=thread.pk).update(replies=thread.replies + 1)
        if fresh.completed_at is None:
            Participation.objects.filter(pk=part.pk).update(completed_at=clock.now())
            record(verb="completed", element=room.discussion.element, person_id=room.learner.person_id)
        if pinned < MOST_PINNED:
            Thread.objects.filter(pk=room.threads[number].pk).update(pinned_at=clock.now())

    at_once(room.learner, naive)
    replies, told, pinned = outcome(room)
    assert replies < AT_ONCE
    assert told > 1
    assert pinned > MOST_PINNED
