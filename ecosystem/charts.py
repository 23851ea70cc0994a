"""Charts as SVG text, made on the server: the same drawing for page, mail and PDF, and no JavaScript.

Each mark has a class, which the style sheet recolours on a page (dark mode too), and presentation attributes,
which is all that WeasyPrint reads in a PDF. Every text that comes in is escaped. Each chart has a title and a
description for screen readers; the page puts the numbers beside it as a table (component "figure").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Literal, NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from ecosystem.chart_numbers import nice_step, number, stretches
from ecosystem.theme import tokens

FONT = "Figtree Variable,Figtree,system-ui,sans-serif"
Tone = Literal["ok", "warn", "bad", "soft", "brand"]


class Palette(NamedTuple):
    """The colours a chart is drawn in, each `#rrggbb`."""

    ink: str
    quiet: str
    line: str
    soft: str
    ground: str
    brand: str
    on_brand: str
    accent: str
    ok: str
    warn: str
    bad: str


class Series(NamedTuple):
    """One line. A missing value (None) leaves a gap. `kind` is main, second or target (dotted)."""

    name: str
    values: Sequence[float | None]
    kind: Literal["main", "second", "target"] = "main"


class Bar(NamedTuple):
    """One bar with its value and, if useful, a short note such as "55% of started"."""

    label: str
    value: float
    note: str = ""


class Change(NamedTuple):
    """Before and after, both in percent."""

    label: str
    before: float
    after: float


class _Canvas(NamedTuple):
    """The plot area of a line chart in SVG units."""

    left: float
    right: float
    top: float
    bottom: float


def palette_of(colours: dict[str, str]) -> Palette:
    """Chart colours from the tokens of a theme."""
    names = ("text", "text-2", "line", "surface-3", "surface", "brand", "on-brand", "accent", "ok", "warn", "bad")
    return Palette(*(colours[name] for name in names))


@lru_cache(maxsize=1)
def screen_palette() -> Palette:
    """Colours for pages: the style sheet replaces them by the environment's, so any will do."""
    return palette_of(tokens(brand="#0b6e69", accent="#e8743b"))


PHONE = 360  # the widest drawing that can be read on a phone without being moved
WORDS = 38  # pixels that the two lines of words at the end of a line are high


