"""A word or a short phrase that is typed."""

import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
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
    decimal_in,
    first,
    items_in,
    score_of,
    shown_block,
    shown_text,
    storable,
    text_in,
    typed_fields,
)

# Phones type curly quotes and long dashes without being asked.
_TYPED_BY_PHONES = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2010": "-", "\u2011": "-", "\u2013": "-"}
)
_STAR = "\ue000"  # a private character stands for `\*` while the pattern is cut at its other stars


class ShortText:
    r"""Body: {"answers": [{"text": pattern, "fraction": "1"?, "feedback": HTML?}], "case_sensitive": bool = false,
    "ignore_accents": bool = false}.

    In a pattern `*` stands for any run of characters (also none) and `\*` for a star. The first pattern that fits
    decides. Compared in Unicode NFC, with runs of spaces as one and curly quotes as straight ones. Response: {"text":
    what was typed}.
    """

    key = "short_text"
    label = gettext_lazy("Short text")
    widget, marking = "line", Marking.AUTO

    def validate(self, body: Body) -> list[str]:
        answers = items_in(body, "answers")
        problems = [
            _("Answer %(number)s is empty.") % {"number": n}
            for n, answer in enumerate(answers, start=1)
            if not fold(text_in(answer, "text"), case_sensitive=True)
        ]
        if not any(_fraction(answer) == ALL for answer in answers):
            problems.append(_("Give at least one answer that is fully right."))
        return problems

    def parse(self, body: Body, data: FormData) -> Response | None:
        typed = storable(first(data, "answer")).strip()
        return {"text": typed} if typed else None

    def fields(self, body: Body, response: object) -> FormData:
        return typed_fields(response)

    def score(self, body: Body, response: object) -> Score:
        answer = _first_that_fits(body, text_in(response, "text"))
        return score_of(NOTHING) if answer is None else score_of(_fraction(answer), [text_in(answer, "feedback")])

    def public(self, body: Body, order: Sequence[int] | None = None) -> dict[str, Any]:
        return {"case_sensitive": _is_case_sensitive(body)}

    def reveal(self, body: Body, response: object) -> dict[str, Any]:
        typed = text_in(response, "text")
        fitting = _first_that_fits(body, typed)
        feedback = "" if fitting is None else shown_block(text_in(fitting, "feedback"))
        right = [text_in(answer, "text") for answer in items_in(body, "answers") if _fraction(answer) == ALL]
        return {
            "right": [shown_text(_for_people(pattern)) for pattern in right],
            "given": [shown_text(typed)] if typed else [],
            "feedback": [feedback] if feedback else [],
        }

    def guess_probability(self, body: Body) -> float:
        return 0.0

    def shuffles(self, body: Body) -> int:
        return 0


def fold(text: str, *, case_sensitive: bool, ignore_accents: bool = False) -> str:
    """Return the text as it is compared. Without accents, café is cafe and Zoë is Zoe; ß and ø stay what they are."""
    plain = " ".join(unicodedata.normalize("NFC", text).translate(_TYPED_BY_PHONES).split())
    if ignore_accents:
        parts = unicodedata.normalize("NFD", plain)
        plain = unicodedata.normalize("NFC", "".join(one for one in parts if not unicodedata.combining(one)))
    return plain if case_sensitive else unicodedata.normalize("NFC", plain.casefold())


def fits(pattern: str, text: str) -> bool:
    r"""Return whether the text matches the pattern with `*` and `\*`, in time that grows with the text, never with its
    powers."""
    parts = [part.replace(_STAR, "*") for part in pattern.replace(r"\*", _STAR).split("*")]
    if len(parts) == 1:
        return text == parts[0]
    start, end = len(parts[0]), len(text) - len(parts[-1])
    if start > end or not text.startswith(parts[0]) or not text.endswith(parts[-1]):
        return False
    for part in parts[1:-1]:
        found = text.find(part, start, end)
        if found < 0:
            return False
        start = found + len(part)
    return True


def _first_that_fits(body: Body, typed: str) -> Mapping[str, Any] | None:
    exact, plain = _is_case_sensitive(body), body.get("ignore_accents") is True
    text = fold(typed, case_sensitive=exact, ignore_accents=plain)
    if not text:
        return None
    for answer in items_in(body, "answers"):
        if fits(fold(text_in(answer, "text"), case_sensitive=exact, ignore_accents=plain), text):
            return answer
    return None


def _fraction(answer: Mapping[str, Any]) -> Decimal:
    return min(max(decimal_in(answer.get("fraction", 1), default=NOTHING), NOTHING), ALL)


def _is_case_sensitive(body: Body) -> bool:
    return body.get("case_sensitive") is True


def _for_people(pattern: str) -> str:
    """Return the pattern as words: a star that stands for anything is shown as an ellipsis."""
    return pattern.replace(r"\*", _STAR).replace("*", "…").replace(_STAR, "*")
