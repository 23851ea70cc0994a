"""No sequence of giving, prolonging, taking back, changing roles and passing time raises anybody's powers.

A plain model in Python beside the services: whatever somebody holds by delegation in the end must lead back, link by
link, to somebody who was an administrator over that place when they gave, each link no wider and no longer than the
one it hangs on. Refusals are part of the game.
"""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from ecosystem import clock
from ecosystem.authorities import NARROWER, PARTS
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Delegation, Environment, Group, Membership, Power, Reach, Role
from ecosystem.powers import reasons_for
from ecosystem.scope import open_scope
from ecosystem.services.delegations import delegation_extend, delegation_grant, delegation_revoke
from ecosystem.services.elements import element_create
from ecosystem.services.environments import environment_create
from ecosystem.services.people import member_add, member_roles_set

DAY = timedelta(days=1)
PLACES = ("top", "middle", "bottom")  # each below the one before
# (name, where a member, roles)
CAST = (
    ("ada", "top", ["admin"]),
    ("mo", "top", ["manager"]),
    ("lee", "top", ["learner"]),
    ("kim", "top", ["learner"]),
    ("max", "middle", ["admin"]),
    ("ann", "middle", ["author"]),
    ("joe", "middle", ["learner"]),
    ("bo", "bottom", ["admin"]),
)
PEOPLE = st.sampled_from([name for name, _place, _roles in CAST])
WHOLE = ("*", Reach.COURSE.value, Reach.GROUP.value)
POWERS = st.sets(st.sampled_from(["invite", "mark", "see_results", "delegate"]), min_size=1, max_size=4)


