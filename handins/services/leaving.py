"""Whoever marks leaves: what was theirs to mark is for nobody again, so that it is seen and shared anew."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from ecosystem.models import Membership
from ecosystem.services.audit import audit_many
from handins.models import Round, RoundState


def marker_left(*, person_ids: Collection[int], by: Membership) -> None:
    """Holds the rounds alone, in the order in which others change them: whoever shares out holds the hand-ins first and then
    the membership of the marker, which is held here already. To wait for hand-ins with it would be a deadlock."""
    theirs = Round.objects.filter(Q(marker__in=person_ids) | Q(second__in=person_ids)).exclude(
        state=RoundState.RETURNED
    )
    held = list(theirs.select_for_update(of=("self",), no_key=True).order_by("submission_id"))
    for place in ("marker", "second"):
        rows = [one for one in held if getattr(one, f"{place}_id") in person_ids]
        changes = [(one, {place: getattr(one, f"{place}_id")}, {place: None}) for one in rows]
        Round.objects.filter(pk__in=[one.pk for one in rows]).update(**{place: None})
        audit_many(act="handin.allocated", by=by.person, changes=changes)
