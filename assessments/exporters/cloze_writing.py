"""Gaps of several kinds as Moodle writes them into a text: `{1:SHORTANSWER:=Berlin#Yes~%50%Bern}`."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from assessments.exporters.reasons import NotCarriedError
from assessments.question_types.base import decimal_in, items_in, text_in
from assessments.question_types.choices import is_right, own_fraction

Said = Callable[[str], str]


def gap_written(gap: Mapping[str, Any], said: Said) -> str:
    """Return the gap in braces; `said` writes a stored text. NotCarriedError: Moodle has no such gap."""
    kind = text_in(gap, "type")
    if kind == "short_text":
        name = "SHORTANSWER_C" if gap.get("case_sensitive") is True else "SHORTANSWER"
        answers = [_answer(one, text_in(one, "text"), said) for one in items_in(gap, "answers")]
        if gap.get("ignore_accents") is True:
            raise NotCarriedError("ignore_accents")
    elif kind == "numeric":
        name = "NUMERICAL"
        answers = [_answer(one, _number(one), said) for one in items_in(gap, "answers")]
        if text_in(gap, "unit") or items_in(gap, "units"):
            raise NotCarriedError("unit")
    else:
        name = _choice_name(gap, kind)
        if gap.get("all_or_nothing") is True or gap.get("negative") is True:
            raise NotCarriedError("all_or_nothing")
        choices = items_in(gap, "choices")
        right = sum(map(is_right, choices))
        answers = [_choice(one, kind, said, right=right, wrong=len(choices) - right) for one in choices]
    weight = gap.get("weight", 1)
    return "{" + f"{weight}:{name}:{'~'.join(answers)}" + "}"


def _choice_name(gap: Mapping[str, Any], kind: str) -> str:
    shuffled = gap.get("shuffle", True) is not False
    if kind == "multiple":
        return "MULTIRESPONSE_S" if shuffled else "MULTIRESPONSE"
    if gap.get("look") == "radios":
        return "MULTICHOICE_VS" if shuffled else "MULTICHOICE_V"
    return "MULTICHOICE_S" if shuffled else "MULTICHOICE"


def _number(answer: Mapping[str, Any]) -> str:
    if text_in(answer, "tolerance_kind") in {"relative", "figures"}:
        raise NotCarriedError("tolerance_kind")
    return f"{answer.get('value', '')}:{answer.get('tolerance', '0')}"


def _answer(answer: Mapping[str, Any], text: str, said: Said) -> str:
    return _share(decimal_in(answer.get("fraction", 1), default=Decimal(0))) + _with_feedback(
        answer, _escaped(text), said
    )


def _choice(choice: Mapping[str, Any], kind: str, said: Said, *, right: int, wrong: int) -> str:
    share = own_fraction(choice)
    if share is None and kind == "multiple":
        share = Decimal(1) / right if is_right(choice) else -Decimal(1) / wrong
    elif share is None or (kind == "single" and is_right(choice)):
        share = Decimal(int(is_right(choice)))
    if kind == "multiple" and is_right(choice) != (share > 0):
        raise NotCarriedError("fraction")
    return _share(share) + _with_feedback(choice, _escaped(said(text_in(choice, "text"))), said)


def _share(share: Decimal) -> str:
    if share == 1:
        return "="
    return "" if share == 0 else f"%{(share * 100).quantize(Decimal('0.00001')).normalize():f}%"


def _with_feedback(answer: Mapping[str, Any], text: str, said: Said) -> str:
    feedback = said(text_in(answer, "feedback"))
    return f"{text}#{_escaped(feedback)}" if feedback else text


def _escaped(text: str) -> str:
    return re.sub(r"([}~#=\"\\{/])", r"\\\1", text)
