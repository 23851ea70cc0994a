"""The limit on people holds wherever somebody becomes a member."""

import pytest
from django.db import connection

from ecosystem.exceptions import EcosystemError
from ecosystem.models import Invitation, InvitationState, Membership, Role
from ecosystem.scope import open_scope
from ecosystem.services.invitations import Invited, invitation_accept, invitation_create
from ecosystem.services.memberships import member_take_back, members_end
from ecosystem.services.people import member_add
from ecosystem.services.settings import setting_save
from ecosystem.setting_tree import Own

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(env, member):
    """An environment with two places, both taken; gives its administrator."""
    admin = member(Role.ADMIN)
    member(email="second@example.org")
    with open_scope(environment_id=env.pk):
        setting_save(key="people_limit", own=Own(2), by=admin)
    return admin


def test_nobody_comes_in_when_all_places_are_taken(env, full, member, other):
    with pytest.raises(EcosystemError, match="All 2 places"):
        member(email="third@example.org")
    with open_scope(environment_id=env.pk):
        assert Membership.objects.filter(ended_at=None).count() == 2
    member(environment=other)
    member(email="second@example.org")  # is here already: run twice is run once


def test_an_invitation_waits_until_there_is_a_place(env, full):
    with open_scope(environment_id=env.pk):
        token = invitation_create(invited=Invited("third@example.org", ("learner",)), by=full).token
        with pytest.raises(EcosystemError, match="places"):
            invitation_accept(token=token, name="Third", password="long enough 1")
        assert Invitation.objects.get().state == InvitationState.OPEN
        second = Membership.objects.get(person__email="second@example.org")
        members_end(memberships=[second], by=full)
        assert invitation_accept(token=token, name="Third", password="long enough 1").is_current
        with pytest.raises(EcosystemError, match="places"):
            member_take_back(membership=second, by=full)


def test_two_at_once_wait_for_each_other(env, full):
    """The count is taken under a lock on the environment, so the second sees the first."""
    with open_scope(environment_id=env.pk):
        setting_save(key="people_limit", own=Own(3), by=full)
        with connection.execute_wrapper(lambda execute, sql, *rest: (seen.append(sql), execute(sql, *rest))[1]):
            seen: list[str] = []
            member_add(email="third@example.org", name="Third")
    locked = next(at for at, sql in enumerate(seen) if "FOR NO KEY UPDATE" in sql and "ecosystem_environment" in sql)
    assert any("COUNT(" in sql and "ecosystem_membership" in sql for sql in seen[locked + 1 :])
