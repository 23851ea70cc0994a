"""From what somebody may give powers on: the role of administrator, or one delegation with ``delegate``. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ecosystem.models import Delegation, Power, Reach
from ecosystem.powers import EVERYTHING, Reason

PARTS = frozenset({Reach.COURSE, Reach.GROUP})
NARROWER: dict[str, frozenset[str]] = {
    Reach.BELOW: frozenset(Reach),
    Reach.HERE: frozenset({Reach.HERE, *PARTS}),
    Reach.COURSE: frozenset({Reach.COURSE}),
    Reach.GROUP: frozenset({Reach.GROUP}),
}


@dataclass(frozen=True)
class Over:
    """How far powers go: a reach, with the course or the group when it is about one."""

    reach: str
    element_id: int | None = None
    group_id: int | None = None


def over_of(delegation: Delegation) -> Over:
    return Over(delegation.reach, delegation.element_id, delegation.group_id)


@dataclass(frozen=True)
class Authority:
    """What lets somebody give powers here. ``basis`` None: the role of administrator in ``environment_id``."""

    environment_id: int
    level: int
    powers: frozenset[Power]
    basis: Delegation | None = None

    def allows(self, *, powers: frozenset[Power], over: Over, until: datetime) -> bool:
        """Whether these powers may be given on, over this much, for so long."""
        if not powers <= self.powers:
            return False
        if self.basis is None:
            return True
        mine = over_of(self.basis)
        same_part = mine.reach not in PARTS or mine == over
        return over.reach in NARROWER[mine.reach] and same_part and until <= self.basis.ends_at


def authorities_of(reasons: Iterable[Reason]) -> list[Authority]:
    """What the holder of ``reasons`` may give from; the widest first."""
    found = {
        (reason.level, reason.delegation.pk if reason.delegation else 0): Authority(
            environment_id=reason.environment_id,
            level=reason.level,
            powers=frozenset(map(Power, reason.delegation.powers)) if reason.delegation else EVERYTHING,
            basis=reason.delegation,
        )
        for reason in reasons
        if reason.power == Power.DELEGATE
    }
    return sorted(
        found.values(),
        key=lambda one: (one.basis is not None, one.level, -one.basis.ends_at.timestamp() if one.basis else 0),
    )
