"""Who manages whom: whoever may enrol the people of a group, for those in it; else whoever may enrol everybody here."""

from __future__ import annotations

from django.db.models import QuerySet

from ecosystem import clock
from ecosystem.models import Delegation, GroupMember, Membership, Power, Reach
from ecosystem.powers import ROLE_POWERS
from events.models import Approval, Event, Seat
from events.selectors import requests_for

MOST_TOLD = 20


def managers_of(*, person_id: int) -> list[int]:
    """Ids of members here who manage the person by a group that both know; never the person. Two queries at most."""
    now = clock.now()
    groups = GroupMember.objects.filter(person_id=person_id).values("group_id")
    held = Delegation.objects.filter(
        reach=Reach.GROUP, group__in=groups, powers__contains=[Power.ENROL], revoked_at=None,
        starts_at__lte=now, ends_at__gt=now,
    )  # fmt: skip
    return _told(Membership.objects.filter(person_id__in=held.values("person_id")), person_id)


def approvers_of(*, event: Event, person_id: int) -> list[int]:
    """Who is asked: the managers of the person, or whoever organises; those too when nobody manages them."""
    if event.approval == Approval.MANAGER and (found := managers_of(person_id=person_id)):
        return found
    roles = [role for role, powers in ROLE_POWERS.items() if Power.MANAGE_EVENTS in powers]
    return _told(Membership.objects.filter(roles__overlap=roles), person_id)


def _told(rows: QuerySet[Membership], person_id: int) -> list[int]:
    current = rows.filter(ended_at=None, person__is_active=True).exclude(person_id=person_id)
    return list(current.order_by("person_id").values_list("person_id", flat=True)[:MOST_TOLD])


def may_approve(*, by: Membership, seat: Seat) -> bool:
    """Never one's own. ``seat`` with its event."""
    return seat.person_id != by.person_id and requests_for(by).filter(pk=seat.pk).exists()
