"""What assessments write into the package of a course, and make from one: quizzes, what they ask, and its objectives.

Of a bank only the questions that a quiz of the package asks go along, each as it is asked now, with the learning objectives
of these and of conditions. Whatever comes in is cleaned and judged as when it is written here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from assessments.importers.pictures import LARGEST_MEDIA, MEDIA_TYPES, media_type_of
from assessments.importers.results import QuestionRefusedError
from assessments.models import Assessment, Objective, Picture, Question, QuestionVersion
from assessments.question_types.registry import QUESTION_TYPES
from assessments.selectors import newest_versions, questions_of
from assessments.services import assessment_create, bank_create
from assessments.services.banks import LONGEST_WORDS, check_question, tags_kept
from ecosystem.archives import PackageError
from ecosystem.markup import ATTACHMENT_SCHEME, clean_html, plain_text
from ecosystem.models import Element
from ecosystem.packaging import (
    FILE,
    SLUG,
    UID,
    Incoming,
    Outgoing,
    PackagedKind,
    closed_schema,
    or_null,
    packaged_kinds,
)
from ecosystem.scope import current_scope
from ecosystem.services.storage import file_store

Part = dict[str, Any]
QUESTION, OBJECTIVE = "question", "objective"
IDENTIFIER = {"type": "string", "minLength": 1, "maxLength": 270}
_NAMED = re.compile(rf"{ATTACHMENT_SCHEME}:([0-9a-f]{{64}})")


def _bank_out(element: Element, out: Outgoing) -> Part:
    rows = Question.objects.filter(element=element, identifier__in=out.wanted(element.pk, QUESTION))
    questions = sorted(rows.select_related("objective"), key=lambda row: row.identifier)
    newest = newest_versions(question_ids=[row.pk for row in questions])
    slugs = {*out.wanted(element.pk, OBJECTIVE), *(row.objective.slug for row in questions if row.objective)}
    objectives = Objective.objects.filter(element=element, slug__in=slugs)
    asked = [_question_out(row, newest[row.pk], out) for row in questions]
    return {
        "objectives": [{"slug": one.slug, "text": one.text} for one in sorted(objectives, key=lambda row: row.slug)],
        "questions": asked,
        "pictures": list(_pictures_out(element, asked, out)),
    }


def _question_out(row: Question, version: QuestionVersion, out: Outgoing) -> Part:
    # A page that is in the package anyway; for a question alone none comes along.
    source = str(out.elements[row.source_id].uid) if row.source_id in out.elements else None
    return {
        "identifier": row.identifier, "name": row.name, "category": row.category, "source": source,
        "objective": row.objective.slug if row.objective else None, "type": version.type, "stem": version.stem,
        "body": version.body, "feedback": version.feedback, "points": version.points, "hints": version.hints,
        "tags": row.tags, "difficulty": row.difficulty,
    }  # fmt: skip


def _pictures_out(bank: Element, asked: list[Part], out: Outgoing) -> Iterator[Part]:
    named = set(_NAMED.findall(json.dumps(asked)))
    for row in Picture.objects.filter(element=bank, sha256__in=named).order_by("sha256"):
        with row.file.open() as file:
            yield {"name": row.name, "file": out.file(file)}


def _twice(names: Iterable[str]) -> bool:
    known = list(names)
    return len(set(known)) < len(known)


def _picture(one: Part, coming: Incoming) -> tuple[str, bytes]:
    """(media type, content), when it is a picture that can do nothing."""
    content = coming.read(one["file"], most=LARGEST_MEDIA)
    try:
        return media_type_of(one["name"], content), content
    except QuestionRefusedError as refusal:
        raise PackageError(str(refusal)) from None


def _bank_in(*, facts: dict[str, Any], part: Part, coming: Incoming) -> Element:
    if _twice(one["slug"] for one in part["objectives"]) or _twice(one["identifier"] for one in part["questions"]):
        raise PackageError(_("Two questions or learning objectives of a bank have the same name."))
    bank = bank_create(**facts)
    common = {"environment_id": current_scope().environment_id, "element": bank}
    objectives = {one["slug"]: Objective(**common, **one) for one in part["objectives"]}
    Objective.objects.bulk_create(objectives.values())
    rows, versions = [], []
    for one in part["questions"]:
        if one["objective"] is not None and one["objective"] not in objectives:
            raise PackageError(
                _("%(name)s: its learning objective is not in the package.") % {"name": one["identifier"]}
            )
        stem, feedback = clean_html(one["stem"]), clean_html(one["feedback"])
        check_question(identifier=one["identifier"], type=one["type"], stem=stem, body=one["body"])
        row = Question(
            **common,
            identifier=one["identifier"],
            name=one["name"],
            category=one["category"],
            objective=objectives.get(one["objective"]),
            source=coming.elements.get(one["source"]),
            type=one["type"],
            text=plain_text(stem)[:LONGEST_WORDS],
            newest=1,
            tags=tags_kept(one["tags"]),
            difficulty=one["difficulty"],
        )
        rows.append(row)
        versions.append(
            QuestionVersion(
                **common, question=row, number=1, type=one["type"], stem=stem, body=one["body"], feedback=feedback,
                points=one["points"], hints=[clean_html(hint) for hint in one["hints"]],
            )
        )  # fmt: skip
    Question.objects.bulk_create(rows, batch_size=500)
    QuestionVersion.objects.bulk_create(versions, batch_size=500)
    for one in sorted(part["pictures"], key=lambda picture: str(picture["file"])):  # files are locked: all in one order
        _picture_in(one, coming, common)
    return bank


def _picture_in(one: Part, coming: Incoming, common: dict[str, Any]) -> None:
    media_type, content = _picture(one, coming)
    path = f"pictures/{common['environment_id']}/{one['file']}.{MEDIA_TYPES[media_type]}"
    path = file_store(path=path, content=content, keep=True)
    Picture.objects.create(**common, sha256=one["file"], name=one["name"], media_type=media_type, file=path)


def _quiz_out(element: Element, out: Outgoing) -> Part:
    row = Assessment.objects.get(element=element)
    questions = []
    for question in questions_of(row):
        out.want(question.element_id, QUESTION, question.identifier)
        questions.append({"bank": out.element(question.element_id), "question": question.identifier})
    return {**{name: getattr(row, name) for name in SETTINGS}, "questions": questions}


def _quiz_in(*, facts: dict[str, Any], part: Part, coming: Incoming) -> Element:
    if _twice(f"{one['bank']} {one['question']}" for one in part["questions"]):
        raise PackageError(_("A quiz asks the same question twice."))
    banks = {one["bank"]: coming.elements.get(one["bank"]) for one in part["questions"]}
    rows = Question.objects.filter(element__in=[bank for bank in banks.values() if bank is not None])
    known = {(row.element_id, row.identifier): row for row in rows}
    asked = [known.get((getattr(banks[one["bank"]], "pk", None), one["question"])) for one in part["questions"]]
    if None in asked:
        raise PackageError(_("A quiz asks a question that is not in the package."))
    element: Element = assessment_create(questions=asked, **{name: part[name] for name in SETTINGS}, **facts).element
    return element


SETTINGS = {
    "pass_mark": {"type": "number", "minimum": 0, "maximum": 1},
    "attempts_allowed": {"type": "integer", "minimum": 0, "maximum": 32_767},
    "shuffle_questions": {"type": "boolean"},
    "shuffle_choices": {"type": "boolean"},
}
BANK = closed_schema(
    objectives={
        "type": "array",
        "items": closed_schema(slug=SLUG, text={"type": "string", "minLength": 1, "maxLength": 300}),
    },
    questions={
        "type": "array",
        "items": closed_schema(
            identifier=IDENTIFIER,
            name={"type": "string", "maxLength": 250},
            category={"type": "string"},
            source=or_null(UID),
            objective=or_null(SLUG),
            type={"enum": list(QUESTION_TYPES)},
            stem={"type": "string"},
            body={"type": "object"},
            feedback={"type": "string"},
            points={"type": "integer", "minimum": 1, "maximum": 32_767},
            hints={"type": "array", "items": {"type": "string"}, "maxItems": 50},
            tags={"type": "array", "items": {"type": "string", "maxLength": 100}, "maxItems": 30},
            difficulty=or_null({"type": "integer", "minimum": 1, "maximum": 5}),
        ),
    },
    pictures={
        "type": "array",
        "items": closed_schema(name={"type": "string", "minLength": 1, "maxLength": 250}, file=FILE),
    },
)
QUIZ = closed_schema(
    **SETTINGS,
    questions={
        "type": "array",
        "minItems": 1,
        "items": closed_schema(bank=UID, question=IDENTIFIER),
    },
)
packaged_kinds.register("question_bank", PackagedKind(BANK, _bank_out, _bank_in, order=2))
packaged_kinds.register("assessment", PackagedKind(QUIZ, _quiz_out, _quiz_in, order=3))
