"""Feedback: begun, given, released and corrected. Marks are added, never changed, and unseen until they are released."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem import clock
from ecosystem.models import Membership
from ecosystem.services.audit import audit
from handins.exceptions import HandinError
from handins.models import IndependentMark, Mark, Round, RoundState, Rubric, Submission
from handins.selectors.double import takes_two
from handins.selectors.moderation import is_held_back, stands_for_two
from handins.services.checking import levels_checked, words_kept
from handins.services.confirming import refuse_unconfirmed
from handins.services.lateness import late_taken
from handins.services.locking import reason_kept, round_for_reviewer, submissions_held
from handins.services.moderating import moderation_pick
from handins.services.peers_counting import blend_keep, peers_mixed
from handins.services.progress import state_changed
from handins.services.results import mark_count
from handins.services.telling import people_of, tell_learner
from handins.services.turns import turn_set
from records.services import record

LONGEST = 20_000


@transaction.atomic
def review_begin(*, round: Round, by: Membership) -> Round:
    """From now on the learner cannot take it back. Twice is once; somebody else may go on with it."""
    held = round_for_reviewer(round=round, by=by)
    if held.state == RoundState.DRAFT:
        raise HandinError(_("It was taken back."))
    refuse_unconfirmed(held=held)
    if held.state in RoundState.waiting() and held.reviewer_id != by.person_id:
        held.state, held.reviewer = RoundState.REVIEWING, by.person
        held.save(update_fields=["state", "reviewer"])
        audit(act="handin.review_begun", by=by.person, target=held, after={"round": held.number})
    return held


@transaction.atomic
def mark_give(
    *,
    round: Round,
    by: Membership,
    levels: Mapping[str, int] | None = None,
    comments: Mapping[str, str] | None = None,
    comment: str = "",
    percent: int | None = None,
    passed: bool | None = None,
    because: str = "",
) -> Mark:
    """Add a mark, which the learner sees once it is released; after that it is a correction, needs a reason and counts at once.

    ``levels``: {place of the criterion: place of the level}, all of them where there is a rubric; they make the score. Without
    a rubric ``percent`` is the score. ``passed`` is asked for where the assignment has no pass mark.
    """
    held = round_for_reviewer(round=round, by=by)
    if held.state == RoundState.DRAFT:
        raise HandinError(_("It was taken back."))
    refuse_unconfirmed(held=held)
    because = reason_kept(because=because)
    is_correction = held.state == RoundState.RETURNED
    if is_correction and not because:
        raise HandinError(_("Say why you correct it: the learner reads it."))
    if takes_two(held):
        raise HandinError(_("Two people mark this, each on their own, and then agree on the mark."))
    if not is_correction and stands_for_two(held):
        raise HandinError(_("Two people stand for this mark. Take it back to marking first, and say why."))
    facts = judgement(held=held, levels=levels, comments=comments, comment=comment, percent=percent, passed=passed)
    return mark_keep(held=held, facts=facts, by=by, because=because)


def judgement(
    *,
    held: Round,
    levels: Mapping[str, int] | None = None,
    comments: Mapping[str, str] | None = None,
    comment: str = "",
    percent: int | None = None,
    passed: bool | None = None,
) -> dict[str, Any]:
    """What a mark says, from what was typed (see ``mark_give``). Refuses what the rubric or the pass mark does not allow."""
    assignment = held.submission.assignment
    rubric = _rubric(held)
    score, chosen = _score(rubric, levels or {}, percent)
    if assignment.pass_mark is not None:
        if score is None:
            raise HandinError(_("Give a score in percent."))
        passed = score * 100 + 1e-6 >= assignment.pass_mark
    elif passed is None:
        raise HandinError(_("Say whether it passes."))
    kept = {
        place: words
        for place, said in (comments or {}).items()
        if place in chosen and (words := words_kept(said=said, most=LONGEST))
    }
    words = words_kept(said=comment, most=LONGEST)
    return {"rubric": rubric, "levels": chosen, "comments": kept, "comment": words, "score": score, "passed": passed}


def mark_keep(*, held: Round, facts: Mapping[str, Any], by: Membership, because: str = "") -> Mark:
    """Add the mark to the round, which is held; a released one is corrected with it, and counts at once."""
    is_correction = held.state == RoundState.RETURNED
    facts, blend = peers_mixed(round=held, facts=facts)
    facts = late_taken(round=held, facts=facts)
    before = Mark.objects.filter(round=held).order_by("-pk").first()
    mark: Mark = Mark.objects.create(
        environment_id=held.environment_id,
        round=held,
        person_id=held.person_id,
        element_id=held.element_id,
        because=because if is_correction else "",
        by=by.person,
        at=clock.now(),
        **facts,
    )
    blend_keep(mark=mark, blend=blend)
    held.reviewer = by.person
    is_picked = moderation_pick(held=held, mark=mark)
    if not is_correction:
        held.state = RoundState.MARKED
        if is_picked and held.submission.assignment.moderation_active:
            held.state = RoundState.CHECKING
    held.save(update_fields=["state", "reviewer", "awaits"])
    told = {"round": held.number, "score": mark.percent, "passed": mark.passed}
    audit(
        act="handin.marked",
        by=by.person,
        target=held,
        before={"score": before.percent, "passed": before.passed} if before else {},
        after={**told, "because": because} if is_correction else told,
    )
    if is_correction:
        mark_count(round=held, mark=mark)
        body = format_lazy(gettext_lazy("Your feedback was corrected: {why}"), why=because)
        tell_learner(round=held, what=f"corrected:{mark.pk}", body=body)
    return mark


@transaction.atomic
def rounds_release(*, rounds: Iterable[Round], by: Membership) -> int:
    """Show the learners their marks, and count them; returns how many were released. What is released stays so.

    All or none: refuses one that has no mark yet.
    """
    released, rounds = 0, list(rounds)
    submissions_held(pks=[one.submission_id for one in rounds])
    for one in sorted(rounds, key=lambda found: found.submission_id):
        held = round_for_reviewer(round=one, by=by)
        if held.state == RoundState.RETURNED:
            continue
        if held.state == RoundState.CHECKING or is_held_back(held):
            raise HandinError(_("A mark that is in review cannot be released yet."))
        if not held.is_judged:
            raise HandinError(_("Only what has a mark can be released."))
        held.state, held.released_at = RoundState.RETURNED, clock.now()
        turn_set(round=held)
        held.save(update_fields=["state", "released_at", "turn_at"])
        mark = Mark.objects.filter(round=held).order_by("-pk")[0]
        audit(act="handin.released", by=by.person, target=held, after={"round": held.number, "passed": mark.passed})
        for who in people_of(round=held):
            record(verb="returned", element=held.element, person_id=who, context={"round": held.number})
        mark_count(round=held, mark=mark)
        state_changed(round=held)
        body = (
            gettext_lazy("There is feedback, and you have passed.")
            if mark.passed
            else gettext_lazy("There is feedback.")
        )
        tell_learner(round=held, what="released", body=body, action=gettext_lazy("Read it"))
        released += 1
    return released


@transaction.atomic
def submission_reopen(*, round: Round, because: str, by: Membership) -> Submission:
    """One more round, although the person has passed or has had as many as are allowed. Refuses while one is under way."""
    held = round_for_reviewer(round=round, by=by)
    submission, because = held.submission, reason_kept(because=because)
    rounds = list(Round.objects.filter(submission=submission).order_by("number"))
    last = rounds[-1]
    if last.state != RoundState.RETURNED:
        raise HandinError(_("A round is under way already."))
    if not because:
        raise HandinError(_("Say why, so that the learner understands."))
    missing = last.number + 1 - submission.assignment.most_rounds - submission.more_rounds
    if submission.is_open and missing <= 0:
        return submission
    submission.is_open, submission.more_rounds = True, submission.more_rounds + max(0, missing)
    submission.save(update_fields=["is_open", "more_rounds"])
    audit(act="handin.reopened", by=by.person, target=held, after={"because": because, "round": last.number + 1})
    body = format_lazy(gettext_lazy("You can hand in another round: {why}"), why=because)
    tell_learner(round=held, what=f"reopened:{last.number}", body=body)
    return submission


def _rubric(held: Round) -> Rubric | None:
    """The version the round was marked by before, else the newest; None without criteria."""
    for given in (Mark, IndependentMark):  # two who mark the same judge by the same
        before = given.objects.filter(round=held).select_related("rubric").order_by("-pk").first()
        if before is not None:
            return before.rubric
    newest = Rubric.objects.filter(assignment_id=held.submission.assignment_id).order_by("-number").first()
    return newest if newest is not None and newest.criteria else None


def _score(
    rubric: Rubric | None, levels: Mapping[str, int], percent: int | None
) -> tuple[float | None, dict[str, int]]:
    if rubric is None:
        if percent is not None and not 0 <= percent <= 100:
            raise HandinError(_("A score lies between 0 and 100 percent."))
        return (None if percent is None else percent / 100), {}
    chosen = levels_checked(rubric=rubric, levels=levels)
    return min(1.0, rubric.share(chosen)), chosen
