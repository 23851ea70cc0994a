"""A number, with or without its unit."""

import re
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
    Response,
    Score,
    decimal_in,
    first,
    items_in,
    score_of,
    shown_text,
    storable,
    text_in,
)

LONGEST_NUMBER = 60  # characters, unit included

# Spaces, apostrophes and narrow spaces may group digits by three; point or comma may be the decimal sign, once.
_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<whole>[0-9]{1,3}(?:[ '][0-9]{3})+|[0-9]*)(?:[.,](?P<part>[0-9]*))?"
    r"(?:\s*(?:[eE]|[x*]\s*10\s*\^)\s*(?P<power>[+-]?[0-9]{1,3}))?"
)
_SIGNS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2019": "'", "\u00d7": "x", "\u00b7": "*", "\u22c5": "*"})
_SMALLEST, _LARGEST = Decimal("1e-300"), Decimal("1e300")


class Numeric:
    """Body: {"answers": [{"value": "9.81", "tolerance": "0.05", "fraction": "1"?, "feedback": HTML?}], "unit":
    "m/s²"?}.

    value and tolerance are decimal numbers (text keeps them exact), the tolerance is absolute and its ends count as
    right. The unit may be typed or left out; another unit is wrong. Response: {"text": what was typed}.
    """

    key = "numeric"
    label = gettext_lazy("Number")

    def validate(self, body: Body) -> list[str]:
        problems: list[str] = []
        answers = items_in(body, "answers")
        for number, answer in enumerate(answers, start=1):
            if _value(answer) is None:
                problems.append(_("Answer %(number)s is not a number.") % {"number": number})
            if decimal_in(answer.get("tolerance", 0), default=Decimal(-1)) < 0:
                problems.append(_("The tolerance of answer %(number)s must be 0 or more.") % {"number": number})
        if not any(_fraction(answer) == ALL for answer in answers):
            problems.append(_("Give at least one answer that is fully right."))
        return problems

    def parse(self, body: Body, data: FormData) -> Response | None:
        typed = storable(first(data, "answer")).strip()
        return {"text": typed} if typed else None

    def score(self, body: Body, response: object) -> Score:
        typed = text_in(response, "text")
        number = number_in(typed, unit=text_in(body, "unit"))
        if number is None:
            return score_of(NOTHING, [_not_a_number(body)] if typed.strip() else [])
        answer = _first_within(body, number)
        return score_of(NOTHING) if answer is None else score_of(_fraction(answer), [text_in(answer, "feedback")])

    def public(self, body: Body, order: Sequence[int] | None = None) -> dict[str, Any]:
        return {"unit": shown_text(text_in(body, "unit"))}

    def reveal(self, body: Body, response: object) -> dict[str, Any]:
        typed = text_in(response, "text")
        right = [answer for answer in items_in(body, "answers") if _fraction(answer) == ALL]
        return {
            "right": [shown_text(_in_words(answer, unit=text_in(body, "unit"))) for answer in right],
            "given": [shown_text(typed)] if typed else [],
            "feedback": self.score(body, response).feedback,
        }

    def guess_probability(self, body: Body) -> float:
        return 0.0

    def shuffles(self, body: Body) -> int:
        return 0


def number_in(typed: str, *, unit: str) -> Decimal | None:
    """Return the number that was typed, or None when it is none, is too long or is followed by anything but the
    unit."""
    text = _plain(typed)
    found = _NUMBER.match(text) if len(text) <= LONGEST_NUMBER else None
    if found is None or not (found["whole"] or found["part"]):
        return None
    rest = _unit(text[found.end() :])
    if rest and rest != _unit(unit):
        return None
    whole = found["whole"].replace(" ", "").replace("'", "") or "0"
    return _within_reach(Decimal(f"{found['sign']}{whole}.{found['part'] or '0'}e{found['power'] or '0'}"))


def _plain(text: str) -> str:
    """Return the text with one kind of digit, space, minus and exponent, as people type them in many ways."""
    digits = "".join(str(unicodedata.decimal(character, character)) for character in text)
    return " ".join(unicodedata.normalize("NFC", digits.translate(_SIGNS)).split())


def _unit(text: str) -> str:
    """Return a unit as it is compared: m/s2 is m/s², but mW is not MW."""
    return unicodedata.normalize("NFKC", _plain(text)).replace(" ", "")


def _within_reach(number: Decimal) -> Decimal | None:
    """Return the number unless it is so large or small that arithmetic on it would overflow."""
    return number if number == 0 or _SMALLEST <= number.copy_abs() <= _LARGEST else None


def _value(answer: Mapping[str, Any]) -> Decimal | None:
    value = decimal_in(answer.get("value"), default=Decimal("NaN"))
    return None if value.is_nan() else _within_reach(value)


def _first_within(body: Body, number: Decimal) -> Mapping[str, Any] | None:
    for answer in items_in(body, "answers"):
        value = _value(answer)
        tolerance = _within_reach(decimal_in(answer.get("tolerance", 0), default=NOTHING))
        if value is not None and tolerance is not None and abs(number - value) <= tolerance:
            return answer
    return None


def _fraction(answer: Mapping[str, Any]) -> Decimal:
    return min(max(decimal_in(answer.get("fraction", 1), default=NOTHING), NOTHING), ALL)


def _in_words(answer: Mapping[str, Any], *, unit: str) -> str:
    value = "" if _value(answer) is None else str(answer["value"])
    tolerance = decimal_in(answer.get("tolerance", 0), default=NOTHING)
    near = f"{value} ± {answer['tolerance']}" if tolerance > 0 else value
    return f"{near} {unit}".strip()


def _not_a_number(body: Body) -> str:
    unit = text_in(body, "unit")
    if unit:
        return shown_text(_("Write a number, with or without the unit %(unit)s.") % {"unit": unit})
    return shown_text(_("Write a number, without words."))
