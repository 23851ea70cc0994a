"""Drawings for covers, made of a few shapes on a ground of 400 by 180. Decoration only: they carry no meaning."""

from __future__ import annotations


def _rings() -> str:
    return "".join(
        f'<circle cx="{330 + (ring % 3) * 3}" cy="{120 + (ring % 2) * 5}" r="{22 + ring * 21}" '
        f'stroke-width="{9 - ring * 0.55:.1f}"/>'
        for ring in range(10)
    )


def _waves() -> str:
    drawn = []
    for row in range(8):
        bends = "".join(f" q 32 {-16 if (row + bend) % 2 else 16} 64 0" for bend in range(8))
        drawn.append(f'<path stroke-width="7" d="M-20 {18 + row * 20}{bends}"/>')
    return "".join(drawn)


def _nodes() -> str:
    ends = [(60, 120, 150, 60), (150, 60, 240, 100), (240, 100, 340, 40), (150, 60, 200, 150)]
    ends += [(240, 100, 320, 140), (60, 120, 200, 150), (340, 40, 400, 110)]
    spots = [(60, 120, 12), (150, 60, 18), (240, 100, 24), (340, 40, 16), (200, 150, 10), (320, 140, 12)]
    lines = "".join(f'<path stroke-width="4" d="M{x} {y} L{u} {v}"/>' for x, y, u, v in ends)
    dots = "".join(f'<circle cx="{x}" cy="{y}" r="{r}" fill="currentColor" stroke="none"/>' for x, y, r in spots)
    return lines + dots


def _leaves() -> str:
    """Rows of leaves on slanted stems, as in a planted field."""
    drawn = []
    for stem in range(6):
        x = 40 + stem * 68
        drawn.append(
            f'<path stroke-width="5" stroke-linecap="round" d="M{x} 190 C {x + 4} 130 {x + 22} 80 {x + 44} 20"/>'
        )
        for leaf in range(4):
            px, py, side = x + 6 + leaf * 10, 140 - leaf * 34, -1 if leaf % 2 else 1
            drawn.append(
                f'<ellipse cx="{px + side * 17}" cy="{py}" rx="19" ry="8.5" fill="currentColor" stroke="none" '
                f'transform="rotate({-28 if side > 0 else 62} {px + side * 17} {py})"/>'
            )
    return "".join(drawn)


def _hills() -> str:
    """Contour lines of two hills."""
    drawn = []
    for line in range(7):
        y = 172 - line * 19
        drawn.append(
            f'<path stroke-width="{6.5 - line * 0.6:.1f}" d="M-10 {y + 12} C 70 {y - 34 + line * 4} 130 {y - 30} '
            f'200 {y + 2} S 330 {y - 62 + line * 6} 410 {y - 14}"/>'
        )
    return "".join(drawn)


ARTS = {"rings": _rings(), "waves": _waves(), "nodes": _nodes(), "leaves": _leaves(), "hills": _hills()}
