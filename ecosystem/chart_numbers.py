"""The numbers of charts: stretches of a line, steps of a grid, and how people write them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.formats import localize

STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)


def stretches(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """Stretches without a gap."""
    found: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            found.append([])
        else:
            found[-1].append(point)
    return [run for run in found if run]


def nice_step(largest: float) -> float:
    """A step that gives at most five grid lines."""
    return next((step for step in STEPS if largest / step <= 5), largest / 4)


def number(value: float) -> str:
    """As people of this language write it, with one decimal at most: 2.9, in Dutch 2,9."""
    tidy = round(float(value), 1)
    return str(localize(int(tidy) if tidy.is_integer() else tidy))
