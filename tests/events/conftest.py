"""An event with an organiser, and people who want to come."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from ecosystem import clock
from ecosystem.models import Group, GroupMember, Membership, Power
from ecosystem.scope import open_scope
from ecosystem.services.delegations import delegation_grant
from events.models import Event
from events.services import event_make, session_add

START = timezone.now().replace(microsecond=0) + timedelta(days=10)


@contextmanager
def within(membership: Membership) -> Iterator[None]:
    with open_scope(environment_id=membership.environment_id, person_id=membership.person_id):
        yield


@contextmanager
def later(**by: Any) -> Iterator[None]:
    """The same some time later."""
    with clock.at(timezone.now() + timedelta(**by)):
        yield


@pytest.fixture
def organiser(member) -> Membership:
    return member("manager", name="Olga")


@pytest.fixture
def make_event(organiser) -> Callable[..., Event]:
    """``make_event(capacity=2)``: one session of two hours, ten days from now; ``dated=False`` for none."""

    def make(*, dated: bool = True, title: str = "First aid", **facts: Any) -> Event:
        with within(organiser):
            made = event_make(title=title, by=organiser, **{"zone": "Europe/Amsterdam", **facts})
            if dated:
                session_add(
                    event=made, starts_at=START, ends_at=START + timedelta(hours=2), place="Room 1", by=organiser
                )
            return made

    return make


@pytest.fixture
def crew(env, organiser, member):
    """A group with two people, and somebody who may enrol it: their manager."""
    manager, people = member(name="Mia"), [member(), member()]
    with within(organiser):
        group = Group.objects.create(environment=env, name="Crew")
        for person in people:
            GroupMember.objects.create(environment=env, group=group, person=person.person)
    admin = member("admin")
    with within(admin):
        delegation_grant(
            by=admin, person=manager.person, powers=[Power.ENROL], reach="group", group=group,
            until=timezone.now() + timedelta(days=30),
        )  # fmt: skip
    return group, manager, people
