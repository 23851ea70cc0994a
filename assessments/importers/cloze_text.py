"""Gaps inside a text as Moodle writes them (Cloze): `{1:SHORTANSWER:=Berlin#Yes~%50%Bern~*#No}`.

Format: docs.moodle.org, "Embedded Answers (Cloze) question type".
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from html import unescape
from typing import Any

from django.utils.translation import gettext as _

from assessments.importers.results import QuestionRefusedError
from ecosystem.markup import clean_line, plain_text

MOST_GAPS = 100
_GAP = re.compile(r"\{([0-9]{0,3}):([A-Z_]{2,20}):")
_END = re.compile(r"\\.|[}]", re.DOTALL)
_PARTS = re.compile(r"((?:\\.|[^~\\])*)~?", re.DOTALL)
_ANSWER = re.compile(r"(?:%(?P<percent>-?[0-9]{1,3}(?:\.[0-9]{1,5})?)%|(?P<right>=))?(?P<rest>.*)", re.DOTALL)
_FEEDBACK = re.compile(r"((?:\\.|&#?[a-zA-Z0-9]{1,10};|[^#\\])*)#?(.*)", re.DOTALL)
_ESCAPED = re.compile(r"\\([}~#=/\"\\{:])")
_TYPES: dict[str, tuple[str, dict[str, Any]]] = {
    **dict.fromkeys(("SHORTANSWER", "SA", "MW"), ("short_text", {})),
    **dict.fromkeys(("SHORTANSWER_C", "SAC", "MWC"), ("short_text", {"case_sensitive": True})),
    **dict.fromkeys(("NUMERICAL", "NM"), ("numeric", {})),
    **dict.fromkeys(("MULTICHOICE", "MC"), ("single", {"look": "list", "shuffle": False})),
    **dict.fromkeys(("MULTICHOICE_S", "MCS"), ("single", {"look": "list", "shuffle": True})),
    **dict.fromkeys(("MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH"), ("single", {"look": "radios", "shuffle": False})),
    **dict.fromkeys(
        ("MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS"), ("single", {"look": "radios", "shuffle": True})
    ),
    **dict.fromkeys(("MULTIRESPONSE", "MR", "MULTIRESPONSE_H", "MRH"), ("multiple", {"shuffle": False})),
    **dict.fromkeys(("MULTIRESPONSE_S", "MRS", "MULTIRESPONSE_HS", "MRHS"), ("multiple", {"shuffle": True})),
}


@dataclass(frozen=True, slots=True)
class FoundGap:
    """One gap as it is written: its weight, its type and the answers between the colon and the brace."""

    weight: int
    type: str
    answers: str


def cloze_text(raw: str) -> tuple[str, list[FoundGap]]:
    """Return the HTML with [[0]] where gaps are, and the gaps in their order. QuestionRefusedError: one has no end."""
    pieces, found, start = list[str](), list[FoundGap](), 0
    while (opened := _GAP.search(raw, start)) is not None:
        end = next((mark for mark in _END.finditer(raw, opened.end()) if mark[0] == "}"), None)
        if end is None:
            raise QuestionRefusedError(_("A gap in the text has no end: } is missing."))
        pieces += [raw[start : opened.start()].replace("[[", "[ ["), "[[0]]"]
        found.append(FoundGap(int(opened[1] or "1"), opened[2], raw[opened.end() : end.start()]))
        start = end.end()
        if len(found) > MOST_GAPS:
            raise QuestionRefusedError(_("A text has at most %(most)s gaps.") % {"most": MOST_GAPS})
    return "".join([*pieces, raw[start:].replace("[[", "[ [")]), found


def cloze_gap(gap: FoundGap, cleaned: Callable[[str], str]) -> dict[str, Any]:
    """Return the gap as `cloze` keeps it. QuestionRefusedError: an unknown type, or answers that cannot be read."""
    if gap.type not in _TYPES:
        raise QuestionRefusedError(_("A gap has the type %(kind)s, which is not known.") % {"kind": gap.type})
    kind, facts = _TYPES[gap.type]
    answers = [_answer(part, cleaned) for part in _parts(gap.answers)]
    body: dict[str, Any] = {"type": kind, "weight": max(gap.weight, 1), **facts}
    if kind == "short_text":
        body["answers"] = [
            {"text": plain_text(text), "fraction": _written(share), "feedback": feedback}
            for text, share, feedback in answers
            if plain_text(text) != "*" or share > 0
        ]
    elif kind == "numeric":
        body["answers"] = [_number(*answer) for answer in answers if plain_text(answer[0]) != "*"]
    else:
        body["choices"] = [_choice(kind, *answer) for answer in answers]
    return body


def _parts(text: str) -> list[str]:
    return [part for part in _PARTS.findall(text.lstrip("~")) if part.strip()]


def _answer(part: str, cleaned: Callable[[str], str]) -> tuple[str, Decimal, str]:
    found = _ANSWER.fullmatch(part.strip())
    if found is None:
        raise QuestionRefusedError(_("The answers of a gap cannot be read."))
    divided = _FEEDBACK.fullmatch(found["rest"])
    text, feedback = (divided[1], divided[2]) if divided else (found["rest"], "")
    share = Decimal(found["percent"]) / 100 if found["percent"] else Decimal(1 if found["right"] else 0)
    if not -1 <= share <= 1:
        raise QuestionRefusedError(_("The points of an answer are not a percentage."))
    return cleaned(_plain(text).strip()), share, cleaned(_plain(feedback).strip())


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


def _choice(kind: str, text: str, share: Decimal, feedback: str) -> dict[str, Any]:
    choice: dict[str, Any] = {
        "text": clean_line(text),
        "correct": share == 1 if kind == "single" else share > 0,
        "feedback": feedback,
    }
    if kind == "multiple" or share not in (0, 1):
        choice["fraction"] = _written(share)
    return choice


def _number(text: str, share: Decimal, feedback: str) -> dict[str, Any]:
    value, _colon, tolerance = unescape(plain_text(text)).replace(" ", "").replace(",", ".").partition(":")
    return {
        "value": number_text(value),
        "tolerance": number_text(tolerance or "0"),
        "fraction": _written(share),
        "feedback": feedback,
    }


def number_text(text: str) -> str:
    """Return a decimal number as it is kept. QuestionRefusedError: it is none, or has no believable size."""
    number = text.strip().replace(",", ".")
    if not re.fullmatch(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?", number):
        raise QuestionRefusedError(_("The answer %(text)s is not a number.") % {"text": text.strip()[:40] or "?"})
    return number


def _written(share: Decimal) -> str:
    try:
        return format(share.normalize(), "f")
    except InvalidOperation:  # more digits than anybody can mean
        return "0"
