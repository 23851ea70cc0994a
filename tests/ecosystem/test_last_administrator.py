"""However two acts meet, somebody can let others in afterwards. A naive check beside it does lose the last one."""

import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import connections

from ecosystem.exceptions import EcosystemError
from ecosystem.models import Membership, Role
from ecosystem.scope import open_scope
from ecosystem.services.erasure import erasure_confirm
from ecosystem.services.memberships import members_end
from ecosystem.services.people import member_roles_set

Act = Callable[[Membership, Membership], object]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_database")]


def step_down(mine: Membership, _other: Membership) -> None:
    member_roles_set(membership=mine, roles=["learner"], by=mine)


def demote(mine: Membership, other: Membership) -> None:
    member_roles_set(membership=other, roles=["learner"], by=mine)


def leave(mine: Membership, _other: Membership) -> None:
    members_end(memberships=[mine], by=mine)


def put_out(mine: Membership, other: Membership) -> None:
    members_end(memberships=[other], by=mine)


def erase(mine: Membership, other: Membership) -> None:
    erasure_confirm(membership=other, by=mine)


def at_once(environment, admins: list[Membership], acts: list[Act]) -> int:
    """Both acts begin together, each in a transaction of its own; returns how many were not refused."""
    start, done = threading.Barrier(2), []

    def run(number: int) -> None:
        try:
            with suppress(EcosystemError), open_scope(environment_id=environment.pk):
                mine, other = (
                    Membership.objects.select_related("person").get(pk=admins[n].pk) for n in (number, 1 - number)
                )
                start.wait(10)
                acts[number](mine, other)
                done.append(number)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return len(done)


def left(environment) -> int:
    with open_scope(environment_id=environment.pk):
        return Membership.objects.filter(roles__contains=[Role.ADMIN], ended_at=None).count()


PAIRS = [(step_down, step_down), (demote, demote), (leave, leave), (put_out, step_down), (erase, erase), (erase, leave)]


def test_two_acts_at_once_never_leave_none(make_environment, member):
    for number, pair in enumerate(PAIRS):
        environment = make_environment(f"race-{number}")
        admins = [member(Role.ADMIN, environment=environment) for _person in range(2)]
        assert at_once(environment, admins, list(pair)) >= 1, pair
        assert left(environment) >= 1, pair


def test_looking_without_a_lock_loses_the_last_one(make_environment, member):
    """The naive control: both look, both see the other, both step down."""
    environment = make_environment("naive")
    admins = [member(Role.ADMIN, environment=environment) for _person in range(2)]
    looked = threading.Barrier(2)

    def naive(mine: Membership, _other: Membership) -> None:
        others = Membership.objects.filter(roles__contains=[Role.ADMIN], ended_at=None).exclude(pk=mine.pk)
        enough = others.exists()
        looked.wait(10)
        if enough:
            Membership.objects.filter(pk=mine.pk).update(roles=["learner"])

    assert at_once(environment, admins, [naive, naive]) == 2
    assert left(environment) == 0
