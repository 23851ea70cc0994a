"""Powers that end are announced 14 and 3 days before, and asked about twice a year; each once, whoever looks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ecosystem import clock
from ecosystem.models import Delegation, Group, Membership, Reach, Role
from ecosystem.scope import open_scope
from ecosystem.services.delegations import delegation_extend, delegation_grant, delegation_reattest, delegation_revoke
from notifications.models import Mail, MailMode, Notice
from notifications.services import delegation_remind

DAY = timedelta(days=1)


@pytest.fixture
def admin(member):
    return member(Role.ADMIN, name="Ada Admin")


@pytest.fixture
def given(env, admin, member):
    anna = member(name="Anna")
    with open_scope(environment_id=env.pk):
        return delegation_grant(person=anna.person, powers=["mark"], until=timezone.now() + 300 * DAY, by=admin)


def told(env) -> list[str]:
    with open_scope(environment_id=env.pk):
        return list(Notice.objects.order_by("created_at", "pk").values_list("title", flat=True))


def test_each_moment_is_told_once(env, other, given):
    start, end = given.granted_at, given.ends_at
    assert delegation_remind() == 0
    moments = [start + 181 * DAY, end - 14 * DAY, end - 3 * DAY, end + DAY]
    counts = []
    for moment in moments:
        with clock.at(moment):
            delegation_remind()
            assert delegation_remind() == 0
        counts.append(len(told(env)))
    assert counts == [1, 3, 5, 5]
    assert told(env)[0] == "Does Anna still need these powers?"
    assert told(other) == []
    with open_scope(environment_id=env.pk):
        assert set(Mail.objects.values_list("mode", flat=True)) == {MailMode.AT_MOST_ONCE}
        assert Mail.objects.count() == 5
        assert Delegation.objects.get().remind_at is None


def test_prolonged_confirmed_or_taken_back_it_is_told_anew_or_not_at_all(env, admin, given):
    with clock.at(given.granted_at + 170 * DAY), open_scope(environment_id=env.pk):
        delegation_reattest(delegation=given, by=admin)
    with clock.at(given.granted_at + 181 * DAY):
        assert delegation_remind() == 0
    with open_scope(environment_id=env.pk):
        delegation_extend(delegation=given, until=given.ends_at + 200 * DAY, by=admin)
    with clock.at(given.ends_at - 14 * DAY):
        assert delegation_remind() == 0
    with open_scope(environment_id=env.pk):
        delegation_revoke(delegation=given, by=admin)
    with clock.at(given.ends_at + 190 * DAY):
        assert delegation_remind() == 0
    assert told(env) == []


def test_the_giver_who_left_is_replaced_by_administrators_and_the_holder_is_told_at_home(env, make_environment, member):
    below = make_environment("alpha-west", parent=env)
    admin, anna, west = member(Role.ADMIN), member(name="Anna"), member(Role.ADMIN, environment=below)
    with open_scope(environment_id=below.pk):
        part = {"reach": Reach.GROUP, "group": Group.objects.create(environment=below, name="Night")}
        until = timezone.now() + 30 * DAY
        row = delegation_grant(person=anna.person, powers=["mark"], until=until, by=admin, **part)
    with open_scope(environment_id=env.pk):
        Membership.objects.filter(pk=admin.pk).update(ended_at=timezone.now())
    with clock.at(row.ends_at - 3 * DAY):
        assert delegation_remind() == 1
    with open_scope(environment_id=below.pk):
        assert list(Notice.objects.values_list("person_id", flat=True)) == [west.person_id]
    with open_scope(environment_id=env.pk):
        notice = Notice.objects.get()
        assert (notice.person_id, "the group “Night” in" in notice.title) == (anna.person_id, True)
