"""A longer text that a person marks."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.question_types.base import (
    NOTHING,
    Body,
    FormData,
    Marking,
    Response,
    Score,
    first,
    place_in,
    score_of,
    shown_text,
    storable,
    text_in,
    typed_fields,
)
from ecosystem.markup import clean_html

MOST_WORDS = 100_000


class Essay:
    """Body: {"minimum_words": int = 0, "maximum_words": int = 0 (no limit), "template": plain text?, "marker_notes":
    HTML?}.

    Response: {"text": what was written}. An empty one earns nothing; any other waits for a person.
    """

    key = "essay"
    widget, marking = "long", Marking.PERSON
    label = gettext_lazy("Long text")

    def validate(self, body: Body) -> list[str]:
        least, most = body.get("minimum_words", 0), body.get("maximum_words", 0)
        if place_in(least, MOST_WORDS) is None or place_in(most, MOST_WORDS) is None:
            return [_("Word limits are whole numbers, 0 for no limit.")]
        return [_("The fewest words are more than the most words.")] if most and least > most else []

    def parse(self, body: Body, data: FormData) -> Response | None:
        written = storable(first(data, "answer")).replace("\r\n", "\n")
        return {"text": written} if written.strip() else None

    def fields(self, body: Body, response: object) -> FormData:
        return typed_fields(response)

    def score(self, body: Body, response: object) -> Score:
        return Score(fraction=None, correct=None) if text_in(response, "text").strip() else score_of(NOTHING)

    def public(self, body: Body, order: Sequence[int] | None = None) -> dict[str, Any]:
        return {
            "minimum_words": place_in(body.get("minimum_words"), MOST_WORDS) or 0,
            "maximum_words": place_in(body.get("maximum_words"), MOST_WORDS) or 0,
            "template": text_in(body, "template"),
        }

    def reveal(self, body: Body, response: object) -> dict[str, Any]:
        """`marker_notes` are for the person who marks: show them to markers only."""
        written = text_in(response, "text")
        return {
            "right": [],
            "given": [shown_text(written).replace("\n", "<br>")] if written else [],
            "feedback": [],
            "marker_notes": clean_html(text_in(body, "marker_notes")),
        }

    def guess_probability(self, body: Body) -> float:
        return 0.0

    def shuffles(self, body: Body) -> int:
        return 0
