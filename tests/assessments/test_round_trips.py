"""What is exported comes in again and is asked and marked the same; what a format cannot carry is named."""

import hashlib
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.exporters.gift import write_gift
from assessments.exporters.moodle_xml import write_moodle_xml
from assessments.exporters.qti3 import write_qti3
from assessments.exporters.sources import Media, Source
from assessments.importers.detecting import parse_questions
from assessments.importers.results import ImportedQuestion
from assessments.models import Question, QuestionVersion
from assessments.question_types.registry import QUESTION_TYPES, question_type
from ecosystem.markup import clean_html, clean_line
from tests.assessments.sample_questions import BODIES, KEYS, RIGHT
from tests.assessments.test_imports import PNG

plain = (
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"]),
        min_size=1,
        max_size=8,
    )
    .map(str.strip)
    .filter(bool)
)
line = plain.map(lambda text: clean_line(text.replace("&", "&amp;").replace("<", "&lt;"))).filter(bool)
block = line.map(lambda html: clean_html(f"<p>{html} <strong>\\(x^2\\)</strong><br>]]></p>"))
several = {"min_size": 2, "max_size": 4}


@st.composite
def bodies(draw: Any, key: str) -> dict[str, Any]:
    texts = draw(st.lists(line, unique=True, **several))
    words = draw(st.lists(plain.filter(lambda text: not set(text) & set("*[]|")), unique=True, **several))
    feedback = draw(st.sampled_from(["", "<p>Look &amp; think</p>"]))
    if key == "single":
        return {
            "choices": [{"text": one, "correct": n == 0, "feedback": feedback} for n, one in enumerate(texts)],
            "shuffle": draw(st.booleans()),
        }
    if key == "multiple":
        choices = [{"text": one, "correct": n != 1, "feedback": feedback} for n, one in enumerate(texts)]
        return {"choices": choices, "shuffle": True, "all_or_nothing": draw(st.booleans())}
    if key == "true_false":
        return {"answer": draw(st.booleans()), "feedback_true": feedback, "feedback_false": ""}
    if key == "short_text":
        return {
            "answers": [{"text": one, "fraction": "1" if n == 0 else "0.5"} for n, one in enumerate(words)],
            "case_sensitive": draw(st.booleans()),
        }
    if key == "numeric":
        kind = draw(st.sampled_from(["absolute", "relative"]))
        value = draw(st.decimals(-1000, 1000, places=2))
        return {
            "answers": [{"value": str(value), "tolerance": "0.05", "tolerance_kind": kind, "fraction": "1"}],
            "unit": "",
        }
    if key == "matching":
        return {
            "pairs": [{"text": one, "answer": two} for one, two in zip(texts, words, strict=False)][:2],
            "distractors": ["zzz zzz"],
        }
    if key == "ordering":
        return {"items": [{"text": one} for one in texts], "grading": "exact"}
    if key in {"gap_select", "drag_text"}:
        return {
            "text": "<p>One [[2]] two [[1]].</p>",
            "choices": [{"text": one, "group": "1"} for one in words],
            "shuffle": True,
        }
    if key == "cloze":
        gaps = [
            {
                "type": "short_text",
                "weight": 2,
                "answers": [{"text": words[0], "fraction": "1"}],
                "case_sensitive": False,
            },
            {
                "type": "single",
                "weight": 1,
                "look": "list",
                "shuffle": False,
                "choices": [{"text": one, "correct": n == 0, "feedback": ""} for n, one in enumerate(texts)],
            },
        ]
        return {"text": "<p>One [[1]] two [[2]].</p>", "gaps": gaps}
    if key == "essay":
        return {"minimum_words": 0, "maximum_words": 0, "template": "", "marker_notes": ""}
    return BODIES[key]


def sourced(key: str, body: dict[str, Any], **facts: Any) -> Source:
    gaps = key in {"gap_select", "drag_text", "cloze"}
    stem = body["text"].replace("[[1]]", "____").replace("[[2]]", "____") if gaps else "<p>What?</p>"
    row = Question(identifier="q 1", name="A <name>", category="One / Two", tags=["a", "b & c"], difficulty=4)
    said = {"type": key, "stem": stem, "body": body, "feedback": "<p>Why</p>", "hints": ["<p>Think</p>"], "points": 3}
    return Source(row, QuestionVersion(question=row, number=1, **{**said, **facts}))


