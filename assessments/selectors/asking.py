"""A question as the player shows it: what may be seen before the answer, with what the person gave so far."""

from collections.abc import Mapping
from typing import Any

from assessments.models import Answer
from assessments.question_types.base import Body, items_in, text_in, tokens
from assessments.question_types.choices import choice_tokens
from assessments.question_types.registry import question_type
from assessments.selectors.pictures import with_pictures


def question_shown(answer: Answer) -> dict[str, Any]:
    """``widget`` and what it needs; never what is right. Texts are safe HTML, ``typed`` and ``template`` plain."""
    version = answer.version
    seen = question_type(version.type).public(version.body, answer.order)
    given = _given(version.type, version.body, answer.response)
    return {
        "widget": _widget(version.type, seen),
        "stem": "" if seen.get("replaces_stem") else with_pictures(version.stem),
        "choices": [_choice(choice, given) for choice in seen.get("choices", [])],
        "items": [_select(item, seen["options"], given) for item in seen.get("items", [])],
        "segments": [_segment(segment, given) for segment in seen.get("segments", [])],
        "unit": with_pictures(seen.get("unit", "")),
        "typed": given.get("answer", [seen.get("template", "")])[0],
        "minimum_words": seen.get("minimum_words", 0),
        "maximum_words": seen.get("maximum_words", 0),
    }


def _widget(key: str, seen: Mapping[str, Any]) -> str:
    if "choices" in seen:
        return "checkboxes" if key == "multiple" else "radios"
    known = {"items": "selects", "segments": "gaps", "template": "long", "unit": "number"}
    return next((widget for name, widget in known.items() if name in seen), "line")


def _choice(choice: Mapping[str, str], given: Mapping[str, list[str]]) -> dict[str, Any]:
    chosen = choice["value"] in given.get("answer", [])
    return {"value": choice["value"], "text": with_pictures(choice["text"]), "chosen": chosen}


def _select(field: Mapping[str, Any], options: list[dict[str, str]], given: Mapping[str, list[str]]) -> dict[str, Any]:
    chosen = given.get(field["name"], [""])[0]
    return {
        "name": field["name"],
        "text": with_pictures(field.get("text", "")),
        "number": field.get("number"),
        "options": [
            {"value": one["value"], "text": with_pictures(one["text"]), "chosen": one["value"] == chosen}
            for one in options
        ],
    }


def _segment(segment: Mapping[str, Any], given: Mapping[str, list[str]]) -> dict[str, Any]:
    if "html" in segment:
        return {"html": with_pictures(segment["html"])}
    return _select(segment, segment["options"], given)


def _given(key: str, body: Body, response: Any) -> dict[str, list[str]]:
    """The stored response as the form fields that would post it again."""
    if not isinstance(response, Mapping):
        return {}
    if "text" in response:
        return {"answer": [response["text"]]}
    if "value" in response:
        return {"answer": ["true" if response["value"] else "false"]}
    if "choice" in response or "choices" in response:
        names = choice_tokens(body)
        return {"answer": [names[place] for place in response.get("choices", [response.get("choice")])]}
    places = response.get("pairs") or response.get("gaps") or []
    names = _option_names(key, body)
    return {f"answer-{n}": [names[place]] for n, place in enumerate(places) if place is not None}


def _option_names(key: str, body: Body) -> list[str]:
    """The posted values of the options of a matching or gap question, in body order."""
    kind = question_type(key)
    seen = kind.public(body, range(kind.shuffles(body)))
    if "options" in seen:
        return [option["value"] for option in seen["options"]]
    return tokens([text_in(choice, "text") for choice in items_in(body, "choices")])