def lines(
    series: Sequence[Series],
    *,
    labels: Sequence[str],
    palette: Palette,
    title: str,
    description: str,
    unit: str = "",
    width: int = 640,
    height: int = 270,
) -> SafeString:
    """Lines over time; the last point carries name and value, so no legend is needed."""
    known = [value for one in series for value in one.values if value is not None]
    step = nice_step(max([*known, 1]))
    top = step * max(1, -int(-max([*known, 1]) // step))
    room = max(78, 18 + 8 * max((len(one.name) for one in series), default=0))
    area = _Canvas(left=48, right=width - room, top=18, bottom=height - 32)
    drawn = _grid(area, palette, top=top, step=step, unit=unit)
    drawn += _axis_labels(labels, area, palette, y=height - 8)
    for one, shift in zip(series, _apart(series, area, count=len(labels), top=top), strict=True):
        drawn += _line(one, area, palette, count=len(labels), top=top, unit=unit, shift=shift)
    # On a phone the names are at the far end: the frame opens there.
    return _svg(width, height, title, description, f'<g class="ends">{drawn}</g>')


def bars(
    rows: Sequence[Bar],
    *,
    palette: Palette,
    title: str,
    description: str,
    total: float | None = None,
    unit: str = "",
    width: int = 640,
    label_width: int = 150,
) -> SafeString:
    """Horizontal bars, one under the other, against `total` or the largest."""
    row_height, largest = 46, total or max((row.value for row in rows), default=1) or 1
    room = width - label_width - 56
    drawn = ""
    for at, row in enumerate(rows):
        y, length = at * row_height, room * min(row.value / largest, 1)
        drawn += _text(0, y + 26, row.label, palette, css="c-ink", weight=600)
        drawn += f'<rect class="c-soft" x="{label_width}" y="{y + 8}" width="{room}" height="26" rx="6" fill="{palette.soft}"/>'
        if length > 0:
            drawn += (
                f'<rect class="c-fill" x="{label_width}" y="{y + 8}" width="{length:.1f}" height="26" rx="6" '
                f'fill="{palette.brand}"/>'
            )
        drawn += _text(
            width, y + 27, f"{number(row.value)}{unit}", palette, anchor="end", css="c-ink", size=15, weight=700
        )
        drawn += _bar_note(row.note, palette, x=label_width, y=y + 26, length=length)
    if width <= PHONE:  # on a phone all of it is seen at once, the numbers at its end too
        drawn = f'<g class="whole">{drawn}</g>'
    return _svg(width, max(row_height * len(rows), 1), title, description, drawn)


def columns(
    rows: Sequence[Bar],
    *,
    palette: Palette,
    title: str,
    description: str,
    width: int = 360,
    height: int = 132,
) -> SafeString:
    """Columns side by side, such as weeks, small enough for a card: all values where they fit, else that of the highest."""
    floor, largest = height - 22, max((row.value for row in rows), default=0) or 1
    slot = width / max(len(rows), 1)
    every = -(-len(rows) // 6) or 1
    highest = max(range(len(rows)), key=lambda at: rows[at].value, default=0)
    drawn = f'<path class="c-grid" d="M0 {floor}H{width}" stroke="{palette.line}"/>'
    for at, row in enumerate(rows):
        left, thick = at * slot, min(slot * 0.7, 44)
        middle, tall = left + slot / 2, (floor - 20) * max(row.value, 0) / largest
        if tall:
            drawn += (
                f'<rect class="c-fill" x="{middle - thick / 2:.1f}" y="{floor - tall:.1f}" width="{thick:.1f}" '
                f'height="{tall:.1f}" rx="{min(4, thick / 3):.1f}" fill="{palette.brand}"/>'
            )
        if row.value and (slot >= 30 or at == highest):
            at_x = min(max(middle, 14), width - 14)
            drawn += _text(
                at_x, floor - tall - 5, number(row.value), palette, anchor="middle", css="c-ink", size=13, weight=700
            )
        if at % every == 0 and left <= width - 46:
            whole = every == 1
            drawn += _text(
                middle if whole else left,
                height - 5,
                row.label,
                palette,
                anchor="middle" if whole else "start",
                size=13,
            )
    return _svg(width, height, title, description, drawn)


def dumbbells(
    rows: Sequence[Change],
    *,
    palette: Palette,
    title: str,
    description: str,
    width: int = 640,
    label_width: int = 190,
) -> SafeString:
    """Before and after in percent, one row each: an open dot, a line, a filled dot."""
    row_height = 46
    height = row_height * len(rows) + 28
    drawn = ""

    def x_of(value: float) -> float:
        return label_width + (width - label_width - 30) * min(max(value, 0), 100) / 100

    for mark in (0, 25, 50, 75, 100):
        drawn += f'<path class="c-grid" d="M{x_of(mark):.1f} 4V{height - 26}" stroke="{palette.line}"/>'
        drawn += _text(x_of(mark), height - 6, f"{mark}%", palette, anchor="middle", size=13)
    for at, row in enumerate(rows):
        y, start, end = at * row_height + 24, x_of(row.before), x_of(row.after)
        side = 1 if row.after >= row.before else -1
        drawn += _text(0, y + 5, row.label, palette, css="c-ink", weight=600)
        drawn += f'<path class="c-main" d="M{start:.1f} {y}H{end:.1f}" stroke="{palette.brand}" stroke-width="4" fill="none"/>'
        drawn += f'<circle class="c-hole" cx="{start:.1f}" cy="{y}" r="7" fill="{palette.ground}" stroke="{palette.quiet}" stroke-width="3"/>'
        drawn += f'<circle class="c-dot" cx="{end:.1f}" cy="{y}" r="8.5" fill="{palette.brand}"/>'
        before_end, after_start = ("end", "start") if side > 0 else ("start", "end")
        drawn += _text(start - 13 * side, y + 5, number(row.before), palette, anchor=before_end, size=13)
        drawn += _text(
            end + 14 * side, y + 5, number(row.after), palette, anchor=after_start, css="c-ink", size=13, weight=700
        )
    return _svg(width, height, title, description, drawn)


def stack(
    parts: Sequence[tuple[Tone, float]],
    *,
    palette: Palette,
    title: str,
    description: str = "",
    width: int = 220,
    height: int = 16,
) -> SafeString:
    """One bar split into parts, for table rows."""
    total, x, drawn = sum(value for _, value in parts) or 1, 0.0, ""
    for tone, value in parts:
        length = width * value / total
        if value:
            drawn += (
                f'<rect class="c-{tone}" x="{x:.1f}" y="0" width="{max(length - 2, 1):.1f}" height="{height}" rx="4" '
                f'fill="{getattr(palette, tone)}"/>'
            )
        x += length
    return _svg(width, height, title, description, drawn)


def spark(values: Sequence[float], *, palette: Palette, title: str, width: int = 120, height: int = 34) -> SafeString:
    """A small line without axes. Fewer than two values draw nothing but the title."""
    drawn = ""
    if len(values) > 1:
        low, high = min(values), max(values)
        points = [
            (3 + at * (width - 8) / (len(values) - 1), 4 + (height - 8) * (1 - (value - low) / ((high - low) or 1)))
            for at, value in enumerate(values)
        ]
        x, y = points[-1]
        drawn = (
            f'<path class="c-main" d="{_path(points)}" fill="none" stroke="{palette.brand}" stroke-width="2.5" '
            f'stroke-linecap="round" stroke-linejoin="round"/>'
            f'<circle class="c-dot" cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{palette.brand}"/>'
        )
    return _svg(width, height, title, ", ".join(number(value) for value in values), drawn)


def _apart(series: Sequence[Series], area: _Canvas, *, count: int, top: float) -> list[float]:
    """By how much to move the words at the end of each line, so that none lie on others."""
    _, y_of = _scales(area, count, top)
    ends = [y_of(next((value for value in reversed(one.values) if value is not None), 0)) for one in series]
    shifts, before = [0.0] * len(ends), float("-inf")
    for place in sorted(range(len(ends)), key=lambda place: ends[place]):
        before = max(ends[place], before + WORDS)
        shifts[place] = before - ends[place]
    return shifts


def _line(
    one: Series, area: _Canvas, palette: Palette, *, count: int, top: float, unit: str, shift: float = 0.0
) -> str:
    x_of, y_of = _scales(area, count, top)
    runs = stretches([None if value is None else (x_of(at), y_of(value)) for at, value in enumerate(one.values)])
    if not runs:
        return ""
    colour, css = {
        "main": (palette.brand, "c-main"),
        "second": (palette.accent, "c-second"),
        "target": (palette.quiet, "c-target"),
    }[one.kind]
    drawn = ""
    for points in runs:
        if one.kind == "main":
            floor = f"L{points[-1][0]:.1f} {area.bottom} L{points[0][0]:.1f} {area.bottom}Z"
            drawn += f'<path class="c-area" d="{_path(points)} {floor}" fill="{colour}" fill-opacity=".10"/>'
        dotted = ' stroke-dasharray="2 6"' if one.kind == "target" else ""
        drawn += (
            f'<path class="{css}" d="{_path(points)}" fill="none" stroke="{colour}" '
            f'stroke-width="{2.5 if one.kind == "target" else 3.5}" stroke-linejoin="round" stroke-linecap="round"{dotted}/>'
        )
    last = runs[-1][-1]
    if one.kind != "target":
        drawn += (
            f'<circle class="{css}-dot" cx="{last[0]:.1f}" cy="{last[1]:.1f}" r="5.5" fill="{colour}" '
            f'stroke="{palette.ground}" stroke-width="2.5"/>'
        )
    value = [value for value in one.values if value is not None][-1]
    return drawn + _end_label(one.name, f"{number(value)}{unit}", (last[0], last[1] + shift), area, palette)


def _end_label(name: str, value: str, at: tuple[float, float], area: _Canvas, palette: Palette) -> str:
    x, y = at
    if x > area.right - 4:
        return _text(x + 10, y - 2, name, palette, css="c-ink", weight=650) + _text(x + 10, y + 15, value, palette)
    anchor = "end" if x > (area.left + area.right) / 2 - 80 else "start"
    return _text(
        x - 10 if anchor == "end" else x, y - 11, f"{name} {value}", palette, anchor=anchor, css="c-ink", weight=650
    )


def _grid(area: _Canvas, palette: Palette, *, top: float, step: float, unit: str) -> str:
    _, y_of = _scales(area, 2, top)
    drawn, value = "", 0.0
    while value <= top:
        drawn += f'<path class="c-grid" d="M{area.left} {y_of(value):.1f}H{area.right}" stroke="{palette.line}"/>'
        drawn += _text(area.left - 8, y_of(value) + 4, f"{number(value)}{unit}", palette, anchor="end", size=13)
        value += step
    return drawn


def _axis_labels(labels: Sequence[str], area: _Canvas, palette: Palette, *, y: float) -> str:
    x_of, _ = _scales(area, len(labels), 1)
    every = max(1, -(-len(labels) // 6))
    places = [(x_of(at), labels[at]) for at in range(0, len(labels), every)]
    # One near the edge ends there; in its middle it would be cut off.
    return "".join(
        _text(min(x, area.right), y, said, palette, anchor="end" if x > area.right - 24 else "middle", size=13)
        for x, said in places
    )


def _scales(area: _Canvas, count: int, top: float) -> tuple[Callable[[float], float], Callable[[float], float]]:
    across, down = area.right - area.left, area.bottom - area.top
    return (
        lambda at: area.left + at * across / max(count - 1, 1),
        lambda value: area.top + down * (1 - value / top),
    )


def _bar_note(note: str, palette: Palette, *, x: float, y: float, length: float) -> str:
    if not note:
        return ""
    if length > 8 * len(note):
        return _text(x + 10, y, note, palette, css="c-on", size=13, fill=palette.on_brand)
    return _text(x + length + 8, y, note, palette, size=13)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def _text(
    x: float,
    y: float,
    text: str,
    palette: Palette,
    *,
    anchor: str = "start",
    size: int = 14,
    css: str = "c-quiet",
    weight: int = 400,
    fill: str = "",
) -> str:
    colour = fill or (palette.ink if css == "c-ink" else palette.quiet)
    return (
        f'<text class="{css}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
        f'font-weight="{weight}" fill="{colour}">{escape(text)}</text>'
    )


def _svg(width: int, height: int, title: str, description: str, drawn: str) -> SafeString:
    # The id comes from what is drawn: the same chart is the same bytes in every process, two charts differ.
    key = sha256(f"{title}|{description}|{drawn}".encode()).hexdigest()[:10]
    return mark_safe(  # noqa: S308 - numbers are formatted and texts escaped above
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart-svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="c{key}t c{key}d" font-family="{FONT}"><title id="c{key}t">{escape(title)}</title>'
        f'<desc id="c{key}d">{escape(description)}</desc>{drawn}</svg>'
    )
