"""What a released mark is worth to each person: the mark itself, or in a team what one of them gets apart from it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem import clock
from ecosystem.models import Membership
from ecosystem.services.audit import audit
from handins.computations.apart import own_result
from handins.exceptions import HandinError
from handins.models import Adjustment, CompletedBy, Mark, Round, RoundState, Share, Submission
from handins.selectors.double import is_sealed
from handins.services.locking import reason_kept, round_for_reviewer
from handins.services.naming import refuse_hidden
from handins.services.progress import state_changed, submission_complete
from handins.services.sharing import own_submissions
from handins.services.telling import tell_person
from records.services import record


def mark_count(*, round: Round, mark: Mark) -> None:
    """The mark is what the hand-in is worth, to everybody who had part in the round, if no later round has been released."""
    shared = round.submission
    if Round.objects.filter(submission=shared, number__gt=round.number, state=RoundState.RETURNED).exists():
        return
    shared.is_open = shared.is_open and not mark.passed
    if shared.team_id is not None:
        shared.score, shared.passed = mark.score, mark.passed
    shared.save(update_fields=["is_open", "score", "passed"])
    apart = adjustments_of(round=round) if shared.team_id is not None else {}
    for submission in own_submissions(round=round):
        theirs = apart.get(submission.person_id)
        own = own_result(
            score=mark.score, passed=mark.passed, apart=(theirs.points, theirs.passed) if theirs else None,
            pass_mark=shared.assignment.pass_mark,
        )  # fmt: skip
        _apply(submission, round, own)
    state_changed(round=round)


def adjustments_of(*, round: Round) -> dict[int, Adjustment]:
    """By person: what counts of what they get apart from the mark."""
    return {one.person_id: one for one in Adjustment.objects.filter(round=round).order_by("pk")}


@transaction.atomic
def adjustment_give(
    *, round: Round, person_id: int, because: str, by: Membership, points: int = 0, passed: bool | None = None
) -> Adjustment:
    """One of the team gets more or less than the mark, with a reason that they read. After the release it counts at once.

    ``points``: percentage points, -100 to 100. ``passed`` only where the assignment has no pass mark. The same again is once.
    """
    held, because = round_for_reviewer(round=round, by=by), reason_kept(because=because)
    if held.state == RoundState.DRAFT:
        raise HandinError(_("It was taken back."))
    refuse_hidden(round=held, by=by)
    if is_sealed(held):
        raise HandinError(_("Two people mark this, each on their own. Wait until both marks are in."))
    if not Share.objects.filter(round=held, person_id=person_id, is_gone=False).exists():
        raise HandinError(_("This person had no part in what was handed in."))
    _check(
        points, because, says_passed=passed is not None, has_pass_mark=held.submission.assignment.pass_mark is not None
    )
    before = adjustments_of(round=held).get(person_id)
    said = {"points": points, "passed": passed, "because": because}
    if before is not None and {name: getattr(before, name) for name in said} == said:
        return before
    made: Adjustment = Adjustment.objects.create(
        environment_id=held.environment_id, round=held, person_id=person_id, by=by.person, at=clock.now(), **said
    )
    old = {"points": before.points, "passed": before.passed} if before else {}
    audit(act="handin.adjusted", by=by.person, target=held, before=old, after={**said, "person": person_id})
    if held.state == RoundState.RETURNED:
        mark_count(round=held, mark=Mark.objects.filter(round=held).order_by("-pk")[0])
        body = format_lazy(gettext_lazy("Your own result was changed: {why}"), why=because)
        tell_person(round=held, person_id=person_id, what=f"adjusted:{made.pk}", body=body)
    return made


def _check(points: int, because: str, *, says_passed: bool, has_pass_mark: bool) -> None:
    if not because:
        raise HandinError(_("Say why: the learner reads it."))
    if not -100 <= points <= 100:
        raise HandinError(_("At most a hundred points more or less."))
    if says_passed and has_pass_mark:
        raise HandinError(_("This assignment has a pass mark, so the points say whether it passes."))


def _apply(submission: Submission, round: Round, own: tuple[float | None, bool]) -> None:
    score, passed = own
    before, submission.score, submission.passed = submission.passed, score, passed
    submission.save(update_fields=["score", "passed"])
    if passed != before:
        result: dict[str, Any] = {"success": passed}
        if score is not None:
            result["scaled"] = score
        verb = "passed" if passed else "failed"
        about = {"round": round.number}
        record(verb=verb, element=round.element, person_id=submission.person_id, result=result, context=about)
    done = round.submission.assignment.completed_by
    if done == CompletedBy.RETURNED or (done == CompletedBy.PASSED and passed):
        submission_complete(submission=submission)
