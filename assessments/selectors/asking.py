"""A question as the player shows it: what may be seen before the answer, with what the person gave so far."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.html import escape

from assessments.mathematics import formulas_in_a_line, has_formula
from assessments.models import Answer, QuestionVersion
from assessments.question_types.base import FormData
from assessments.question_types.registry import question_type
from assessments.selectors.files import files_shown
from assessments.selectors.pictures import with_pictures


def question_shown(answer: Answer) -> dict[str, Any]:
    """The question of an attempt; see ``version_shown``. ``files`` are those handed in for this answer."""
    shown = version_shown(answer.version, order=answer.order, response=answer.response)
    if shown["widget"] == "files":
        shown["files"] = files_shown(answer)
    return shown


def version_shown(
    version: QuestionVersion, *, order: Sequence[int] | None = None, response: Any = None
) -> dict[str, Any]:
    """``widget`` and what it needs; never what is right. Texts are safe HTML, ``typed`` and ``template`` plain."""
    kind = question_type(version.type)
    seen = kind.public(version.body, order)
    given = kind.fields(version.body, response)
    return {
        "type": version.type,
        "widget": kind.widget,
        "stem": "" if seen.get("replaces_stem") else with_pictures(version.stem),
        "choices": [_choice(choice, given.get("answer", [])) for choice in seen.get("choices", [])],
        "items": [_select(item, seen["options"], given) for item in seen.get("items", [])],
        "segments": [_segment(segment, given) for segment in seen.get("segments", [])],
        "words": seen.get("words", []),
        "areas": [{**area, "chosen": area["value"] in given.get("answer", [])} for area in seen.get("areas", [])],
        "picture": with_pictures(seen.get("picture", "")),
        "width": seen.get("width", 0),
        "height": seen.get("height", 0),
        # So that they can be read on a phone, where the whole picture is as wide as a hand.
        "letters": max(14, seen.get("width", 0) // 18),
        "several": seen.get("several", False),
        "most_files": seen.get("most_files", 0),
        "endings": seen.get("endings", []),
        "files": [],
        "unit": with_pictures(seen.get("unit", "")),
        "typed": given.get("answer", [seen.get("template", "")])[0] if kind.widget in _TYPED else "",
        "minimum_words": seen.get("minimum_words", 0),
        "maximum_words": seen.get("maximum_words", 0),
        "hints": [with_pictures(hint) for hint in version.hints],
    }


_TYPED = frozenset({"line", "number", "long"})


def _spoken(html: str) -> str:
    """For who hears it, since a drawn formula within a label is read as a row of letters, or not at all; else nothing."""
    return formulas_in_a_line(html) if has_formula(html) else ""


def _choice(choice: Mapping[str, str], chosen: list[str]) -> dict[str, Any]:
    return {
        "value": choice["value"],
        "text": with_pictures(choice["text"]),
        "chosen": choice["value"] in chosen,
        "spoken": _spoken(choice["text"]),
    }


def _option(option: Mapping[str, str], chosen: str) -> dict[str, Any]:
    """Of a list to choose from, which holds letters only: of a drawn formula it would lose the fractions and powers."""
    text = option["text"]
    shown = escape(formulas_in_a_line(text)) if has_formula(text) else with_pictures(text)
    return {"value": option["value"], "text": shown, "chosen": option["value"] == chosen}


def _select(field: Mapping[str, Any], options: list[dict[str, str]], given: FormData) -> dict[str, Any]:
    chosen = given.get(field["name"], [""])[0]
    return {
        "name": field["name"],
        "text": with_pictures(field.get("text", "")),
        "spoken": _spoken(field.get("text", "")),
        "number": field.get("number"),
        "options": [_option(one, chosen) for one in options],
    }


def _segment(segment: Mapping[str, Any], given: FormData) -> dict[str, Any]:
    if "html" in segment:
        return {"html": with_pictures(segment["html"])}
    if "options" in segment:
        return _select(segment, segment["options"], given)
    values = given.get(segment["name"], [])
    choices = [_choice(choice, values) for choice in segment.get("choices", [])]
    typed = values[0] if values and not choices else ""
    return {**segment, "choices": choices, "typed": typed}
