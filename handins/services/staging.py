"""A mark on its way to the learner: completed, in review, ready for release, and back to marking while nobody has seen it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem.models import Membership
from ecosystem.services.audit import audit
from handins.exceptions import HandinError
from handins.models import Round, RoundState
from handins.selectors.moderation import is_held_back
from handins.services.locking import reason_kept, round_for_reviewer, submissions_held


@transaction.atomic
def rounds_stage(*, rounds: Iterable[Round], to: str, by: Membership) -> int:
    """Say how far these marks are; returns how many moved. All or none: refuses what has no mark, or is released."""
    if to not in RoundState.judged():
        raise HandinError(_("Choose how far the marks are."))
    moved, rounds = 0, list(rounds)
    submissions_held(pks=[one.submission_id for one in rounds])
    for one in sorted(rounds, key=lambda found: found.submission_id):
        held = round_for_reviewer(round=one, by=by)
        if not held.is_judged:
            raise HandinError(_("Only a mark that is not released yet can be moved."))
        if to != RoundState.CHECKING and is_held_back(held):
            raise HandinError(_("A moderator looks at this mark first."))
        if held.state != to:
            before, held.state = held.state, to
            held.save(update_fields=["state"])
            audit(act="handin.staged", by=by.person, target=held, before={"state": before}, after={"state": to})
            moved += 1
    return moved


@transaction.atomic
def marking_reopen(*, round: Round, because: str, by: Membership) -> Round:
    """Back to marking, before the learner has seen a mark. Marks that were given stay. Twice is once."""
    held, because = round_for_reviewer(round=round, by=by), reason_kept(because=because)
    if held.state == RoundState.REVIEWING:
        return held
    if not held.is_judged:
        raise HandinError(_("Only a mark that is not released yet can go back to marking."))
    if not because:
        raise HandinError(_("Say why, so that others who mark understand."))
    before, held.state, held.awaits = held.state, RoundState.REVIEWING, ""
    held.save(update_fields=["state", "awaits"])
    after = {"state": held.state, "because": because}
    audit(act="handin.marking_reopened", by=by.person, target=held, before={"state": before}, after=after)
    return held
