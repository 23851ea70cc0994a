"""Questions as the demo writes them in YAML: Markdown texts and short forms, to the body that the question types
know."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from assessments.question_types.registry import question_type
from ecosystem.markup import markdown_line_to_html, markdown_to_html

Question = Mapping[str, Any]


class DemoQuestionError(ValueError):
    """The question cannot be asked as it is written; the message names it and says why."""


def from_demo(question: Question) -> dict[str, Any]:
    """Return the body for `question["type"]`.

    single, multiple: choices [{text, correct, feedback}], all_or_nothing, shuffle; true_false: answer, feedback_true,
    feedback_false;
    short_text: answers [text, or {text, feedback}], case_sensitive; numeric: answer, tolerance, unit; matching: pairs
    [{text, answer}], distractors; gap_select: text with [[1]], choices [text, or {text, group}], shuffle; essay:
    minimum_words, maximum_words, template, marker_notes; ordering: items in order, grading; drag_text: as gap_select,
    choices [text, or {text, again}]; cloze: text, gaps [{type, and the short form of that type}]; hotspot: the body
    itself; file_upload: most_files, endings; likert: statements, scale. DemoQuestionError: an unknown type, or a body that its type
    refuses.
    """
    name, kind = question.get("identifier", "?"), question.get("type", "")
    if kind not in _BODIES:
        raise DemoQuestionError(f"{name}: there is no question type {kind!r}; there are {', '.join(_BODIES)}.")
    try:
        body = _BODIES[kind](question)
    except (KeyError, TypeError, AttributeError) as error:
        raise DemoQuestionError(
            f"{name}: something is missing or has another form than expected ({error!r})."
        ) from error
    problems = question_type(kind).validate(body)
    if problems:
        raise DemoQuestionError(f"{name}: {' '.join(problems)}")
    return body


def _choices(question: Question) -> dict[str, Any]:
    return {
        "choices": [
            {
                "text": markdown_line_to_html(str(choice["text"])),
                "correct": choice.get("correct") is True,
                "feedback": _html(choice.get("feedback")),
            }
            for choice in question["choices"]
        ],
        "shuffle": question.get("shuffle") is not False,
        "all_or_nothing": question.get("all_or_nothing") is True,
    }


def _true_false(question: Question) -> dict[str, Any]:
    return {
        "answer": question["answer"],
        "feedback_true": _html(question.get("feedback_true")),
        "feedback_false": _html(question.get("feedback_false")),
    }


def _short_text(question: Question) -> dict[str, Any]:
    answers = [answer if isinstance(answer, Mapping) else {"text": answer} for answer in question["answers"]]
    return {
        "answers": [{"text": str(answer["text"]), "feedback": _html(answer.get("feedback"))} for answer in answers],
        "case_sensitive": question.get("case_sensitive") is True,
    }


def _numeric(question: Question) -> dict[str, Any]:
    return {
        "answers": [
            {
                "value": _decimal(question["answer"]),
                "tolerance": _decimal(question.get("tolerance", 0)),
                **({"tolerance_kind": question["tolerance_kind"]} if "tolerance_kind" in question else {}),
            }
        ],
        "unit": str(question.get("unit") or ""),
    }


def _matching(question: Question) -> dict[str, Any]:
    return {
        "pairs": [
            {"text": markdown_line_to_html(str(pair["text"])), "answer": str(pair["answer"])}
            for pair in question["pairs"]
        ],
        "distractors": [str(text) for text in question.get("distractors") or []],
    }


def _gap_select(question: Question) -> dict[str, Any]:
    choices = [choice if isinstance(choice, Mapping) else {"text": choice} for choice in question["choices"]]
    return {
        "text": markdown_to_html(question["text"]),
        "choices": [
            {
                "text": str(choice["text"]),
                "group": str(choice.get("group", 1)),
                **({"again": True} if choice.get("again") is True else {}),
            }
            for choice in choices
        ],
        "shuffle": question.get("shuffle") is not False,
    }


def _essay(question: Question) -> dict[str, Any]:
    return {
        "minimum_words": question.get("minimum_words", 0),
        "maximum_words": question.get("maximum_words", 0),
        "template": str(question.get("template") or ""),
        "marker_notes": _html(question.get("marker_notes")),
    }


def _ordering(question: Question) -> dict[str, Any]:
    items = [{"text": markdown_line_to_html(str(text))} for text in question["items"]]
    return {"items": items, "grading": str(question.get("grading", "place"))}


def _cloze(question: Question) -> dict[str, Any]:
    gaps = [
        {"type": gap["type"], "weight": gap.get("weight", 1), **_BODIES[gap["type"]](gap)} for gap in question["gaps"]
    ]
    return {"text": markdown_to_html(question["text"]), "gaps": gaps}


def _hotspot(question: Question) -> dict[str, Any]:
    kept = ("picture", "alt", "width", "height", "several", "areas")
    return {name: question[name] for name in kept if name in question}


def _file_upload(question: Question) -> dict[str, Any]:
    return {
        "most_files": question.get("most_files", 1),
        "endings": list(question.get("endings") or []),
        "marker_notes": _html(question.get("marker_notes")),
    }


def _likert(question: Question) -> dict[str, Any]:
    statements = [{"text": markdown_line_to_html(str(text))} for text in question["statements"]]
    return {"statements": statements, "scale": [str(step) for step in question["scale"]]}


def _html(markdown: object) -> str:
    return markdown_to_html(str(markdown)) if markdown else ""


def _decimal(value: object) -> str:
    """Return the number as text: YAML reads 0.1 as a float, whose shortest form is what the author wrote."""
    return str(value) if isinstance(value, str | int | float | Decimal) else ""


_BODIES: dict[str, Callable[[Question], dict[str, Any]]] = {
    "single": _choices,
    "multiple": _choices,
    "true_false": _true_false,
    "short_text": _short_text,
    "numeric": _numeric,
    "matching": _matching,
    "gap_select": _gap_select,
    "essay": _essay,
    "ordering": _ordering,
    "drag_text": _gap_select,
    "cloze": _cloze,
    "hotspot": _hotspot,
    "file_upload": _file_upload,
    "likert": _likert,
}