class Beginning:
    """Three places, people, and what some were given already."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.places: dict[str, Environment] = {}
        above = None
        for slug in PLACES:
            above = self.places[slug] = environment_create(
                slug=slug, name=slug, hosts=[f"{slug}.localhost"], parent=above
            )
        self.parts: dict[str, dict[str, object]] = {}
        for slug, place in self.places.items():
            with open_scope(environment_id=place.pk):
                course = element_create(kind="course", title="Course", slug=f"course-{slug}", creators=["Ada"])
                group = Group.objects.create(environment=place, name="Group")
                self.parts[slug] = {Reach.COURSE: {"element": course}, Reach.GROUP: {"group": group}}
        self.people: dict[str, Membership] = {}
        for name, place, roles in CAST:
            with open_scope(environment_id=self.places[place].pk):
                self.people[name] = member_add(email=f"{name}@example.org", name=name, roles=roles)
        self.given_as_admin: set[int] = set()
        self.holdings()
        self.give("ada", "mo", {"invite", "delegate"}, "top", 20, Reach.BELOW)
        self.give("max", "ann", {"mark", "delegate"}, "middle", 10, Reach.HERE)
        self.give("mo", "lee", {"invite", "delegate"}, "top", 15, Reach.BELOW)
        self.give("ann", "joe", {"mark"}, "middle", 5, Reach.HERE)
        self.give("ada", "kim", {"mark", "delegate"}, "top", 20, Reach.GROUP)
        self.give("kim", "lee", {"mark"}, "top", 10, Reach.GROUP)
        self.give("max", "joe", {"mark", "see_results", "delegate"}, "middle", 20, Reach.COURSE)

    def admins_over(self, place: str) -> set[int]:
        """People who are administrators there or above, by the plain rows."""
        found = set()
        for slug in PLACES[: PLACES.index(place) + 1]:
            with open_scope(environment_id=self.places[slug].pk):
                rows = Membership.objects.filter(roles__contains=[Role.ADMIN], ended_at=None)
                found |= set(rows.values_list("person_id", flat=True))
        return found

    def holdings(self) -> dict[str, set[tuple[str, str, str]]]:
        """(place, power, over what) of everybody, now; read again and kept as what the next step begins with.

        Whoever holds something over a whole place holds it over its course and its group too.
        """
        found: dict[str, set[tuple[str, str, str]]] = {name: set() for name in self.people}
        for slug, place in self.places.items():
            with clock.at(self.now), open_scope(environment_id=place.pk):
                for name, membership in self.people.items():
                    reasons = reasons_for(person_id=membership.person_id)
                    found[name] |= {
                        (slug, reason.power.value, part)
                        for reason in reasons
                        for part in (WHOLE if reason.is_whole else [reason.delegation.reach])
                    }
        self.known = found
        return found

    def give(self, by: str, to: str, powers: set[str], place: str, days: int, reach: str) -> None:
        before = self.known
        admins = self.admins_over(place)
        giver = self.people[by]
        with clock.at(self.now):
            try:
                with open_scope(environment_id=self.places[place].pk, person_id=giver.person_id):
                    row = delegation_grant(
                        person=self.people[to].person, powers=powers, until=self.now + days * DAY, by=giver, reach=reach,
                        **self.parts[place].get(reach, {}),
                    )  # fmt: skip
            except EcosystemError:
                assert self.holdings() == before
                return
        assert by != to
        if row.basis_id is None:
            assert giver.person_id in admins
            self.given_as_admin.add(row.pk)
        after = self.holdings()
        for name, pairs in after.items():
            gained = pairs - before[name]
            assert gained <= before[by], (by, name, gained)  # never more than the giver held, there and below
            assert name == to or not gained

    def fresh(self, membership: Membership) -> Membership:
        with open_scope(environment_id=membership.environment_id):
            return Membership.objects.select_related("person").get(pk=membership.pk)

    def rows(self) -> list[tuple[str, Delegation]]:
        found = []
        for slug, place in self.places.items():
            with open_scope(environment_id=place.pk):
                found += [(slug, row) for row in Delegation.objects.order_by("pk")]
        return found


class Sequences(RuleBasedStateMachine, Beginning):
    """One game after the other, each from the same beginning, which is made once."""

    beginning: Beginning

    def __init__(self) -> None:
        RuleBasedStateMachine.__init__(self)
        self.block = transaction.atomic()
        self.block.__enter__()
        first = self.beginning
        self.now, self.places, self.parts, self.known = first.now, first.places, first.parts, first.known
        self.people = {name: self.fresh(one) for name, one in first.people.items()}
        self.given_as_admin = set(first.given_as_admin)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @rule(
        number=st.integers(0, 30), to=st.integers(0, 5), extra=st.sampled_from(["", "", "", "see_results"]),
        deeper=st.booleans(), days=st.integers(-2, 2), reach=st.sampled_from([Reach.HERE, Reach.BELOW, *sorted(PARTS)]),
    )  # fmt: skip
    def give_on(self, number: int, to: int, extra: str, deeper: bool, days: int, reach: str) -> None:
        """By somebody who was given ``delegate``: about what they have, where they have it, for about as long."""
        rows = [pair for pair in self.rows() if pair[1].is_live(self.now) and "delegate" in pair[1].powers]
        if not rows:
            return
        place, row = rows[number % len(rows)]
        where = PLACES[min(PLACES.index(place) + deeper, 2)]
        by = next(name for name, one in self.people.items() if one.person_id == row.person_id)
        others = [(name, home) for name, home, roles in CAST if "admin" not in roles and name != by]
        near = [name for name, home in others if home in {place, where}]
        powers = {*row.powers, extra} - {""}
        self.give(by, near[to % len(near)], powers, where, (row.ends_at - self.now).days + days, reach)

    @rule(by=PEOPLE, to=PEOPLE, powers=POWERS, place=st.sampled_from(PLACES), days=st.integers(1, 40),
          reach=st.sampled_from([Reach.HERE, Reach.BELOW, *sorted(PARTS)]))  # fmt: skip
    def give_from_nothing(self, by: str, to: str, powers: set[str], place: str, days: int, reach: str) -> None:
        self.give(by, to, powers, place, days, reach)

    @rule(by=st.sampled_from(["ada", "max", "mo", "ann"]), number=st.integers(0, 2))
    def take_back(self, by: str, number: int) -> None:
        if (found := self.pick(number)) is None:
            return
        place, row = found
        before = self.known
        with clock.at(self.now):
            try:
                with open_scope(environment_id=self.places[place].pk, person_id=self.people[by].person_id):
                    delegation_revoke(delegation=row, by=self.people[by])
            except EcosystemError:
                assert self.holdings() == before
                return
        assert all(pairs <= before[name] for name, pairs in self.holdings().items())

    @rule(by=PEOPLE, number=st.integers(0, 30), days=st.integers(1, 60))
    def prolong(self, by: str, number: int, days: int) -> None:
        if (found := self.pick(number)) is None:
            return
        place, row = found
        with clock.at(self.now):
            try:
                with open_scope(environment_id=self.places[place].pk, person_id=self.people[by].person_id):
                    delegation_extend(delegation=row, until=self.now + days * DAY, by=self.people[by])
            except EcosystemError:
                return
        assert self.people[by].person_id != row.person_id

    @rule(by=PEOPLE, to=PEOPLE, role=st.sampled_from(["admin", "learner", "manager"]))
    def change_role(self, by: str, to: str, role: str) -> None:
        before = self.known
        giver, target = self.people[by], self.people[to]
        giver_now = self.fresh(giver)
        try:
            with open_scope(environment_id=target.environment_id, person_id=giver.person_id):
                member_roles_set(membership=self.fresh(target), roles=[role], by=giver_now)
        except EcosystemError:
            assert self.holdings() == before
            return
        assert Role.ADMIN in giver_now.roles
        assert all(pairs - before[name] <= before[by] for name, pairs in self.holdings().items())

    @rule(days=st.integers(1, 15))
    def wait(self, days: int) -> None:
        before = self.known
        self.now += days * DAY
        assert all(pairs <= before[name] for name, pairs in self.holdings().items())

    def pick(self, number: int) -> tuple[str, Delegation] | None:
        rows = [pair for pair in self.rows() if pair[1].is_live(self.now)]
        return rows[number % len(rows)] if rows else None

    @invariant()
    def somebody_can_always_let_others_in(self) -> None:
        for place in self.places.values():
            with open_scope(environment_id=place.pk):
                assert Membership.objects.filter(roles__contains=[Role.ADMIN], ended_at=None).exists()

    @invariant()
    def each_hangs_on_something_at_least_as_strong(self) -> None:
        rows = {row.pk: (slug, row) for slug, row in self.rows()}
        for slug, row in rows.values():
            if row.revoked_at is not None:
                continue
            if row.basis_id is None:
                assert row.pk in self.given_as_admin
                continue
            basis_place, basis = rows[row.basis_id]
            assert basis.revoked_at is None
            assert set(row.powers) <= set(basis.powers)
            assert Power.DELEGATE in basis.powers
            assert row.ends_at <= basis.ends_at
            assert PLACES.index(basis_place) <= PLACES.index(slug)
            assert basis.reach == Reach.BELOW or basis_place == slug
            assert row.reach in NARROWER[basis.reach]
            if basis.reach in PARTS:
                assert (row.element_id, row.group_id) == (basis.element_id, basis.group_id)
            assert row.grantor_id == basis.person_id


@pytest.mark.django_db
def test_no_sequence_raises_powers(monkeypatch):
    monkeypatch.setattr(Sequences, "beginning", Beginning(), raising=False)
    run_state_machine_as_test(
        Sequences,
        settings=settings(
            max_examples=5,
            stateful_step_count=16,
            deadline=None,
            derandomize=True,  # the same games each time; shrinking would replay them for minutes
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
