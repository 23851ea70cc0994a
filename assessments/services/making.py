"""Assessments: which questions are asked, and what counts as passed."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.exceptions import AssessmentError
from assessments.models import Assessment, AssessmentQuestion, Mode, Question
from assessments.selectors import NOT_COUNTED, bank_questions, newest_versions
from assessments.services.assessing import MOST_FIXED, draw_add
from ecosystem.models import Element, Person
from ecosystem.scope import current_scope
from ecosystem.services.elements import element_create
from ecosystem.slugs import slug_free

NAMELESS = frozenset({Mode.SURVEY, Mode.FEEDBACK})


@transaction.atomic
def quiz_make(*, title: str, bank: Element, count: int | None, mode: str, by: Person, **facts: Any) -> Assessment:
    """A new assessment from one bank: ``count`` questions drawn for each attempt, or (None) all of them in their order.

    Refuses (AssessmentError) a bank without questions in use, and more than there are.
    """
    everything = list(bank_questions(bank=bank)[:MOST_FIXED]) if count is None else []
    facts.setdefault("slug", slug_free(title=title, kind="assessment"))
    made = assessment_create(
        title=title, creators=[by], questions=everything, pass_mark=0.7, drawn=count is not None, mode=mode, **facts
    )
    if count is not None:
        draw_add(assessment=made, bank=bank, count=count, by=by)
    return made


@transaction.atomic
def assessment_create(
    *,
    title: str,
    creators: Iterable[Person | str],
    questions: list[Question],
    pass_mark: float,
    attempts_allowed: int = 0,
    shuffle_questions: bool = False,
    shuffle_choices: bool = True,
    people_mark: bool = False,
    drawn: bool = False,
    mode: str = Mode.QUIZ,
    **facts: Any,
) -> Assessment:
    """A new assessment that asks the questions in this order; 0 attempts allowed is no limit.

    ``facts`` go to the element (slug, summary, minutes, ...). ``drawn``: its questions come from draws, added next.
    Refuses an assessment without questions, with only questions that a person must mark while nobody does
    (``people_mark``), and a pass mark outside 0..1. Where answers name nobody nothing is marked.
    """
    if not questions and not drawn:
        raise AssessmentError(_("An assessment needs at least one question."))
    if not 0 <= pass_mark <= 1:
        raise AssessmentError(_("The pass mark is a share between 0 and 1."))
    versions = newest_versions(question_ids=[question.pk for question in questions])
    if (
        versions
        and not people_mark
        and mode not in NAMELESS
        and all(version.type in NOT_COUNTED for version in versions.values())
    ):
        raise AssessmentError(_("Long texts do not count for the score: add a question that can be marked at once."))
    environment_id = current_scope().environment_id
    element = element_create(kind="assessment", title=title, creators=creators, **facts)
    assessment = Assessment.objects.create(
        environment_id=environment_id,
        element=element,
        pass_mark=pass_mark,
        attempts_allowed=attempts_allowed,
        shuffle_questions=shuffle_questions,
        shuffle_choices=shuffle_choices,
        people_mark=people_mark,
        mode=mode,
        forward_only=mode == Mode.ADAPTIVE,
    )
    AssessmentQuestion.objects.bulk_create(
        [
            AssessmentQuestion(
                environment_id=environment_id,
                element=element,
                assessment=assessment,
                question=question,
                position=position,
            )
            for position, question in enumerate(questions, start=1)
        ]
    )
    return assessment
