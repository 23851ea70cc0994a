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
from assessments.models import (
    Assessment,
    AssessmentQuestion,
    Draw,
    Mode,
    Objective,
    Picture,
    Question,
    QuestionVersion,
    Rubric,
    Section,
)
from assessments.question_types.registry import QUESTION_TYPES
from assessments.selectors import newest_versions
from assessments.services import assessment_create, bank_create, question_save
from assessments.services.assessing import assessment_set, draw_add, section_add
from assessments.services.drawing import candidates_of
from assessments.services.marking import MOST_CRITERIA, MOST_LEVELS, rubric_save
from ecosystem.archives import PackageError
from ecosystem.markup import ATTACHMENT_SCHEME
from ecosystem.models import Element, Person
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
QUESTION, OBJECTIVE, PICTURE = "question", "objective", "picture"
IDENTIFIER = {"type": "string", "minLength": 1, "maxLength": 270}
_NAMED = re.compile(rf"{ATTACHMENT_SCHEME}:([0-9a-f]{{64}})")


def _bank_out(element: Element, out: Outgoing) -> Part:
    rows = Question.objects.filter(element=element, identifier__in=out.wanted(element.pk, QUESTION))
    questions = sorted(rows.select_related("objective"), key=lambda row: row.identifier)
    newest = newest_versions(question_ids=[row.pk for row in questions])
    slugs = {*out.wanted(element.pk, OBJECTIVE), *(row.objective.slug for row in questions if row.objective)}
    objectives = Objective.objects.filter(element=element, slug__in=slugs)
    rubrics = dict(Rubric.objects.filter(question__in=questions).values_list("question_id", "criteria"))
    asked = [{**_question_out(row, newest[row.pk], out), "rubric": rubrics.get(row.pk)} for row in questions]
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
        "author": version.author_name, "tags": row.tags, "difficulty": row.difficulty,
    }  # fmt: skip


def _pictures_out(bank: Element, asked: list[Part], out: Outgoing) -> Iterator[Part]:
    named = {*_NAMED.findall(json.dumps(asked)), *out.wanted(bank.pk, PICTURE)}
    # What is in no bank of the package but another, too: a text may name it, from wherever.
    found = sorted(
        Picture.objects.filter(sha256__in=named), key=lambda row: (row.sha256, row.element_id != bank.pk, row.pk)
    )
    for _sha256, row in sorted({row.sha256: row for row in reversed(found)}.items()):
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
    for one in part["questions"]:
        if one["objective"] is not None and one["objective"] not in objectives:
            raise PackageError(
                _("%(name)s: its learning objective is not in the package.") % {"name": one["identifier"]}
            )
        given = {name: one[name] for name in SAME}
        saved = question_save(
            bank=bank,
            objective=objectives.get(one["objective"]),
            source=coming.elements.get(one["source"]),
            **given,
        )
        if one.get("rubric"):
            rubric_save(question=saved.question, criteria=one["rubric"], by=coming.by.person)
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
    sections = list(row.sections.order_by("position"))
    places = {section.pk: place for place, section in enumerate(sections)}
    questions = []
    for one in row.questions.select_related("question").filter(question__retired_at=None).order_by("position"):
        out.want(one.question.element_id, QUESTION, one.question.identifier)
        bank = out.element(one.question.element_id)
        questions.append({"bank": bank, "question": one.question.identifier, **_place(one, places)})
    draws = [_draw_out(draw, out, places) for draw in row.draws.select_related("objective").order_by("position", "pk")]
    _want_pictures([section.text for section in sections], {one["bank"] for one in [*questions, *draws]}, out)
    return {
        **{name: getattr(row, name) for name in SETTINGS},
        "sections": [{"title": section.title, "text": section.text} for section in sections],
        "questions": questions,
        "draws": draws,
    }


def _want_pictures(texts: list[str], banks: set[str], out: Outgoing) -> None:
    """What the texts of sections name, once each: of a bank that goes along anyway, else of any."""
    rows = Picture.objects.filter(sha256__in={sha256 for text in texts for sha256 in _NAMED.findall(text)})
    ordered = sorted(rows.select_related("element"), key=lambda row: (str(row.element.uid) in banks, -row.pk))
    for sha256, row in {row.sha256: row for row in ordered}.items():
        out.want(row.element_id, PICTURE, sha256)


def _place(row: AssessmentQuestion | Draw, sections: dict[int, int]) -> Part:
    return {"position": row.position, "section": sections.get(row.section_id)}


def _draw_out(draw: Draw, out: Outgoing, sections: dict[int, int]) -> Part:
    """With everything that it may take, so that it can be drawn elsewhere too."""
    for identifier in candidates_of(draw=draw).order_by("identifier").values_list("identifier", flat=True):
        out.want(draw.bank_id, QUESTION, identifier)
    if draw.objective is not None:
        out.want(draw.bank_id, OBJECTIVE, draw.objective.slug)
    given = {name: getattr(draw, name) for name in ("count", "category", "tag", "easiest", "hardest")}
    objective = draw.objective.slug if draw.objective else None
    return {"bank": out.element(draw.bank_id), "objective": objective, **given, **_place(draw, sections)}


