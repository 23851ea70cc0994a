"""Quizzes as their authors see them."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.safestring import SafeString

from assessments.models import Answer, Assessment, AssessmentQuestion, Draw, Override, QuestionVersion, Section
from assessments.question_types.base import FormData
from assessments.question_types.registry import question_type
from assessments.selectors.asking import question_shown
from assessments.selectors.pictures import with_pictures
from assessments.selectors.questions import newest_versions
from assessments.selectors.results import ReviewedAnswer, answer_told
from ecosystem.markup import plain_text
from ecosystem.scope import current_scope


@dataclass(frozen=True, slots=True)
class QuizRow:
    assessment: Assessment
    questions: int


@dataclass(frozen=True, slots=True)
class FixedQuestion:
    """``text`` is the beginning of the newest version, plain."""

    row: AssessmentQuestion
    text: str


@dataclass(slots=True)
class Part:
    """A section (None: before all sections) with what is asked in it."""

    section: Section | None
    fixed: list[FixedQuestion] = field(default_factory=list)
    draws: list[Draw] = field(default_factory=list)

    @property
    def text(self) -> SafeString | str:
        return with_pictures(self.section.text) if self.section else ""


@dataclass(frozen=True, slots=True)
class Previewed:
    answer: Answer
    question: dict[str, Any]
    told: ReviewedAnswer | None


def quizzes_here() -> list[QuizRow]:
    """The assessments of this environment by title, with how many questions an attempt has."""
    rows = Assessment.objects.filter(environment_id=current_scope().environment_id).select_related("element")
    rows = rows.annotate(fixed=Count("questions", filter=Q(questions__question__retired_at=None)))
    drawn = dict(Draw.objects.values_list("assessment_id").annotate(n=Sum("count")).order_by())
    return [QuizRow(row, row.fixed + drawn.get(row.pk, 0)) for row in rows.order_by("element__title")]


def quizzes_to_fill() -> QuerySet[Assessment]:
    """Those of this environment by title, for choosing one."""
    rows = Assessment.objects.filter(environment_id=current_scope().environment_id)
    return rows.select_related("element").order_by("element__title")


def contents_of(assessment: Assessment) -> list[Part]:
    """Its parts in the order in which they are asked; four queries."""
    parts = {None: Part(None)} | {one.pk: Part(one) for one in assessment.sections.order_by("position")}
    rows = list(assessment.questions.select_related("question").filter(question__retired_at=None).order_by("position"))
    newest = newest_versions(question_ids=[row.question_id for row in rows])
    for row in rows:
        version = newest.get(row.question_id)
        text = plain_text(version.stem) if version else ""
        parts[row.section_id].fixed.append(FixedQuestion(row, text or row.question.name))
    for draw in assessment.draws.select_related("bank", "objective").order_by("position"):
        parts[draw.section_id].draws.append(draw)
    return [part for part in parts.values() if part.section or part.fixed or part.draws]


def overrides_of(assessment: Assessment) -> QuerySet[Override]:
    return assessment.overrides.select_related("person", "group").order_by("person__name", "group__name")


def preview_of(*, version_id: int, position: int, form: FormData | None) -> Previewed:
    """A question as it would be asked; with a posted form also how that is marked. QuestionVersion.DoesNotExist when it went."""
    version = QuestionVersion.objects.select_related("question").get(pk=version_id)
    response = None if form is None else question_type(version.type).parse(version.body, form)
    answer = Answer(version=version, position=position, response=response)
    return Previewed(answer, question_shown(answer), None if form is None else answer_told(answer))
