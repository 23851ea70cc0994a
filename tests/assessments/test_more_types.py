"""Marks and looks of the types that give part of the points, or none at all."""

import re
import time
from decimal import Decimal
from typing import Any

import pytest

from assessments.mathematics import formulas_in_a_line, with_formulas
from assessments.question_types.registry import question_type
from assessments.selectors.pictures import with_pictures
from ecosystem.markup import clean_html
from tests.assessments.sample_questions import BODIES


def earned(key: str, response: object, **changes: object) -> Decimal | None:
    return question_type(key).score(BODIES[key] | changes, response).fraction


@pytest.mark.parametrize(
    ("grading", "places", "fraction"),
    [
        ("place", [1, 0, 2, 3], "0.5"),
        ("place", [0, None, None, None], "0.25"),
        ("place", [0, 0, 0, 0], "0"),
        ("exact", [1, 0, 2, 3], "0"),
        ("next", [1, 2, 3, 0], "0.66667"),
        ("longest", [3, 0, 1, 2], "0.75"),
        ("longest", [3, 2, 1, 0], "0"),
        ("nonsense", [0, 1, 3, 2], "0.5"),
    ],
)
def test_order_is_marked_as_its_author_wants(grading: str, places: list[int | None], fraction: str) -> None:
    assert earned("ordering", {"places": places}, grading=grading) == Decimal(fraction)


def test_fields_of_an_order_do_not_tell_it() -> None:
    """Two questions with the same items in other orders show the same page."""
    kind, body = question_type("ordering"), BODIES["ordering"]
    turned = {**body, "items": body["items"][::-1]}
    assert kind.public(body) == kind.public(turned)
    assert kind.score(turned, kind.parse(turned, kind.fields(body, {"places": [3, 2, 1, 0]}))).correct is True


def test_wrong_ticks_cost_below_nothing_only_where_the_author_wants_it() -> None:
    choices = [{"text": "a", "correct": True, "fraction": "1"}, {"text": "b", "fraction": "-0.5"}, {"text": "c"}]
    for key, response in (("single", {"choice": 1}), ("multiple", {"choices": [1]})):
        assert question_type(key).score({"choices": choices}, response).fraction == 0
        assert question_type(key).score({"choices": choices, "negative": True}, response).fraction == Decimal("-0.5")
    hot = {"several": True, "negative": True}
    assert earned("hotspot", {"areas": [1, 2]}, **hot) == -1
    assert earned("hotspot", {"areas": [0, 1]}, several=True) == 0


@pytest.mark.parametrize(
    ("typed", "facts", "right"),
    [
        ("9.8", {"tolerance": "0.02", "tolerance_kind": "relative"}, True),
        ("9.5", {"tolerance": "0.02", "tolerance_kind": "relative"}, False),
        ("9.806", {"tolerance": "3", "tolerance_kind": "figures"}, True),
        ("9.8", {"tolerance": "3", "tolerance_kind": "figures"}, False),
        ("981", {"tolerance": "0.005"}, False),
        ("9.81", {"tolerance": "0", "tolerance_kind": "nonsense"}, True),
    ],
)
def test_tolerances(typed: str, facts: dict[str, str], right: bool) -> None:
    body = {"answers": [{"value": "9.81", **facts}]}
    assert question_type("numeric").validate(body) == []
    assert question_type("numeric").score(body, {"text": typed}).correct is right


@pytest.mark.parametrize(
    ("typed", "right"),
    [("2 m", True), ("200 cm", True), ("2", True), ("200", False), ("2 km", False), ("0,002km", False)],
)
def test_units(typed: str, right: bool) -> None:
    body: dict[str, Any] = {"answers": [{"value": "2"}], "unit": "m", "units": [{"name": "cm", "factor": "100"}]}
    kind = question_type("numeric")
    assert kind.score(body, {"text": typed}).correct is right
    needed = kind.score({**body, "unit_needed": True}, {"text": typed})
    assert needed.correct is (right and typed != "2")
    assert kind.validate({**body, "units": [{"name": "cm", "factor": "0"}]}) != []


def test_accents_count_unless_the_author_says_otherwise() -> None:
    body = {"answers": [{"text": "Café*"}]}
    kind = question_type("short_text")
    assert kind.score(body, {"text": "cafe noir"}).fraction == 0
    assert kind.score({**body, "ignore_accents": True}, {"text": "cafe noir"}).fraction == 1
    assert kind.score({**body, "ignore_accents": True, "case_sensitive": True}, {"text": "cafe"}).fraction == 0


def test_gaps_earn_by_weight_and_nothing_is_everything_but_everything() -> None:
    given = [{"text": "secret moon"}, None, {"choice": 1}, {"choices": [0]}]
    assert earned("cloze", {"gaps": given}) == Decimal("0.6")
    told = question_type("cloze").reveal(BODIES["cloze"], {"gaps": given})
    assert told["given"] == ["1. secret moon", "3. near", "4. Ada"]
    assert len(told["right"]) == 4


