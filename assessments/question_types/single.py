"""One choice out of several."""

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
    least_of,
    place_in,
    score_of,
    text_in,
)
from assessments.question_types.choices import (
    choice_problems,
    choice_tokens,
    choices_in,
    chosen_places,
    is_right,
    own_fraction,
    public_choices,
    revealed_choices,
    shuffled_choices,
)


class Single:
    """Response: {"choice": place in the body}. Several choices may be right, and one that is not may still earn its own
    `fraction`, below nothing only with "negative": true."""

    key = "single"
    widget, marking = "radios", Marking.AUTO
    label = gettext_lazy("One right answer")

    def validate(self, body: Body) -> list[str]:
        right = any(is_right(choice) for choice in choices_in(body))
        return choice_problems(body) + ([] if right else [_("Mark at least one choice as right.")])

    def parse(self, body: Body, data: FormData) -> Response | None:
        chosen = chosen_places(body, data)
        return {"choice": chosen[0]} if len(chosen) == 1 else None

    def score(self, body: Body, response: object) -> Score:
        place = _chosen(body, response)
        if place is None:
            return score_of(NOTHING)
        choice = choices_in(body)[place]
        return score_of(_fraction(choice), [text_in(choice, "feedback")], least=least_of(body))

    def fields(self, body: Body, response: object) -> FormData:
        place = _chosen(body, response)
        return {} if place is None else {"answer": [choice_tokens(body)[place]]}

    def public(self, body: Body, order: Sequence[int] | None = None) -> dict[str, Any]:
        return {"choices": public_choices(body, order)}

    def reveal(self, body: Body, response: object) -> dict[str, Any]:
        place = _chosen(body, response)
        return revealed_choices(body, [] if place is None else [place])

    def guess_probability(self, body: Body) -> float:
        choices = choices_in(body)
        return sum(is_right(choice) for choice in choices) / len(choices) if choices else 0.0

    def shuffles(self, body: Body) -> int:
        return shuffled_choices(body)


def _chosen(body: Body, response: object) -> int | None:
    place = response.get("choice") if isinstance(response, Mapping) else None
    return place_in(place, len(choices_in(body)))


def _fraction(choice: Mapping[str, Any]) -> Decimal:
    if is_right(choice):
        return ALL
    partly = own_fraction(choice)
    # Only the right choice earns everything, whatever a file says of the others.
    return NOTHING if partly is None else min(partly, Decimal("0.99999"))
