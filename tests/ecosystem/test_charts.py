"""Charts: escaped, readable as words, the same bytes for the same numbers, and content with odd data."""

from xml.etree import ElementTree as ET  # only our own output is parsed

import pytest

from ecosystem import charts

PALETTE = charts.screen_palette()
NASTY = '</text><script>alert("1")</script>'


def all_charts(text, values):
    words = {"palette": PALETTE, "title": text, "description": text}
    return [
        charts.lines([charts.Series(text, values)], labels=[text] * len(values), **words),
        charts.bars([charts.Bar(text, value or 0, text) for value in values], **words),
        charts.columns([charts.Bar(text, value or 0) for value in values], **words),
        charts.dumbbells([charts.Change(text, value or 0, 50) for value in values], **words),
        charts.stack([("ok", value or 0) for value in values], **words),
        charts.spark([value or 0 for value in values], palette=PALETTE, title=text),
    ]


@pytest.mark.parametrize("values", [[], [0], [0, 0, 0], [None, 3, None, 9], [1_000_000, 2.5]])
def test_every_chart_is_well_formed_whatever_comes_in(values):
    for svg in all_charts(NASTY, values):
        tree = ET.fromstring(svg)
        assert not [node for node in tree.iter() if node.tag.endswith("script")]
        assert tree.find("{http://www.w3.org/2000/svg}title").text == NASTY
        assert tree.get("role") == "img"


def test_marks_carry_what_a_pdf_needs():
    for svg in all_charts("Reached", [3, 9]):
        for node in ET.fromstring(svg).iter():
            if node.get("class", "").startswith("c-") and not node.tag.endswith("text"):
                assert node.get("fill") or node.get("stroke")
        assert "style=" not in svg
        assert "var(" not in svg


def test_the_same_chart_is_the_same_bytes_and_ids_differ_between_charts():
    first, again = (charts.spark([1, 2], palette=PALETTE, title="Reached") for _ in range(2))
    other = charts.spark([2, 1], palette=PALETTE, title="Reached")
    assert first == again
    assert ET.fromstring(first).get("aria-labelledby") != ET.fromstring(other).get("aria-labelledby")


def test_a_gap_is_a_gap():
    svg = charts.lines(
        [charts.Series("Reached", [1, None, 3])], labels=["a", "b", "c"], palette=PALETTE, title="t", description="d"
    )
    assert svg.count('class="c-main"') == 2


def test_bars_drawn_for_a_phone_are_shown_whole():
    words = {"palette": PALETTE, "title": "Cards", "description": "Cards by day"}
    wide, narrow = (charts.bars([charts.Bar("Friday", 9)], width=width, **words) for width in (640, charts.PHONE))
    assert ('class="whole"' in wide, 'class="whole"' in narrow) == (False, True)
    ends = [node for node in ET.fromstring(narrow).iter() if node.get("text-anchor") == "end"]
    assert [float(node.get("x")) for node in ends] == [charts.PHONE]
