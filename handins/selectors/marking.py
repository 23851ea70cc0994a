"""What a release would mean, before it happens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from handins.models import CompletedBy, Mark, Round, RoundState


@dataclass(frozen=True)
class Release:
    """One learner's: the mark they will see. ``is_refused``: there is nothing to release. ``completes``: the step is done."""

    round: Round
    mark: Mark | None
    is_refused: bool
    completes: bool


def releases_of(rounds: Iterable[Round]) -> list[Release]:
    """Who gets what, in the order given; one query."""
    rows = list(rounds)
    marks = {one.round_id: one for one in Mark.objects.filter(round__in=rows).order_by("pk")}
    return [_release(row, marks.get(row.pk)) for row in rows]


def _release(row: Round, mark: Mark | None) -> Release:
    done = row.submission.assignment.completed_by
    completes = (
        mark is not None
        and row.submission.completed_at is None
        and (done == CompletedBy.RETURNED or (done == CompletedBy.PASSED and mark.passed))
    )
    may = mark is not None and row.state in (RoundState.MARKED, RoundState.READY)
    return Release(row, mark, is_refused=not may, completes=completes)
