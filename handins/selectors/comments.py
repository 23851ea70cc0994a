"""Saved comments, for whoever marks."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from ecosystem.models import Membership
from handins.models import SavedComment

MOST_BESIDE = 30


def comments_for(membership: Membership) -> QuerySet[SavedComment]:
    """One's own, and those that are shared; the newest first."""
    rows = SavedComment.objects.filter(Q(person_id=membership.person_id) | Q(is_shared=True))
    return rows.select_related("person", "element").order_by("-saved_at", "-pk")


def comments_beside(membership: Membership, *, element_id: int) -> list[SavedComment]:
    """Those at hand while work of one assignment is judged: of this assignment first, then those of none."""
    rows = comments_for(membership).filter(Q(element_id=element_id) | Q(element=None))
    return list(rows.order_by("element_id", "-saved_at", "-pk")[:MOST_BESIDE])


def comments_found(rows: QuerySet[SavedComment], words: str) -> QuerySet[SavedComment]:
    """Those with each of the words in them."""
    for word in words.replace("\x00", "").split()[:8]:
        rows = rows.filter(words__icontains=word)
    return rows