def again(write: Any, source: Source) -> ImportedQuestion:
    done = write([source], {}, filename="bank")
    assert done.left_out == []
    result = parse_questions(done.content, "f")
    assert result.errors == []
    (question,) = result.questions
    return question


def responses(key: str) -> list[Any]:
    found = {
        "single": [{"choice": n} for n in range(3)],
        "multiple": [{"choices": places} for places in ([0], [1], [0, 1], [0, 2], [0, 2, 3])],
        "true_false": [{"value": True}, {"value": False}],
        "short_text": [{"text": "zzz"}],
        "numeric": [{"text": "0"}, {"text": "1.04"}],
        "matching": [{"pairs": [0, 1]}, {"pairs": [1, 0]}, {"pairs": [0, 0]}],
        "ordering": [{"places": [0, 1, 2, 3]}, {"places": [1, 0, 2, 3]}],
        "cloze": [{"gaps": [None, {"choice": 0}]}, {"gaps": [{"text": "zzz"}, {"choice": 1}]}],
    }
    return [None, *found.get(key, []), {"gaps": [1, 0]}, {"gaps": [0, 1]}]


def same(source: Source, question: ImportedQuestion) -> None:
    """Asked in the same words and marked the same."""
    version = source.version
    kind = question_type(version.type)
    assert question.type == version.type
    assert (question.identifier, question.name, question.tags) == ("q 1", "A <name>", ("a", "b & c"))
    assert (question.feedback, question.hints) == (
        version.feedback,
        tuple(version.hints),
    ) or question.feedback == f"<div>{version.feedback}</div>"
    assert json.dumps(kind.public(question.body)) == json.dumps(kind.public(version.body))
    given = responses(version.type)
    if version.type in {"short_text"}:
        given += [{"text": answer["text"]} for answer in version.body["answers"]]
    if version.type == "numeric":
        value = Decimal(version.body["answers"][0]["value"])
        given += [{"text": str(value)}, {"text": str(value * Decimal("1.05"))}, {"text": str(value + Decimal("0.06"))}]
    for response in given:
        before, after = kind.score(version.body, response), kind.score(question.body, response)
        assert (before.fraction is None) == (after.fraction is None)
        assert before.correct == after.correct
        assert abs((before.fraction or 0) - (after.fraction or 0)) < Decimal("0.0001")


MOODLE = [
    "single",
    "multiple",
    "true_false",
    "short_text",
    "numeric",
    "matching",
    "ordering",
    "gap_select",
    "drag_text",
    "cloze",
    "essay",
    "file_upload",
]
QTI = [
    "single",
    "multiple",
    "true_false",
    "short_text",
    "numeric",
    "matching",
    "ordering",
    "drag_text",
    "cloze",
    "essay",
]


@pytest.mark.parametrize("key", MOODLE)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_moodle_xml_there_and_back(key: str, data: st.DataObject) -> None:
    source = sourced(key, data.draw(bodies(key)))
    question = again(write_moodle_xml, source)
    same(source, question)
    assert (question.stem, question.points) == (source.version.stem, 3)
    assert question.category == ("One", "Two")


@pytest.mark.parametrize("key", QTI)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_qti_3_there_and_back(key: str, data: st.DataObject) -> None:
    source = sourced(key, data.draw(bodies(key)))
    question = again(write_qti3, source)
    same(source, question)
    assert question.difficulty == 4
    assert question.stem.replace("<div>", "").replace("</div>", "") == source.version.stem


# What GIFT could take for a sign of its own.
SIGNS = [
    "%50%a",
    "[html]b",
    "x-> y",
    "back\\",
    "{x}",
    "TRUE",
    "#9",
    "// no",
    "~=:",
    "####",
    "$CATEGORY: c",
    "::t::",
    "[id:7]",
]


