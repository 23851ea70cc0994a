"""Attempts as their pages show them."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from assessments.models import Answer, Assessment, AssessmentQuestion, Attempt
from assessments.selectors.questions import MARKED_BY_PEOPLE


@dataclass(frozen=True, slots=True)
class Mark:
    """The state of one question, for the row of numbers."""

    position: int
    answered: bool
    flagged: bool


@dataclass(frozen=True, slots=True)
class AttemptState:
    """Where the person is in an attempt. ``saved_at`` is the last time an answer was kept."""

    attempt: Attempt
    marks: list[Mark]
    saved_at: datetime | None

    @property
    def open_count(self) -> int:
        return sum(not mark.answered for mark in self.marks)

    @property
    def flagged_count(self) -> int:
        return sum(mark.flagged for mark in self.marks)

    @property
    def first_open(self) -> int:
        """The first question without an answer; the first of all when each has one."""
        return next((mark.position for mark in self.marks if not mark.answered), 1)


@dataclass(frozen=True, slots=True)
class StartFacts:
    """What a person should know before starting. ``tries_left`` None is no limit."""

    attempts: list[Attempt]
    open_attempt: Attempt | None
    best: float | None
    tries_left: int | None
    question_count: int
    uncounted: int

    @property
    def may_start(self) -> bool:
        return self.open_attempt is not None or self.tries_left is None or self.tries_left > 0


def attempt_of(*, uid: uuid.UUID, person_id: int) -> Attempt:
    """The person's own attempt with its element; Attempt.DoesNotExist for everybody else's."""
    return Attempt.objects.select_related("element", "assessment").get(uid=uid, person_id=person_id)


def attempt_state(*, attempt: Attempt) -> AttemptState:
    rows = Answer.objects.filter(attempt=attempt).order_by("position")
    found = list(rows.values_list("position", "response", "flagged", "saved_at"))
    return AttemptState(
        attempt=attempt,
        marks=[Mark(position, response is not None, flagged) for position, response, flagged, _saved in found],
        saved_at=max((saved for *_rest, saved in found if saved), default=None),
    )


def start_facts(*, assessment: Assessment, person_id: int) -> StartFacts:
    attempts = list(Attempt.objects.filter(person_id=person_id, element_id=assessment.element_id).order_by("number"))
    asked = AssessmentQuestion.objects.filter(assessment=assessment, question__retired_at=None)
    types = list(
        asked.order_by("question_id", "-question__versions__number")
        .distinct("question_id")
        .values_list("question__versions__type", flat=True)
    )
    allowed = assessment.attempts_allowed
    return StartFacts(
        attempts=attempts,
        open_attempt=next((attempt for attempt in attempts if attempt.finished_at is None), None),
        best=max((attempt.score for attempt in attempts if attempt.score is not None), default=None),
        tries_left=max(allowed - len(attempts), 0) if allowed else None,
        question_count=len(types),
        uncounted=sum(kind in MARKED_BY_PEOPLE for kind in types),
    )
