"""Who may do what with events: organisers all of them here, everybody else their own seat."""

from ecosystem.models import Membership, Power, Role
from ecosystem.powers import holds_somewhere
from ecosystem.rules import may

may_organise = may(Power.MANAGE_EVENTS)


def may_answer(membership: Membership) -> bool:
    """May say yes or no to requests: whoever organises, and whoever may enrol people, of a group at least."""
    return may_organise(membership) or holds_somewhere(membership, Power.ENROL)


def trains(membership: Membership) -> bool:
    """Is offered the page of sessions to lead. Anybody may open it: it holds one's own only."""
    return membership.has_role(Role.INSTRUCTOR)
