"""Groups: by hand and by rule; a rule decides again whenever somebody changes."""

import pytest

from ecosystem.exceptions import EcosystemError
from ecosystem.group_rules import rule_clean
from ecosystem.member_selectors import rule_preview
from ecosystem.models import Group, GroupMember, Membership, Role
from ecosystem.scope import open_scope
from ecosystem.services.groups import group_member_remove, group_members_add, group_save
from ecosystem.services.memberships import member_take_back, member_update, members_end
from ecosystem.services.people import member_roles_set

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(member):
    return member(Role.MANAGER, name="Mo")


def inside(group):
    return list(GroupMember.objects.filter(group=group).order_by("person__name").values_list("person__name", "by_rule"))


@pytest.mark.parametrize(
    ("rule", "names"),
    [
        ({"role": "author"}, ["Ann"]),
        ({"job_title": "NURSE"}, ["Ann", "Bob"]),
        ({"language": "nl"}, ["Bob"]),
        ({"language": "en"}, ["Ann", "Mo"]),
        ({"joined_after": "2020-01-01", "role": "learner"}, ["Bob"]),
        ({"joined_after": "2999-01-01"}, []),
        ({"match": "any", "role": "author", "language": "nl"}, ["Ann", "Bob"]),
        ({"match": "all", "role": "author", "language": "nl"}, []),
        ({"match": "any"}, []),
    ],
)
def test_whom_a_rule_fits(env, other, manager, member, rule, names):
    ann, bob = member("author", name="Ann"), member(name="Bob")
    member("author", environment=other, name="Stranger")
    bob.person.language = "nl"
    bob.person.save()
    with open_scope(environment_id=env.pk):
        Membership.objects.filter(pk__in=[ann.pk, bob.pk]).update(job_title="Night nurse")
        preview = rule_preview(rule=rule)
        assert not GroupMember.objects.exists()
        group = group_save(name="Group", rule=rule, by=manager)
        assert [name for name, by_rule in inside(group) if by_rule] == names
    assert (preview.count, [row.person.name for row in preview.first]) == (len(names), names)


def test_the_rule_follows_every_change_of_a_member(env, member, manager):
    admin, ann = member(Role.ADMIN, name="Ada"), member(name="Ann")
    with open_scope(environment_id=env.pk):
        group = group_save(name="Nurses", rule={"job_title": "nurse", "role": "learner"}, by=manager)
        steps = [
            (lambda: member_update(membership=ann, job_title="Nurse", by=manager), True),
            (lambda: member_roles_set(membership=ann, roles=["author"], by=admin), False),
            (lambda: member_roles_set(membership=ann, roles=["learner"], by=admin), True),
            (lambda: members_end(memberships=[ann], by=manager), False),
            (lambda: member_take_back(membership=ann, by=manager), True),
            (lambda: group_save(group=group, name="Nurses", rule={}, by=manager), False),
        ]
        for step, is_in in steps:
            step()
            assert bool(inside(group)) is is_in
    with open_scope(environment_id=env.pk):
        group_save(group=group, name="Learners", rule={"role": "learner"}, by=manager)
    member(name="New")
    with open_scope(environment_id=env.pk):
        assert ("New", True) in inside(group)


def test_by_hand_is_stronger_than_the_rule(env, member, manager):
    ann = member(name="Ann")
    with open_scope(environment_id=env.pk):
        group = group_save(name="Learners", rule={"role": "learner"}, by=manager)
        with pytest.raises(EcosystemError):
            group_member_remove(group=group, person_id=ann.person_id, by=manager)
        group_members_add(group=group, person_ids=[ann.person_id], by=manager)
        group_save(group=group, name="Learners", rule={}, by=manager)
        assert inside(group) == [("Ann", False)]
        group_member_remove(group=group, person_id=ann.person_id, by=manager)
        assert inside(group) == []


def test_nobody_of_elsewhere_gets_in(env, other, member, manager):
    stranger = member(environment=other)
    with open_scope(environment_id=env.pk):
        group = group_save(name="Group", by=manager)
        assert group_members_add(group=group, person_ids=[stranger.person_id, manager.person_id], by=manager) == 1


@pytest.mark.parametrize(
    "rule",
    [
        {"shoe": "42"},
        {"role": "king"},
        {"language": "xx"},
        {"joined_after": "2026-02-31"},
        {"match": "none", "role": "learner"},
    ],
)
def test_rules_that_cannot_be_read_are_refused(rule):
    with pytest.raises(EcosystemError):
        rule_clean(rule)


def test_from_the_page(env, other, member, manager, browser_of):
    member(name="Ann")
    client = browser_of(manager)
    form = {"name": "Learners", "about": "All", "match": "all", "role": "learner"}
    look = client.post("/people/groups/new/", {**form, "look": "1"})
    assert "The rule fits one person." in look.text
    assert "Ann" in look.text
    made = client.post("/people/groups/new/", form)
    page = client.get(made.headers["Location"]).text
    assert "1 person in this group" in page
    assert "by the rule" in page
    again = client.post("/people/groups/new/", {**form, "name": "LEARNERS"})
    assert "already a group" in again.text
    theirs = browser_of(member(Role.MANAGER, environment=other))
    for path in (made.headers["Location"], made.headers["Location"] + "delete/", made.headers["Location"] + "remove/"):
        assert theirs.post(path, form).status_code == 404
    assert client.post(made.headers["Location"] + "delete/").status_code == 302
    with open_scope(environment_id=env.pk):
        assert not Group.objects.exists()
        assert Membership.objects.filter(ended_at=None).count() == 2
