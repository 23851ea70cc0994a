"""Items on the left, each with its answer chosen from one list."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.question_types.base import (
    Body,
    FormData,
    Marking,
    Response,
    Score,
    chosen_fields,
    first,
    in_order,
    items_in,
    places_in,
    score_of,
    share,
    shown,
    shown_text,
    text_in,
    texts_in,
    tokens,
)


class Matching:
    """Body: {"pairs": [{"text": HTML, "answer": plain text}], "distractors": [plain text]}.

    Several pairs may share an answer. Response: {"pairs": [place in the list of answers, or null, per pair]}; posted as
    `answer-0`, ... Each right pair earns its share.
    """

    key = "matching"
    widget, marking = "selects", Marking.AUTO
    label = gettext_lazy("Matching")

    def validate(self, body: Body) -> list[str]:
        pairs = items_in(body, "pairs")
        problems: list[str] = []
        if len(pairs) < 2:
            problems.append(_("A matching question needs at least two pairs."))
        if len(_options(body)) < 2:
            problems.append(_("A matching question needs at least two different answers."))
        for number, pair in enumerate(pairs, start=1):
            if not shown(text_in(pair, "text")) or not text_in(pair, "answer").strip():
                problems.append(_("Pair %(number)s is not complete.") % {"number": number})
        return problems

    def parse(self, body: Body, data: FormData) -> Response | None:
        places = {token: place for place, token in enumerate(tokens(_options(body)))}
        chosen = [places.get(first(data, f"answer-{n}")) for n in range(len(items_in(body, "pairs")))]
        return {"pairs": chosen} if any(place is not None for place in chosen) else None

    def fields(self, body: Body, response: object) -> FormData:
        options = _options(body)
        places = places_in(response, "pairs", count=len(items_in(body, "pairs")), options=len(options))
        return chosen_fields(places, tokens(options))

    def score(self, body: Body, response: object) -> Score:
        rows = _rows(body, response)
        return score_of(share(sum(row["correct"] for row in rows), len(rows)))

    def public(self, body: Body, order: Sequence[int] | None = None) -> dict[str, Any]:
        options, names = _options(body), tokens(_options(body))
        # Without an order the list goes by the alphabet: in body order it would stand beside its pairs.
        places = (
            sorted(range(len(options)), key=lambda n: options[n].casefold())
            if order is None
            else in_order(len(options), order)
        )
        return {
            "items": [
                {"name": f"answer-{n}", "text": shown(text_in(pair, "text"))}
                for n, pair in enumerate(items_in(body, "pairs"))
            ],
            "options": [{"value": names[n], "text": shown_text(options[n])} for n in places],
        }

    def reveal(self, body: Body, response: object) -> dict[str, Any]:
        rows = _rows(body, response)
        return {
            "right": [f"{row['text']} → {row['right']}" for row in rows],
            "given": [f"{row['text']} → {row['given']}" for row in rows if row["given"]],
            "feedback": [],
            "rows": rows,
        }

    def guess_probability(self, body: Body) -> float:
        options, pairs = len(_options(body)), len(items_in(body, "pairs"))
        return (1.0 / options) ** pairs if options and pairs else 0.0

    def shuffles(self, body: Body) -> int:
        return len(_options(body))


def _options(body: Body) -> list[str]:
    """Return the answers without repeats, those of the pairs first: responses name places in this list."""
    answers = [text_in(pair, "answer") for pair in items_in(body, "pairs")] + texts_in(body, "distractors")
    return list(dict.fromkeys(answer for answer in answers if answer.strip()))


def _rows(body: Body, response: object) -> list[dict[str, Any]]:
    pairs, options = items_in(body, "pairs"), _options(body)
    chosen = places_in(response, "pairs", count=len(pairs), options=len(options))
    rows = []
    for pair, place in zip(pairs, chosen, strict=True):
        given = "" if place is None else options[place]
        right = text_in(pair, "answer")
        rows.append(
            {
                "text": shown(text_in(pair, "text")),
                "right": shown_text(right),
                "given": shown_text(given),
                "correct": given != "" and given == right,
            }
        )
    return rows
