"""What each choice of a question earns or costs, as formats write it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from assessments.question_types.base import items_in
from assessments.question_types.choices import is_right, own_fraction


def choice_shares(body: Mapping[str, Any], *, several: bool) -> list[Decimal]:
    """The share of every choice in turn, -1 to 1: its own, or that of the rule of one or of several right answers."""
    choices = items_in(body, "choices")
    right = sum(map(is_right, choices))
    return [_share(choice, several=several, right=right, wrong=len(choices) - right) for choice in choices]


def _share(choice: Mapping[str, Any], *, several: bool, right: int, wrong: int) -> Decimal:
    own = own_fraction(choice)
    if several:
        rule = Decimal(1) / right if is_right(choice) else -Decimal(1) / wrong
        return rule if own is None else own
    if is_right(choice):
        return Decimal(1)
    return Decimal(0) if own is None else own
