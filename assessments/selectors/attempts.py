"""Attempts as their pages show them."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.safestring import SafeString

from assessments.models import Answer, Assessment, AssessmentQuestion, Attempt, Draw, Section
from assessments.selectors.pictures import with_pictures
from assessments.selectors.questions import MARKED_BY_PEOPLE, NOT_COUNTED
from assessments.selectors.terms import Terms, terms_of
from assessments.showing import score_shown
from ecosystem import clock
from ecosystem.models import Membership
from ecosystem.periods import period_words
from ecosystem.prepared import Given, prepared
from ecosystem.visibility import may_open

MOST_POSITIONS = 32_767  # what a place in an attempt can be


@dataclass(frozen=True, slots=True)
class Mark:
    """The state of one question, for the row of numbers."""

    position: int
    answered: bool
    flagged: bool
    revision: int = 0
    client: str = ""
    section: str = ""


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
        """The first question without an answer; the first of all when each has one. Where one can only go forward, the
        one that is on."""
        if self.attempt.assessment.forward_only:
            return self.attempt.reached
        return next((mark.position for mark in self.marks if not mark.answered), 1)

    @property
    def sections(self) -> list[tuple[str, list[Mark]]]:
        """The questions by the heading they stand under, in order."""
        found: list[tuple[str, list[Mark]]] = []
        for mark in self.marks:
            if not found or found[-1][0] != mark.section:
                found.append((mark.section, []))
            found[-1][1].append(mark)
        return found

    @property
    def seconds_left(self) -> int | None:
        """By the server's clock, without the grace; None without a time limit."""
        if self.attempt.deadline_at is None or self.attempt.finished_at is not None:
            return None
        return max(0, round((self.attempt.deadline_at - clock.now()).total_seconds()))


PAUSES = {"days": 24 * 60, "hours": 60, "minutes": 1}


