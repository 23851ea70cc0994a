"""A text with gaps of several kinds: typed words, numbers, and lists."""

from collections.abc import Iterator, Mapping, Sequence
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
    QuestionType,
    Response,
    Score,
    items_in,
    place_in,
    score_of,
    text_in,
)
from assessments.question_types.gap_select import pieces_of
from assessments.question_types.multiple import Multiple
from assessments.question_types.numeric import Numeric
from assessments.question_types.short_text import ShortText
from assessments.question_types.single import Single
from ecosystem.markup import plain_text

MOST_GAPS = 100
MOST_WEIGHT = 100
GAP_TYPES: dict[str, QuestionType] = {
    kind.key: kind for kind in (ShortText(), Numeric(), Single(), Multiple())
}  # a list, radio buttons or boxes are how a choice is shown


class Cloze:
    """Body: {"text": HTML with [[1]] for the first gap, "gaps": [{"type": "short_text"|"numeric"|"single"|"multiple",
    "weight": int = 1, "look": "list"|"radios"?, ...the body of that type}]}.

    Each gap is a small question of its own type and earns its share by weight. Response: {"gaps": [response of the
    type, or null]}; posted as `answer-0`, ... The text takes the place of the stem on the page.
    """

    key = "cloze"
    label = gettext_lazy("Gaps to fill in")
    widget, marking = "cloze", Marking.AUTO

    def validate(self, body: Body) -> list[str]:
        gaps, used = items_in(body, "gaps"), list(_used(body))
        problems = [] if used else [_("The text has no gap: write [[1]] where the first gap belongs.")]
        if len(gaps) > MOST_GAPS:
            problems.append(_("A text has at most %(most)s gaps.") % {"most": MOST_GAPS})
        for number, gap in enumerate(gaps, start=1):
            if used.count(number - 1) != 1:
                problems.append(_("Write [[%(number)s]] once in the text.") % {"number": number})
            kind = GAP_TYPES.get(text_in(gap, "type"))
            if kind is None:
                problems.append(_("Gap %(number)s has no type that can stand in a text.") % {"number": number})
                continue
            problems += [f"[[{number}]]: {problem}" for problem in kind.validate(gap)]
            if not _weight(gap):
                problems.append(_("Gap %(number)s: the weight is a whole number from 1.") % {"number": number})
        return problems

    def parse(self, body: Body, data: FormData) -> Response | None:
        given = [
            kind.parse(gap, {"answer": data.get(f"answer-{n}") or []}) if kind else None
            for n, (kind, gap) in enumerate(_gaps(body))
        ]
        return {"gaps": given} if any(one is not None for one in given) else None

    def fields(self, body: Body, response: object) -> FormData:
        fields: dict[str, list[str]] = {}
        for n, (kind, gap) in enumerate(_gaps(body)):
            given = kind.fields(gap, _given(response, n)) if kind else {}
            if given.get("answer"):
                fields[f"answer-{n}"] = given["answer"]
        return fields

    def score(self, body: Body, response: object) -> Score:
        earned, whole, feedback, right = NOTHING, 0, list[str](), True
        for n, (kind, gap) in enumerate(_gaps(body)):
            weight = _weight(gap)
            whole += weight
            if kind is None:
                right = False
                continue
            part = kind.score(gap, _given(response, n))
            earned += max(part.fraction or NOTHING, NOTHING) * weight
            right = right and part.correct is True
            feedback += [f"<p>[{n + 1}]</p>{text}" for text in part.feedback]
        if not whole:
            return score_of(NOTHING)
        return score_of(ALL if right else min(earned / whole, Decimal("0.99999")), feedback)

    def public(self, body: Body, order: Sequence[int] | None = None) -> dict[str, Any]:
        """Return {"replaces_stem": True, "segments": [{"html"} or {"name", "number", "kind", "size", "choices",
        "unit"}]}, to be written one after the other."""
        gaps, segments = list(_gaps(body)), list[dict[str, Any]]()
        for html, place in pieces_of(body, count=len(gaps)):
            if html:
                segments.append({"html": html})
            if place is not None:
                segments.append({"name": f"answer-{place}", "number": place + 1, **_asked(*gaps[place])})
        return {"replaces_stem": True, "segments": segments}

    def reveal(self, body: Body, response: object) -> dict[str, Any]:
        right, given, feedback = list[str](), list[str](), list[str]()
        for n, (kind, gap) in enumerate(_gaps(body)):
            if kind is None:
                continue
            told = kind.reveal(gap, _given(response, n))
            right += [f"{n + 1}. {' / '.join(told['right'])}"]
            given += [f"{n + 1}. {', '.join(told['given'])}"] if told["given"] else []
            feedback += told["feedback"]
        return {"right": right, "given": given, "feedback": feedback}

    def guess_probability(self, body: Body) -> float:
        chance = 1.0 if items_in(body, "gaps") else 0.0
        for kind, gap in _gaps(body):
            chance *= kind.guess_probability(gap) if kind else 0.0
        return chance

    def shuffles(self, body: Body) -> int:
        return 0


def _used(body: Body) -> Iterator[int]:
    return (place for _html, place in pieces_of(body, count=len(items_in(body, "gaps"))) if place is not None)


def _gaps(body: Body) -> Iterator[tuple[QuestionType | None, Mapping[str, Any]]]:
    return ((GAP_TYPES.get(text_in(gap, "type")), gap) for gap in items_in(body, "gaps")[:MOST_GAPS])


def _given(response: object, place: int) -> object:
    given = response.get("gaps") if isinstance(response, Mapping) else None
    return given[place] if isinstance(given, list) and place < len(given) else None


def _weight(gap: Mapping[str, Any]) -> int:
    return place_in(gap.get("weight", 1), MOST_WEIGHT + 1) or 0


def _asked(kind: QuestionType | None, gap: Mapping[str, Any]) -> dict[str, Any]:
    if kind is None:
        return {"kind": "line", "size": 10}
    seen = kind.public(gap)
    if "choices" not in seen:
        return {"kind": kind.widget, "unit": seen.get("unit", ""), "size": _size(gap)}
    if kind.key == "multiple":
        return {"kind": "checkboxes", "choices": seen["choices"]}
    # An option of a list shows words only: choices with pictures or formulas become radio buttons.
    plain = all(choice["text"] and "<" not in choice["text"] for choice in seen["choices"])
    look = "list" if plain and gap.get("look") != "radios" else "radios"
    return {"kind": look, "choices": seen["choices"]}


def _size(gap: Mapping[str, Any]) -> int:
    """Return how wide the field is, in characters: in steps, so that it tells no more than the author's shape does."""
    texts = [text_in(answer, "text") or str(answer.get("value", "")) for answer in items_in(gap, "answers")]
    longest = max((len(plain_text(text)) for text in texts), default=0)
    return next((size for size in (10, 20, 40) if longest <= size), 40)
