"""Late work loses what its assignment says: worked out with each mark, kept with it, and told to the learner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handins.computations.lateness import days_late, late_off
from handins.models import Confirmation, Round
from handins.selectors.assignments import terms_of
from handins.services.telling import people_of


def late_taken(*, round: Round, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a mark, less what being late costs. The first round says how late it was: a learner who improves it after
    feedback is not later than that. More time that was given afterwards counts as well."""
    score, assignment = facts["score"], round.submission.assignment
    if score is None or not (days := late_days(round=round)):
        return dict(facts)
    left, points = late_off(score=score, days=days, per_day=assignment.late_points)
    passed = facts["passed"] if assignment.pass_mark is None else left * 100 + 1e-6 >= assignment.pass_mark
    return {**facts, "score": left, "passed": passed, "late_points": points}


def late_days(*, round: Round) -> int:
    """Days that cost points; 0 where none do. What was sent back from the job is as late as it was at first."""
    assignment = round.submission.assignment
    if not assignment.late_points:
        return 0
    first = Round.objects.filter(submission_id=round.submission_id, number=1, is_late=True).first()
    if first is None or first.submitted_at is None:
        return 0
    due = terms_of(assignment, person_ids=people_of(round=first)).due_at
    asked = Confirmation.objects.filter(round=first).order_by("asked_at").values_list("asked_at", flat=True).first()
    handed_in = min(first.submitted_at, asked or first.submitted_at)
    return days_late(handed_in=handed_in, due=due) if due is not None else 0
