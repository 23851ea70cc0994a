"""Marks that come in a sheet: all of them or none."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem.csv_reading import Problem
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Membership
from ecosystem.services.audit import audit
from handins.exceptions import HandinError
from handins.files.worksheet import Filled, Foreseen, Sheet, sheet_read
from handins.models import Assignment, IndependentMark, Mark, Round, RoundState
from handins.selectors import newest_rubric
from handins.selectors.double import takes_two
from handins.selectors.queue import rounds_for
from handins.services.double import independent_mark_give
from handins.services.reviewing import mark_give


class _Rehearsed(Exception):  # noqa: N818 -- no error: it takes a rehearsal back
    """What the body did is to be undone."""


def worksheet_look(*, assignment: Assignment, data: bytes, by: Membership) -> Sheet:
    """What would come of the sheet: each line is tried, with every reason why one cannot be, and nothing is kept."""
    sheet = sheet_read(data, rubric=newest_rubric(assignment))
    try:
        with transaction.atomic():
            _give(assignment, sheet, by)
            raise _Rehearsed  # noqa: TRY301 -- it only leaves the block
    except _Rehearsed:
        return sheet


@transaction.atomic
def worksheet_apply(*, assignment: Assignment, data: bytes, by: Membership) -> Sheet:
    """Give the marks, which learners see once they are released. A bad line, and none is given."""
    sheet = sheet_read(data, rubric=newest_rubric(assignment))
    with transaction.atomic():
        _give(assignment, sheet, by)
        if sheet.problems:
            transaction.set_rollback(True)
        else:
            audit(act="handin.sheet_applied", by=by.person, target=assignment, after={"marks": len(sheet.lines)})
    return sheet


def _give(assignment: Assignment, sheet: Sheet, by: Membership) -> None:
    """In the order in which submissions are held elsewhere; what is refused becomes a problem of its line."""
    wanted = [line.uid for line in sheet.lines]
    found = {row.uid: row for row in rounds_for(by).filter(element_id=assignment.element_id, uid__in=wanted)}
    for line in sorted(
        sheet.lines, key=lambda one: (found[one.uid].submission_id if one.uid in found else 0, one.line)
    ):
        round = found.get(line.uid)
        called = round.called if round is not None else ""
        try:
            mark = _mark(line, round, by)
        except EcosystemError as refusal:
            sheet.problems.append(Problem(line.line, str(refusal), called))
        else:
            sheet.foreseen.append(Foreseen(line.line, called, mark.percent, mark.passed))
    sheet.problems.sort(key=lambda problem: problem.line)
    sheet.foreseen.sort(key=lambda one: one.line)


def _mark(line: Filled, round: Round | None, by: Membership) -> Mark | IndependentMark:
    """Refuses what is not there, and what is released."""
    if round is None:
        raise HandinError(_("There is no such hand-in of this assignment whose work you mark."))
    if round.state == RoundState.RETURNED:
        raise HandinError(_("It is released already. Correct it on its own page, with a reason."))
    with transaction.atomic():
        if takes_two(round):
            return independent_mark_give(round=round, by=by, **line.facts)
        return mark_give(round=round, by=by, **line.facts)
