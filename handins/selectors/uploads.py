"""Files on their way."""

from __future__ import annotations

from ecosystem.models import Membership
from handins.models import Round, Upload


def uploads_of(draft: Round, membership: Membership) -> list[Upload]:
    """Those of the person that are not all here yet."""
    rows = Upload.objects.filter(round=draft, person_id=membership.person_id, file=None, is_feedback=False)
    return list(rows.order_by("pk"))
