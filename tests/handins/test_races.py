"""Handing in twice at once: real connections, real commits. The naive control tells it twice, so this is a race."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections, transaction

from ecosystem import clock
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Membership
from ecosystem.scope import open_scope
from ecosystem.services.environments import environment_create
from ecosystem.services.people import member_add
from handins.models import Assignment, Round, RoundState, Submission
from handins.services import assignment_make, round_save, round_start, round_submit, round_withdraw
from records.models import Statement
from records.services import record

AT_ONCE = 6


@pytest.fixture
def desk(own_database) -> tuple[Assignment, Membership]:
    here = environment_create(slug="desk", name="Desk", hosts=["desk.localhost"])
    with open_scope(environment_id=here.pk):
        author = member_add(email="a@example.org", name="A", roles=["author"])
        learner = member_add(email="l@example.org", name="L", roles=["learner"])
        assignment = assignment_make(title="Plan", markdown="Write", by=author)
    return assignment, learner


def at_once(person: Membership, act: Callable[[], object]) -> None:
    barrier = threading.Barrier(AT_ONCE)

    def run() -> None:
        try:
            barrier.wait(60)
            with open_scope(environment_id=person.environment_id, person_id=person.person_id):
                act()
        except EcosystemError:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)


def told(person: Membership, verb: str) -> int:
    with open_scope(environment_id=person.environment_id):
        return Statement.objects.filter(person_id=person.person_id, verb=verb).count()


def test_f23_begun_and_handed_in_at_once_is_once(desk):
    assignment, learner = desk

    def begin_and_submit() -> None:
        draft = round_start(assignment=assignment, by=learner)
        with transaction.atomic():
            if draft.state == RoundState.DRAFT:
                round_save(round=draft, text="Mine", by=learner)
        round_submit(round=draft, by=learner)

    at_once(learner, begin_and_submit)
    with open_scope(environment_id=learner.environment_id):
        assert Submission.objects.count() == Round.objects.count() == 1
        round = Round.objects.get()
    assert round.state == RoundState.SUBMITTED
    assert told(learner, "submitted") == 1
    at_once(learner, lambda: round_withdraw(round=round, by=learner))
    assert told(learner, "retracted") == 1


def test_the_naive_control_tells_it_more_than_once(desk):
    assignment, learner = desk
    with open_scope(environment_id=learner.environment_id, person_id=learner.person_id):
        draft = round_save(round=round_start(assignment=assignment, by=learner), text="Mine", by=learner)
    together = threading.Barrier(AT_ONCE)

    def naive() -> None:
        fresh = Round.objects.select_related("element").get(pk=draft.pk)
        together.wait(60)
        if fresh.state == RoundState.DRAFT:
            Round.objects.filter(pk=draft.pk).update(state=RoundState.SUBMITTED, submitted_at=clock.now())
            record(verb="submitted", element=fresh.element, person_id=learner.person_id)

    at_once(learner, naive)
    assert told(learner, "submitted") > 1
