"""What every question type promises, and the few reading helpers they share.

A *body* is the JSON of one question version, a *response* the JSON of one answer. Both may come from a file or from
another program, so every function takes whatever JSON there is: `score` never raises, `validate` says in plain words
what is wrong. Texts in a body that are called HTML are cleaned again whenever they leave through `public`, `reveal` or
`score`, so a template may mark them safe.

Choices are told apart in a form by a token made from their text, never by their place: the place would tell who reads
the page source which one the author wrote first.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.html import escape

from ecosystem.markup import clean_html, clean_line

Body = Mapping[str, Any]
Response = dict[str, Any]
FormData = Mapping[str, list[str]]

NOTHING, ALL = Decimal(0), Decimal(1)
MINUS_ALL = Decimal(-1)
FRACTION_STEP = Decimal("0.00001")


@dataclass(frozen=True, slots=True)
class Score:
    """fraction: share of the points, or None when a person must mark or nothing is right or wrong. correct: everything
    right; None with fraction None. Where the author wants wrong answers to cost something, down to -1; otherwise 0..1.

    feedback: clean HTML, what the author wrote for exactly this answer.
    """

    fraction: Decimal | None
    correct: bool | None
    feedback: list[str] = field(default_factory=list)


class Marking(StrEnum):
    """Who says how right an answer is."""

    AUTO = "auto"
    PERSON = "person"
    NONE = "none"  # nothing is right or wrong: opinions


class QuestionType(Protocol):
    """One kind of question. Implementations hold no state: one instance serves all questions."""

    @property
    def key(self) -> str:
        """The name in the database and in files; never changes."""

    @property
    def label(self) -> Promise | str:
        """The name on screen, translated when it is shown."""

    @property
    def widget(self) -> str:
        """The template in `assessments/widgets` that asks it."""

    @property
    def marking(self) -> Marking:
        """Who marks it."""

    def validate(self, body: Body) -> list[str]:
        """Return what is wrong with the body, in plain words; an empty list when it can be asked and marked."""

    def parse(self, body: Body, data: FormData) -> Response | None:
        """Return the response in posted form data (fields `answer` or `answer-<n>`, n from 0), or None when nothing
        usable was given."""

    def fields(self, body: Body, response: object) -> FormData:
        """Return the form data that would post this response again, so that a page can show what was given."""

    def score(self, body: Body, response: object) -> Score:
        """Mark the response. Never raises: a response that makes no sense earns nothing."""

    def public(self, body: Body, order: Sequence[int] | None = None) -> dict[str, Any]:
        """Return what may reach the browser before the answer: never which answer is right, never feedback.

        order: the options in the order in which to show them, as a permutation of range(shuffles(body)).
        """

    def reveal(self, body: Body, response: object) -> dict[str, Any]:
        """Return {"right": [...], "given": [...], "feedback": [...]}, all clean HTML, plus what the type adds."""

    def guess_probability(self, body: Body) -> float:
        """Return the chance (0..1) that somebody who knows nothing gets everything right."""

    def shuffles(self, body: Body) -> int:
        """Return how many options may be shown in another order; 0 when the order carries meaning."""


def score_of(fraction: Decimal, feedback: Iterable[str] = (), *, least: Decimal = NOTHING) -> Score:
    """Return a mark between `least` and 1, to five places."""
    kept = min(max(fraction, least), ALL).quantize(FRACTION_STEP, rounding=ROUND_HALF_UP)
    return Score(fraction=kept, correct=kept == ALL, feedback=[text for text in map(shown_block, feedback) if text])


def share(part: int, whole: int) -> Decimal:
    return Decimal(part) / Decimal(whole) if whole else NOTHING


@lru_cache(maxsize=4096)
def shown(html: str) -> str:
    """Return the HTML of a choice, clean and fit for a label. Remembered: the same question is shown to many."""
    return clean_line(html)


@lru_cache(maxsize=4096)
def shown_block(html: str) -> str:
    """Return the HTML of a feedback, clean; it may hold paragraphs, lists and links."""
    return clean_html(html)


def shown_text(text: str) -> str:
    """Return plain text as HTML."""
    return str(escape(text))


def storable(text: str) -> str:
    """Return the text without what PostgreSQL cannot keep in JSON: NUL and halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")


def tokens(texts: Sequence[str]) -> list[str]:
    """Return a short name for each text, from the text alone; equal texts get different names."""
    seen: dict[str, int] = {}
    names: list[str] = []
    for text in texts:
        name = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return names


def in_order(count: int, order: Sequence[int] | None) -> list[int]:
    """Return range(count) in the wanted order; places that are no places are left out, forgotten ones come last."""
    wanted = [place for place in dict.fromkeys(order or ()) if 0 <= place < count]
    named = set(wanted)
    return wanted + [place for place in range(count) if place not in named]


def first(data: FormData, name: str) -> str:
    values = data.get(name) or []
    return values[0] if values else ""


def text_in(source: object, key: str) -> str:
    """Return source[key] when it is text, otherwise an empty text."""
    value = source.get(key) if isinstance(source, Mapping) else None
    return value if isinstance(value, str) else ""


def items_in(source: object, key: str) -> list[Mapping[str, Any]]:
    """Return the objects in the list source[key]; anything else counts as an empty object, so places stay what they
    were."""
    value = source.get(key) if isinstance(source, Mapping) else None
    return [item if isinstance(item, Mapping) else {} for item in value] if isinstance(value, list) else []


def texts_in(source: object, key: str) -> list[str]:
    value = source.get(key) if isinstance(source, Mapping) else None
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def place_in(value: object, count: int) -> int | None:
    """Return the value when it is a place in 0..count-1. JSON true is no place."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < count else None


def places_in(source: object, key: str, *, count: int, options: int) -> list[int | None]:
    """Return `count` chosen places out of `options`, None where nothing usable was chosen."""
    value = source.get(key) if isinstance(source, Mapping) else None
    given = value if isinstance(value, list) else []
    return [place_in(given[n], options) if n < len(given) else None for n in range(count)]


def decimal_in(value: object, *, default: Decimal) -> Decimal:
    """Return a JSON number, or a number written as text, as a finite Decimal."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return default
    try:
        number = Decimal(str(value))
    except (InvalidOperation, ValueError):  # ValueError: an integer of thousands of digits has no text
        return default
    return number if number.is_finite() else default


def least_of(body: Body) -> Decimal:
    """Return the lowest mark of a question: below nothing only where its author wants wrong answers to cost."""
    return MINUS_ALL if body.get("negative") is True else NOTHING


def typed_fields(response: object) -> FormData:
    """Return the form data of a response that is one text."""
    typed = text_in(response, "text")
    return {"answer": [typed]} if typed else {}


def chosen_fields(places: Sequence[int | None], names: Sequence[str]) -> FormData:
    """Return the form data of a response that is one chosen place per field."""
    return {f"answer-{n}": [names[place]] for n, place in enumerate(places) if place is not None}