@pytest.mark.parametrize(
    ("key", "changes", "words"),
    [
        ("ordering", {"items": [{"text": "a"}]}, "at least two"),
        ("ordering", {"items": [{"text": "a"}, {"text": "<b></b>"}, {"text": "a"}]}, "Item 3 says the same"),
        ("hotspot", {"alt": " "}, "cannot see"),
        ("hotspot", {"picture": "https://elsewhere.example/x.png"}, "no picture"),
        ("hotspot", {"areas": [{"name": "x", "shape": "rect", "coords": [1, 2, 3]}] * 2}, "outline of place 1"),
        ("cloze", {"text": "[[1]] [[1]] [[2]] [[3]] [[4]]"}, r"Write \[\[1\]\] once"),
        ("cloze", {"gaps": [{"type": "essay"}]}, "no type that can stand in a text"),
        ("file_upload", {"most_files": 99}, "from 1 to 20"),
        ("file_upload", {"endings": ["../x"]}, "endings such as"),
        ("likert", {"scale": ["a", "a"]}, "same name"),
        ("likert", {"statements": []}, "statements"),
        ("numeric", {"answers": [{"value": "1", "tolerance": "99", "tolerance_kind": "figures"}]}, "significant"),
        ("numeric", {"unit": "", "unit_needed": True}, "which unit"),
    ],
)
def test_what_cannot_be_asked_is_said(key: str, changes: dict[str, Any], words: str) -> None:
    assert re.search(words, " ".join(question_type(key).validate(BODIES[key] | changes)))
    assert question_type(key).validate(BODIES[key]) == []


def test_opinions_and_files_have_no_mark() -> None:
    assert earned("likert", {"values": [0, 2]}) is None
    uid = "0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a"
    assert earned("file_upload", {"files": [uid]}) is None
    assert earned("file_upload", {"files": ["../../etc/passwd"]}) == 0
    assert question_type("file_upload").parse(BODIES["file_upload"], {"answer": [uid, uid, "x"]}) == {"files": [uid]}


# -- mathematics, sound and film


@pytest.mark.parametrize(
    ("html", "said"),
    [
        (r"<p>\(\frac{\pi}{2}\) or \(x^{n+1}\)</p>", "π/2 or x^(n+1)"),
        (r"\(\sqrt{a_1}\)", "√(a_1)"),
        (r"\(a < b\) &amp; <b>c</b>", "a<b & c"),
        (r"\[\begin{pmatrix} 1 \\ 2 \end{pmatrix}\]", r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}"),
        (r"5 \) and \(", r"5 \) and \("),
    ],
)
def test_formulas_are_said_in_one_line_where_only_letters_can_stand(html, said):
    assert formulas_in_a_line(html) == said


def test_formulas_become_mathml_outside_tags_and_code() -> None:
    shown = with_formulas(r'<p>\(x^2\) <code>\(y\)</code> <img src="/a" alt="\(z\)"> $$1&lt;2$$ \(open</p>')
    assert shown.count("<math") == 2
    assert 'alttext="x^2"' in shown
    assert 'display="block" alttext="1&lt;2"' in shown or 'alttext="1&lt;2"' in shown
    assert r"<code>\(y\)</code>" in shown
    assert r'alt="\(z\)"' in shown
    assert shown.endswith(r"\(open</p>")


@pytest.mark.parametrize(
    "tex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\unicode{x3c}script\unicode{x3e}",
        r"\newcommand{\a}{\b\b}\a",
        r"\def\x{\x\x}\x",
        r"\style{background:url(//e.example)}{x}",
        r"\class{a}{x}",
        r"\input{/etc/passwd}",
        "{" * 400 + "}" * 400,
        "x^{" * 200 + "}" * 200,
        r"\frac" * 300,
        r"\begin{matrix}" * 60,
        "a" * 5000,
        r"\hspace{99999em}x",
        r"<script>alert(1)</script>",
        r"\text{<img src=x onerror=alert(1)>}",
        r"\mathrm{\"onload=\"alert(1)}",
        "\\left(" * 300,
        "&" * 900,
    ],
)
def test_a48_hostile_formulas_are_safe_and_quick(tex: str) -> None:
    start = time.process_time()
    shown = with_pictures(clean_html(f"<p>\\({tex}\\)</p>")).lower()
    assert time.process_time() - start < 1
    said = re.sub(r'alttext="[^"]*"|<code>.*?</code>', "", shown)
    for unsafe in ("<script", "href", "onerror", "onload=", "style", "class=", "99999em", "javascript"):
        assert unsafe not in said.replace("mstyle", "").replace("displaystyle", "") or "<math" not in shown


def test_a48_a_million_open_formulas_cost_one_walk() -> None:
    start = time.process_time()
    text = r"\(" * 200_000
    assert with_formulas(text) == text
    assert time.process_time() - start < 1


def test_sounds_and_films_come_from_us_only_and_can_be_played() -> None:
    kept = "attachment:" + "0a" * 32
    shown = with_pictures(clean_html(f'<audio src="{kept}" autoplay onplay="x()"></audio><video src="{kept}"></video>'))
    assert shown.count(f'src="/pictures/{"0a" * 32}/" controls preload="metadata"') == 2
    assert "autoplay" not in shown
    for elsewhere in ("https://e.example/a.mp3", "/logout/", "//e.example/a.mp3"):
        assert "src" not in clean_html(f'<audio src="{elsewhere}"></audio>')
