"""Whoever marks leaves: what was theirs to mark is for nobody again, so that it is seen and shared anew."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from ecosystem.models import Membership
from ecosystem.services.audit import audit_many
from handins.models import Round, RoundState
from handins.services.locking import submissions_held


def marker_left(*, person_ids: Collection[int], by: Membership) -> None:
    theirs = Round.objects.filter(Q(marker__in=person_ids) | Q(second__in=person_ids)).exclude(
        state=RoundState.RETURNED
    )
    wanted = set(theirs.order_by().values_list("submission_id", flat=True))
    if not wanted:
        return
    submissions_held(pks=wanted)
    for place in ("marker", "second"):
        rows = list(theirs.filter(**{f"{place}__in": person_ids, "submission_id__in": wanted}))
        changes = [(one, {place: getattr(one, f"{place}_id")}, {place: None}) for one in rows]
        Round.objects.filter(pk__in=[one.pk for one in rows]).update(**{place: None})
        audit_many(act="handin.allocated", by=by.person, changes=changes)
