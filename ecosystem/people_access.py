"""Who may do what with the people of an environment. The one place to change when powers are delegated."""

from ecosystem.models import Membership, Role
from ecosystem.rules import is_admin, is_manager

may_see_people = is_manager
may_erase = is_admin


def roles_to_give(by: Membership) -> list[str]:
    """The roles that ``by`` may give to somebody new: an administrator any, a manager only learner."""
    return list(Role.values) if is_admin(by) else [Role.LEARNER]


def may_look_after(by: Membership, member: Membership) -> bool:
    """May ``by`` change or end this membership? Managers look after everybody but managers and administrators."""
    if by.environment_id != member.environment_id or not is_manager(by):
        return False
    return is_admin(by) or not member.has_role(Role.ADMIN, Role.MANAGER)
