"""What single and multiple choice share.

Body: {"choices": [{"text": HTML, "correct": bool, "fraction": "0.5"?, "feedback": HTML?}], "shuffle": bool = true}.
`fraction` is the share that this choice earns or costs (-1..1); without it the type's own rule decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from assessments.question_types.base import (
    Body,
    FormData,
    decimal_in,
    in_order,
    items_in,
    shown,
    shown_block,
    text_in,
    tokens,
)

MOST_CHOICES = 50


def choices_in(body: Body) -> list[Mapping[str, Any]]:
    return items_in(body, "choices")


def is_right(choice: Mapping[str, Any]) -> bool:
    return choice.get("correct") is True


def own_fraction(choice: Mapping[str, Any]) -> Decimal | None:
    """Return the share that the author wrote for this choice, held between -1 and 1, or None."""
    if choice.get("fraction") is None:
        return None
    return min(max(decimal_in(choice["fraction"], default=Decimal(0)), Decimal(-1)), Decimal(1))


def choice_tokens(body: Body) -> list[str]:
    return tokens([text_in(choice, "text") for choice in choices_in(body)])


def chosen_places(body: Body, data: FormData) -> list[int]:
    """Return the places that were ticked, in body order. Unknown values are left out: somebody made them up."""
    ticked = set(data.get("answer") or [])
    return [place for place, token in enumerate(choice_tokens(body)) if token in ticked]


def choice_problems(body: Body) -> list[str]:
    choices = choices_in(body)
    problems: list[str] = []
    if len(choices) < 2:
        problems.append(_("A choice question needs at least two choices."))
    if len(choices) > MOST_CHOICES:
        problems.append(_("A choice question has at most %(most)s choices.") % {"most": MOST_CHOICES})
    texts = [shown(text_in(choice, "text")) for choice in choices]
    problems += [
        _("Choice %(number)s has no text.") % {"number": n} for n, text in enumerate(texts, start=1) if not text
    ]
    problems += [
        _("Choice %(number)s says the same as an earlier one.") % {"number": n}
        for n, text in enumerate(texts, start=1)
        if text and text in texts[: n - 1]
    ]
    return problems


def public_choices(body: Body, order: Sequence[int] | None) -> list[dict[str, str]]:
    """Return [{"value", "text"}]: the value to post and clean HTML to show."""
    choices, names = choices_in(body), choice_tokens(body)
    return [{"value": names[n], "text": shown(text_in(choices[n], "text"))} for n in in_order(len(choices), order)]


def revealed_choices(body: Body, chosen: Iterable[int]) -> dict[str, Any]:
    """Return what `reveal` promises, and each choice as {"value", "text", "correct", "chosen", "feedback"} in body
    order."""
    ticked, names = set(chosen), choice_tokens(body)
    rows = [
        {
            "value": names[n],
            "text": shown(text_in(choice, "text")),
            "correct": is_right(choice),
            "chosen": n in ticked,
            "feedback": shown_block(text_in(choice, "feedback")),
        }
        for n, choice in enumerate(choices_in(body))
    ]
    return {
        "right": [row["text"] for row in rows if row["correct"]],
        "given": [row["text"] for row in rows if row["chosen"]],
        "feedback": [row["feedback"] for row in rows if row["chosen"] and row["feedback"]],
        "choices": rows,
    }


def shuffled_choices(body: Body) -> int:
    return len(choices_in(body)) if body.get("shuffle", True) is not False else 0
