"""A finished attempt: what was right, why, and what to read again."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Max
from django.urls import reverse
from django.utils.safestring import SafeString

from assessments.models import Answer, Attempt
from assessments.question_types.registry import question_type
from assessments.selectors.pictures import with_pictures
from ecosystem.models import Element, Membership
from ecosystem.registry import Achievement, element_kinds


@dataclass(frozen=True, slots=True)
class Source:
    """A page to read (again)."""

    title: str
    href: str


@dataclass(frozen=True, slots=True)
class ReviewedAnswer:
    """``state``: right, partly, wrong, open (no answer) or unmarked. Texts are safe HTML."""

    position: int
    state: str
    stem: SafeString
    given: list[SafeString]
    right: list[SafeString]
    why: list[SafeString]
    source: Source | None


@dataclass(frozen=True, slots=True)
class WeakObjective:
    text: str
    percent: int
    sources: list[Source] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Review:
    answers: list[ReviewedAnswer]
    weak: list[WeakObjective]

    @property
    def right_count(self) -> int:
        return sum(answer.state == "right" for answer in self.answers)


def review_of(*, attempt: Attempt) -> Review:
    """The review of a finished attempt; ValueError for an open one, whose right answers nobody may see yet."""
    if attempt.finished_at is None:
        raise ValueError("Only a finished attempt has a review.")
    answers = list(
        Answer.objects.filter(attempt=attempt).select_related("version__question__objective").order_by("position")
    )
    sources = _sources({answer.version.question.source_id for answer in answers} - {None})
    return Review(
        answers=[_reviewed(answer, sources) for answer in answers],
        weak=_weak(answers, sources, Decimal(str(attempt.assessment.pass_mark))),
    )


def _sources(ids: set[int]) -> dict[int, Source]:
    """Only what is available here and has a page."""
    found = {}
    for element in Element.objects.filter(pk__in=ids):
        kind = element_kinds.get(element.kind)
        if kind and (href := kind.href(element)):
            found[element.pk] = Source(element.title, href)
    return found


def _reviewed(answer: Answer, sources: dict[int, Source]) -> ReviewedAnswer:
    version = answer.version
    shown = question_type(version.type).reveal(version.body, answer.response)
    texts = {name: [with_pictures(text) for text in shown[name]] for name in ("given", "right", "feedback")}
    return ReviewedAnswer(
        position=answer.position,
        state=_state(answer),
        stem=with_pictures(version.stem),
        given=texts["given"],
        right=texts["right"],
        why=texts["feedback"] + ([with_pictures(version.feedback)] if version.feedback else []),
        source=sources.get(version.question.source_id or 0),
    )


def _state(answer: Answer) -> str:
    if answer.response is None:
        return "open"
    if answer.fraction is None:
        return "unmarked"
    if answer.fraction == 1:
        return "right"
    return "partly" if answer.fraction else "wrong"


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
    """For the transcript: each quiz once, with the best score and the day it was last passed; one query."""
    rows = (
        Attempt.objects.filter(person_id=membership.person_id, passed=True, finished_at__isnull=False)
        .values("element__title", "element__slug")
        .annotate(best=Max("score"), at=Max("finished_at"))
        .order_by("-at")
        .values_list("element__title", "element__slug", "at", "best")
    )
    return [
        Achievement(title, at, score=best, href=reverse("assessments:start", args=[slug]))
        for title, slug, at, best in rows
    ]
