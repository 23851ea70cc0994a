"""Items to put in the right order."""

from collections.abc import Sequence
from itertools import pairwise
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
    first,
    in_order,
    items_in,
    place_in,
    places_in,
    score_of,
    share,
    shown,
    text_in,
    tokens,
)

MOST_ITEMS = 30
GRADINGS = ("place", "next", "longest", "exact")


class Ordering:
    """Body: {"items": [{"text": HTML}] in the right order, "grading": "place"|"next"|"longest"|"exact"}.

    Response: {"places": [the place (from 0) given to each item, or null]}; posted as `answer-<n>`, the numbers of the
    fields following the tokens of the items, so that they tell nothing, the values from 1. "place": each item in its
    place earns its share; "next": each item followed by the right one; "longest": the longest run of items whose order
    is right, whatever stands between; "exact": all or nothing. Two items in one place earn nothing for either.
    """

    key = "ordering"
    label = gettext_lazy("Put in order")
    widget, marking = "order", Marking.AUTO

    def validate(self, body: Body) -> list[str]:
        texts = _texts(body)
        problems = [] if len(texts) > 1 else [_("A question about order needs at least two items.")]
        if len(texts) > MOST_ITEMS:
            problems.append(_("A question about order has at most %(most)s items.") % {"most": MOST_ITEMS})
        cleaned = [shown(text) for text in texts]
        problems += [_("Item %(number)s has no text.") % {"number": n} for n, text in enumerate(cleaned, 1) if not text]
        problems += [
            _("Item %(number)s says the same as an earlier one.") % {"number": n}
            for n, text in enumerate(cleaned, 1)
            if text and text in cleaned[: n - 1]
        ]
        return problems

    def parse(self, body: Body, data: FormData) -> Response | None:
        count = len(_texts(body))
        places = [_place(first(data, name), count) for name in _names(body)]
        return {"places": places} if any(place is not None for place in places) else None

    def fields(self, body: Body, response: object) -> FormData:
        given = zip(_names(body), _places(body, response), strict=True)
        return {name: [str(place + 1)] for name, place in given if place is not None}

    def score(self, body: Body, response: object) -> Score:
        places = _places(body, response)
        count = len(places)
        if not count or all(place is None for place in places):
            return score_of(NOTHING)
        clear = [place if places.count(place) == 1 else None for place in places]
        if clear == list(range(count)):
            return score_of(ALL)
        grading = body.get("grading")
        if grading == "exact":
            return score_of(NOTHING)
        if grading == "next":
            order = _given_order(clear)
            right = sum(one is not None and two == one + 1 for one, two in pairwise(order))
            return score_of(share(right, count - 1))
        if grading == "longest":
            longest = _longest_rising([place for place in clear if place is not None])
            return score_of(share(longest, count) if longest > 1 else NOTHING)
        return score_of(share(sum(place == n for n, place in enumerate(clear)), count))

    def public(self, body: Body, order: Sequence[int] | None = None) -> dict[str, Any]:
        """Return {"items": [{"name", "text"}], "options": [{"value", "text"}]}; without an order in that of the
        tokens, since the order of the body is the answer."""
        texts, names = _texts(body), _names(body)
        places = sorted(range(len(texts)), key=lambda n: names[n]) if order is None else in_order(len(texts), order)
        return {
            "items": [{"name": names[n], "text": shown(texts[n])} for n in places],
            "options": [{"value": str(n), "text": str(n)} for n in range(1, len(texts) + 1)],
        }

    def reveal(self, body: Body, response: object) -> dict[str, Any]:
        texts = [shown(text) for text in _texts(body)]
        places = _places(body, response)
        given = sorted((place, texts[n]) for n, place in enumerate(places) if place is not None)
        return {
            "right": [f"{n}. {text}" for n, text in enumerate(texts, start=1)],
            "given": [f"{place + 1}. {text}" for place, text in given],
            "feedback": [],
        }

    def guess_probability(self, body: Body) -> float:
        chance = 1.0 if _texts(body) else 0.0
        for count in range(2, len(_texts(body)) + 1):
            chance /= count
        return chance

    def shuffles(self, body: Body) -> int:
        return len(_texts(body))


def _texts(body: Body) -> list[str]:
    return [text_in(item, "text") for item in items_in(body, "items")]


def _names(body: Body) -> list[str]:
    """Return the name of the field of each item."""
    named = tokens(_texts(body))
    ranks = {token: rank for rank, token in enumerate(sorted(named))}
    return [f"answer-{ranks[token]}" for token in named]


def _place(value: str, count: int) -> int | None:
    return place_in(int(value) - 1, count) if value.isascii() and value.isdecimal() and len(value) < 4 else None


def _places(body: Body, response: object) -> list[int | None]:
    count = len(_texts(body))
    return places_in(response, "places", count=count, options=count)


def _given_order(places: list[int | None]) -> list[int | None]:
    """Return the item at each place; None where there is none."""
    order: list[int | None] = [None] * len(places)
    for item, place in enumerate(places):
        if place is not None:
            order[place] = item
    return order


def _longest_rising(places: list[int]) -> int:
    """Return the length of the longest rising subsequence."""
    lengths: list[int] = []
    for n, place in enumerate(places):
        lengths.append(1 + max((lengths[m] for m in range(n) if places[m] < place), default=0))
    return max(lengths, default=0)
