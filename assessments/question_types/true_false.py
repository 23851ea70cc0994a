"""A statement that is true or false."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.question_types.base import (
    ALL,
    NOTHING,
    Body,
    FormData,
    Marking,
    Response,
    Score,
    first,
    score_of,
    shown_block,
    shown_text,
    text_in,
)


class TrueFalse:
    """Body: {"answer": bool, "feedback_true": HTML?, "feedback_false": HTML?}. Response: {"value": bool}."""

    key = "true_false"
    widget, marking = "radios", Marking.AUTO
    label = gettext_lazy("True or false")

    def validate(self, body: Body) -> list[str]:
        return [] if isinstance(body.get("answer"), bool) else [_("Say whether the statement is true or false.")]

    def parse(self, body: Body, data: FormData) -> Response | None:
        value = {"true": True, "false": False}.get(first(data, "answer"))
        return None if value is None else {"value": value}

    def fields(self, body: Body, response: object) -> FormData:
        value = _value(response)
        return {} if value is None else {"answer": ["true" if value else "false"]}

    def score(self, body: Body, response: object) -> Score:
        value = _value(response)
        if value is None:
            return score_of(NOTHING)
        return score_of(ALL if value is body.get("answer") else NOTHING, [_feedback(body, value)])

    def public(self, body: Body, order: Sequence[int] | None = None) -> dict[str, Any]:
        return {
            "choices": [
                {"value": "true", "text": shown_text(_("True"))},
                {"value": "false", "text": shown_text(_("False"))},
            ]
        }

    def reveal(self, body: Body, response: object) -> dict[str, Any]:
        value = _value(response)
        answer = body.get("answer")
        feedback = "" if value is None else shown_block(_feedback(body, value))
        return {
            "right": [_word(answer)] if isinstance(answer, bool) else [],
            "given": [] if value is None else [_word(value)],
            "feedback": [feedback] if feedback else [],
        }

    def guess_probability(self, body: Body) -> float:
        return 0.5

    def shuffles(self, body: Body) -> int:
        return 0


def _value(response: object) -> bool | None:
    value = response.get("value") if isinstance(response, Mapping) else None
    return value if isinstance(value, bool) else None


def _feedback(body: Body, value: bool) -> str:  # noqa: FBT001 - the value is the answer itself, not a switch
    return text_in(body, "feedback_true" if value else "feedback_false")


def _word(value: bool) -> str:  # noqa: FBT001 - the value is the answer itself, not a switch
    return shown_text(_("True") if value else _("False"))
