"""Moodle XML: the committed real bank comes in whole, and files made to hurt do nothing but explain themselves."""

import base64
import hashlib
import re
import time
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.importers import pictures, safe_xml
from assessments.importers.moodle_xml import parse_moodle_xml
from assessments.importers.results import NOTICE, ImportedQuestion, ImportResult
from assessments.question_types.registry import question_type

BANK = Path(__file__).parents[2] / "demo" / "banks" / "helm"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def quiz(*questions: str) -> bytes:
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n' + "\n".join(questions) + "\n</quiz>").encode()


def question(
    kind: str, inner: str, *, name: str = "Q", stem: str = "<p>Why?</p>", more: str = "", files: str = ""
) -> str:
    return (
        f'<question type="{kind}"><name><text>{name}</text></name>'
        f'<questiontext format="html"><text><![CDATA[{stem}]]></text>{files}</questiontext>{more}{inner}</question>'
    )


def answer(text: str, fraction: object, feedback: str = "", more: str = "") -> str:
    return (
        f'<answer fraction="{fraction}" format="html"><text><![CDATA[{text}]]></text>'
        f'<feedback format="html"><text><![CDATA[{feedback}]]></text></feedback>{more}</answer>'
    )


def file(name: str, content: bytes) -> str:
    return f'<file name="{name}" path="/" encoding="base64">{base64.b64encode(content).decode()}</file>'


TRUE = answer("true", 100) + answer("false", 0)


def parse(*questions: str) -> ImportResult:
    return parse_moodle_xml(quiz(*questions), filename="bank.xml")


def only(*questions: str) -> ImportedQuestion:
    result = parse(*questions)
    assert result.errors == []
    (imported,) = result.questions
    return imported


def reason(data: bytes) -> tuple[str, int]:
    """The one problem of a file from which nothing comes in."""
    result = parse_moodle_xml(data, filename="bad.xml")
    assert result.questions == []
    (problem,) = result.problems
    assert problem.file == "bad.xml"
    return problem.reason, problem.line


# -- the real bank


def test_the_committed_bank_comes_in_whole() -> None:
    results = [parse_moodle_xml(path.read_bytes(), filename=path.name) for path in sorted(BANK.glob("*.xml"))]
    questions = [imported for result in results for imported in result.questions]
    assert [problem for result in results for problem in result.errors] == []
    assert Counter(imported.type for imported in questions) == {
        "single": 11,
        "multiple": 5,
        "gap_select": 4,
        "drag_text": 1,
        "matching": 3,
        "essay": 3,
        "true_false": 2,
    }
    assert len({imported.identifier for imported in questions}) == 29
    for imported in questions:
        kind = question_type(imported.type)
        assert kind.validate(imported.body) == []
        assert imported.stem
        assert "<script" not in imported.stem
        assert kind.score(imported.body, None).fraction == 0


def test_a_question_of_the_bank_keeps_its_words_mathematics_and_shares() -> None:
    (imported,) = parse_moodle_xml((BANK / "5-0-6-_Positivity-of-tan_.xml").read_bytes(), filename="x").questions
    assert imported.name == "5.0.6 (Positivity of tan)"
    assert r"In which quadrants is \( \tan \theta \) positive?" in imported.stem
    assert imported.has_math is True
    assert imported.line == 3
    assert [choice["fraction"] for choice in imported.body["choices"]] == ["0.5", "-0.5", "0.5", "-0.5"]
    assert question_type("multiple").score(imported.body, {"choices": [0, 2]}).correct is True
    assert question_type("multiple").score(imported.body, {"choices": [0, 1]}).fraction == 0


def test_the_bank_says_whose_it_is() -> None:
    assert "Attribution-ShareAlike 4.0" in (BANK / "COPYING.txt").read_text()
    attribution = (BANK / "ATTRIBUTION.md").read_text()
    assert "CC BY-SA 4.0" in attribution
    assert f"{len(list(BANK.glob('*.xml')))} questions" in attribution


# -- every type