@pytest.mark.parametrize("key", ["single", "multiple", "true_false", "short_text", "numeric", "matching", "essay"])
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_gift_there_and_back(key: str, data: st.DataObject) -> None:
    text = st.sampled_from(SIGNS) | plain
    words = data.draw(st.lists(text.filter(lambda one: "*" not in one), unique=True, **several))
    lines = list(dict.fromkeys(clean_line(one.replace("&", "&amp;").replace("<", "&lt;")) for one in words))
    body = data.draw(bodies(key)) | {"all_or_nothing": False, "case_sensitive": False}
    if key in {"single", "multiple"} and len(lines) > 1:
        body["choices"] = [{"text": one, "correct": n == 0, "feedback": f"<p>{one}</p>"} for n, one in enumerate(lines)]
        body["choices"][1] |= {"fraction": "-0.25"}
    if key == "short_text":
        answers = [one.replace("->", "") for one in words]
        body["answers"] = [{"text": one, "fraction": "1", "feedback": "<p>~</p>"} for one in answers]
    if key == "matching":
        body["pairs"] = [{"text": one, "answer": two} for one, two in zip(lines, words, strict=False)] + body["pairs"]
    stem = clean_html(f"<p>{lines[0]}</p>\n<pre>a\n\nb {{</pre>") if data.draw(st.booleans()) else lines[0]
    source = sourced(key, body, stem=stem, feedback=f"<p>{lines[-1]}</p>", hints=[], points=1)
    question = again(write_gift, source)
    same(source, question)
    assert (question.stem, question.category) == (stem, ("One", "Two"))


def test_gift_keeps_names_and_says_what_stays_behind() -> None:
    source = sourced("single", BODIES["single"] | {"shuffle": False})
    source.question.identifier, source.question.tags, source.question.category = "a]b", ["[x]"], "A / B: {c}/d"
    second = sourced("true_false", BODIES["true_false"], hints=[], points=1)
    second.question.category = ""
    done = write_gift([source, second], {}, filename="bank")
    first, other = parse_questions(done.content, "f").questions
    assert (first.identifier, first.tags, first.category) == ("a]b", ("[x]",), ("A", "B: {c}/d"))
    assert (other.category, other.name) == ((), "A <name>")
    assert [one.identifier for one in done.notes] == ["a]b"] * 3  # hints, points, order
    answers = [{"text": "x->y", "fraction": "1"}]
    refused = [
        sourced("short_text", {"answers": answers}),
        sourced("true_false", {"answer": True}, stem=f"attachment:{'0' * 64}"),
    ]
    done = write_gift(refused, {}, filename="bank")
    assert ["->" in done.left_out[0].reason, "picture" in done.left_out[1].reason, done.content] == [True, True, b""]


@pytest.mark.parametrize("write", [write_moodle_xml, write_qti3])
def test_pictures_go_along(write: Any) -> None:
    sha = hashlib.sha256(PNG).hexdigest()
    stem = clean_html(f'<p>Look: <img src="attachment:{sha}" alt="A &quot;map&quot;"></p>')
    source = sourced("true_false", {"answer": True}, stem=stem)
    done = write([source], {sha: Media(sha, "image/png", lambda: PNG)}, filename="bank")
    (question,) = parse_questions(done.content, "f").questions
    assert question.stem == stem
    assert [one.content for one in question.attachments] == [PNG]


def test_a_place_in_a_picture_goes_along_in_qti() -> None:
    sha = hashlib.sha256(PNG).hexdigest()
    body = {**BODIES["hotspot"], "picture": f"attachment:{sha}"}
    done = write_qti3([sourced("hotspot", body)], {sha: Media(sha, "image/png", lambda: PNG)}, filename="bank")
    (question,) = parse_questions(done.content, "f").questions
    kind = question_type("hotspot")
    assert kind.public(question.body) == kind.public(body)
    assert [kind.score(question.body, {"areas": [n]}).fraction for n in range(3)] == [1, 0, 0]
    assert question.body["areas"][0]["feedback"] != ""


@pytest.mark.parametrize("write", [write_moodle_xml, write_qti3, write_gift])
def test_every_type_comes_along_or_is_named(write: Any) -> None:
    sources = [sourced(key, BODIES[key]) for key in KEYS]
    done = write(sources, {}, filename="bank")
    assert done.written + len(done.left_out) == len(QUESTION_TYPES)
    assert all(one.reason for one in done.left_out)
    result = parse_questions(done.content, "f")
    assert len(result.questions) + len(result.errors) == done.written
    for question in result.questions:
        if question.type in RIGHT and question.type not in {"hotspot"}:
            assert question_type(question.type).score(question.body, RIGHT[question.type]).fraction == 1
