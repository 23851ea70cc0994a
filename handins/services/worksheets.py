"""Marks that come in a sheet: all of them or none."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem.csv_reading import Problem
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Membership
from ecosystem.services.audit import audit
from handins.files.worksheet import Filled, Sheet, sheet_read
from handins.models import Assignment, Round, RoundState
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
        if reason := _refused(line, found.get(line.uid), by):
            sheet.problems.append(Problem(line.line, reason, found[line.uid].called if line.uid in found else ""))
    sheet.problems.sort(key=lambda problem: problem.line)


def _refused(line: Filled, round: Round | None, by: Membership) -> str:
    if round is None:
        return _("There is no such hand-in of this assignment whose work you mark.")
    if round.state == RoundState.RETURNED:
        return _("It is released already. Correct it on its own page, with a reason.")
    try:
        with transaction.atomic():
            if takes_two(round):
                independent_mark_give(round=round, by=by, **line.facts)
            else:
                mark_give(round=round, by=by, **line.facts)
    except EcosystemError as refusal:
        return str(refusal)
    return ""
