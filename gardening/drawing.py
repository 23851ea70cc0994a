"""The map as numbers for its template: whole numbers, so that no language writes a comma into a path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gardening.layout import LINE, Node
from gardening.selectors import Edge, GardenMap, Item

MARGIN = 18
LARGE, MEDIUM = 60, 26


@dataclass(frozen=True)
class Dot:
    item: Item
    x: int
    y: int
    r: int
    lines: list[tuple[int, str]]
    said: str

    @property
    def halo(self) -> int:
        return self.r + 7

    @property
    def icon(self) -> tuple[int, int, int]:
        """Left, top and size of the sign inside the circle."""
        size = round(self.r * 0.95)
        return self.x - size // 2, self.y - size // 2, size


@dataclass(frozen=True)
class Curve:
    path: str
    kind: str
    said: str


@dataclass(frozen=True)
class Drawing:
    """``size`` names how much room the map takes on a page: s, m or l."""

    width: int
    height: int
    dots: list[Dot]
    curves: list[Curve]
    size: str


def draw(garden: GardenMap, nodes: Sequence[Node]) -> Drawing:
    """The map with its upper left corner at 0, 0."""
    if not nodes:
        return Drawing(0, 0, [], [], "s")
    corners = [(_place(node), node.box) for node in nodes]
    left = min(x - box[0] for (x, _y), box in corners) - MARGIN
    top = min(y - box[2] for (_x, y), box in corners) - MARGIN
    right = max(x + box[1] for (x, _y), box in corners) + MARGIN
    bottom = max(y + box[3] for (_x, y), box in corners) + MARGIN
    items = {item.pk: item for item in garden.items}
    dots = {node.key: _dot(node, items[node.key], left, top) for node in nodes}
    size = "l" if len(nodes) > LARGE else "m" if len(nodes) > MEDIUM else "s"
    curves = [_curve(edge, dots) for edge in garden.edges]
    return Drawing(round(right - left), round(bottom - top), list(dots.values()), curves, size)


def _place(node: Node) -> tuple[float, float]:
    if node.place is None:
        raise ValueError(f"Node {node.key} has no place yet; lay the map out first.")
    return node.place


def _dot(node: Node, item: Item, left: float, top: float) -> Dot:
    x, y = round(_place(node)[0] - left), round(_place(node)[1] - top)
    lines = [(y + node.radius + 22 + LINE * at, line) for at, line in enumerate(node.lines)]
    count = item.facts.connections
    connections = ngettext("%(count)s connection", "%(count)s connections", count) % {"count": count}
    said = ", ".join((item.element.title, item.kind, item.health.word, connections))  # what a screen reader says
    return Dot(item, x, y, node.radius, lines, said)


def _curve(edge: Edge, dots: dict[int, Dot]) -> Curve:
    """A slightly bent line that ends at the rims, so that an arrow can be seen."""
    one, two = dots[edge.source], dots[edge.target]
    dx, dy = two.x - one.x, two.y - one.y
    length = max((dx * dx + dy * dy) ** 0.5, 1.0)
    bend_x, bend_y = (one.x + two.x) / 2 + dy * 0.08, (one.y + two.y) / 2 - dx * 0.08
    gap = two.r + 9
    start = f"{one.x + dx * one.r / length:.0f} {one.y + dy * one.r / length:.0f}"
    end = f"{two.x - dx * gap / length:.0f} {two.y - dy * gap / length:.0f}"
    names = {"one": one.item.element.title, "two": two.item.element.title, "kind": edge.label}
    if edge.kind:
        said = _("“%(one)s” %(kind)s “%(two)s”.") % names
        said = f"{said} {edge.hypothesis}".strip()
    else:
        said = _("“%(one)s” is a part of “%(two)s”.") % names
    return Curve(f"M{start}Q{bend_x:.0f} {bend_y:.0f} {end}", edge.kind or "part", said)
