"""Places to point at in a picture; the same places are a list of names for who cannot see or point."""

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
    decimal_in,
    items_in,
    least_of,
    place_in,
    score_of,
    share,
    shown_block,
    shown_text,
    text_in,
    tokens,
)
from ecosystem.markup import clean_html

MOST_AREAS = 40
LARGEST_SIDE = 10_000  # pixels
_COORDS = {"rect": 4, "circle": 3}


class Hotspot:
    """Body: {"picture": "attachment:<sha256>", "alt": plain text, "width": pixels, "height": pixels, "several": bool,
    "areas": [{"name": plain text, "shape": "rect"|"circle"|"poly", "coords": [pixels], "correct": bool, "feedback":
    HTML?}]}.

    Coordinates as in an image map: rect left, top, right, bottom; circle x, y, radius; poly x, y, ... The areas are
    drawn on the picture and listed by name, so pointing and choosing are the same. Response: {"areas": [places in the
    body]}. One area: right or wrong. "several": each right one earns its share, each wrong one costs one.
    """

    key = "hotspot"
    label = gettext_lazy("Point in a picture")
    widget, marking = "hotspot", Marking.AUTO

    def validate(self, body: Body) -> list[str]:
        areas = items_in(body, "areas")
        problems: list[str] = []
        if not _picture(body):
            problems.append(_("The question has no picture."))
        if not text_in(body, "alt").strip():
            problems.append(_("Say what the picture shows, for people who cannot see it."))
        if not _size(body, "width") or not _size(body, "height"):
            problems.append(_("The size of the picture is not known."))
        if not 2 <= len(areas) <= MOST_AREAS:
            problems.append(_("A picture has between 2 and %(most)s places to choose from.") % {"most": MOST_AREAS})
        problems += _area_problems(areas)
        if not any(area.get("correct") is True for area in areas):
            problems.append(_("Mark at least one place as right."))
        return problems

    def parse(self, body: Body, data: FormData) -> Response | None:
        ticked = set(data.get("answer") or [])
        chosen = [place for place, token in enumerate(_tokens(body)) if token in ticked]
        if not chosen or (body.get("several") is not True and len(chosen) > 1):
            return None
        return {"areas": chosen}

    def fields(self, body: Body, response: object) -> FormData:
        names = _tokens(body)
        return {"answer": [names[place] for place in _chosen(body, response)]}

    def score(self, body: Body, response: object) -> Score:
        areas, chosen = items_in(body, "areas"), _chosen(body, response)
        feedback = [text_in(areas[place], "feedback") for place in chosen]
        right = [place for place, area in enumerate(areas) if area.get("correct") is True]
        if not chosen:
            return score_of(NOTHING)
        if body.get("several") is not True:
            return score_of(ALL if len(chosen) == 1 and chosen[0] in right else NOTHING, feedback)
        if chosen == right:
            return score_of(ALL, feedback)
        hits = sum(place in right for place in chosen)
        earned = share(2 * hits - len(chosen), len(right))
        return score_of(min(earned, Decimal("0.99999")), feedback, least=least_of(body))

    def public(self, body: Body, order: Sequence[int] | None = None) -> dict[str, Any]:
        """Return {"several", "picture" (HTML of an img), "width", "height", "areas": [{"value", "text", "letter",
        "shape", "numbers", "points", "at"}]}, all numbers of SVG."""
        areas = [
            {"value": token, "text": shown_text(text_in(area, "name")), "letter": _letter(n), **_drawn(area)}
            for n, (area, token) in enumerate(zip(items_in(body, "areas"), _tokens(body), strict=True))
        ]
        return {
            "several": body.get("several") is True,
            "picture": _image(body),
            "width": _size(body, "width") or 1,
            "height": _size(body, "height") or 1,
            "areas": areas,
        }

    def reveal(self, body: Body, response: object) -> dict[str, Any]:
        areas, chosen = items_in(body, "areas"), _chosen(body, response)
        names = [f"{_letter(n)}. {shown_text(text_in(area, 'name'))}" for n, area in enumerate(areas)]
        feedback = [shown_block(text_in(areas[place], "feedback")) for place in chosen]
        return {
            "right": [names[n] for n, area in enumerate(areas) if area.get("correct") is True],
            "given": [names[place] for place in chosen],
            "feedback": [text for text in feedback if text],
        }

    def guess_probability(self, body: Body) -> float:
        areas = items_in(body, "areas")
        right = sum(area.get("correct") is True for area in areas)
        if body.get("several") is True:
            return 0.5 ** len(areas) if areas else 0.0
        return right / len(areas) if areas else 0.0

    def shuffles(self, body: Body) -> int:
        return 0


