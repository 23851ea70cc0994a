"""Conflicts of interest: said by whoever marks, or recorded for them. The work is out of their queue at once."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.models import Membership, Person
from ecosystem.rules import is_manager
from ecosystem.scope import current_scope
from ecosystem.services.audit import audit
from handins.exceptions import HandinError
from handins.models import Conflict, Round, RoundState, Share
from handins.services.locking import reason_kept, round_for_reviewer
from handins.services.telling import people_of


@transaction.atomic
def conflict_declare(*, round: Round, because: str = "", by: Membership) -> int:
    """Say that one knows whoever made this, and should not mark it; returns with how many people that is so from now on.

    Where names are hidden nobody is told them, and only whoever looks after people here can take it back.
    """
    held, because = round_for_reviewer(round=round, by=by), reason_kept(because=because)
    made = 0
    for person_id in people_of(round=held):
        _row, is_new = _keep(by.person_id, person_id, because=because, by=by, round=held)
        made += is_new
    return made


@transaction.atomic
def conflict_record(*, marker: Membership, person: Person, because: str = "", by: Membership) -> Conflict:
    """Record it for somebody who marks. The same again changes nothing."""
    _only_managers(by)
    if marker.person_id == by.person_id:
        raise HandinError(_("Say it on the page of the work, without learning whose it is."))
    if marker.person_id == person.pk:
        raise HandinError(_("Nobody marks their own work anyway."))
    row, _is_new = _keep(marker.person_id, person.pk, because=reason_kept(because=because), by=by)
    return row


@transaction.atomic
def conflict_end(*, conflict: Conflict, by: Membership) -> None:
    """From now on they may mark this person's work again. Not for whoever marks: it would tell them whose work it was."""
    _only_managers(by)
    if conflict.marker_id == by.person_id:
        raise HandinError(_("Somebody else ends what you have said about yourself."))
    if Conflict.objects.filter(pk=conflict.pk, ended_at=None).update(ended_at=clock.now()):
        audit(act="handin.conflict_ended", by=by.person, target=conflict)


def _only_managers(by: Membership) -> None:
    if not is_manager(by):
        raise HandinError(_("Only who looks after people here can do that."))


def _keep(
    marker_id: int, person_id: int, *, because: str, by: Membership, round: Round | None = None
) -> tuple[Conflict, bool]:
    row, is_new = Conflict.objects.get_or_create(
        environment_id=current_scope().environment_id,
        marker_id=marker_id,
        person_id=person_id,
        ended_at=None,
        defaults={"round": round, "because": because, "by": by.person, "at": clock.now()},
    )
    if is_new:
        _free(marker_id, person_id)
        # Not whose work: the log must not say what a pseudonym hides.
        after = {"marker": marker_id, **({} if round else {"person": person_id}), "because": because}
        audit(act="handin.conflict_recorded", by=by.person, target=round or row, after=after)
    return row, is_new


def _free(marker_id: int, person_id: int) -> None:
    """What waits of this person is for somebody else."""
    shared = Share.objects.filter(person_id=person_id).values("round_id")
    rows = Round.objects.filter(Q(person_id=person_id) | Q(pk__in=shared))
    under_way = rows.exclude(state__in=[RoundState.DRAFT, RoundState.RETURNED])
    under_way.filter(marker_id=marker_id).update(marker=None)
    under_way.filter(second_id=marker_id).update(second=None)