@pytest.mark.parametrize(
    ("kind", "inner", "expected", "right"),
    [
        ("multichoice", "<single>true</single>" + answer("a", 0) + answer("b", 100), "single", {"choice": 1}),
        (
            "multichoice",
            "<single>false</single>" + answer("a", 50) + answer("b", 50) + answer("c", -100),
            "multiple",
            {"choices": [0, 1]},
        ),
        ("truefalse", answer("true", 0) + answer("false", 100), "true_false", {"value": False}),
        (
            "shortanswer",
            "<usecase>0</usecase>" + answer("Par*s", 100) + answer("Lyon", 0),
            "short_text",
            {"text": "paris"},
        ),
        (
            "numerical",
            answer("3.5", 100, more="<tolerance>0.25</tolerance>") + answer("*", 0),
            "numeric",
            {"text": "3,75"},
        ),
        (
            "matching",
            "".join(
                f"<subquestion><text>{text}</text><answer><text>{word}</text></answer></subquestion>"
                for text, word in [("one", "1"), ("two", "2"), ("", "3")]
            ),
            "matching",
            {"pairs": [0, 1]},
        ),
        ("essay", "<minwordlimit>5</minwordlimit>", "essay", None),
    ],
)
def test_each_type_comes_in_and_marks_its_right_answer(
    kind: str, inner: str, expected: str, right: dict[str, Any] | None
) -> None:
    imported = only(question(kind, inner))
    assert imported.type == expected
    if right is not None:
        assert question_type(expected).score(imported.body, right).correct is True


@pytest.mark.parametrize(("kind", "box"), [("gapselect", "selectoption"), ("ddwtos", "dragbox")])
def test_gaps_come_in_with_their_groups(kind: str, box: str) -> None:
    boxes = "".join(
        f"<{box}><text>{text}</text><group>{group}</group></{box}>"
        for text, group in [("a", 1), ("b", 2), ("c", 1), ("d", 2)]
    )
    imported = only(question(kind, boxes, stem="<p>First [[3]], then [[2]].</p>"))
    assert imported.stem == "<p>First ____, then ____.</p>"
    assert question_type("gap_select").score(imported.body, {"gaps": [2, 1]}).correct is True


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("stack", "STACK questions are not supported yet."),
        ("calculated", "Calculated questions are not supported yet."),
        ("ddmarker", "Drag and drop markers questions are not supported yet."),
        ("somethingnew", "somethingnew questions are not supported yet."),
    ],
)
def test_other_types_are_named_with_their_line(kind: str, words: str) -> None:
    result = parse(question("truefalse", TRUE), question(kind, "", name="Roots &amp; all"))
    assert len(result.questions) == 1
    (problem,) = result.problems
    assert (problem.line, problem.name, problem.reason, problem.level) == (4, "Roots & all", words, "error")


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (question("multichoice", answer("a", 100)), "at least two choices"),
        (question("multichoice", answer("a", 0) + answer("b", 0)), "at least one choice as right"),
        (question("multichoice", answer("a", "lots") + answer("b", 100)), "not a percentage"),
        (question("multichoice", answer("a", "1e99999999") + answer("b", 100)), "not a percentage"),
        (question("truefalse", answer("yes", 100)), "true or false"),
        (question("numerical", answer("ten", 100)), "not a number"),
        (question("numerical", answer("1e999999999", 100)), "not a number"),
        (
            question("gapselect", "<selectoption><text>a</text></selectoption>", stem="[[2]]"),
            "no choice with that number",
        ),
        (question("essay", "<attachmentsrequired>1</attachmentsrequired>"), "two questions"),
        (question("truefalse", TRUE, stem="<script>alert(1)</script>"), "no text"),
        (question("truefalse", TRUE, stem='<p>x</p><img src="https://evil.example/t.png">'), "another site"),
        (question("truefalse", TRUE, stem='<img src="@@PLUGINFILE@@/gone.png">'), "gone.png is not in the export"),
        ("<question><name><text>Q</text></name></question>", "not supported"),
        ('<question type="truefalse"/>', "true or false"),
    ],
)
def test_a_bad_question_is_left_out_and_the_next_one_comes_in(bad: str, words: str) -> None:
    result = parse(bad, question("truefalse", TRUE, name="Good"))
    assert [imported.name for imported in result.questions] == ["Good"]
    (problem,) = result.errors
    assert words in problem.reason
    assert problem.line == 3