def _quiz_in(*, facts: dict[str, Any], part: Part, coming: Incoming) -> Element:
    if _twice(f"{one['bank']} {one['question']}" for one in part["questions"]):
        raise PackageError(_("A quiz asks the same question twice."))
    banks = {one["bank"]: coming.elements.get(one["bank"]) for one in [*part["questions"], *part["draws"]]}
    rows = Question.objects.filter(element__in=[bank for bank in banks.values() if bank is not None])
    known = {(row.element_id, row.identifier): row for row in rows}
    asked = [known.get((getattr(banks[one["bank"]], "pk", None), one["question"])) for one in part["questions"]]
    if None in asked:
        raise PackageError(_("A quiz asks a question that is not in the package."))
    by = coming.by.person
    made = assessment_create(
        questions=asked,
        pass_mark=part["pass_mark"],
        people_mark=part["people_mark"],
        drawn=bool(part["draws"]),
        mode=part["mode"],
        **facts,
    )
    made = assessment_set(assessment=made, by=by, **{name: part[name] for name in SETTINGS})
    sections = [section_add(assessment=made, by=by, **one) for one in part["sections"]]
    _places_in(made, asked, part["questions"], sections)
    for one in part["draws"]:
        _draw_in(one, made, banks[one["bank"]], sections, by)
    element: Element = made.element
    return element


def _section(one: Part, sections: list[Section]) -> Section | None:
    if one["section"] is None:
        return None
    if one["section"] >= len(sections):
        raise PackageError(_("A quiz names a section that is not in the package."))
    return sections[one["section"]]


def _places_in(made: Assessment, asked: list[Any], places: list[Part], sections: list[Section]) -> None:
    """Where each question stands, as the package says."""
    made.questions.all().delete()
    common = {"environment_id": made.environment_id, "element_id": made.element_id, "assessment": made}
    AssessmentQuestion.objects.bulk_create(
        [
            AssessmentQuestion(**common, question=row, position=one["position"], section=_section(one, sections))
            for row, one in zip(asked, places, strict=True)
        ]
    )


def _draw_in(one: Part, made: Assessment, bank: Element | None, sections: list[Section], by: Person) -> None:
    if bank is None:
        raise PackageError(_("A quiz asks a question that is not in the package."))
    objective = Objective.objects.filter(element=bank, slug=one["objective"]).first() if one["objective"] else None
    given = {name: one[name] for name in ("count", "category", "tag", "easiest", "hardest")}
    draw = draw_add(
        assessment=made, bank=bank, objective=objective, section=_section(one, sections), by=by, **given
    )  # fmt: skip
    Draw.objects.filter(pk=draw.pk).update(position=one["position"])


SAME = (
    "identifier", "name", "category", "type", "stem", "body", "feedback", "points", "hints", "author", "tags", "difficulty",
)  # fmt: skip
SMALL = {"type": "integer", "minimum": 0, "maximum": 32_767}
SETTINGS = {
    "pass_mark": {"type": "number", "minimum": 0, "maximum": 1},
    "attempts_allowed": {"type": "integer", "minimum": 0, "maximum": 32_767},
    "shuffle_questions": {"type": "boolean"},
    "shuffle_choices": {"type": "boolean"},
    "mode": {"enum": Mode.values},
    "wait_minutes": {"type": "integer", "minimum": 0, "maximum": 2**31 - 1},
    "minutes_allowed": SMALL,
    "grace_seconds": SMALL,
    "even_exposure": {"type": "boolean"},
    "forward_only": {"type": "boolean"},
    "people_mark": {"type": "boolean"},
    "second_marker": {"type": "boolean"},
    "anonymous_marking": {"type": "boolean"},
    "target_error": {"type": "number", "exclusiveMinimum": 0, "maximum": 100},
    "least_questions": {"type": "integer", "minimum": 1, "maximum": 32_767},
    "most_questions": {"type": "integer", "minimum": 1, "maximum": 32_767},
    "minimum_group": {"type": "integer", "minimum": 3, "maximum": 32_767},
    "review": {
        "type": "object",
        "additionalProperties": {"type": "array", "items": {"type": "string", "maxLength": 40}, "maxItems": 40},
    },
}
PLACE = {"position": SMALL, "section": or_null(SMALL)}
MEASURE = or_null({"type": "number"})
WORDS = {"type": "string", "maxLength": 1000}
RUBRIC = {
    "type": "array",
    "maxItems": MOST_CRITERIA,
    "items": closed_schema(
        title=WORDS,
        levels={"type": "array", "maxItems": MOST_LEVELS, "items": closed_schema(title=WORDS, points=SMALL)},
    ),
}
ASKED = closed_schema(
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
    author={"type": "string", "maxLength": 120},
    tags={"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 100}, "maxItems": 100},
    difficulty=or_null({"type": "integer", "minimum": 1, "maximum": 5}),
    rubric=or_null(RUBRIC),
)
ASKED["required"].remove("rubric")  # packages that were written before rubrics went along
BANK = closed_schema(
    objectives={
        "type": "array",
        "items": closed_schema(slug=SLUG, text={"type": "string", "minLength": 1, "maxLength": 300}),
    },
    questions={
        "type": "array",
        "items": ASKED,
    },
    pictures={
        "type": "array",
        "items": closed_schema(name={"type": "string", "minLength": 1, "maxLength": 250}, file=FILE),
    },
)
QUIZ = closed_schema(
    **SETTINGS,
    sections={
        "type": "array",
        "maxItems": 200,
        "items": closed_schema(title={"type": "string", "minLength": 1, "maxLength": 200}, text={"type": "string"}),
    },
    questions={"type": "array", "items": closed_schema(bank=UID, question=IDENTIFIER, **PLACE)},
    draws={
        "type": "array",
        "maxItems": 200,
        "items": closed_schema(
            bank=UID,
            objective=or_null(SLUG),
            count=SMALL,
            category={"type": "string", "maxLength": 250},
            tag={"type": "string", "maxLength": 60},
            easiest=MEASURE,
            hardest=MEASURE,
            **PLACE,
        ),
    },
)
packaged_kinds.register("question_bank", PackagedKind(BANK, _bank_out, _bank_in, order=2))
packaged_kinds.register("assessment", PackagedKind(QUIZ, _quiz_out, _quiz_in, order=3))
