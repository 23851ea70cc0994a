"""Who answers a request: whoever manages the person, or whoever organises."""

from __future__ import annotations

from ecosystem.models import Membership, Power
from ecosystem.powers import ROLE_POWERS
from ecosystem.supervising import managers_of, members_told
from events.models import Approval, Event, Seat
from events.selectors import requests_for


def approvers_of(*, event: Event, person_id: int) -> list[int]:
    """Who is asked: the managers of the person, or whoever organises; those too when nobody manages them."""
    if event.approval == Approval.MANAGER and (found := managers_of(person_id=person_id)):
        return found
    roles = [role for role, powers in ROLE_POWERS.items() if Power.MANAGE_EVENTS in powers]
    return members_told(Membership.objects.filter(roles__overlap=roles), besides=person_id)


def may_approve(*, by: Membership, seat: Seat) -> bool:
    """Never one's own. ``seat`` with its event."""
    return seat.person_id != by.person_id and requests_for(by).filter(pk=seat.pk).exists()
