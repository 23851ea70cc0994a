"""Who may do what in the open scope. Each rule takes the membership (None for a visitor)."""

from collections.abc import Callable

from ecosystem.models import Membership, Role

Rule = Callable[[Membership | None], bool]


def anyone(membership: Membership | None) -> bool:
    return True


def is_member(membership: Membership | None) -> bool:
    return membership is not None


def _has(*roles: str) -> Rule:
    def rule(membership: Membership | None) -> bool:
        return membership is not None and membership.has_role(*roles)

    return rule


is_instructor = _has(Role.INSTRUCTOR, Role.ADMIN)
is_author = _has(Role.AUTHOR, Role.GARDENER, Role.ADMIN)
is_gardener = _has(Role.GARDENER, Role.ADMIN)
is_sponsor = _has(Role.SPONSOR, Role.GARDENER, Role.ADMIN)
is_manager = _has(Role.MANAGER, Role.ADMIN)
is_admin = _has(Role.ADMIN)
may_use_admin = _has(Role.GARDENER, Role.MANAGER, Role.ADMIN)
