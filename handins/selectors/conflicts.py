"""Who does not mark whom, for whoever looks after it and for whoever said so."""

from __future__ import annotations

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from ecosystem.models import Membership
from ecosystem.rules import is_manager
from handins.anonymity import is_hidden_from
from handins.models import Conflict


def conflicts_for(membership: Membership) -> QuerySet[Conflict]:
    """Those that hold: all of them for whoever looks after people here, else one's own. The newest first.

    ``is_hidden``: said before work without a name, so whoever said it is not told the name either.
    """
    rows = Conflict.objects.filter(ended_at=None).select_related(
        "marker", "person", "by", "round__submission__assignment", "round__submission__team", "round__person"
    )
    if not is_manager(membership):
        rows = rows.filter(marker_id=membership.person_id)
    hidden = Q(marker_id=membership.person_id, round__isnull=False) & is_hidden_from(
        membership.person_id, submission="round__submission"
    )
    return rows.annotate(is_hidden=ExpressionWrapper(hidden, output_field=BooleanField())).order_by("-at", "-pk")
