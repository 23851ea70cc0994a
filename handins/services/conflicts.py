"""Conflicts of interest: said by whoever marks, or recorded for them. The work is out of their queue at once."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.models import Membership, Person
from ecosystem.rules import is_manager
from ecosystem.scope import current_scope
from ecosystem.services.audit import audit
from handins.exceptions import HandinError
from handins.models import Conflict, Round, RoundState, Share
from handins.services.locking import reason_kept, round_for_reviewer, submissions_held
from handins.services.telling import people_of


@transaction.atomic
def conflict_declare(*, round: Round, because: str = "", by: Membership) -> int:
    """Say that one knows whoever made this, and should not mark it; returns with how many people that is so from now on.

    Where names are hidden nobody is told them, and only whoever looks after people here can take it back.
    """
    because, people = reason_kept(because=because), people_of(round=round)
    _work_held(by.person_id, people, besides=round.submission_id)
    held, made = round_for_reviewer(round=round, by=by), 0
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
    _work_held(marker.person_id, [person.pk])
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


def _under_way(person_ids: Collection[int]) -> QuerySet[Round]:
    shared = Share.objects.filter(person_id__in=person_ids).values("round_id")
    rows = Round.objects.filter(Q(person_id__in=person_ids) | Q(pk__in=shared))
    return rows.exclude(state__in=[RoundState.DRAFT, RoundState.RETURNED])


def _work_held(marker_id: int, person_ids: Collection[int], *, besides: int | None = None) -> None:
    """All that will be for somebody else, before anything is changed, as whoever moves these rounds holds it."""
    theirs = _under_way(person_ids).filter(Q(marker_id=marker_id) | Q(second_id=marker_id)).order_by()
    pks = set(theirs.values_list("submission_id", flat=True)) | ({besides} if besides else set())
    submissions_held(pks=pks)


def _free(marker_id: int, person_id: int) -> None:
    """What waits of this person is for somebody else."""
    under_way = _under_way([person_id])
    under_way.filter(marker_id=marker_id).update(marker=None)
    under_way.filter(second_id=marker_id).update(second=None)
