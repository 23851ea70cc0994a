"""Assessments: which questions are asked, and what counts as passed."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.exceptions import AssessmentError
from assessments.models import Assessment, AssessmentQuestion, Question
from assessments.selectors import NOT_COUNTED, newest_versions
from ecosystem.models import Person
from ecosystem.scope import current_scope
from ecosystem.services.elements import element_create


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
    **facts: Any,
) -> Assessment:
    """A new assessment that asks the questions in this order; 0 attempts allowed is no limit.

    ``facts`` go to the element (slug, summary, minutes, ...). Refuses an assessment without questions, with
    only questions that a person must mark, and a pass mark outside 0..1.
    """
    if not questions:
        raise AssessmentError(_("An assessment needs at least one question."))
    if not 0 <= pass_mark <= 1:
        raise AssessmentError(_("The pass mark is a share between 0 and 1."))
    versions = newest_versions(question_ids=[question.pk for question in questions])
    if all(version.type in NOT_COUNTED for version in versions.values()):
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
