"""What was foretold beside what happened, as a drawing."""

from xml.sax.saxutils import escape

from memotrainer.engine.lives import Floats
from memotrainer.engine.scores import calibration

SIDE, LEFT, TOP = 420, 60, 20
COLOURS = ("#b45309", "#2563eb", "#15803d", "#7c3aed")


def calibration_svg(right: Floats, told: dict[str, Floats]) -> str:
    """Ten equally large groups of answers for each model; on the diagonal is a model that can be believed."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE + LEFT + 20} {SIDE + TOP + 60 + 20 * len(told)}"'
        ' font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<rect x="{LEFT}" y="{TOP}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#999"/>',
        f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="#999" stroke-dasharray="4 4"/>',
    ]
    for tenth in range(0, 11, 2):
        share = tenth / 10
        parts.append(f'<text x="{_x(share)}" y="{TOP + SIDE + 16}" text-anchor="middle">{share:.0%}</text>')
        parts.append(f'<text x="{LEFT - 6}" y="{_y(share) + 4}" text-anchor="end">{share:.0%}</text>')
    parts.append(f'<text x="{LEFT + SIDE / 2}" y="{TOP + SIDE + 34}" text-anchor="middle">foretold</text>')
    parts.append(
        f'<text x="14" y="{TOP + SIDE / 2}" text-anchor="middle" transform="rotate(-90 14 {TOP + SIDE / 2})">answered right</text>'
    )
    for (name, values), colour, row in zip(told.items(), COLOURS, range(len(told)), strict=False):
        points = [(_x(foretold), _y(happened)) for foretold, happened, _count in calibration(right, values)]
        parts.append(
            f'<polyline fill="none" stroke="{colour}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>'
        )
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in points]
        y = TOP + SIDE + 58 + 20 * row
        parts.append(
            f'<circle cx="{LEFT}" cy="{y - 4}" r="5" fill="{colour}"/><text x="{LEFT + 12}" y="{y}">{escape(name)}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])


def _x(share: float) -> float:
    return LEFT + SIDE * share


def _y(share: float) -> float:
    return TOP + SIDE * (1 - share)
