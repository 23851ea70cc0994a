"""A number, with or without its unit."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
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
    shown_text,
    storable,
    text_in,
    typed_fields,
)

LONGEST_NUMBER = 60  # characters, unit included
MOST_FIGURES = 15
TOLERANCES = ("absolute", "relative", "figures")

# Spaces, apostrophes and narrow spaces may group digits by three; point or comma may be the decimal sign, once.
_NUMBER = re.compile(
    r"(?P<sign>[+-]?)(?P<whole>[0-9]{1,3}(?:[ '][0-9]{3})+|[0-9]*)(?:[.,](?P<part>[0-9]*))?"
    r"(?:\s*(?:[eE]|[x*]\s*10\s*\^)\s*(?P<power>[+-]?[0-9]{1,3}))?"
)
_SIGNS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2019": "'", "\u00d7": "x", "\u00b7": "*", "\u22c5": "*"})
_SMALLEST, _LARGEST = Decimal("1e-300"), Decimal("1e300")


class Numeric:
    """Body: {"answers": [{"value": "9.81", "tolerance": "0.05", "tolerance_kind": "absolute"|"relative"|"figures",
    "fraction": "1"?, "feedback": HTML?}], "unit": "m/s²"?, "units": [{"name": "cm", "factor": "100"}]?,
    "unit_needed": bool = false}.

    value and tolerance are decimal numbers (text keeps them exact); both ends of a tolerance count as right. A relative
    one is a share of the value (0.05 is 5 %), and with "figures" the tolerance is a number of significant figures to
    which both are rounded. The unit may be typed or left out (unless it is needed); another is wrong, except one of
    `units`, whose number is divided by its factor first. Response: {"text": what was typed}.
    """

    key = "numeric"
    label = gettext_lazy("Number")
    widget, marking = "number", Marking.AUTO

    def validate(self, body: Body) -> list[str]:
        problems: list[str] = []
        answers = items_in(body, "answers")
        for number, answer in enumerate(answers, start=1):
            if _value(answer) is None:
                problems.append(_("Answer %(number)s is not a number.") % {"number": number})
            if decimal_in(answer.get("tolerance", 0), default=Decimal(-1)) < 0:
                problems.append(_("The tolerance of answer %(number)s must be 0 or more.") % {"number": number})
            elif _kind(answer) == "figures" and _figures(answer) is None:
                problems.append(
                    _("Answer %(number)s: the number of significant figures is 1 to 15.") % {"number": number}
                )
        if not any(_fraction(answer) == ALL for answer in answers):
            problems.append(_("Give at least one answer that is fully right."))
        problems += [
            _("Unit %(number)s needs a name and a factor above 0.") % {"number": n}
            for n, unit in enumerate(items_in(body, "units"), start=1)
            if not text_in(unit, "name").strip() or not _factor(unit)
        ]
        if body.get("unit_needed") is True and not text_in(body, "unit").strip():
            problems.append(_("Say which unit is needed."))
        return problems

    def parse(self, body: Body, data: FormData) -> Response | None:
        typed = storable(first(data, "answer")).strip()
        return {"text": typed} if typed else None

    def fields(self, body: Body, response: object) -> FormData:
        return typed_fields(response)

    def score(self, body: Body, response: object) -> Score:
        typed = text_in(response, "text")
        number = _number_given(body, typed)
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


def _number_given(body: Body, typed: str) -> Decimal | None:
    """Return the typed number in the unit of the question."""
    needed = body.get("unit_needed") is True
    number = number_in(typed, unit=text_in(body, "unit"), unit_needed=needed)
    if number is not None:
        return number
    for unit in items_in(body, "units"):
        factor, name = _factor(unit), text_in(unit, "name").strip()
        if factor and name:
            other = number_in(typed, unit=name, unit_needed=True)
            if other is not None:
                return _within_reach(other / factor)
    return None


def number_in(typed: str, *, unit: str, unit_needed: bool = False) -> Decimal | None:
    """Return the number that was typed, or None when it is none, is too long or is followed by anything but the
    unit."""
    text = _plain(typed)
    found = _NUMBER.match(text) if len(text) <= LONGEST_NUMBER else None
    if found is None or not (found["whole"] or found["part"]):
        return None
    rest = _unit(text[found.end() :])
    if rest != _unit(unit) and (rest or unit_needed):
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
    return next((answer for answer in items_in(body, "answers") if _is_within(answer, number)), None)


def _is_within(answer: Mapping[str, Any], number: Decimal) -> bool:
    value = _value(answer)
    if value is None:
        return False
    if _kind(answer) == "figures":
        figures = _figures(answer)
        return figures is not None and _rounded(number, figures) == _rounded(value, figures)
    tolerance = _within_reach(decimal_in(answer.get("tolerance", 0), default=NOTHING))
    if tolerance is None:
        return False
    if _kind(answer) == "relative":
        tolerance *= abs(value)
    return abs(number - value) <= tolerance


def _kind(answer: Mapping[str, Any]) -> str:
    kind = text_in(answer, "tolerance_kind")
    return kind if kind in TOLERANCES else TOLERANCES[0]


def _figures(answer: Mapping[str, Any]) -> int | None:
    figures = decimal_in(answer.get("tolerance"), default=NOTHING)
    return int(figures) if 1 <= figures <= MOST_FIGURES and figures == int(figures) else None


def _rounded(number: Decimal, figures: int) -> Decimal:
    """Return the number to so many significant figures, halves away from zero as schools teach it."""
    return Context(prec=figures, rounding=ROUND_HALF_UP).create_decimal(number)


def _factor(unit: Mapping[str, Any]) -> Decimal | None:
    factor = _within_reach(decimal_in(unit.get("factor"), default=NOTHING))
    return factor if factor is not None and factor > 0 else None


def _fraction(answer: Mapping[str, Any]) -> Decimal:
    return min(max(decimal_in(answer.get("fraction", 1), default=NOTHING), NOTHING), ALL)


def _in_words(answer: Mapping[str, Any], *, unit: str) -> str:
    value = "" if _value(answer) is None else str(answer["value"])
    tolerance = decimal_in(answer.get("tolerance", 0), default=NOTHING)
    if _kind(answer) == "figures":
        said = _("%(number)s (%(figures)s significant figures)")
        return said % {"number": f"{value} {unit}".strip(), "figures": _figures(answer) or "?"}
    if _kind(answer) == "relative" and 0 < tolerance <= 1000:
        return f"{value} ± {(tolerance * 100).normalize():f}% {unit}".strip()
    near = f"{value} ± {answer['tolerance']}" if tolerance > 0 else value
    return f"{near} {unit}".strip()


def _not_a_number(body: Body) -> str:
    unit = text_in(body, "unit")
    if unit and body.get("unit_needed") is True:
        return shown_text(_("Write a number and the unit %(unit)s.") % {"unit": unit})
    if unit:
        return shown_text(_("Write a number, with or without the unit %(unit)s.") % {"unit": unit})
    return shown_text(_("Write a number, without words."))
