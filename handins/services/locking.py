"""Whatever moves a round holds its submission first, so two at once are one after the other.

In this order, so that no two wait for each other: an upload, room for files, the names of assignments, then submissions by
their keys, then all else.

The names of an assignment: whether it hides who made what, and whether a supervisor confirms it. Who hands in or marks keeps
that as it is (many at once); who changes it holds it alone, so that nothing is handed in meanwhile under the old rule. An advisory lock, since a row of the environment
above cannot be locked from below.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Func, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from ecosystem.models import Membership
from ecosystem.prepared import Given, prepared
from handins.access import not_of, work_of
from handins.exceptions import HandinError
from handins.models import Assignment, Conflict, Round, RoundState, Share, Submission, TeamMember
from handins.services.checking import words_checked
from handins.services.telling import people_of

LONGEST_REASON = 300


def names_held(*, assignment: Assignment) -> None:
    """Until the transaction ends nobody hands in or marks work of this assignment, here or in an environment below."""
    locked = Assignment.objects.annotate(lock=_names("pg_advisory_xact_lock"))
    list(locked.filter(pk=assignment.pk).values_list("lock"))


def _names_kept(rows: QuerySet[Submission]) -> None:
    list(rows.annotate(lock=_names("pg_advisory_xact_lock_shared")).order_by("element_id").values_list("lock"))


def _names(function: str) -> Func:
    kind = Func(Value("handins.names"), function="hashtext")
    return Func(kind, Cast(F("element_id") % 2**31, IntegerField()), function=function, output_field=TextField())


def submission_held(*, pk: int) -> Submission:
    """The submission as it is now, held until the transaction ends, and so is whether its assignment hides names."""
    _names_kept(Submission.objects.filter(pk=pk))
    return _submission(pk)


def _submission(pk: int) -> Submission:
    if not (held := _submission_held(pk=pk)):
        raise Submission.DoesNotExist
    found: Submission = held[0]
    return found


@prepared
def _submission_held(*, pk: Given) -> QuerySet[Submission]:
    held = Submission.objects.select_for_update(of=("self",), no_key=True)
    return held.select_related("element", "assignment").filter(pk=pk)


def round_held(*, pk: int) -> Round:
    """The round as it is now, with its submission held."""
    if not (kept := _names_kept_of(pk=pk)):
        raise Round.DoesNotExist
    submission = _submission(kept[0][0])
    found: Round = _round(pk=pk)[0]
    found.submission, found.element = submission, submission.element
    return found


@prepared
def _names_kept_of(*, pk: Given) -> QuerySet[Round, Any]:
    """The submission of a round, and what it is called by stays as it is."""
    kept = Round.objects.annotate(lock=_names("pg_advisory_xact_lock_shared"))
    return kept.filter(pk=pk).values_list("submission_id", "lock")


@prepared
def _round(*, pk: Given) -> QuerySet[Round]:
    return Round.objects.filter(pk=pk)


def round_seen(*, pk: int) -> Round:
    """The same, and nobody waits for it: to refuse early what takes long, such as a file. Looked at again when held."""
    found: Round = Round.objects.select_related("element", "submission__element", "submission__assignment").get(pk=pk)
    return found


def submissions_held(*, pks: Iterable[int]) -> None:
    """Many, in the order in which everybody holds them."""
    wanted = Submission.objects.filter(pk__in=set(pks))
    _names_kept(wanted)
    held = wanted.select_for_update(of=("self",), no_key=True)
    list(held.order_by("pk").values_list("pk"))


def own_round(*, round: Round, by: Membership) -> Round:
    """The round, held, for whoever works on it, alone or in its team; refuses anybody else."""
    return _own(round_held(pk=round.pk), by)


def draft_held(*, round: Round, by: Membership) -> Round:
    """The same, as long as it can be changed."""
    return _draft(round_held(pk=round.pk), by)


def draft_seen(*, round: Round, by: Membership) -> Round:
    """The same, not held."""
    return _draft(round_seen(pk=round.pk), by)


def _own(found: Round, by: Membership) -> Round:
    if not _works_on(found, by):
        raise HandinError(_("This is the work of somebody else."))
    return found


def _draft(found: Round, by: Membership) -> Round:
    if _own(found, by).state != RoundState.DRAFT:
        raise HandinError(_("It is handed in. Take it back first, to change it."))
    return found


def round_for_reviewer(*, round: Round, by: Membership) -> Round:
    """The round, held, for somebody who marks the work of this person; never one's own."""
    if not Round.objects.filter(work_of(by), pk=round.pk).exists():
        raise HandinError(_("Only somebody who marks the work of this person can do that."))
    held = round_held(pk=round.pk)
    refuse_own(round=held, person_id=by.person_id)
    return held


def refuse_own(*, round: Round, person_id: int) -> None:
    """Nobody marks what they made or had part in, what their team made, or what somebody made whom they know too well."""
    if Round.objects.filter(not_of(person_id), pk=round.pk).exists():
        return
    if Conflict.objects.filter(marker_id=person_id, person_id__in=people_of(round=round), ended_at=None).exists():
        raise HandinError(_("They know whoever made this, so somebody else marks it."))
    raise HandinError(_("Nobody marks their own work."))


def _works_on(held: Round, by: Membership) -> bool:
    if held.submission.team_id is None:
        return held.person_id == by.person_id
    inside = TeamMember.objects.filter(team_id=held.submission.team_id, person_id=by.person_id)
    return inside.exists() and Share.objects.filter(round=held, person_id=by.person_id).exists()


def reason_kept(*, because: str) -> str:
    return words_checked(said=because, most=LONGEST_REASON)
