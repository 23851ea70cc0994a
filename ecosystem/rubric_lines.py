"""A criterion of a rubric as people type it: ``Structure: missing 0, partly 1, clear 2``."""

from __future__ import annotations

from typing import Any

LONGEST = 120  # letters of a title
MOST_POINTS = 1000


class RubricLineError(ValueError):
    """The line cannot be read."""


def criterion_of(line: str) -> tuple[str, list[dict[str, Any]]]:
    """(what stands before the colon, its levels: {"title", "points"}); raises RubricLineError."""
    head, colon, rest = line.partition(":")
    levels = []
    for part in rest.split(","):
        words, _space, number = part.strip().rpartition(" ")
        points = whole_number(number, most=MOST_POINTS)
        if not colon or not words or points is None:
            raise RubricLineError(line)
        levels.append({"title": words.strip()[:LONGEST], "points": points})
    return head.strip(), levels


def whole_number(text: str, *, most: int) -> int | None:
    """None for what is no number, or a larger one."""
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most))):
        return None
    return int(text) if int(text) <= most else None
