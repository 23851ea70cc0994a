"""Whatever moves a round holds its submission first, so two at once are one after the other."""

from __future__ import annotations

from handins.models import Round, Submission


def submission_held(*, pk: int) -> Submission:
    """The submission as it is now, held until the transaction ends."""
    held = Submission.objects.select_for_update(of=("self",), no_key=True)
    found: Submission = held.select_related("element", "assignment").get(pk=pk)
    return found


def round_held(*, pk: int) -> Round:
    """The round as it is now, with its submission held."""
    submission_id = Round.objects.values_list("submission_id", flat=True).get(pk=pk)
    submission = submission_held(pk=submission_id)
    found: Round = Round.objects.get(pk=pk)
    found.submission, found.element = submission, submission.element
    return found
