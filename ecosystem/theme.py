"""The colours of an environment: one brand colour in, every light and dark token out.

All arithmetic is done in OKLCH (Björn Ottosson, "A perceptual color space for image processing", 2020), where
equal steps of lightness look equal. Contrast is the WCAG 2.2 ratio of relative luminances, from 1 to 21.
Whatever colours an environment chooses, the pairs in `TEXT_PAIRS` and `EDGE_PAIRS` meet WCAG AA: the brand
is moved in lightness just as far as its text needs. Status colours never come from the environment.
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import atan2, cos, degrees, hypot, radians, sin
from typing import NamedTuple

TEXT_RATIO = 4.5
EDGE_RATIO = 3.0
AIM = 4.6  # a little more than WCAG asks for, so that rounding to 8 bits cannot fall below it

STATUS_HUES = {"ok": 152.0, "warn": 75.0, "bad": 25.0, "info": 245.0}
FAMILIES = ("brand", "accent", *STATUS_HUES)
SURFACES = ("bg", "surface", "surface-2", "surface-3")
FONTS = {
    "figtree": '"Figtree Variable"',
    "nunito": '"Nunito Variable"',
    "atkinson": '"Atkinson Hyperlegible Next Variable"',
}
MAX_RADIUS = 24

TEXT_PAIRS = [
    *((text, ground) for text in ("text", "text-2", *(f"{name}-text" for name in FAMILIES)) for ground in SURFACES),
    *((f"on-{name}", name) for name in FAMILIES),
    *((f"{name}-text", f"{name}-soft") for name in FAMILIES),
]
EDGE_PAIRS = [("line-strong", ground) for ground in SURFACES[:3]]


class ThemeError(ValueError):
    """The colour, font or radius cannot be used; the message says what would be right."""


class Oklch(NamedTuple):
    """Lightness 0 to 1, chroma 0 to about 0.37, hue in degrees."""

    lightness: float
    chroma: float
    hue: float


class Failure(NamedTuple):
    """A pair of tokens below its required contrast."""

    foreground: str
    background: str
    ratio: float


def parse_colour(value: str) -> tuple[float, float, float]:
    """Red, green and blue from 0 to 1. Only six hex digits after `#` are taken, so nothing else reaches the CSS."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ThemeError(f"{value!r} is not a colour. Write it as # and six hex digits, for example #0b6e69.")
    red, green, blue = (int(value[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def contrast(first: str, second: str) -> float:
    """WCAG contrast ratio of two `#rrggbb` colours, 1 to 21."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def to_oklch(value: str) -> Oklch:
    red, green, blue = (_to_linear(channel) for channel in parse_colour(value))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return Oklch(lightness, hypot(a, b), degrees(atan2(b, a)) % 360)


def to_hex(lightness: float, chroma: float, hue: float) -> str:
    """`#rrggbb`; chroma is lowered until the colour exists in sRGB."""
    channels = _linear_rgb(lightness, chroma, hue)
    while chroma > 0 and not all(-0.0005 <= channel <= 1.0005 for channel in channels):
        chroma = max(0.0, chroma - 0.004)
        channels = _linear_rgb(lightness, chroma, hue)
    return "#" + "".join(f"{round(min(1, max(0, _to_gamma(channel))) * 255):02x}" for channel in channels)


def tokens(*, brand: str, accent: str = "", dark: bool = False) -> dict[str, str]:
    """Every colour token of one mode, name -> `#rrggbb`. Without an accent the brand stands in for it."""
    return dict(_tokens(brand, accent, dark=dark))


@lru_cache(maxsize=256)  # half of what a letter costs
def _tokens(brand: str, accent: str, *, dark: bool) -> dict[str, str]:
    hue = to_oklch(brand).hue
    result = _neutrals(hue, min(to_oklch(brand).chroma, 0.012), dark=dark)
    grounds = [result[name] for name in SURFACES]
    for name, colour in (("brand", brand), ("accent", accent or brand)):
        result |= _family(name, to_oklch(colour), grounds, dark=dark)
    for name, status_hue in STATUS_HUES.items():
        result |= _family(name, Oklch(0.55, 0.14, status_hue), grounds, dark=dark)
    return result


def contrast_failures(colours: dict[str, str]) -> list[Failure]:
    """The pairs below WCAG AA. Empty for everything `tokens` returns; a test holds this for random brands."""
    required = [(pair, TEXT_RATIO) for pair in TEXT_PAIRS] + [(pair, EDGE_RATIO) for pair in EDGE_PAIRS]
    measured = ((pair, contrast(colours[pair[0]], colours[pair[1]]), ratio) for pair, ratio in required)
    return [Failure(*pair, round(found, 2)) for pair, found, ratio in measured if found < ratio]


@lru_cache(maxsize=256)
def theme_css(*, brand: str, accent: str = "", font: str = "figtree", radius: int = 16) -> str:
    """The theme file of one environment. `radius` in px. Refuses what is no colour, font or radius of ours."""
    if font not in FONTS:
        raise ThemeError(f"{font!r} is not a font we have. Choose one of {', '.join(FONTS)}.")
    if not 0 <= radius <= MAX_RADIUS:
        raise ThemeError(f"A radius is 0 to {MAX_RADIUS} px.")
    # The classes are for pages whose <html> is not ours: Django's admin.
    light = _declarations(tokens(brand=brand, accent=accent))
    dark = _declarations(tokens(brand=brand, accent=accent, dark=True))
    return (
        f":root{{--font-brand:{FONTS[font]};--r:{int(radius)}px}}\n"
        f":root,[data-theme=light],.theme-light{{color-scheme:light;{light}}}\n"
        f"@media(prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{dark}}}}}\n"
        f"[data-theme=dark],.theme-dark{{color-scheme:dark;{dark}}}\n"
    )


def _declarations(colours: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in colours.items())


def _neutrals(hue: float, tint: float, *, dark: bool) -> dict[str, str]:
    """Grounds, lines and text, tinted with a breath of the brand's hue."""
    if dark:
        found = {
            name: to_hex(light, tint, hue) for name, light in zip(SURFACES, (0.175, 0.215, 0.255, 0.305), strict=True)
        }
        found |= {"line": to_hex(0.33, tint, hue), "text": to_hex(0.955, 0.006, hue)}
        quiet, edge, step = Oklch(0.70, tint, hue), Oklch(0.45, tint, hue), 0.01
    else:
        found = {
            "bg": to_hex(0.981, tint * 0.45, hue),
            "surface": "#ffffff",
            "surface-2": to_hex(0.962, tint * 0.6, hue),
            "surface-3": to_hex(0.925, tint * 0.9, hue),
            "line": to_hex(0.905, tint, hue),
            "text": to_hex(0.22, 0.02, hue),
        }
        quiet, edge, step = Oklch(0.52, tint * 1.4, hue), Oklch(0.70, tint, hue), -0.01
    grounds = [found[name] for name in SURFACES]
    found["text-2"] = _reach(quiet, grounds, 5.0, step)
    found["line-strong"] = _reach(edge, grounds[:3], 3.1, step)
    return found


def _family(name: str, colour: Oklch, grounds: list[str], *, dark: bool) -> dict[str, str]:
    """Fill, text on the fill, soft ground, line and text of one colour."""
    fill, ink = _fill(colour, dark=dark)
    soft = to_hex(0.29 if dark else 0.955, min(colour.chroma, 0.05 if dark else 0.028), colour.hue)
    text = Oklch(0.80 if dark else min(colour.lightness, 0.52), min(colour.chroma, 0.13), colour.hue)
    return {
        name: fill,
        f"on-{name}": ink,
        f"{name}-soft": soft,
        f"{name}-line": to_hex(0.42 if dark else 0.86, min(colour.chroma, 0.06), colour.hue),
        f"{name}-text": _reach(text, [*grounds, soft], AIM, 0.01 if dark else -0.01),
    }


def _fill(colour: Oklch, *, dark: bool) -> tuple[str, str]:
    """A fill for buttons and the text on it; stays at the given colour where white or near-black text is legible."""
    lightness = max(colour.lightness, 0.70) if dark else colour.lightness
    start = Oklch(lightness, colour.chroma, colour.hue)
    white, ink = "#ffffff", to_hex(0.20, min(colour.chroma, 0.03), colour.hue)
    for text in (white, ink):
        if contrast(to_hex(*start), text) >= AIM:
            return to_hex(*start), text
    if lightness < 0.68:  # neither is legible: move the fill the nearer way
        return _reach(start, [white], AIM, -0.01), white
    return _reach(start, [ink], AIM, 0.01), ink


def _reach(start: Oklch, grounds: list[str], ratio: float, step: float) -> str:
    """Move lightness by `step` until the colour has `ratio` against every ground."""
    lightness = start.lightness
    value = to_hex(*start)
    while 0 < lightness < 1 and min(contrast(value, ground) for ground in grounds) < ratio:
        lightness = min(1.0, max(0.0, lightness + step))
        value = to_hex(lightness, start.chroma, start.hue)
    return value


def _luminance(value: str) -> float:
    red, green, blue = (_to_linear(channel) for channel in parse_colour(value))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _to_linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _to_gamma(channel: float) -> float:
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * max(channel, 0) ** (1 / 2.4) - 0.055


def _linear_rgb(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
