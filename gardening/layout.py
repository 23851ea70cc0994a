"""Where the elements of the map go: forces first, then pushing apart until no two labels touch.

Pure: the same nodes and edges give the same places. Nodes that have a place keep it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]

LINE = 20
LETTER = 8.4
WRAP = 17
MAX_LINES = 2
SPARE = 12
GOLDEN = math.pi * (3 - math.sqrt(5))
STEPS = 300


@dataclass(frozen=True)
class Node:
    """``place`` is None for a node that may move."""

    key: int
    label: str
    radius: int
    place: tuple[float, float] | None = None

    @property
    def lines(self) -> list[str]:
        return wrapped(self.label)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Half width, what it needs above and below its centre, for circle and label together."""
        lines = self.lines
        half = max(self.radius, max((len(line) for line in lines), default=0) * LETTER / 2) + SPARE / 2
        return half, half, self.radius + SPARE / 2, self.radius + 8 + LINE * len(lines) + SPARE / 2


def wrapped(label: str) -> list[str]:
    """The label in at most two short lines; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    for word in label.split():
        if lines and len(lines[-1]) + 1 + len(word) <= WRAP:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    kept = [line if len(line) <= WRAP + 3 else line[: WRAP + 2] + "…" for line in lines[:MAX_LINES]]
    if len(lines) > MAX_LINES:
        kept[-1] = kept[-1].rstrip("…,:;") + "…"
    return kept


def layout(nodes: Sequence[Node], edges: Sequence[tuple[int, int]]) -> dict[int, tuple[float, float]]:
    """A place for every node. Labels and circles never overlap, whatever was placed before."""
    if not nodes:
        return {}
    fixed = np.array([node.place is not None for node in nodes])
    index = {node.key: at for at, node in enumerate(nodes)}
    pairs = np.array(
        [(index[a], index[b]) for a, b in edges if a in index and b in index and a != b], dtype=int
    ).reshape(-1, 2)
    places = _start(nodes, pairs)
    if not fixed.all():
        places, boxes = _settle(places, pairs, fixed), _Boxes.of(nodes)
        if not fixed.any():
            places = _apart(places, boxes)
        places = _into_gaps(places, boxes, fixed)
    return {node.key: (round(float(x), 1), round(float(y), 1)) for node, (x, y) in zip(nodes, places, strict=True)}


def _start(nodes: Sequence[Node], pairs: npt.NDArray[np.int_]) -> Points:
    """Placed nodes where they were; new ones beside a placed neighbour or on a spiral, never at random."""
    places = np.zeros((len(nodes), 2))
    degree = np.bincount(pairs.ravel(), minlength=len(nodes)) if len(pairs) else np.zeros(len(nodes))
    order = sorted(range(len(nodes)), key=lambda at: (-degree[at], nodes[at].key))
    known = {at: node.place for at, node in enumerate(nodes) if node.place is not None}
    for turn, at in enumerate(order):
        if at in known:
            places[at] = known[at]
            continue
        out = 70 * math.sqrt(turn + 1)
        near = [known[other] for other in _neighbours(pairs, at) if other in known]
        centre = np.mean(near, axis=0) if near else np.mean(list(known.values()), axis=0) if known else np.zeros(2)
        reach = 90.0 if near else out
        places[at] = centre + reach * np.array([1.35 * math.cos(turn * GOLDEN), math.sin(turn * GOLDEN)])
    return places


def _neighbours(pairs: npt.NDArray[np.int_], at: int) -> list[int]:
    return [int(b if a == at else a) for a, b in pairs if at in (a, b)]


def _settle(places: Points, pairs: npt.NDArray[np.int_], fixed: npt.NDArray[np.bool_]) -> Points:
    """Everything repels, connections pull, and a weak pull to the middle keeps islands in sight."""
    places, middle = places.copy(), places.mean(axis=0)
    steps = max(110, STEPS - len(places))  # a large map has to be ready within a second as well
    for step in range(steps):
        apart = places[:, None, :] - places[None, :, :]
        distance = np.maximum(np.hypot(apart[..., 0], apart[..., 1] * 1.7), 1.0)
        force = (apart * (24_000 / distance**3)[..., None]).sum(axis=1)
        if len(pairs):
            along = places[pairs[:, 1]] - places[pairs[:, 0]]
            length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1.0)
            pull = along * (0.05 * (length - 110) / length)[:, None]
            np.add.at(force, pairs[:, 0], pull)
            np.add.at(force, pairs[:, 1], -pull)
        force += (middle - places) * np.array([0.010, 0.034])
        moved = np.clip(force * (1.2 * (1 - step / steps) + 0.05), -60, 60)
        moved[fixed] = 0
        places += moved
    return places


@dataclass(frozen=True)
class _Boxes:
    """Width and height of each node with its label, and how far the middle of that lies below its centre."""

    width: Points
    height: Points
    offset: Points

    @classmethod
    def of(cls, nodes: Sequence[Node]) -> _Boxes:
        left, right, above, below = (np.array(side) for side in zip(*(node.box for node in nodes), strict=True))
        return cls(left + right, above + below, (below - above) / 2)


def _apart(places: Points, boxes: _Boxes) -> Points:
    """Push boxes apart along the shorter way; what still touches now and then is spread out as a whole."""
    places, count = places.copy(), len(places)
    tie = np.sign(np.arange(count)[:, None] - np.arange(count)[None, :]).astype(float)
    for turn in range(600):
        x, y = places[:, 0], places[:, 1] + boxes.offset
        dx, dy = x[:, None] - x[None, :], y[:, None] - y[None, :]
        over_x = (boxes.width[:, None] + boxes.width[None, :]) / 2 - np.abs(dx)
        over_y = (boxes.height[:, None] + boxes.height[None, :]) / 2 - np.abs(dy)
        touching = (over_x > 0) & (over_y > 0)
        np.fill_diagonal(touching, val=False)
        if not touching.any():
            break
        sideways = touching & (over_x < over_y)
        upright = touching & ~sideways
        push_x = np.where(sideways, (over_x + 1) / 2 * np.where(dx == 0, tie, np.sign(dx)), 0).sum(axis=1)
        push_y = np.where(upright, (over_y + 1) / 2 * np.where(dy == 0, tie, np.sign(dy)), 0).sum(axis=1)
        places[:, 0] += np.clip(push_x, -80, 80)
        places[:, 1] += np.clip(push_y, -80, 80)
        if turn % 60 == 59:
            middle = places.mean(axis=0)
            places = middle + (places - middle) * 1.12
    return places


def _into_gaps(places: Points, boxes: _Boxes, done: npt.NDArray[np.bool_]) -> Points:
    """Each node that is not ``done`` goes to the free spot nearest to where it wants to be; the others stand still."""
    places, done = places.copy(), done.copy()
    for at in np.flatnonzero(~done).tolist():
        wish = places[at].copy()
        turn = 0
        while _touches(places, boxes, done, at):
            turn += 1
            out = 14 * math.sqrt(turn)
            places[at] = wish + out * np.array([math.cos(turn * GOLDEN), math.sin(turn * GOLDEN)])
        done[at] = True
    return places


def _touches(places: Points, boxes: _Boxes, done: npt.NDArray[np.bool_], at: int) -> bool:
    near_x = np.abs(places[:, 0] - places[at, 0]) < (boxes.width + boxes.width[at]) / 2
    middle = places[:, 1] + boxes.offset
    near_y = np.abs(middle - middle[at]) < (boxes.height + boxes.height[at]) / 2
    return bool((near_x & near_y & done).any())
