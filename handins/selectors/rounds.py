"""Rounds side by side: what was handed in, what it was found worth, and what has improved since the round before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ecosystem.models import Membership
from handins.access import not_of, rounds_of, work_of
from handins.models import FeedbackFile, HandinFile, HandinPage, IndependentMark, Mark, Round, RoundState, Submission
from handins.selectors.confirming import may_read_work


@dataclass(frozen=True)
class CriterionShown:
    """One criterion of a mark. ``change``: 1 better than in the round before, -1 worse, 0 the same, None not to compare."""

    title: str
    level: str
    comment: str
    share: int | None
    change: int | None = None


@dataclass
class RoundShown:
    """A round with its files and the newest mark that may be seen; ``corrections`` are the marks before that
    one. ``remarked``: the text with its remarks (selectors/remarks.py), on pages.
    """

    round: Round
    files: list[HandinFile] = field(default_factory=list)
    feedback: list[FeedbackFile] = field(default_factory=list)
    mark: Mark | None = None
    corrections: list[Mark] = field(default_factory=list)
    confirmations: list[Any] = field(default_factory=list)
    criteria: list[CriterionShown] = field(default_factory=list)
    progress: str = ""
    remarked: Any = None
    team: Any = None
    nameless: bool = False

    @property
    def submitted(self) -> str:
        """When it was handed in; without names the day only, since a minute tells who it was."""
        return date_format(localtime(self.round.submitted_at), "j F Y" if self.nameless else "j F Y, H:i")


def own_submission(membership: Membership, *, element_id: int) -> Submission | None:
    found: Submission | None = Submission.objects.filter(
        person_id=membership.person_id, element_id=element_id, team=None
    ).first()
    return found


def rounds_shown(
    submission: Submission, *, for_reviewer: bool, rounds: QuerySet[Round] | None = None
) -> list[RoundShown]:
    """All rounds, or ``rounds``, oldest first, in four queries. Learners see released marks only, and reviewers no draft."""
    rows = Round.objects.filter(submission=submission) if rounds is None else rounds
    found = [
        RoundShown(row)
        for row in rows.select_related("reviewer").order_by("submission_id", "number")
        if not (for_reviewer and row.state == RoundState.DRAFT)
    ]
    by_id = {one.round.pk: one for one in found}
    _files_add(by_id, for_reviewer=for_reviewer)
    for mark in Mark.objects.filter(round__in=list(by_id)).select_related("rubric", "by").order_by("pk"):
        one = by_id[mark.round_id]
        if for_reviewer or one.round.state == RoundState.RETURNED:
            if one.mark is not None:
                one.corrections.append(one.mark)
            one.mark = mark
    before: Mark | None = None
    for one in found:
        if one.mark is not None:
            one.criteria = criteria_of(one.mark, before)
            one.progress = progress_words(one.criteria, one.round.number)
            before = one.mark
    return found


def _files_add(by_id: dict[int, RoundShown], *, for_reviewer: bool) -> None:
    for file in HandinFile.objects.filter(round__in=list(by_id)).order_by("pk"):
        by_id[file.round_id].files.append(file)
    for said in FeedbackFile.objects.filter(round__in=list(by_id)).order_by("pk"):
        one = by_id[said.round_id]
        if for_reviewer or one.round.state == RoundState.RETURNED:
            one.feedback.append(said)


def criteria_of(mark: Mark | IndependentMark, before: Mark | None = None) -> list[CriterionShown]:
    """Without those whose level two markers did not agree on, and nothing was said about."""
    if mark.rubric is None:
        return []
    same = before is not None and before.rubric_id == mark.rubric_id
    shown = []
    for place, criterion in enumerate(mark.rubric.criteria):
        key, levels = str(place), criterion["levels"]
        if key not in mark.levels:
            if key in mark.comments:
                shown.append(CriterionShown(criterion["title"], "", mark.comments[key], None))
            continue
        level = levels[mark.levels[key]]
        change = None
        if same and before is not None and key in before.levels:
            old = levels[before.levels[key]]["points"]
            change = (level["points"] > old) - (level["points"] < old)
        best = max(one["points"] for one in levels)
        shown.append(
            CriterionShown(
                criterion["title"], level["title"], mark.comments.get(key, ""), 100 * level["points"] // best, change
            )
        )
    return shown


def progress_words(criteria: Iterable[CriterionShown], number: int) -> str:
    """Such as "Round 2 improved on 3 of 4."; nothing when there is nothing to compare with."""
    changes = [one.change for one in criteria if one.change is not None]
    if not changes:
        return ""
    better = sum(1 for change in changes if change > 0)
    return _("Round %(round)s improved on %(better)s of %(all)s.") % {
        "round": number, "better": better, "all": len(changes),
    }  # fmt: skip


def file_for(membership: Membership, *, uid: str) -> HandinFile | None:
    """A file of one's own, or of somebody whose work one marks, once it is handed in."""
    found: HandinFile | None = HandinFile.objects.select_related("round").filter(uid=uid).first()
    if found is None or _is_of(membership, found.round_id):
        return found
    if may_read_work(membership, found.round_id):
        return found
    marks = Round.objects.filter(work_of(membership), not_of(membership.person_id), pk=found.round_id)
    return found if marks.exclude(state=RoundState.DRAFT).exists() else None


def page_for(membership: Membership, *, uid: str, number: int) -> HandinPage | None:
    """A page of such a file, if it has been looked at as a picture."""
    file = file_for(membership, uid=uid)
    found: HandinPage | None = HandinPage.objects.filter(file=file, number=number).first() if file is not None else None
    return found


def feedback_file_for(membership: Membership, *, uid: str) -> FeedbackFile | None:
    """A file of feedback: for whoever marks the work, and for the learner once it is released."""
    found: FeedbackFile | None = FeedbackFile.objects.select_related("round").filter(uid=uid).first()
    if found is None or (found.round.state == RoundState.RETURNED and _is_of(membership, found.round_id)):
        return found
    marks = Round.objects.filter(work_of(membership), not_of(membership.person_id), pk=found.round_id)
    return found if marks.exists() else None


def _is_of(membership: Membership, round_id: int) -> bool:
    return Round.objects.filter(pk=round_id, pk__in=rounds_of(membership.person_id)).exists()
