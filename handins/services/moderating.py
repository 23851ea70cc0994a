"""Moderation: a share of the marks goes to somebody who did not give them, and who upholds them or not, in words."""

from __future__ import annotations

from hashlib import sha256
from secrets import token_hex
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem import clock
from ecosystem.models import Membership
from ecosystem.services.audit import audit
from handins.exceptions import HandinError
from handins.models import Assignment, IndependentMark, Mark, Moderated, Moderation, Picked, Round, RoundState, Verdict
from handins.selectors.moderation import may_moderate, open_moderation
from handins.services.checking import words_kept
from handins.services.locking import round_for_reviewer
from handins.services.telling import tell_marker

LONGEST = 5_000


def seed_keep(*, assignment: Assignment) -> None:
    """Draw a seed, unless there is one: it is kept, so that everybody can see later that the lot fell as it did."""
    if assignment.moderation == Moderated.SAMPLE and not assignment.moderation_seed:
        assignment.moderation_seed = token_hex(8)


def is_drawn(*, seed: str, uid: UUID, share: int) -> bool:
    """Whether the lot falls on a round: the SHA-256 of seed and uid, read as a number from 0 to 1, is below ``share`` %.

    It depends on nothing else, so it falls the same whenever it is drawn, and nobody who marks can steer it. Of many
    rounds about ``share`` % are drawn; of few it may be more or less.
    """
    number = int.from_bytes(sha256(f"{seed}:{uid}".encode()).digest()[:8])
    return number * 100 < share * 2**64


def moderation_pick(*, held: Round, mark: Mark) -> bool:
    """Whether the mark is for a moderator; it is written down if so, and set on the round, which the caller saves. A correction
    counts at once, and is looked at afterwards where two people stood for the mark that it corrects."""
    assignment = held.submission.assignment
    reason = _reason(held, mark, assignment)
    held.awaits = reason or ""
    if reason is None:
        return False
    drawn = reason == Picked.SAMPLE
    Moderation.objects.create(
        environment_id=held.environment_id, round=held, mark=mark, person_id=held.person_id, reason=reason,
        draw=f"{assignment.moderation_seed}:{held.uid} < {assignment.moderation_share}%" if drawn else "",
        at=clock.now(),
    )  # fmt: skip
    return True


def _reason(held: Round, mark: Mark, assignment: Assignment) -> Picked | None:
    if mark.because:
        return Picked.CORRECTED if _was_for_two(held) or _by_rule(held, mark, assignment) else None
    if assignment.moderation == Moderated.NONE:
        return None
    if Verdict.objects.filter(round=held).exists():  # else one alone could replace what a moderator upheld
        return Picked.AGAIN
    return _by_rule(held, mark, assignment)


def _was_for_two(held: Round) -> bool:
    """Two people stand for the mark: one alone does not change it unseen."""
    return any(model.objects.filter(round=held).exists() for model in (Moderation, IndependentMark))


def _by_rule(held: Round, mark: Mark, assignment: Assignment) -> Picked | None:
    if assignment.moderation == Moderated.NONE:
        return None
    if assignment.moderation == Moderated.SAMPLE:
        drawn = is_drawn(seed=assignment.moderation_seed, uid=held.uid, share=assignment.moderation_share)
        return Picked.SAMPLE if drawn else None
    if not mark.passed:
        return Picked.FAILING
    return Picked.BORDERLINE if _is_near(mark, assignment) else None


def _is_near(mark: Mark, assignment: Assignment) -> bool:
    if mark.score is None or assignment.pass_mark is None:
        return False
    return abs(mark.score * 100 - assignment.pass_mark) <= assignment.borderline + 1e-6


@transaction.atomic
def verdict_give(*, round: Round, is_upheld: bool, by: Membership, words: str = "") -> Verdict:
    """Uphold the mark, or not and say why. Refuses whoever marked it, and a second verdict on the same mark.

    Where the release waits for it, a mark that is upheld is ready for release, and one that is not goes back to marking.
    """
    held = round_for_reviewer(round=round, by=by)
    waiting = open_moderation(held)
    if waiting is None:
        raise HandinError(_("This mark does not wait for a moderator."))
    if not may_moderate(by.person_id, held):
        raise HandinError(_("You have marked this yourself, so somebody else looks at the mark."))
    words = words_kept(said=words, most=LONGEST)
    if not is_upheld and not words:
        raise HandinError(_("Say why you do not uphold it: whoever marked it reads it."))
    made: Verdict = Verdict.objects.create(
        environment_id=held.environment_id, moderation=waiting, round=held, person_id=held.person_id,
        is_upheld=is_upheld, words=words, by=by.person, at=clock.now(),
    )  # fmt: skip
    before, held.awaits = held.state, ""
    if held.submission.assignment.moderation_active and held.is_judged:
        held.state = RoundState.READY if is_upheld else RoundState.REVIEWING
    held.save(update_fields=["state", "awaits"])
    audit(
        act="handin.moderated",
        by=by.person,
        target=held,
        before={"state": before},
        after={"upheld": is_upheld, "state": held.state, "words": words},
    )
    marked_by = Mark.objects.values_list("by_id", flat=True).get(pk=waiting.mark_id)
    if marked_by is not None:
        body = (
            gettext_lazy("Your mark was upheld.") if is_upheld else gettext_lazy("Your mark was not upheld. Read why.")
        )
        tell_marker(round=held, person_id=marked_by, what=f"verdict:{made.pk}", body=body)
    return made
