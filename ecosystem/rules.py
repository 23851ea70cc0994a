"""Who may do what in the open scope. Each rule takes the membership (None for a visitor)."""

from collections.abc import Callable

from ecosystem.models import Membership, Power, Role
from ecosystem.powers import administers, holds, holds_somewhere

Rule = Callable[[Membership | None], bool]


def anyone(membership: Membership | None) -> bool:
    return True


def is_here(membership: Membership | None) -> bool:
    """A member, or somebody who looks after this environment from above."""
    return membership is not None


def is_member(membership: Membership | None) -> bool:
    return membership is not None and membership.is_current


class Has:
    """One of these roles, in this environment."""

    def __init__(self, *roles: Role) -> None:
        self.roles = roles

    def __call__(self, membership: Membership | None) -> bool:
        return membership is not None and membership.is_current and membership.has_role(*self.roles)


class May:
    """One of these powers over the whole environment, by role or delegation (``ecosystem.powers``)."""

    def __init__(self, *powers: Power) -> None:
        self.powers = powers

    def __call__(self, membership: Membership | None) -> bool:
        return membership is not None and any(holds(membership, power) for power in self.powers)


class MaySomewhere(May):
    """One of these powers, be it over one course or one group only: what is shown is then narrowed (``ecosystem.spans``)."""

    def __call__(self, membership: Membership | None) -> bool:
        return membership is not None and any(holds_somewhere(membership, power) for power in self.powers)


class Administers:
    """Administrators of this environment and of those above it."""

    def __call__(self, membership: Membership | None) -> bool:
        return membership is not None and administers(membership)


class Either:
    """What one of several rules lets in."""

    def __init__(self, *rules: Rule) -> None:
        self.rules = rules

    def __call__(self, membership: Membership | None) -> bool:
        return any(rule(membership) for rule in self.rules)


def may(*powers: Power) -> May:
    """A rule: whoever holds one of ``powers`` over the whole environment."""
    return May(*powers)


def may_somewhere(*powers: Power) -> MaySomewhere:
    """A rule: whoever holds one of ``powers`` over the whole environment, a course or a group of it."""
    return MaySomewhere(*powers)


is_instructor = may(Power.MARK)
is_author = may(Power.MANAGE_CONTENT)
is_gardener = Has(Role.GARDENER, Role.ADMIN)
is_sponsor = may(Power.RUN_REPORTS)
is_manager = may(Power.MANAGE_PEOPLE)
may_read_people = may_somewhere(Power.MANAGE_PEOPLE)
may_see_results = may_somewhere(Power.SEE_RESULTS, Power.MARK)
may_report = may_somewhere(Power.RUN_REPORTS)
may_give = may_somewhere(Power.DELEGATE)
is_admin = Has(Role.ADMIN)
may_set = Administers()
may_brand = may(Power.MANAGE_BRANDING)
may_use_admin = Either(is_gardener, may_read_people)