def _area_problems(areas: list[Mapping[str, Any]]) -> list[str]:
    names = [text_in(area, "name").strip() for area in areas]
    problems: list[str] = []
    for number, area in enumerate(areas, start=1):
        if not names[number - 1]:
            problems.append(_("Place %(number)s has no name.") % {"number": number})
        elif names[number - 1] in names[: number - 1]:
            problems.append(_("Place %(number)s has the same name as an earlier one.") % {"number": number})
        if not _coords(area):
            problems.append(_("The outline of place %(number)s cannot be read.") % {"number": number})
    return problems


def _picture(body: Body) -> str:
    picture = text_in(body, "picture")
    return picture if "src=" in clean_html(f'<img src="{shown_text(picture)}" alt="">') else ""


def _image(body: Body) -> str:
    return clean_html(f'<img src="{shown_text(text_in(body, "picture"))}" alt="{shown_text(text_in(body, "alt"))}">')


def _size(body: Mapping[str, Any], key: str) -> int:
    return place_in(body.get(key), LARGEST_SIDE) or 0


def _tokens(body: Body) -> list[str]:
    return tokens([text_in(area, "name") for area in items_in(body, "areas")])


def _letter(place: int) -> str:
    return chr(ord("A") + place) if place < 26 else f"{chr(ord('A') + place // 26 - 1)}{chr(ord('A') + place % 26)}"


def _chosen(body: Body, response: object) -> list[int]:
    given = response.get("areas") if isinstance(response, Mapping) else None
    count = len(items_in(body, "areas"))
    places = {place_in(value, count) for value in given} if isinstance(given, list) else set()
    return sorted(place for place in places if place is not None)


def _coords(area: Mapping[str, Any]) -> list[float]:
    """Return the numbers of the outline, or none when they are not those of its shape."""
    given = area.get("coords")
    numbers = [decimal_in(value, default=Decimal(-1)) for value in given] if isinstance(given, list) else []
    if any(not 0 <= number <= LARGEST_SIDE for number in numbers):
        return []
    shape = text_in(area, "shape")
    fits = len(numbers) == _COORDS[shape] if shape in _COORDS else len(numbers) >= 6 and len(numbers) % 2 == 0
    if not fits or (shape not in _COORDS and shape != "poly") or len(numbers) > 400:
        return []
    return [float(number) for number in numbers]


def _drawn(area: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an SVG needs, every number as text of a fixed form."""
    numbers, shape = _coords(area), text_in(area, "shape")
    said = [f"{number:.6g}" for number in numbers]
    if shape == "circle" and numbers:
        return {"shape": "circle", "x": said[0], "y": said[1], "r": said[2]}
    if shape == "rect" and numbers:
        left, top, right, bottom = numbers
        numbers = [left, top, right, top, right, bottom, left, bottom]
        said = [f"{number:.6g}" for number in numbers]
    points = " ".join(f"{x},{y}" for x, y in zip(said[::2], said[1::2], strict=True))
    count = max(len(numbers) // 2, 1)
    middle = (sum(numbers[::2]) / count, sum(numbers[1::2]) / count)
    return {"shape": "poly", "points": points, "x": f"{middle[0]:.6g}", "y": f"{middle[1]:.6g}"}
