"""A finished attempt: what was right, why, and what to read again."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max, Q, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils.safestring import SafeString

from assessments.models import Answer, Assessment, Attempt, Mark, Mode, Step
from assessments.question_types.registry import question_type
from assessments.selectors.files import files_shown
from assessments.selectors.pictures import with_pictures
from assessments.selectors.withholding import attempts_withheld
from assessments.showing import (
    CORRECT,
    DURING,
    EVERYTHING,
    FEEDBACK,
    GENERAL,
    GIVEN,
    POINTS,
    RIGHT,
    moment_of,
    shown_at,
)
from ecosystem import clock
from ecosystem.models import Element, Membership
from ecosystem.prepared import Among, Given, prepared
from ecosystem.registry import Achievement, element_kinds

# Banks are wide, and a review needs little of each row.
_NEEDED = (
    "environment_id", "position", "section", "response", "fraction", "settled_at", "version__type", "version__stem",
    "version__body", "version__points", "version__feedback", "version__question__source_id",
    "version__question__objective__text",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """A page to read (again)."""

    title: str
    href: str


@dataclass(frozen=True, slots=True)
class ReviewedAnswer:
    """``state``: right, partly, wrong, open (no answer), unmarked, waiting for a marker, or hidden. Texts are safe HTML.

    ``points`` are None where they are not shown or not known yet.
    """

    position: int
    section: str
    state: str
    stem: SafeString
    points: float | None
    points_of: int
    given: list[SafeString]
    right: list[SafeString]
    why: list[SafeString]
    comments: list[str]
    source: Source | None
    files: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class WeakObjective:
    text: str
    percent: int
    sources: list[Source] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Review:
    """``shows``: what the review matrix allows at this moment (``assessments.showing``)."""

    answers: list[ReviewedAnswer]
    weak: list[WeakObjective]
    shows: frozenset[str]

    @property
    def tells_right(self) -> bool:
        return CORRECT in self.shows

    @property
    def tells_score(self) -> bool:
        return POINTS in self.shows

    @property
    def right_count(self) -> int:
        return sum(answer.state == "right" for answer in self.answers)


def review_of(*, attempt: Attempt, closes_at: datetime | None = None) -> Review:
    """The review of a finished attempt, as far as its assessment shows it now; ``closes_at`` is that of the person.

    ValueError for an open attempt, whose right answers nobody may see yet.
    """
    if attempt.finished_at is None:
        raise ValueError("Only a finished attempt has a review.")
    assessment = attempt.assessment
    moment = moment_of(finished_at=attempt.finished_at, closes_at=closes_at, now=clock.now())
    shows = shown_at(assessment.review, moment)
    if not shows:
        return Review([], [], shows)
    answers = _answers(attempt=attempt.pk)
    for answer in answers:
        answer.attempt = attempt
    said: dict[int, list[str]] = defaultdict(list)
    for answer_id, comment in _comments(attempt=attempt.pk) if FEEDBACK in shows else []:
        said[answer_id].append(comment)
    sources = _sources({answer.version.question.source_id for answer in answers} - {None})
    files = _files(answers) if GIVEN in shows else {}
    return Review(
        answers=[
            replace(_reviewed(answer, sources, shows, said.get(answer.pk, [])), files=files.get(answer.pk, []))
            for answer in answers
        ],
        weak=_weak(answers, sources, Decimal(str(assessment.pass_mark))) if CORRECT in shows else [],
        shows=shows,
    )


@prepared
def _answers(*, attempt: Given) -> QuerySet[Answer]:
    rows = Answer.objects.filter(attempt_id=attempt).order_by("position")
    return rows.select_related("version__question__objective").only(*_NEEDED)


def _files(answers: list[Answer]) -> dict[int, list[dict[str, Any]]]:
    """By answer, with one query where files were asked for."""
    uploads = [answer for answer in answers if answer.version.type == "file_upload"]
    prefetch_related_objects(uploads, "files")
    return {answer.pk: files_shown(answer) for answer in uploads}


@prepared
def _comments(*, attempt: Given) -> QuerySet[Mark]:
    """(answer, comment): what markers say to each other before the mark is final stays among them."""
    rows = Mark.objects.filter(answer__attempt_id=attempt, step__in=[Step.FINAL, Step.AGAIN]).exclude(comment="")
    return rows.order_by("pk").values_list("answer_id", "comment")


def answer_checked(answer: Answer) -> ReviewedAnswer | None:
    """What is shown of an answer that was settled during the attempt; None of any other."""
    if answer.settled_at is None:
        return None
    version = answer.version
    answer.fraction = question_type(version.type).score(version.body, answer.response).fraction
    return _reviewed(answer, {}, shown_at(answer.attempt.assessment.review, DURING), [])


def answer_told(answer: Answer) -> ReviewedAnswer:
    """Everything about an answer that is not kept: for an author who looks as a learner."""
    answer.fraction = question_type(answer.version.type).score(answer.version.body, answer.response).fraction
    answer.attempt = Attempt(assessment=Assessment(people_mark=True))
    return _reviewed(answer, {}, EVERYTHING, [])


def _sources(ids: set[int]) -> dict[int, Source]:
    """Only what is available here and has a page."""
    found = {}
    for element in _elements(ids=list(ids)) if ids else []:
        kind = element_kinds.get(element.kind)
        if kind and (href := kind.href(element)):
            found[element.pk] = Source(element.title, href)
    return found


@prepared
def _elements(*, ids: Given) -> QuerySet[Element]:
    return Element.objects.filter(Among("id", ids))


def _reviewed(answer: Answer, sources: dict[int, Source], shows: frozenset[str], comments: list[str]) -> ReviewedAnswer:
    version = answer.version
    revealed = question_type(version.type).reveal(version.body, answer.response)
    needs = {"given": GIVEN, "right": RIGHT, "feedback": FEEDBACK}
    texts = {
        name: [with_pictures(text) for text in revealed[name]] if thing in shows else []
        for name, thing in needs.items()
    }
    general = [with_pictures(version.feedback)] if version.feedback and GENERAL in shows else []
    return ReviewedAnswer(
        position=answer.position,
        section=answer.section,
        state=_state(answer) if CORRECT in shows else "hidden",
        stem=with_pictures(version.stem),
        points=_points(answer) if POINTS in shows else None,
        points_of=version.points,
        given=texts["given"],
        right=texts["right"],
        why=texts["feedback"] + general,
        comments=comments if FEEDBACK in shows else [],
        source=sources.get(version.question.source_id or 0) if shows & {RIGHT, FEEDBACK, GENERAL} else None,
    )


def _points(answer: Answer) -> float | None:
    return None if answer.fraction is None else round(float(answer.fraction) * answer.version.points, 2)


def _state(answer: Answer) -> str:
    if answer.response is None:
        return "open"
    if answer.fraction is None:
        return "waiting" if answer.attempt.assessment.people_mark else "unmarked"
    if answer.fraction == 1:
        return "right"
    return "partly" if answer.fraction > 0 else "wrong"


def _weak(answers: list[Answer], sources: dict[int, Source], pass_mark: Decimal) -> list[WeakObjective]:
    """Objectives below the pass mark, weakest first, with the pages of the questions that went wrong."""
    marked = defaultdict(list)
    for answer in answers:
        if answer.fraction is not None and answer.version.question.objective is not None:
            marked[answer.version.question.objective].append(answer)
    found = []
    for objective, rows in marked.items():
        share = sum((row.fraction for row in rows), start=Decimal(0)) / len(rows)
        if share < pass_mark:
            ids = dict.fromkeys(row.version.question.source_id for row in rows if row.fraction < 1)
            pages = [sources[pk] for pk in ids if pk in sources]
            found.append(WeakObjective(objective.text, round(share * 100), pages))
    return sorted(found, key=lambda one: one.percent)


def quizzes_passed(membership: Membership) -> list[Achievement]:
    """For the transcript: each quiz once, with the best score that may be seen and the day it was last passed."""
    hidden = attempts_withheld(person_id=membership.person_id)
    rows = (
        Attempt.objects.filter(person_id=membership.person_id, passed=True, finished_at__isnull=False)
        .exclude(assessment__mode__in=[Mode.SURVEY, Mode.FEEDBACK])
        .values("element__title", "element__slug")
        .annotate(best=Max("score", filter=~Q(pk__in=hidden)), at=Max("finished_at"))
        .order_by("-at")
        .values_list("element__title", "element__slug", "at", "best")
    )
    return [
        Achievement(title, at, score=best, href=reverse("assessments:start", args=[slug]))
        for title, slug, at, best in rows
    ]
