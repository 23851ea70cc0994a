"""Submanagement: who may give what to whom, what ends with what, and that it counts at once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from ecosystem import clock
from ecosystem.exceptions import EcosystemError
from ecosystem.models import AuditEntry, Delegation, Membership, Power, Reach, Role
from ecosystem.powers import ROLE_POWERS, courses_of, powers_of, reasons_for, with_hints
from ecosystem.rules import is_admin, is_author, is_gardener, is_instructor, is_manager, is_sponsor, may
from ecosystem.scope import open_scope
from ecosystem.selectors import delegations_here, looked_after
from ecosystem.services.delegations import (
    delegation_extend,
    delegation_grant,
    delegation_reattest,
    delegation_revoke,
)
from ecosystem.services.elements import element_create
from ecosystem.services.erasure import erasure_confirm
from ecosystem.services.memberships import member_take_back, members_end
from ecosystem.services.people import member_roles_set
from ecosystem.spans import span_of

DAY = timedelta(days=1)


def later(days: int = 30):
    return timezone.now() + days * DAY


def give(by, to, *powers, where=None, days=30, **how):
    place = where or by.environment
    with open_scope(environment_id=place.pk, person_id=by.person_id):
        return delegation_grant(person=to.person, powers=powers, until=later(days), by=by, **how)


def held(person, where):
    with open_scope(environment_id=where.pk, person_id=person.person_id):
        return {reason.power.value for reason in reasons_for(person_id=person.person_id)}


@pytest.fixture
def below(env, make_environment):
    return make_environment("alpha-west", parent=env)


@pytest.fixture
def admin(member):
    return member(Role.ADMIN, name="Ada Admin")


ROLE_RULES = [
    (is_instructor, {"instructor", "admin"}),
    (is_author, {"author", "gardener", "admin"}),
    (is_gardener, {"gardener", "admin"}),
    (is_sponsor, {"sponsor", "gardener", "manager", "admin"}),
    (is_manager, {"manager", "admin"}),
    (is_admin, {"admin"}),
]


@pytest.mark.parametrize(("rule", "roles"), ROLE_RULES)
def test_what_roles_give(env, member, rule, roles):
    for role in Role.values:
        person = member(role)
        with open_scope(environment_id=env.pk):
            assert rule(person) == (role in roles), role
    assert not rule(None)
    assert set(ROLE_POWERS) == set(Role.values)


def test_a_delegation_counts_at_once_and_stops_at_its_end(env, admin, member):
    anna = member()
    delegation = give(admin, anna, Power.MARK, Power.SEE_RESULTS)
    with open_scope(environment_id=env.pk, person_id=anna.person_id):
        again = Membership.objects.get(pk=anna.pk)
        assert powers_of(again) == {Power.MARK, Power.SEE_RESULTS}
        assert may(Power.MARK)(again)
        assert is_instructor(again)
        assert not is_manager(again)
        with clock.at(delegation.ends_at):
            assert powers_of(Membership.objects.get(pk=anna.pk)) == frozenset()
        delegation_revoke(delegation=delegation, by=admin)
        assert powers_of(Membership.objects.get(pk=anna.pk)) == frozenset()
        assert [entry.act for entry in AuditEntry.objects.order_by("pk")] == [
            "delegation.granted",
            "delegation.revoked",
        ]


def test_giving_the_same_again_changes_nothing(env, admin, member):
    anna, until = member(), later()
    with open_scope(environment_id=env.pk):
        one = delegation_grant(person=anna.person, powers=["mark"], until=until, by=admin)
        two = delegation_grant(person=anna.person, powers=["mark", "mark"], until=until, by=admin)
        assert one.pk == two.pk
        assert delegation_revoke(delegation=one, by=admin)
        assert delegation_revoke(delegation=one, by=admin) == []
        assert AuditEntry.objects.count() == 2


@pytest.mark.parametrize(
    ("powers", "how"),
    [
        ([], {}),
        (["fly"], {}),
        (["mark"], {"days": -1}),
        (["mark"], {"days": 2000}),
        (["mark"], {"reach": "moon"}),
        (["mark"], {"reach": Reach.COURSE}),
    ],
)
def test_what_makes_no_sense_is_refused(env, admin, member, powers, how):
    with pytest.raises(EcosystemError):
        give(admin, member(), *powers, **how)


def test_a25_nobody_gives_what_they_may_not_pass_on(env, admin, member):
    """A25: by powers, by width, by time, to oneself, and without ``delegate`` at all."""
    anna, bea, manager = member(name="Anna"), member(name="Bea"), member(Role.MANAGER)
    with pytest.raises(EcosystemError, match="may not give"):
        give(manager, bea, "invite")
    with pytest.raises(EcosystemError, match="yourself"):
        give(admin, admin, "invite")
    give(admin, anna, "invite", "delegate", days=10)
    with pytest.raises(EcosystemError, match="see results"):
        give(anna, bea, "see_results", days=5)
    with pytest.raises(EcosystemError, match="that far"):
        give(anna, bea, "invite", days=11)
    with pytest.raises(EcosystemError, match="that far"):
        give(anna, bea, "invite", days=5, reach=Reach.BELOW)
    assert held(bea, env) == set()
    assert give(anna, bea, "invite", days=5).basis.person_id == anna.person_id


def test_a25_powers_of_a_role_are_not_passed_on_by_a_delegation_that_lacks_them(env, admin, member):
    manager, bea = member(Role.MANAGER), member()
    give(admin, manager, "mark", "delegate")
    with pytest.raises(EcosystemError, match="invite"):
        give(manager, bea, "invite", days=5)


def test_what_hangs_on_it_ends_with_it(env, below, admin, member):
    anna, bea, carl = member(name="Anna"), member(name="Bea"), member(name="Carl")
    first = give(admin, anna, "invite", "delegate", days=20, reach=Reach.BELOW)
    give(anna, bea, "invite", "delegate", days=15, reach=Reach.BELOW)
    give(bea, carl, "invite", days=10, where=below)
    other = give(admin, carl, "mark")
    assert held(carl, below) == {"invite"}
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        assert len(delegation_revoke(delegation=first, by=admin)) == 3
    assert (held(anna, env), held(bea, env), held(carl, below)) == (set(), set(), set())
    assert held(carl, env) == {"mark"}
    assert not Delegation(pk=other.pk, revoked_at=None).revoked_at
    with open_scope(environment_id=below.pk):
        assert AuditEntry.objects.filter(act="delegation.revoked").count() == 1


def test_who_may_take_back(env, below, admin, member):
    anna, bea, carl, west = member(), member(), member(), member(Role.ADMIN, environment=below)
    give(admin, anna, "invite", "delegate", reach=Reach.BELOW)
    to_bea = give(anna, bea, "invite", days=5)
    below_to_carl = give(anna, carl, "invite", days=5, where=below)
    with open_scope(environment_id=env.pk):
        with pytest.raises(EcosystemError):
            delegation_revoke(delegation=to_bea, by=carl)
        assert delegation_revoke(delegation=to_bea, by=bea)  # giving up one's own
    with open_scope(environment_id=below.pk):
        with pytest.raises(EcosystemError, match="administrator"):  # it was given from above
            delegation_revoke(delegation=below_to_carl, by=west)
        with pytest.raises(EcosystemError, match="above"):
            delegation_revoke(delegation=to_bea, by=west)
        assert delegation_revoke(delegation=below_to_carl, by=admin)


def test_nobody_acts_on_somebody_above_them(env, below, admin, member):
    west, anna = member(Role.ADMIN, environment=below), member()
    with open_scope(environment_id=below.pk):
        over = Membership.objects.create(environment=below, person=admin.person, roles=["learner"])
        with pytest.raises(EcosystemError, match="more here than you"):
            delegation_grant(person=admin.person, powers=["mark"], until=later(), by=west)
        with pytest.raises(EcosystemError, match="more here than you"):
            member_roles_set(membership=over, roles=["author"], by=west)
    give(admin, anna, "invite", "delegate")
    with pytest.raises(EcosystemError, match="more here than you"):
        give(anna, admin, "invite", days=5)


def test_prolonging(env, admin, member):
    anna, bea = member(), member()
    first = give(admin, anna, "invite", "delegate", days=20)
    second = give(anna, bea, "invite", days=5)
    with open_scope(environment_id=env.pk):
        for by, row, days, why in (
            (anna, first, 25, "own"),
            (bea, second, 10, "own"),
            (anna, second, 25, "end earlier"),
            (anna, second, 2, "later end"),
        ):
            with pytest.raises(EcosystemError, match=why):
                delegation_extend(delegation=row, until=later(days), by=by)
        assert delegation_extend(delegation=second, until=later(15), by=anna).ends_at > later(14)
        with pytest.raises(EcosystemError, match="own"):
            delegation_reattest(delegation=first, by=anna)
        assert delegation_reattest(delegation=first, by=admin).reattested_at
        with clock.at(later(60)), pytest.raises(EcosystemError, match="ended"):
            delegation_extend(delegation=first, until=later(80), by=admin)


def test_a_course(env, admin, member):
    anna, bea = member(), member()
    with open_scope(environment_id=env.pk):
        course = element_create(kind="course", title="Course", creators=["Ada"], visibility="private")
        other = element_create(kind="course", title="Other", creators=["Ada"], visibility="private")
        page = element_create(kind="external", title="Page", creators=["Ada"])
    with pytest.raises(EcosystemError, match="course"):
        give(admin, anna, "mark", reach=Reach.COURSE, element=page)
    with pytest.raises(EcosystemError, match="whole environment"):
        give(admin, anna, "invite", reach=Reach.COURSE, element=course)
    give(admin, anna, "mark", "delegate", reach=Reach.COURSE, element=course)
    with open_scope(environment_id=env.pk, person_id=anna.person_id):
        again = Membership.objects.get(pk=anna.pk)
        assert powers_of(again) == frozenset()
        assert courses_of(again, Power.MARK) == {course.pk}
        assert not is_instructor(again)
        assert span_of(again, Power.MARK).covers_course(course.pk)
        assert not span_of(again, Power.MARK).covers_course(other.pk)
    with pytest.raises(EcosystemError, match="that far"):
        give(anna, bea, "mark", days=5, reach=Reach.COURSE, element=other)
    with pytest.raises(EcosystemError, match="that far"):
        give(anna, bea, "mark", days=5)
    assert give(anna, bea, "mark", days=5, reach=Reach.COURSE, element=course)


def test_reach(env, below, other, admin, member):
    anna, bea = member(), member()
    give(admin, anna, "invite", reach=Reach.BELOW)
    give(admin, bea, "invite")
    assert (held(anna, below), held(bea, below), held(anna, other)) == ({"invite"}, set(), set())
    assert held(admin, below) == set(Power.values)
    assert held(member(Role.MANAGER), below) == set()
    assert held(member(Role.ADMIN, environment=below), env) == set()
    with open_scope(environment_id=below.pk):
        assert [row.person_id for row in delegations_here()] == [anna.person_id]
        assert Delegation.objects.count() == 0
    with open_scope(environment_id=other.pk):
        assert delegations_here() == []
    with open_scope(environment_id=env.pk, person_id=anna.person_id):
        assert [one.name for one in looked_after()] == ["Alpha", "Alpha-west"]
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        assert [one.name for one in looked_after()] == ["Alpha-west"]


def test_a_stranger_cannot_be_given_anything(env, other, admin, member):
    with pytest.raises(EcosystemError, match="no member"):
        give(admin, member(environment=other), "invite")


@pytest.mark.parametrize("way", ["ended", "erased"])
def test_a27_who_has_left_holds_nothing_and_nothing_hangs_on_them(env, below, admin, member, way):
    anna, bea, carl = member(), member(), member()
    give(admin, anna, "invite", "delegate", reach=Reach.BELOW)
    give(anna, bea, "invite", days=5)
    give(anna, carl, "invite", days=5, where=below)
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        if way == "ended":
            members_end(memberships=[anna], by=admin)
        else:
            erasure_confirm(membership=anna, by=admin)
    for one in (anna, bea, carl):
        assert held(one, env) == held(one, below) == set()
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        back = member_take_back(membership=anna, by=admin) if way == "ended" else anna
    assert held(back, env) == set()


def test_nobody_ends_somebody_above_them(env, admin, member):
    manager, anna = member(Role.MANAGER), member()
    give(admin, anna, *(power for power in ROLE_POWERS[Role.MANAGER]), "mark")
    with open_scope(environment_id=env.pk):
        with pytest.raises(EcosystemError, match="more here than you"):
            members_end(memberships=[anna], by=manager)
        assert members_end(memberships=[member()], by=manager) == 1


BAD_ROWS = [
    {"powers": []},
    {"powers": ["fly"]},
    {"reach": "course"},
    {"grantor_id": "person"},
    {"ends_at": "start"},
    {"home": "other"},
    {"basis_environment": "other"},
    {"person": "stranger"},
    {"home": "below"},
]


@pytest.mark.parametrize("wrong", BAD_ROWS, ids=str)
def test_the_database_refuses(env, below, other, admin, member, wrong):
    anna, stranger = member(), member(environment=other)
    now = timezone.now()
    facts = {
        "environment": env, "person": anna.person, "home": env, "powers": ["mark"], "starts_at": now, "granted_at": now,
        "ends_at": now + DAY, "grantor_id": admin.person_id, "basis_environment": env,
    }  # fmt: skip
    names = {"person": anna.person_id, "start": now, "other": other, "below": below, "stranger": stranger.person}
    wrong = {key: names.get(value, value) if isinstance(value, str) else value for key, value in wrong.items()}
    with open_scope(environment_id=env.pk):
        Delegation.objects.create(**facts)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            Delegation.objects.create(**{**facts, **wrong})
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_how_many_queries(env, below, admin, member, django_assert_num_queries):
    anna = member()
    give(admin, anna, "mark", reach=Reach.BELOW)
    learner = member()
    with open_scope(environment_id=env.pk):
        known = with_hints(Membership.objects.filter(pk=learner.pk)).get()
        with django_assert_num_queries(0):
            assert not any(may(power)(known) for power in Power)
        known = with_hints(Membership.objects.filter(pk=anna.pk)).get()
        with django_assert_num_queries(4):
            assert {power for power in Power if may(power)(known)} == {Power.MARK}
    for days in (1, 2, 3):
        give(admin, anna, "enrol", days=days, reach=Reach.BELOW)
    with open_scope(environment_id=below.pk), django_assert_num_queries(4):
        assert reasons_for(person_id=anna.person_id)
