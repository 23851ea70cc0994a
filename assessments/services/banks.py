"""Question banks: the bank, its learning objectives, its questions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.exceptions import QuestionError
from assessments.models import Objective, Question, QuestionVersion
from assessments.question_types.registry import UnknownQuestionTypeError, question_type
from assessments.tags import tags_kept
from ecosystem.markup import clean_html, plain_text
from ecosystem.models import Element, Person, Visibility
from ecosystem.scope import current_scope
from ecosystem.services.elements import element_create

MOST_POINTS = 1000
LONGEST_WORDS = 5000  # characters of a question that lists show and searches find


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


@dataclass(frozen=True, slots=True)
class Said:
    """What is asked, word for word: the part of a question that makes a version. Texts are clean HTML."""

    type: str
    stem: str
    body: dict[str, Any]
    feedback: str = ""
    hints: tuple[str, ...] = ()
    points: int = 1

    def is_in(self, version: QuestionVersion) -> bool:
        """Whether the version says just this."""
        here = (self.type, self.stem, self.body, self.feedback, list(self.hints), self.points)
        return here == (version.type, version.stem, version.body, version.feedback, version.hints, version.points)


@transaction.atomic
def question_save(
    *,
    bank: Element,
    identifier: str,
    type: str,
    stem: str,
    body: dict[str, Any],
    feedback: str = "",
    hints: Iterable[str] = (),
    points: int = 1,
    objective: Objective | None = None,
    source: Element | None = None,
    name: str = "",
    category: str = "",
    tags: Iterable[str] | None = None,
    difficulty: int | None = None,
    review_on: date | None = None,
    author: Person | str | None = None,
) -> QuestionVersion:
    """The question with this identifier as it should be asked from now on.

    ``stem``, ``feedback`` and ``hints`` are HTML, cleaned here. The same content gives the version that is there; other
    content gives the next version, credited to ``author``, and earlier attempts keep theirs. ``tags`` None leaves them.
    Refuses (QuestionError) what its type cannot ask or mark.
    """
    said = Said(type, clean_html(stem), body, clean_html(feedback), tuple(filter(None, map(clean_html, hints))), points)
    check_question(identifier=identifier, type=type, stem=said.stem, body=body)
    if not 1 <= points <= MOST_POINTS:
        raise QuestionError(_("Points are from 1 to %(most)s.") % {"most": MOST_POINTS})
    facts: dict[str, Any] = {
        "objective": objective,
        "source": source,
        "name": name[:250],
        "category": category,
        "retired_at": None,
        "difficulty": difficulty,
        "review_on": review_on,
        "type": type,
        "text": plain_text(said.stem)[:LONGEST_WORDS],
    }
    if tags is not None:
        facts["tags"] = tags_kept(tags)
    environment_id = current_scope().environment_id
    question, _created = Question.objects.update_or_create(
        environment_id=environment_id, element=bank, identifier=identifier, defaults=facts
    )
    newest = question.versions.order_by("-number").first()
    if newest is not None and said.is_in(newest):
        return newest
    version = version_of(question, said, number=newest.number + 1 if newest else 1, author=author)
    version.save(force_insert=True)
    Question.objects.filter(pk=question.pk).update(newest=version.number)
    question.newest = version.number
    return version


def version_of(question: Question, said: Said, *, number: int, author: Person | str | None) -> QuestionVersion:
    """The next version of the question, not saved yet."""
    return QuestionVersion(
        environment_id=question.environment_id,
        element_id=question.element_id,
        question=question,
        number=number,
        type=said.type,
        stem=said.stem,
        body=said.body,
        feedback=said.feedback,
        hints=list(said.hints),
        points=said.points,
        author=author if isinstance(author, Person) else None,
        author_name=(author.name if isinstance(author, Person) else author or "")[:120],
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
