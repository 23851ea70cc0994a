"""Who may do what with the people of an environment. The one place to change when powers are delegated."""

from ecosystem.models import Membership, Power, Role
from ecosystem.rules import is_admin, is_manager, may_set
from ecosystem.spans import Span, span_of

may_see_people = is_manager
# Also from above: a new environment begins without anybody who could.
may_give_roles = may_set
may_erase = is_admin


def people_span(by: Membership) -> Span:
    """Whom ``by`` may see in the list of people: all, or those in some groups and courses."""
    return span_of(by, Power.MANAGE_PEOPLE)


def roles_to_give(by: Membership) -> list[str]:
    """The roles that ``by`` may give to somebody new: an administrator, of here or above, any; a manager only learner."""
    return list(Role.values) if may_give_roles(by) else [Role.LEARNER]


def may_look_after(by: Membership, member: Membership) -> bool:
    """May ``by`` change or end this membership? Managers look after everybody but managers and administrators."""
    if by.environment_id != member.environment_id or not is_manager(by):
        return False
    return may_give_roles(by) or not member.has_role(Role.ADMIN, Role.MANAGER)
