"""Question banks: the bank, its learning objectives, its questions."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.exceptions import QuestionError
from assessments.models import Objective, Question, QuestionVersion
from assessments.question_types.registry import UnknownQuestionTypeError, question_type
from ecosystem.markup import clean_html, plain_text
from ecosystem.models import Element, Person, Visibility
from ecosystem.scope import current_scope
from ecosystem.services.elements import element_create


def bank_create(*, title: str, creators: Iterable[Person | str], **facts: Any) -> Element:
    """A new, empty question bank; only authors see it unless ``visibility`` says otherwise."""
    return element_create(
        kind="question_bank", title=title, creators=creators, **{"visibility": Visibility.PRIVATE, **facts}
    )


def objective_save(*, bank: Element, slug: str, text: str) -> Objective:
    """The learning objective with this slug, made or reworded."""
    objective, _created = Objective.objects.update_or_create(
        environment_id=current_scope().environment_id, element=bank, slug=slug, defaults={"text": text}
    )
    return objective


@transaction.atomic
def question_save(
    *,
    bank: Element,
    identifier: str,
    type: str,
    stem: str,
    body: dict[str, Any],
    feedback: str = "",
    objective: Objective | None = None,
    source: Element | None = None,
    name: str = "",
    category: str = "",
) -> QuestionVersion:
    """The question with this identifier as it should be asked from now on.

    ``stem`` and ``feedback`` are HTML, cleaned here. The same content gives the version that is there; other
    content gives the next version, and earlier attempts keep theirs. Refuses (QuestionError) what its type
    cannot ask or mark.
    """
    stem, feedback = clean_html(stem), clean_html(feedback)
    check_question(identifier=identifier, type=type, stem=stem, body=body)
    facts = {"objective": objective, "source": source, "name": name[:250], "category": category, "retired_at": None}
    environment_id = current_scope().environment_id
    question, _created = Question.objects.update_or_create(
        environment_id=environment_id, element=bank, identifier=identifier, defaults=facts
    )
    newest = question.versions.order_by("-number").first()
    if newest is not None and same_content(newest, type=type, stem=stem, body=body, feedback=feedback):
        return newest
    return QuestionVersion.objects.create(
        environment_id=environment_id,
        element=bank,
        question=question,
        number=newest.number + 1 if newest else 1,
        type=type,
        stem=stem,
        body=body,
        feedback=feedback,
    )


def check_question(*, identifier: str, type: str, stem: str, body: dict[str, Any]) -> None:
    """Raise QuestionError naming the question and what is wrong with it."""
    try:
        problems = question_type(type).validate(body)
    except UnknownQuestionTypeError as error:
        problems = [str(error)]
    if not plain_text(stem) and "<img" not in stem:
        problems.append(_("The question has no text."))
    if problems:
        raise QuestionError(f"{identifier}: {' '.join(problems)}")


def same_content(version: QuestionVersion, *, type: str, stem: str, body: dict[str, Any], feedback: str) -> bool:
    return (version.type, version.stem, version.body, version.feedback) == (type, stem, body, feedback)
