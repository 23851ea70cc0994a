"""Who looks after somebody's work: who guides them in it, else who may enrol a group that they are in.

Apps above say who guides whom (``guides``): courses know the mentors of an enrolment and the guides of a run.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.db.models import QuerySet

from ecosystem import clock
from ecosystem.models import Delegation, GroupMember, Membership, Power, Reach
from ecosystem.registry import Registry

MOST_TOLD = 20
# By keywords ``person_id`` and ``element_id``: ids of those who guide the person with this element.
guides: Registry[Callable[..., Collection[int]]] = Registry()


def supervisors_of(*, person_id: int, element_id: int) -> list[int]:
    """Ids of members here, never the person: their guides with this element, else their managers; nobody, perhaps."""
    found = {one for known in guides for one in known(person_id=person_id, element_id=element_id)}
    rows = Membership.objects.filter(person_id__in=found)
    return members_told(rows, besides=person_id) or managers_of(person_id=person_id)


def managers_of(*, person_id: int) -> list[int]:
    """Ids of members here who manage the person by a group that both know; never the person. Two queries at most."""
    now = clock.now()
    groups = GroupMember.objects.filter(person_id=person_id).values("group_id")
    held = Delegation.objects.filter(
        reach=Reach.GROUP, group__in=groups, powers__contains=[Power.ENROL], revoked_at=None,
        starts_at__lte=now, ends_at__gt=now,
    )  # fmt: skip
    return members_told(Membership.objects.filter(person_id__in=held.values("person_id")), besides=person_id)


def members_told(rows: QuerySet[Membership], *, besides: int) -> list[int]:
    """The people of these memberships who are still here, without one of them, and not too many."""
    current = rows.filter(ended_at=None, person__is_active=True).exclude(person_id=besides)
    return list(current.order_by("person_id").values_list("person_id", flat=True)[:MOST_TOLD])