def test_categories_tags_identifiers_and_descriptions() -> None:
    category = '<question type="category"><category><text>$course$/top/Care/Sleep//rest</text></category></question>'
    tags = "<tags><tag><text>sleep</text></tag><tag><text> </text></tag></tags>"
    result = parse(
        question("truefalse", TRUE, name="A"),
        category,
        question("truefalse", TRUE, name="A", more=tags),
        question("truefalse", TRUE, name="A"),
        question("truefalse", TRUE, name="B", more="<idnumber>SLEEP-7</idnumber>"),
        question("description", "", name="Intro"),
    )
    first, second, third, fourth = result.questions
    assert (first.category, second.category) == ((), ("Care", "Sleep/rest"))
    assert second.tags == ("sleep",)
    assert first.identifier != second.identifier
    assert third.identifier == second.identifier + "-2"
    assert fourth.identifier == "SLEEP-7"
    assert [(problem.name, problem.level) for problem in result.problems] == [("Intro", NOTICE)]
    again = parse(question("truefalse", TRUE, name="A"))
    assert again.questions[0].identifier == first.identifier


# -- pictures


def test_pictures_come_out_as_attachments_with_a_notice_when_nobody_described_them() -> None:
    stem = '<p><img src="@@PLUGINFILE@@/my%20fern.png?time=1" onload="x()"><img src="@@PLUGINFILE@@/my%20fern.png" alt="A fern"></p>'
    result = parse(question("truefalse", TRUE, stem=stem, files=file("my fern.png", PNG)))
    (imported,) = result.questions
    (picture,) = imported.attachments
    digest = hashlib.sha256(PNG).hexdigest()
    assert (picture.sha256, picture.name, picture.media_type, picture.content) == (
        digest,
        "my fern.png",
        "image/png",
        PNG,
    )
    assert imported.stem == f'<p><img src="attachment:{digest}" alt=""><img src="attachment:{digest}" alt="A fern"></p>'
    assert [problem.level for problem in result.problems] == [NOTICE]
    assert "alternative text" in result.problems[0].reason


def test_pictures_in_data_addresses_are_taken_out_too() -> None:
    stem = f'<img alt="x" src="data:image/svg+xml;base64,{base64.b64encode(PNG).decode()}">'
    imported = only(question("truefalse", TRUE, stem=stem))
    assert imported.attachments[0].media_type == "image/png"
    assert "data:" not in imported.stem


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (SVG, "SVG, which can carry scripts"),
        (b"\x1f\x8b" + zlib.compress(SVG), "no picture, sound or film"),
        (b"<html><script>alert(1)</script></html>", "no picture, sound or film"),
        (b"", "no picture, sound or film"),
    ],
)
def test_files_that_are_no_safe_pictures_are_refused_whatever_their_name(content: bytes, words: str) -> None:
    result = parse(
        question("truefalse", TRUE, stem='<img alt="x" src="@@PLUGINFILE@@/fern.png">', files=file("fern.png", content))
    )
    assert result.questions == []
    assert words in result.problems[0].reason


def test_damaged_and_huge_pictures_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    stem = '<img alt="x" src="@@PLUGINFILE@@/a.png">'
    damaged = '<file name="a.png" path="/" encoding="base64">%%%</file>'
    assert "damaged" in parse(question("truefalse", TRUE, stem=stem, files=damaged)).problems[0].reason
    monkeypatch.setattr(pictures, "LARGEST_PICTURE", 30)
    assert "larger than" in parse(question("truefalse", TRUE, stem=stem, files=file("a.png", PNG))).problems[0].reason


