"""What a device needs to mark a card by itself, without network.

Only for training: the same questions in an open test are kept out of sessions (``selectors``). What the device
says is provisional; the server marks each answer again with the question type.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from assessments.question_types.base import Body, decimal_in, items_in, shown_block, text_in
from assessments.question_types.choices import choice_tokens, choices_in, is_right, own_fraction
from assessments.question_types.registry import question_type
from assessments.question_types.short_text import fold

Key = dict[str, Any]


def answer_key(type_key: str, body: Body) -> Key | None:
    """The key of a question, or None when its type is only marked by the server (such cards use the form)."""
    make = _KEYS.get(type_key)
    return make(body) if make and not _only_here(body) else None


def _only_here(body: Body) -> bool:
    """What devices have not learnt: accents left out, other units, tolerances that are no distance, negative marks."""
    kinds = {text_in(answer, "tolerance_kind") for answer in items_in(body, "answers")}
    flags = ("ignore_accents", "units", "unit_needed", "negative")
    return any(body.get(name) for name in flags) or not kinds <= {"", "absolute"}


def _single(body: Body) -> Key:
    kind = question_type("single")
    values = choice_tokens(body)
    return {"marks": {value: _mark(kind.score(body, {"choice": place})) for place, value in enumerate(values)}}


def _true_false(body: Body) -> Key:
    kind = question_type("true_false")
    return {"marks": {word: _mark(kind.score(body, {"value": word == "true"})) for word in ("true", "false")}}


def _mark(score: Any) -> Key:
    return {"fraction": float(score.fraction), "feedback": "".join(score.feedback)}


def _multiple(body: Body) -> Key:
    choices, values = choices_in(body), choice_tokens(body)
    right = sum(map(is_right, choices))
    wrong = len(choices) - right
    shares = {}
    for choice, value in zip(choices, values, strict=True):
        own = own_fraction(choice)
        plain = Decimal(1) / right if is_right(choice) else -Decimal(1) / wrong
        shares[value] = {
            "right": is_right(choice),
            "share": float(plain if own is None else own),
            "feedback": shown_block(text_in(choice, "feedback")),
        }
    return {"choices": shares, "all_or_nothing": body.get("all_or_nothing") is True}


def _short_text(body: Body) -> Key:
    exact = body.get("case_sensitive") is True
    return {
        "case_sensitive": exact,
        "patterns": [
            {"text": fold(text_in(answer, "text"), case_sensitive=exact), **_worth(answer)}
            for answer in items_in(body, "answers")
        ],
    }


def _numeric(body: Body) -> Key:
    return {
        "unit": text_in(body, "unit"),
        "numbers": [
            {
                "value": float(decimal_in(answer.get("value"), default=Decimal(0))),
                "tolerance": float(decimal_in(answer.get("tolerance", 0), default=Decimal(0))),
                **_worth(answer),
            }
            for answer in items_in(body, "answers")
        ],
    }


def _worth(answer: Mapping[str, Any]) -> Key:
    earned = decimal_in(answer.get("fraction", 1), default=Decimal(0))
    return {
        "fraction": float(min(max(earned, Decimal(0)), Decimal(1))),
        "feedback": shown_block(text_in(answer, "feedback")),
    }


_KEYS: dict[str, Callable[[Body], Key]] = {
    "single": _single,
    "true_false": _true_false,
    "multiple": _multiple,
    "short_text": _short_text,
    "numeric": _numeric,
}
