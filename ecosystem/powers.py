"""What a person may do in the open scope's environment, and why. Never kept from one request to the next.

Powers come from the roles of a membership here, from the role of administrator in an environment above, and from
delegations over this environment or, with everything below, over one above it. All of it is read at most once per
membership object (four small statements, none when nobody asks), so a change counts from the next request on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from ecosystem import clock
from ecosystem.models import Delegation, Membership, Power, Reach, Role
from ecosystem.prepared import Among, Given, prepared
from ecosystem.scope import reading_above

EVERYTHING = frozenset(Power)
WHOLE = frozenset({Reach.HERE, Reach.BELOW})
ROLE_POWERS: dict[str, frozenset[Power]] = {
    Role.ADMIN: EVERYTHING,
    Role.MANAGER: frozenset(
        {
            Power.INVITE, Power.ENROL, Power.SEE_RESULTS, Power.RUN_REPORTS, Power.MANAGE_PEOPLE, Power.MANAGE_EVENTS,
        }
    ),
    Role.INSTRUCTOR: frozenset({Power.MARK, Power.SEE_RESULTS}),
    Role.AUTHOR: frozenset({Power.MANAGE_CONTENT}),
    Role.GARDENER: frozenset({Power.MANAGE_CONTENT, Power.RUN_REPORTS}),
    Role.SPONSOR: frozenset({Power.RUN_REPORTS}),
    Role.LEARNER: frozenset(),
}  # fmt: skip


@dataclass(frozen=True)
class Reason:
    """Why somebody holds one power: a role or a delegation, ``level`` environments above this one (0: here).

    ``element_id`` limits it to one course, ``group_id`` to one group; without either it holds for all of the environment.
    """

    power: Power
    level: int
    environment_id: int
    role: str = ""
    delegation: Delegation | None = None

    @property
    def element_id(self) -> int | None:
        return self.delegation.element_id if self.delegation else None

    @property
    def group_id(self) -> int | None:
        return self.delegation.group_id if self.delegation else None

    @property
    def is_whole(self) -> bool:
        return self.delegation is None or self.delegation.reach in WHOLE

    @property
    def until(self) -> datetime | None:
        return self.delegation.ends_at if self.delegation else None

    @property
    def is_administrator(self) -> bool:
        return self.role == Role.ADMIN


def with_hints(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """The query of the sign-in, which then knows already that most people hold nothing beyond their roles.

    Whoever holds something from above is a member there too (``Delegation.home``), and the person knows in how many
    environments they are.
    """
    mine = Delegation.objects.filter(person_id=OuterRef("person_id"), revoked_at=None)
    above = Q(environment__parent_id__isnull=False) & (Q(person__places__gt=1) | Q(ended_at__isnull=False))
    return memberships.annotate(has_delegations=Exists(mine), is_above_too=above)


@prepared
def _places(*, person: Given) -> QuerySet[Membership]:
    return Membership.objects.filter(person_id=person, ended_at=None, person__is_active=True)


@prepared
def _held(*, person: Given, here: Given, homes: Given, now: Given) -> QuerySet[Delegation]:
    covering = Q(environment_id=here) | Q(reach=Reach.BELOW)
    running = Delegation.objects.filter(revoked_at=None, starts_at__lte=now, ends_at__gt=now)
    return (
        running.filter(covering, Among("home_id", homes), person_id=person)
        .select_related("element", "group")
        .order_by("pk")
    )


def reasons_for(*, person_id: int) -> tuple[Reason, ...]:
    """Everything the person holds in the open environment, as it is in the database now."""
    now = clock.now()
    with reading_above() as chain:
        places = {row.environment_id: row for row in _places(person=person_id)}
        if not places:
            return ()
        held = _held(person=person_id, here=chain[0], homes=list(places), now=now)
    found: list[Reason] = []
    for level, environment_id in enumerate(chain):
        roles = places[environment_id].roles if environment_id in places else []
        for role in roles:
            if level == 0 or role == Role.ADMIN:
                found += [Reason(power, level, environment_id, role=role) for power in sorted(ROLE_POWERS[role])]
    for delegation in held:
        level = chain.index(delegation.environment_id)
        found += [
            Reason(Power(power), level, delegation.environment_id, delegation=delegation) for power in delegation.powers
        ]
    return tuple(found)


def reasons_of(membership: Membership) -> tuple[Reason, ...]:
    """``reasons_for`` the person of a membership of the open environment, read once per object."""
    known: tuple[Reason, ...] | None = getattr(membership, "_reasons", None)
    if known is None:
        known = membership._reasons = reasons_for(person_id=membership.person_id)  # type: ignore[attr-defined]  # noqa: SLF001 -- kept on the object, which lives for one request
    return known


def powers_of(membership: Membership) -> frozenset[Power]:
    """The powers over the whole environment; those over single courses and groups are in ``span_of``."""
    return frozenset(reason.power for reason in reasons_of(membership) if reason.is_whole)


def holds(membership: Membership, power: Power) -> bool:
    """Whether the person holds ``power`` over the whole environment; asks the database only when roles do not say so."""
    if membership.is_current and any(power in ROLE_POWERS[role] for role in membership.roles):
        return True
    if _surely_nothing_more(membership):
        return False
    return power in powers_of(membership)


def administers(membership: Membership, *, from_above: bool = False) -> bool:
    """Whether the person is administrator here or, with ``from_above`` only, in an environment above."""
    if not from_above and membership.is_current and membership.has_role(Role.ADMIN):
        return True
    if _surely_nothing_more(membership):
        return False
    least = 1 if from_above else 0
    return any(reason.is_administrator and reason.level >= least for reason in reasons_of(membership))


def courses_of(membership: Membership, *powers: Power) -> frozenset[int]:
    """Ids of the courses over which a delegation gives one of ``powers`` (any power, when none is named)."""
    if _surely_nothing_more(membership):
        return frozenset()
    wanted = frozenset(powers) or EVERYTHING
    return frozenset(
        reason.element_id for reason in reasons_of(membership) if reason.element_id and reason.power in wanted
    )


def groups_of(membership: Membership, *powers: Power) -> frozenset[int]:
    """Ids of the groups over which a delegation gives one of ``powers``."""
    if _surely_nothing_more(membership):
        return frozenset()
    return frozenset(reason.group_id for reason in reasons_of(membership) if reason.group_id and reason.power in powers)


def holds_somewhere(membership: Membership, power: Power) -> bool:
    """Whether the person holds ``power`` here at all, be it over one course or one group."""
    return holds(membership, power) or any(reason.power == power for reason in _all_of(membership))


def _all_of(membership: Membership) -> tuple[Reason, ...]:
    return () if _surely_nothing_more(membership) else reasons_of(membership)


def _surely_nothing_more(membership: Membership) -> bool:
    return not getattr(membership, "has_delegations", True) and not getattr(membership, "is_above_too", True)


def covers(one: Iterable[Reason], other: Iterable[Reason]) -> bool:
    """Whether ``one`` holds everything that ``other`` holds, at least as far up and over at least as much."""
    mine = list(one)
    return all(
        any(
            reason.power == wanted.power
            and reason.level >= wanted.level
            and (reason.is_whole or _same_part(reason, wanted))
            for reason in mine
        )
        for wanted in other
    )


def _same_part(one: Reason, other: Reason) -> bool:
    return not other.is_whole and (one.element_id, one.group_id) == (other.element_id, other.group_id)


def is_above(one: Iterable[Reason], other: Iterable[Reason]) -> bool:
    """Whether ``one`` holds all that ``other`` holds, and more."""
    one, other = tuple(one), tuple(other)
    return covers(one, other) and not covers(other, one)
