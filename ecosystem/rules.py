"""Who may do what in the open scope. Each rule takes the membership (None for a visitor)."""

from collections.abc import Callable

from ecosystem.models import Membership, Power, Role
from ecosystem.powers import administers, courses_of, holds

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


def may_for(membership: Membership, power: Power, *, course_id: int) -> bool:
    """Whether the person holds ``power`` over one course: over all of the environment, or over this course alone."""
    return holds(membership, power) or course_id in courses_of(membership, power)


def may_give(membership: Membership | None) -> bool:
    """Whoever may pass powers on here, over all of the environment or over one course."""
    if membership is None:
        return False
    return holds(membership, Power.DELEGATE) or bool(courses_of(membership, Power.DELEGATE))


is_instructor = may(Power.MARK)
is_author = may(Power.MANAGE_CONTENT)
is_gardener = Has(Role.GARDENER, Role.ADMIN)
is_sponsor = may(Power.RUN_REPORTS)
is_manager = may(Power.MANAGE_PEOPLE)
is_admin = Has(Role.ADMIN)
may_set = Administers()
may_brand = may(Power.MANAGE_BRANDING)
may_use_admin = Either(is_gardener, is_manager)