# -- hostile and broken files


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    ("data", "words", "line"),
    [
        (b"", "empty", 0),
        (b" \n\t ", "empty", 0),
        (b"\x00" * 100, "not valid XML", 1),
        (b"PK\x03\x04 a zip file", "not valid XML", 1),
        (b"<quiz>\n<question>\n</quiz>", "not valid XML", 3),
        (b"<quiz>\n<question type='truefalse'", "not valid XML", 2),
        (b"<html><body/></html>", "not a Moodle question file", 1),
        (b"<quiz></quiz>", "no questions", 0),
        (
            b'<?xml version="1.0"?>\n<!DOCTYPE quiz [<!ENTITY l0 "ha">' + LAUGHS.encode() + b"]><quiz>&l9;</quiz>",
            "attack",
            2,
        ),
        (b'<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>', "attack", 1),
        (b'<!DOCTYPE q [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x.dtd">%x;]><quiz/>', "attack", 1),
        (b'<!DOCTYPE quiz SYSTEM "http://127.0.0.1:1/x.dtd"><quiz/>', "attack", 1),
        (b"<quiz>&nbsp;</quiz>", "not valid XML", 1),
        ('<?xml version="1.0" encoding="UTF-8"?><quiz>é</quiz>'.encode("latin-1"), "not valid XML", 1),
        (b'<?xml version="1.0" encoding="no-such-thing"?><quiz/>', "", 1),
        (b'<?xml version="1.0" encoding="utf-7"?><quiz/>', "", 1),
        (b'<?xml version="1.0" encoding="big5"?><quiz/>', "", 1),
        (b"<quiz>" + b"<a>" * 200 + b"</a>" * 200 + b"</quiz>", "levels deep", 1),
    ],
)
def test_files_that_cannot_be_read_say_why_and_where(data: bytes, words: str, line: int) -> None:
    said, where = reason(data)
    assert words in said
    assert where == line


def test_a_depth_bomb_of_40_mb_is_refused_at_once() -> None:
    bomb = b"<quiz>" + b"<a>" * 14_000_000
    started = time.perf_counter()
    assert "levels deep" in reason(bomb)[0]
    assert time.perf_counter() - started < 3


def test_a_file_over_the_limit_is_refused_unread() -> None:
    assert reason(b"<quiz>" + b" " * safe_xml.LARGEST_FILE)[0] == "The file is larger than 50 MB."


def test_too_many_elements_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe_xml, "MOST_ELEMENTS", 1000)
    assert "more than 1000 elements" in reason(b"<quiz>" + b"<a/>" * 1001 + b"</quiz>")[0]


def test_other_encodings_that_say_what_they_are_come_in() -> None:
    text = quiz(question("truefalse", TRUE, name="Ééń")).decode()
    for encoding in ("utf-16", "utf-8-sig"):
        result = parse_moodle_xml(text.replace("UTF-8", encoding.removesuffix("-sig")).encode(encoding), filename="x")
        assert [imported.name for imported in result.questions] == ["Ééń"]
    western = text.replace("UTF-8", "iso-8859-1").replace("ń", "n").encode("latin-1")
    assert parse_moodle_xml(western, filename="x").questions[0].name == "Één"


def test_scripts_in_any_text_are_gone() -> None:
    attack = '<b onclick="x()">ok</b><script>alert(1)</script><a href="javascript:x()">l</a><iframe src="//evil.example"></iframe>'
    feedback = f'<generalfeedback format="html"><text><![CDATA[{attack}]]></text></generalfeedback>'
    imported = only(
        question("multichoice", answer(attack, 100, attack) + answer("b", 0), stem=attack, more=feedback),
    )
    everything = repr(imported)
    assert "<b>ok</b>" in imported.stem
    assert not re.search(r"<script|onclick|javascript:|<iframe", everything)


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, 2000), junk=st.binary(max_size=6), start=st.integers(0, 2000))
def test_damaged_files_never_raise(cut: int, junk: bytes, start: int) -> None:
    whole = (BANK / "5-0-6-_Positivity-of-tan_.xml").read_bytes()
    damaged = whole[:start] + junk + whole[start:]
    for data in (whole[:cut], damaged):
        result = parse_moodle_xml(data, filename="x")
        assert result.questions or result.problems
