"""Shared out twice at once, and two who come late at once: real connections. The naive control gives some work too many."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from ecosystem import clock
from ecosystem.models import Membership
from ecosystem.scope import open_scope
from ecosystem.services.environments import environment_create
from ecosystem.services.people import member_add
from handins.computations.allocation import pairs_missing
from handins.models import Assignment, PeerPhase, PeerReview, Round, RoundState
from handins.selectors.peers import allocation_asked
from handins.services import assignment_make, round_save, round_start, round_submit, round_withdraw
from handins.services.peers import peer_plan_set, peers_open
from tests.handins.test_races import each_at_once

EACH = 2


@pytest.fixture
def crowd(own_database) -> tuple[Assignment, list[Membership]]:
    """Eight people of whom six have handed in; peers may review from now on."""
    here = environment_create(slug="desk", name="Desk", hosts=["desk.localhost"])
    with open_scope(environment_id=here.pk):
        author = member_add(email="a@example.org", name="A", roles=["author"])
        people = [member_add(email=f"l{n}@example.org", name=f"L{n}", roles=["learner"]) for n in range(8)]
        assignment = assignment_make(title="Plan", markdown="Write", by=author)
        now = timezone.now()
        dates = {"opens_at": now, "closes_at": now + timedelta(days=1)}
        peer_plan_set(assignment=assignment, by=author, is_on=True, each=EACH, **dates)
    for one in people[:6]:
        hand_in(assignment, one)
    return assignment, people


def hand_in(assignment: Assignment, person: Membership) -> None:
    with open_scope(environment_id=person.environment_id, person_id=person.person_id):
        draft = round_start(assignment=assignment, by=person)
        round_save(round=draft, text="Mine", by=person)
        round_submit(round=draft, by=person)


def counted(person: Membership) -> tuple[Counter[int], Counter[int]]:
    with open_scope(environment_id=person.environment_id):
        rows = list(PeerReview.objects.values_list("round_id", "person_id"))
    return Counter(work for work, _p in rows), Counter(who for _w, who in rows)


def test_shared_out_at_once_is_shared_out_once(crowd):
    _assignment, people = crowd
    each_at_once(people, lambda _person: peers_open(phase=PeerPhase.objects.get()))
    got, given = counted(people[0])
    assert set(got.values()) == set(given.values()) == {EACH}
    assert len(got) == len(given) == 6


def test_two_who_come_late_at_once_both_join(crowd):
    assignment, people = crowd
    with open_scope(environment_id=people[0].environment_id):
        peers_open(phase=PeerPhase.objects.get())
    each_at_once(people[6:], lambda person: hand_in(assignment, person))
    got, given = counted(people[0])
    assert len(got) == len(given) == 8
    assert min(got.values()) == min(given.values()) == EACH
    assert max(given.values()) <= EACH + 1


def test_the_naive_control_gives_some_work_too_many(crowd):
    _assignment, people = crowd
    pair, together = people[:2], threading.Barrier(2)

    def naive(person: Membership) -> None:
        phase = PeerPhase.objects.select_related("plan").get()
        asked = allocation_asked(phase)
        together.wait(60)
        pairs = pairs_missing(
            works=asked.works, reviewers=asked.reviewers, existing=asked.existing, each=EACH, seed=person.pk
        )
        rows = [
            PeerReview(
                environment_id=phase.environment_id, phase=phase, element_id=phase.element_id, round_id=work, person_id=who,
                author_id=asked.makers[work], place=person.pk * 100 + work, allocated_at=clock.now(),
            )
            for work, who in sorted(pairs)
        ]  # fmt: skip
        PeerReview.objects.bulk_create(rows, ignore_conflicts=True)

    each_at_once(pair, naive)
    got, _given = counted(people[0])
    assert max(got.values()) > EACH


def test_work_that_is_taken_back_is_not_shared_out_meanwhile(crowd):
    """Whoever shares out waits for whoever takes back, and then does not find the work."""
    _assignment, people = crowd
    taken, over = threading.Event(), threading.Event()

    def take_back() -> None:
        try:
            with open_scope(environment_id=people[0].environment_id, person_id=people[0].person_id):
                round_withdraw(round=Round.objects.get(person_id=people[0].person_id), by=people[0])
                taken.set()
                over.wait(1)  # less than a lock is waited for
        finally:
            connections.close_all()

    def share_out() -> None:
        try:
            taken.wait(60)
            with open_scope(environment_id=people[0].environment_id):
                peers_open(phase=PeerPhase.objects.get())
        finally:
            over.set()
            connections.close_all()

    threads = [threading.Thread(target=act) for act in (take_back, share_out)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    with open_scope(environment_id=people[0].environment_id):
        assert not PeerReview.objects.filter(round__state=RoundState.DRAFT).exists()
        assert PeerReview.objects.values("round").distinct().count() == 5
