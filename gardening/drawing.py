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
    """An element as texts: the template would ask for each number how the language writes it."""

    item: Item
    x: str
    y: str
    r: str
    halo: str
    icon: tuple[str, str, str]  # left, top and size of the sign inside the circle
    lines: list[tuple[str, str]]
    said: str


@dataclass(frozen=True)
class _Circle:
    x: int
    y: int
    r: int


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
    circles = {node.key: _circle(node, left, top) for node in nodes}
    dots = [_dot(node, items[node.key], circles[node.key]) for node in nodes]
    size = "l" if len(nodes) > LARGE else "m" if len(nodes) > MEDIUM else "s"
    curves = [_curve(edge, items, circles) for edge in garden.edges]
    return Drawing(round(right - left), round(bottom - top), dots, curves, size)


def _place(node: Node) -> tuple[float, float]:
    if node.place is None:
        raise ValueError(f"Node {node.key} has no place yet; lay the map out first.")
    return node.place


def _circle(node: Node, left: float, top: float) -> _Circle:
    x, y = _place(node)
    return _Circle(round(x - left), round(y - top), node.radius)


def _dot(node: Node, item: Item, circle: _Circle) -> Dot:
    x, y, r = circle.x, circle.y, circle.r
    lines = [(str(y + r + 22 + LINE * at), line) for at, line in enumerate(node.lines)]
    count = item.facts.connections
    connections = ngettext("%(count)s connection", "%(count)s connections", count) % {"count": count}
    said = ", ".join((item.element.title, item.kind, item.health.word, connections))  # what a screen reader says
    sign = round(r * 0.95)
    icon = str(x - sign // 2), str(y - sign // 2), str(sign)
    return Dot(item, str(x), str(y), str(r), str(r + 7), icon, lines, said)


def _curve(edge: Edge, items: dict[int, Item], circles: dict[int, _Circle]) -> Curve:
    """A slightly bent line that ends at the rims, so that an arrow can be seen."""
    one, two = circles[edge.source], circles[edge.target]
    dx, dy = two.x - one.x, two.y - one.y
    length = max((dx * dx + dy * dy) ** 0.5, 1.0)
    bend_x, bend_y = (one.x + two.x) / 2 + dy * 0.08, (one.y + two.y) / 2 - dx * 0.08
    gap = two.r + 9
    start = f"{one.x + dx * one.r / length:.0f} {one.y + dy * one.r / length:.0f}"
    end = f"{two.x - dx * gap / length:.0f} {two.y - dy * gap / length:.0f}"
    names = {"one": items[edge.source].element.title, "two": items[edge.target].element.title, "kind": edge.label}
    if edge.kind:
        said = _("“%(one)s” %(kind)s “%(two)s”.") % names
        said = f"{said} {edge.hypothesis}".strip()
    else:
        said = _("“%(one)s” is a part of “%(two)s”.") % names
    return Curve(f"M{start}Q{bend_x:.0f} {bend_y:.0f} {end}", edge.kind or "part", said)
