"""Discussions as elements."""

from __future__ import annotations

from django.db.models import QuerySet

from ecosystem.models import Membership
from ecosystem.rules import is_author
from ecosystem.visibility import elements_for
from social.models import Discussion


def discussions_for(membership: Membership) -> QuerySet[Discussion]:
    """Those that ``membership`` may open; authors open all."""
    rows = Discussion.objects.select_related("element")
    return rows if is_author(membership) else rows.filter(element__in=elements_for(membership))
