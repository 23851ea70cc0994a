"""An event speaks of a manager to those who have one."""

import pytest
from django.utils import timezone

from ecosystem.models import Group, GroupMember, Power
from ecosystem.services.delegations import delegation_grant
from events.models import Approval
from tests.events.conftest import START, within

pytestmark = pytest.mark.django_db


def test_who_has_no_manager_reads_of_none(env, make_event, member, browser_of):
    make_event(copies_managers=True, approval=Approval.MANAGER)
    admin, boss, managed, alone = member("admin"), member(name="Bo"), member(), member()
    with within(admin):
        group = Group.objects.create(environment=env, name="Crew")
        GroupMember.objects.create(environment=env, group=group, person=managed.person)
        delegation_grant(
            by=admin, person=boss.person, powers=[Power.ENROL], reach="group", group=group,
            until=timezone.now().replace(year=START.year + 1),
        )  # fmt: skip
    theirs, other = (browser_of(one).get("/events/first-aid/").text for one in (managed, alone))
    assert ("Your manager says" in theirs, "Your manager is told" in theirs) == (True, True)
    assert "Your manager" not in other
    assert "Whoever organises it says whether you come." in other