@dataclass(frozen=True, slots=True)
class StartFacts:
    """What a person should know before starting. ``scores_shown``: attempts whose score they may see now. ``tries_left`` None is no limit; ``not_before`` when the pause is over."""

    attempts: list[Attempt]
    open_attempt: Attempt | None
    best: float | None
    tries_left: int | None
    question_count: int
    uncounted: int
    terms: Terms
    not_before: datetime | None
    scores_shown: frozenset[int] = frozenset()

    @property
    def may_start(self) -> bool:
        if self.open_attempt is not None:
            return True
        left = self.tries_left is None or self.tries_left > 0
        return left and self.not_before is None and self.is_open

    @property
    def is_open(self) -> bool:
        return self.terms.is_open(clock.now())

    @property
    def pause(self) -> str:
        """How long somebody waits between two attempts, as words; nothing where there is no pause, or no other attempt."""
        minutes = self.terms.wait // timedelta(minutes=1)
        if not minutes or self.tries_left in {0, 1}:
            return ""
        unit, size = next((unit, size) for unit, size in PAUSES.items() if minutes % size == 0)
        return period_words({unit: minutes // size})

    @property
    def opens_later(self) -> bool:
        return self.terms.opens_at is not None and clock.now() < self.terms.opens_at


@prepared
def _assessments(*, slug: Given) -> QuerySet[Assessment]:
    return Assessment.objects.select_related("element").filter(element__slug=slug).order_by("pk")


def assessment_to_open(*, membership: Membership, slug: str) -> Assessment:
    """What this address means to the person: our own before one from above. Assessment.DoesNotExist where nothing is open."""
    here = membership.environment_id
    rows = sorted(_assessments(slug=slug), key=lambda row: row.environment_id != here)
    found = next((row for row in rows if may_open(membership, row.element)), None)
    if found is None:
        raise Assessment.DoesNotExist
    return found


@prepared
def _attempts(*, uid: Given, person: Given) -> QuerySet[Attempt]:
    return Attempt.objects.select_related("element", "assessment").filter(uid=uid, person_id=person)


@prepared
def _answers(*, attempt: Given, position: Given) -> QuerySet[Answer]:
    return Answer.objects.select_related("version").filter(attempt_id=attempt, position=position)


@prepared
def _marks(*, attempt: Given) -> QuerySet[Answer]:
    rows = Answer.objects.filter(attempt_id=attempt).order_by("position")
    return rows.only("position", "response", "flagged", "saved_at", "revision", "client", "section")


def attempt_of(*, uid: uuid.UUID, person_id: int) -> Attempt:
    """The person's own attempt with its element; Attempt.DoesNotExist for everybody else's."""
    found = _attempts(uid=uid, person=person_id)
    if not found:
        raise Attempt.DoesNotExist
    return found[0]


def answer_at(*, attempt: Attempt, position: int) -> Answer:
    """A question of the attempt with the version that is asked; Answer.DoesNotExist where there is none."""
    found = _answers(attempt=attempt.pk, position=position) if position <= MOST_POSITIONS else []
    if not found:
        raise Answer.DoesNotExist
    found[0].attempt = attempt
    return found[0]


@prepared
def _sections(*, assessment: Given) -> QuerySet[Section]:
    return Section.objects.filter(assessment_id=assessment).order_by("position")


@prepared
def _asked_in(*, assessment: Given) -> QuerySet[Section]:
    """Sections in which something is asked."""
    asked = (model.objects.filter(section_id=OuterRef("pk")) for model in (AssessmentQuestion, Draw))
    fixed, drawn = (Exists(rows) for rows in asked)
    return Section.objects.filter(fixed | drawn, assessment_id=assessment).order_by("position")


class Part(NamedTuple):
    """A section as learners meet it. ``text`` is safe HTML."""

    title: str
    text: SafeString


def parts_of(*, assessment_id: int) -> list[Part]:
    """The sections in which it asks something, in their order."""
    return [Part(row.title, with_pictures(row.text)) for row in _asked_in(assessment=assessment_id)]


def parts_named(*, assessment_id: int, titles: Iterable[str]) -> dict[str, Part]:
    """The section of each heading, which is what an answer keeps; below, that may be an earlier one.

    A heading that no section has (any more) is a part without a text.
    """
    wanted = dict.fromkeys(title for title in titles if title)
    known: dict[str, Section] = {}
    rows = list(_sections(assessment=assessment_id))[::-1] if wanted else []
    for row in rows:
        known.update(dict.fromkeys(row.former, row))
    known.update({row.title: row for row in rows})  # what a section is called now counts, the first of two namesakes
    return {
        title: Part(known[title].title, with_pictures(known[title].text))
        if title in known
        else Part(title, with_pictures(""))
        for title in wanted
    }


def attempt_state(*, attempt: Attempt) -> AttemptState:
    found = _marks(attempt=attempt.pk)
    return AttemptState(
        attempt=attempt,
        marks=[
            Mark(row.position, row.response is not None, row.flagged, row.revision, row.client, row.section)
            for row in found
        ],
        saved_at=max((row.saved_at for row in found if row.saved_at), default=None),
    )


@prepared
def _tries(*, person: Given, element: Given) -> QuerySet[Attempt]:
    return Attempt.objects.filter(person_id=person, element_id=element).order_by("number")


@prepared
def _types(*, assessment: Given) -> QuerySet[AssessmentQuestion]:
    """The type of each question it asks of everybody."""
    rows = AssessmentQuestion.objects.filter(assessment_id=assessment, question__retired_at=None)
    return rows.values_list("question__type", flat=True)


@prepared
def _drawn(*, assessment: Given) -> QuerySet[Draw]:
    """How many each draw takes."""
    return Draw.objects.filter(assessment_id=assessment).values_list("count", flat=True)


def start_facts(*, assessment: Assessment, person_id: int) -> StartFacts:
    attempts = _tries(person=person_id, element=assessment.element_id)
    types, drawn = _types(assessment=assessment.pk), sum(_drawn(assessment=assessment.pk))
    terms = terms_of(assessment=assessment, person_id=person_id)
    allowed = terms.attempts_allowed
    return StartFacts(
        attempts=attempts,
        open_attempt=next((attempt for attempt in attempts if attempt.finished_at is None), None),
        best=max((attempt.score for attempt in attempts if attempt.score is not None), default=None),
        tries_left=max(allowed - len(attempts), 0) if allowed else None,
        question_count=len(types) + drawn,
        uncounted=sum(
            kind in (NOT_COUNTED - MARKED_BY_PEOPLE if assessment.people_mark else NOT_COUNTED) for kind in types
        ),
        terms=terms,
        not_before=_not_before(attempts, terms.wait),
        scores_shown=frozenset(
            one.pk
            for one in attempts
            if score_shown(
                review=assessment.review, finished_at=one.finished_at, closes_at=terms.closes_at, now=clock.now()
            )
        ),
    )


def _not_before(attempts: list[Attempt], wait: timedelta) -> datetime | None:
    """When the pause after the last try is over; None when it is."""
    last = max((attempt.finished_at for attempt in attempts if attempt.finished_at), default=None)
    return last + wait if last and wait and clock.now() < last + wait else None
