"""Statements to agree or disagree with; nothing is right or wrong."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.question_types.base import (
    Body,
    FormData,
    Marking,
    Response,
    Score,
    first,
    items_in,
    place_in,
    places_in,
    shown,
    shown_text,
    text_in,
    texts_in,
)

MOST_STEPS = 11
MOST_STATEMENTS = 50


class Likert:
    """Body: {"statements": [{"text": HTML}], "scale": [plain text, from least to most]}.

    Response: {"values": [place on the scale per statement, or null]}; posted as `answer-0`, ... It never counts for a
    score.
    """

    key = "likert"
    label = gettext_lazy("Agree or disagree")
    widget, marking = "scale", Marking.NONE

    def validate(self, body: Body) -> list[str]:
        statements, scale = items_in(body, "statements"), texts_in(body, "scale")
        problems = []
        if not 1 <= len(statements) <= MOST_STATEMENTS:
            problems.append(_("Write between 1 and %(most)s statements.") % {"most": MOST_STATEMENTS})
        problems += [
            _("Statement %(number)s has no text.") % {"number": n}
            for n, statement in enumerate(statements, start=1)
            if not shown(text_in(statement, "text"))
        ]
        if not 2 <= len(scale) <= MOST_STEPS or not all(step.strip() for step in scale):
            problems.append(_("A scale has between 2 and %(most)s steps, each with a name.") % {"most": MOST_STEPS})
        elif len(set(scale)) < len(scale):
            problems.append(_("Two steps of the scale have the same name."))
        return problems

    def parse(self, body: Body, data: FormData) -> Response | None:
        steps = len(texts_in(body, "scale"))
        values = [_step(first(data, f"answer-{n}"), steps) for n in range(len(items_in(body, "statements")))]
        return {"values": values} if any(value is not None for value in values) else None

    def fields(self, body: Body, response: object) -> FormData:
        return {f"answer-{n}": [str(value)] for n, value in enumerate(_values(body, response)) if value is not None}

    def score(self, body: Body, response: object) -> Score:
        return Score(fraction=None, correct=None)

    def public(self, body: Body, order: Sequence[int] | None = None) -> dict[str, Any]:
        options = [{"value": str(n), "text": shown_text(step)} for n, step in enumerate(texts_in(body, "scale"))]
        return {
            "items": [
                {"name": f"answer-{n}", "text": shown(text_in(statement, "text"))}
                for n, statement in enumerate(items_in(body, "statements"))
            ],
            "options": options,
        }

    def reveal(self, body: Body, response: object) -> dict[str, Any]:
        scale = texts_in(body, "scale")
        rows = zip(items_in(body, "statements"), _values(body, response), strict=True)
        given = [
            f"{shown(text_in(statement, 'text'))} → {shown_text(scale[value])}"
            for statement, value in rows
            if value is not None
        ]
        return {"right": [], "given": given, "feedback": []}

    def guess_probability(self, body: Body) -> float:
        return 0.0

    def shuffles(self, body: Body) -> int:
        return 0


def _step(value: str, steps: int) -> int | None:
    return place_in(int(value), steps) if value.isascii() and value.isdecimal() and len(value) < 4 else None


def _values(body: Body, response: object) -> list[int | None]:
    return places_in(response, "values", count=len(items_in(body, "statements")), options=len(texts_in(body, "scale")))
