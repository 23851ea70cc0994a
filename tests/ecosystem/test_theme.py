"""The theme generator: AA contrast for any brand, and nothing but colours reaches the style sheet."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from ecosystem.theme import (
    EDGE_PAIRS,
    TEXT_PAIRS,
    ThemeError,
    contrast,
    contrast_failures,
    theme_css,
    to_hex,
    to_oklch,
    tokens,
)

COLOUR = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
# The brand of static/css/theme.css, which pages without an environment use.
GROVE = {"brand": "#1f7a4d", "accent": "#d9822b"}


@given(brand=COLOUR, accent=COLOUR, dark=st.booleans())
def test_every_brand_meets_aa(brand, accent, dark):
    assert contrast_failures(tokens(brand=brand, accent=accent, dark=dark)) == []


@pytest.mark.parametrize("brand", ["#000000", "#ffffff", "#808080", "#ffff00", "#ffc800", "#ff00ff"])
def test_extreme_brands_meet_aa(brand):
    assert contrast_failures(tokens(brand=brand)) == []
    assert contrast_failures(tokens(brand=brand, dark=True)) == []


def test_failures_are_found():
    colours = tokens(brand="#0b6e69") | {"text": "#ffffff"}
    found = {(failure.foreground, failure.background) for failure in contrast_failures(colours)}
    assert ("text", "surface") in found
    assert len(TEXT_PAIRS) + len(EDGE_PAIRS) == 47


def test_contrast_is_the_wcag_ratio():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


@given(colour=COLOUR)
def test_oklch_and_back_is_the_same_colour(colour):
    there_and_back = to_hex(*to_oklch(colour))
    channels = [(int(colour[at : at + 2], 16), int(there_and_back[at : at + 2], 16)) for at in (1, 3, 5)]
    assert all(abs(before - after) <= 1 for before, after in channels)


def test_a_brand_that_is_legible_stays_as_it_is():
    assert tokens(brand="#0b6e69")["brand"] == "#0b6e69"


@pytest.mark.parametrize("value", ["red", "#fff", "#12345g", "#0b6e69;}body{display:none", "", "url(x)", "#0b6e69\n"])
def test_what_is_no_colour_is_refused(value):
    with pytest.raises(ThemeError):
        theme_css(brand=value)


def test_unknown_font_and_radius_are_refused():
    with pytest.raises(ThemeError, match="font"):
        theme_css(brand="#0b6e69", font="comic")
    with pytest.raises(ThemeError, match="radius"):
        theme_css(brand="#0b6e69", radius=25)


def test_css_has_both_modes_and_no_other_rule():
    css = theme_css(brand="#0b6e69", accent="#e8743b", font="nunito", radius=0)
    assert css.count("color-scheme:light;") == 1
    assert css.count("color-scheme:dark;") == 2
    assert "--r:0px" in css
    assert "url(" not in css
    assert css.count("{") == css.count("}") == 5


def test_every_token_the_style_sheets_use_is_defined():
    folder = Path(settings.BASE_DIR) / "static" / "css"
    defined = set(re.findall(r"(--[a-z0-9-]+)\s*:", theme_css(brand="#0b6e69")))
    for sheet in folder.glob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        used = set(re.findall(r"var\((--[a-z0-9-]+)\)", text))
        own = set(re.findall(r"(--[a-z0-9-]+)\s*:", text + (folder / "base.css").read_text(encoding="utf-8")))
        assert used - defined - own == set(), sheet.name


def test_the_default_theme_file_is_what_the_generator_makes():
    stored = (Path(settings.BASE_DIR) / "static" / "css" / "theme.css").read_text(encoding="utf-8")
    assert stored == theme_css(**GROVE)
