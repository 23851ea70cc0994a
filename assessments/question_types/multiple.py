"""Any number of right choices."""

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
    share,
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

# Right choices left out or wrong ones ticked never add up to everything, however the shares of a file are rounded.
NEARLY_ALL = Decimal("0.99999")


class Multiple:
    """Response: {"choices": [places in the body]}.

    Each right tick earns 1 / right choices, each wrong tick costs 1 / wrong choices, below nothing only with
    "negative": true; a choice with its own `fraction` earns or costs that instead. With "all_or_nothing": true only exactly the right set earns
    anything.
    """

    key = "multiple"
    widget, marking = "checkboxes", Marking.AUTO
    label = gettext_lazy("Several right answers")

    def validate(self, body: Body) -> list[str]:
        right = any(is_right(choice) for choice in choices_in(body))
        return choice_problems(body) + ([] if right else [_("Mark at least one choice as right.")])

    def parse(self, body: Body, data: FormData) -> Response | None:
        chosen = chosen_places(body, data)
        return {"choices": chosen} if chosen else None

    def score(self, body: Body, response: object) -> Score:
        choices, chosen = choices_in(body), _chosen(body, response)
        feedback = [text_in(choices[place], "feedback") for place in chosen]
        right = [place for place, choice in enumerate(choices) if is_right(choice)]
        if chosen and chosen == right:
            return score_of(ALL, feedback)
        if body.get("all_or_nothing") is True:
            return score_of(NOTHING, feedback)
        wrong = len(choices) - len(right)
        earned = sum((_tick(choices[place], right=len(right), wrong=wrong) for place in chosen), NOTHING)
        return score_of(min(earned, NEARLY_ALL), feedback, least=least_of(body))

    def fields(self, body: Body, response: object) -> FormData:
        names = choice_tokens(body)
        return {"answer": [names[place] for place in _chosen(body, response)]}

    def public(self, body: Body, order: Sequence[int] | None = None) -> dict[str, Any]:
        return {"choices": public_choices(body, order)}

    def reveal(self, body: Body, response: object) -> dict[str, Any]:
        return revealed_choices(body, _chosen(body, response))

    def guess_probability(self, body: Body) -> float:
        return 0.5 ** len(choices_in(body)) if choices_in(body) else 0.0

    def shuffles(self, body: Body) -> int:
        return shuffled_choices(body)


def _chosen(body: Body, response: object) -> list[int]:
    given = response.get("choices") if isinstance(response, Mapping) else None
    count = len(choices_in(body))
    places = {place_in(value, count) for value in given} if isinstance(given, list) else set()
    return sorted(place for place in places if place is not None)


def _tick(choice: Mapping[str, Any], *, right: int, wrong: int) -> Decimal:
    own = own_fraction(choice)
    if own is not None:
        return own
    return share(1, right) if is_right(choice) else -share(1, wrong)
