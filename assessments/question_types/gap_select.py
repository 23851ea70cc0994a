"""A text with gaps, each filled from a list."""

import re
from collections.abc import Iterator, Sequence
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
    place_in,
    places_in,
    score_of,
    share,
    shown_text,
    text_in,
    tokens,
)
from ecosystem.markup import clean_html

# A gap inside a tag (an alternative text, say) is no gap: tags are matched first and passed over. Cleaned HTML
# always quotes with ".
_TAG_OR_GAP = re.compile(r'<(?:[^>"]|"[^"]*")*>|\[\[(?P<number>[0-9]{1,3})\]\]')


class GapSelect:
    """Body: {"text": HTML with [[1]] for "the first choice belongs here", "choices": [{"text": plain, "group": 1}],
    "shuffle": bool}.

    A gap offers all choices of the group of its right choice, and a choice may belong in several gaps. The text takes
    the place of the stem on the page. Response: {"gaps": [place in choices, or null, per gap]}; posted as `answer-0`,
    ... Each right gap earns its share.
    """

    key = "gap_select"
    label = gettext_lazy("Gaps to fill from a list")
    widget, marking = "gaps", Marking.AUTO

    def validate(self, body: Body) -> list[str]:
        choices = items_in(body, "choices")
        gaps = _gap_numbers(body)
        problems = [] if gaps else [_("The text has no gap: write [[1]] where the first choice belongs.")]
        problems += [
            _("Gap [[%(number)s]] has no choice with that number.") % {"number": number}
            for number in sorted(set(gaps))
            if not 1 <= number <= len(choices)
        ]
        problems += [
            _("Choice %(number)s has no text.") % {"number": n}
            for n, choice in enumerate(choices, start=1)
            if not text_in(choice, "text").strip()
        ]
        lonely = {n for n in _right_places(body) if len(_offered(body, n, None)) < 2}
        problems += [_("Gap [[%(number)s]] offers only one choice.") % {"number": n + 1} for n in sorted(lonely)]
        return problems

    def parse(self, body: Body, data: FormData) -> Response | None:
        places = {token: place for place, token in enumerate(choice_names(body))}
        chosen = [places.get(first(data, f"answer-{n}")) for n in range(len(_right_places(body)))]
        return {"gaps": chosen} if any(place is not None for place in chosen) else None

    def fields(self, body: Body, response: object) -> FormData:
        names = choice_names(body)
        places = places_in(response, "gaps", count=len(_right_places(body)), options=len(names))
        return chosen_fields(places, names)

    def score(self, body: Body, response: object) -> Score:
        rows = _rows(body, response)
        return score_of(share(sum(row["correct"] for row in rows), len(rows)))

    def public(self, body: Body, order: Sequence[int] | None = None) -> dict[str, Any]:
        """Return {"replaces_stem": True, "segments": [{"html"} or {"name", "number", "options"}]}, to be written one
        after the other."""
        choices, names, segments = items_in(body, "choices"), choice_names(body), list[dict[str, Any]]()
        gap = 0
        for html, place in pieces_of(body, count=len(items_in(body, "choices"))):
            if html:
                segments.append({"html": html})
            if place is not None:
                options = [
                    {"value": names[n], "text": shown_text(text_in(choices[n], "text"))}
                    for n in _offered(body, place, order)
                ]
                segments.append({"name": f"answer-{gap}", "number": gap + 1, "options": options})
                gap += 1
        return {"replaces_stem": True, "segments": segments}

    def reveal(self, body: Body, response: object) -> dict[str, Any]:
        rows = _rows(body, response)
        return {
            "right": [f"{n}. {row['right']}" for n, row in enumerate(rows, start=1)],
            "given": [f"{n}. {row['given']}" for n, row in enumerate(rows, start=1) if row["given"]],
            "feedback": [],
            "rows": rows,
        }

    def guess_probability(self, body: Body) -> float:
        places = _right_places(body)
        chance = 1.0 if places else 0.0
        for place in places:
            chance /= len(_offered(body, place, None))
        return chance

    def shuffles(self, body: Body) -> int:
        return len(items_in(body, "choices")) if body.get("shuffle", True) is not False else 0


def pieces_of(body: Body, *, count: int) -> Iterator[tuple[str, int | None]]:
    """Yield (clean HTML, number of the gap after it from 0) of body["text"]; the last piece has no gap. Marks above
    `count` stay text."""
    html = clean_html(text_in(body, "text"))
    start = 0
    for found in _TAG_OR_GAP.finditer(html):
        place = place_in(int(found["number"]) - 1, count) if found["number"] else None
        if place is not None:
            yield html[start : found.start()], place
            start = found.end()
    yield html[start:], None


def _gap_numbers(body: Body) -> list[int]:
    found = _TAG_OR_GAP.finditer(clean_html(text_in(body, "text")))
    return [int(gap["number"]) for gap in found if gap["number"]]


def _right_places(body: Body) -> list[int]:
    return [place for _html, place in pieces_of(body, count=len(items_in(body, "choices"))) if place is not None]


def _offered(body: Body, right: int, order: Sequence[int] | None) -> list[int]:
    choices = items_in(body, "choices")
    group = choices[right].get("group", 1)
    return [place for place in in_order(len(choices), order) if choices[place].get("group", 1) == group]


def places_shown(body: Body, order: Sequence[int] | None) -> list[int]:
    """Return the places of the choices as a list shows them: without an order by the alphabet, since the first of the
    body belongs in the first gap."""
    texts = [text_in(choice, "text") for choice in items_in(body, "choices")]
    if order is None:
        return sorted(range(len(texts)), key=lambda n: texts[n].casefold())
    return in_order(len(texts), order)


def choice_names(body: Body) -> list[str]:
    return tokens([text_in(choice, "text") for choice in items_in(body, "choices")])


def _rows(body: Body, response: object) -> list[dict[str, Any]]:
    choices, rights = items_in(body, "choices"), _right_places(body)
    given = response.get("gaps") if isinstance(response, dict) else None
    values = given if isinstance(given, list) else []
    rows = []
    for n, right in enumerate(rights):
        place = place_in(values[n], len(choices)) if n < len(values) else None
        wanted = text_in(choices[right], "text")
        chosen = "" if place is None else text_in(choices[place], "text")
        # By words, not by place: two equal words in one list are the same answer.
        rows.append(
            {"right": shown_text(wanted), "given": shown_text(chosen), "correct": chosen != "" and chosen == wanted}
        )
    return rows
