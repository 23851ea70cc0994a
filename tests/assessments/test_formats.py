"""GIFT, Aiken, CSV, QTI and archives: what comes in, and why the rest does not. GIFT is held against gift-pegjs."""

import io
import json
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.importers.detecting import Format, format_of, parse_questions
from assessments.importers.gift_reading import blocks_in, parse_block
from assessments.importers.results import ImportResult
from assessments.importers.text_files import read_text
from assessments.question_types.registry import question_type
from tests.assessments import qti_files
from tests.assessments.qti_files import package
from tests.assessments.test_imports import PNG, moodle, true_false

HERE = Path(__file__).parent / "gift"
GIFT = sorted(HERE.glob("*.gift"))


def parse(text: str | bytes, name: str = "f") -> ImportResult:
    return parse_questions(text if isinstance(text, bytes) else text.encode(), name)


def only(text: str | bytes) -> Any:
    result = parse(text)
    assert result.errors == []
    (question,) = result.questions
    return question


# -- GIFT


def as_numbers(value: object) -> object:
    """The oracle has numbers where we keep the digits that were written."""
    if isinstance(value, dict):
        return {key: as_numbers(one) for key, one in value.items()}
    if isinstance(value, list):
        return [as_numbers(one) for one in value]
    try:
        return value if isinstance(value, bool | None) else float(value)  # type: ignore[arg-type]
    except ValueError:
        return value


@pytest.mark.parametrize("path", GIFT, ids=lambda path: path.stem)
def test_gift_reads_as_the_reference_parser_does(path: Path) -> None:
    shapes = [parse_block(block) for block in blocks_in(read_text(path.read_bytes()).lines)]
    assert as_numbers(shapes) == as_numbers(json.loads(path.with_suffix(".json").read_text(encoding="utf-8")))


def test_the_reference_files_come_in_but_categories_and_descriptions() -> None:
    assert len(GIFT) == 51
    results = [parse(path.read_bytes()) for path in GIFT]
    assert sum(len(result.questions) for result in results) == 93
    assert {problem.reason for result in results for problem in result.errors} == {"The file has no questions."}


def test_gift_of_moodle_means_what_moodle_means() -> None:
    text = only("2+2=4?{T#No, it is.#Right.}")
    assert (text.body["feedback_true"], text.body["feedback_false"]) == ("Right.", "No, it is.")
    assert only("How many?{#1..5}").body["answers"][0]["tolerance"] == "2"
    assert only("Pick{~%50%a ~%50%b ~%-100%c}").type == "multiple"
    negative = only("Pick{=a ~%-25%b ~c}")
    assert (negative.type, negative.body["negative"]) == ("single", True)
    named = only("// [id:q-7] [tag:x] [tag:y]\n::Name::Which?{=a ~b}")
    assert (named.identifier, named.name, named.tags) == ("q-7", "Name", ("x", "y"))


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("\n\nOne {=a ~b", 3, "} is missing"),
        ("One {=a ~b} two {=c}", 1, "two places"),
        ("::A:: One {=a ~b}\n::B:: Two {=c}", 1, "empty line"),
        ("One } two", 1, "without a {"),
        ("One {a =b}", 1, "without = or ~"),
        ("One {#=ten}", 1, "not a number"),
        ("One {#5..1}", 1, "lower end"),
        ("One {~%900%a =b}", 1, "not a percentage"),
        ("{=a ~b}", 1, "no text"),
        ("One {~a ~b}", 1, "at least one choice as right"),
    ],
)
def test_bad_gift_is_named_with_line_and_reason_and_the_next_comes_in(text: str, line: int, words: str) -> None:
    result = parse(text + "\n\nGood?{T}\n")
    (problem,) = result.errors
    assert (problem.line, problem.file) == (line, "f")
    assert words in problem.reason
    assert [question.type for question in result.questions] == ["true_false"]


# -- Aiken, CSV


def test_aiken() -> None:
    result = parse(
        "What?\nsecond line\nA. one\nB) two <b>\nANSWER: B\n\nNo letter?\nA. x\nANSWER: D\n\nOpen\nA. x\nB. y\n"
    )
    (question,) = result.questions
    assert [choice["correct"] for choice in question.body["choices"]] == [False, True]
    assert "&lt;b&gt;" in question.body["choices"][1]["text"]
    assert [(problem.line, problem.reason) for problem in result.errors] == [
        (7, "There is no choice D."),
        (11, "The question has no line that begins with ANSWER:."),
    ]


CSV = """identifier;type;question;answers;right;tags;tolerance;unit;difficulty;objective;hints;extra
q1;single;"Who **is** it?
Say.";Ada|Bo;A;x|y;;;2;Know people;Think|Think again;?
q2;numeric;How much?;;9,81;;5%;m/s²;;;;
q3;matching;Pair;a=b|c=d|=e;;;;;;;;
q4;ordering;Order;a|b\\|c;;;;;;;;
q5;drag_text;The [[1]] and [[2]];a|b;;;;;;;;
q6;likert;Say;a|b;no|yes;;;;;;;
q7;single;Bad;Ada|Bo;C;;;;;;;
q8;dance;Bad;;;;;;;;;
q9;true_false;Bad;;maybe;;;;9;;;
"""


def test_csv_brings_questions_with_what_the_bank_knows_of_them() -> None:
    result = parse(CSV)
    assert [question.type for question in result.questions] == [
        "single", "numeric", "matching", "ordering", "drag_text", "likert",
    ]  # fmt: skip
    first, number, _pairs, order, *_rest = result.questions
    assert (first.tags, first.difficulty, first.objective, len(first.hints)) == (("x", "y"), 2, "Know people", 2)
    assert "<strong>is</strong>" in first.stem
    assert number.body["answers"] == [{"value": "9.81", "tolerance": "0.05", "tolerance_kind": "relative"}]
    assert order.body["items"][1]["text"] == "b|c"
    assert [(problem.line, problem.level) for problem in result.problems] == [
        (1, "notice"), (9, "error"), (10, "error"), (11, "error"),
    ]  # fmt: skip


def test_a_csv_without_its_columns_says_which_it_needs() -> None:
    result = parse_questions(b"a,b,c\n1,2,3\n", "list.csv")
    assert ([], ["“type” and “question”" in one.reason for one in result.problems]) == (result.questions, [True])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_encodings_and_line_ends(encoding: str) -> None:
    for text in (CSV, "Café?{=é ~à}\n\nZwei?{T}\n", "Café?\nA. é\nB. à\nANSWER: A\n"):
        plain = parse(text)
        other = parse(text.replace("\n", "\r\n").encode(encoding))
        assert [question.stem for question in other.questions] == [question.stem for question in plain.questions]


# -- QTI


@pytest.mark.parametrize("kind", qti_files.ITEMS)
def test_qti_items_of_versions_2_and_3(kind: str) -> None:
    question = only(qti_files.ITEMS[kind])
    assert question.type == kind
    assert question_type(kind).validate(question.body) == []


def test_qti_keeps_what_is_right_and_what_it_earns() -> None:
    single, several = only(qti_files.CHOICE2), only(qti_files.MULTI2)
    assert [choice["correct"] for choice in single.body["choices"]] == [True, False]
    assert single.body["choices"][0]["feedback"] == "Yes!"
    assert [choice["fraction"] for choice in several.body["choices"]] == ["0.5", "0.5", "-0.5"]
    typed, chosen = only(qti_files.CLOZE2).body["gaps"]
    assert [(answer["text"], answer["fraction"]) for answer in typed["answers"]] == [("York", "1"), ("york", "0.5")]
    assert typed["weight"] == 2
    assert [choice["correct"] for choice in chosen["choices"]] == [True, False]
    assert [item["text"] for item in only(qti_files.ORDER3).body["items"]] == ["Cleo", "Anna"]
    assert only(qti_files.NUMBER2).body["answers"][0]["tolerance"] == "0.05"
    assert only(qti_files.MATCH2).body["distractors"] == ["Tempest"]


@pytest.mark.parametrize("words", qti_files.REFUSED)
def test_qti_that_cannot_be_kept_says_why(words: str) -> None:
    result = parse(qti_files.REFUSED[words])
    assert result.questions == []
    (problem,) = result.errors
    assert words in problem.reason
    assert problem.line > 0


def test_a_package_brings_items_with_their_pictures_and_metadata() -> None:
    files = {f"items/{kind}.xml": item for kind, item in qti_files.ITEMS.items()}
    files |= {"items/spot.xml": qti_files.SPOT2, "items/images/map.png": PNG, "bad.xml": b"<a>"}
    result = parse(package(files))
    assert len(result.questions) == len(qti_files.ITEMS) + 1
    (spot,) = [question for question in result.questions if question.type == "hotspot"]
    assert spot.attachments[0].content == PNG
    assert (spot.body["width"], spot.body["alt"]) == (196, "Map of the islands")
    assert [(problem.file, problem.level) for problem in result.errors] == [("bad.xml", "error")]
    lom = (
        '<resource identifier="r" type="imsqti_item_xmlv3p0" href="a.xml"><metadata><lom xmlns="http://ltsc.ieee.org/xsd/LOM">'
        "<general><keyword><string>plants</string></keyword></general><educational><difficulty><value>difficult</value>"
        "</difficulty></educational></lom></metadata></resource>"
    )
    question = only(package({"a.xml": qti_files.CHOICE2}, resources=lom))
    assert (question.tags, question.difficulty) == (("plants",), 4)


def test_any_archive_of_question_files_comes_in() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.xml", moodle(true_false("1")))
        archive.writestr("b.gift", "Two?{=a ~b}")
        archive.writestr("c.xml", moodle(true_false("1", text="Other")))
        archive.writestr("d/e.xml", qti_files.CHOICE2)
        archive.writestr("readme.md", "# hi")
    result = parse(packed.getvalue())
    assert [question.type for question in result.questions] == ["true_false", "single", "single"]
    assert [(problem.file, problem.reason[:12]) for problem in result.errors] == [("c.xml", "Another file")]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (moodle(), Format.MOODLE_XML),
        (b"\xef\xbb\xbf<?xml version='1.0'?><!-- <assessmentItem/> --><!DOCTYPE q><quiz/>", Format.MOODLE_XML),
        (qti_files.CHOICE2, Format.QTI),
        (qti_files.ORDER3, Format.QTI),
        (b"<questestinterop/>", Format.QTI_1),
        (b"<html/>", Format.OTHER_XML),
        (b"PK\x03\x04", Format.ARCHIVE),
        (CSV.encode(), Format.CSV),
        (b"Q\nA. x\nB. y\nANSWER: A", Format.AIKEN),
        (b"Q {=a ~b}", Format.GIFT),
        (b"", Format.GIFT),
        ("<quiz/>".encode("utf-16"), Format.MOODLE_XML),
    ],
)
def test_the_format_is_told_from_the_content(data: bytes, kind: Format) -> None:
    assert format_of(data) is kind


# -- hostile files


def zipped(*names: str, content: bytes = b"x") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return packed.getvalue()


LOL = b'<!DOCTYPE q [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>'
XXE = b'<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
INCLUDE = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'
HOSTILE = {  # the large ones are not packed by each process that only collects the tests
    "a59 up": (zipped("../../etc/x.xml"), "leads elsewhere"),
    "a59 absolute": (zipped("/etc/x.xml"), "leads elsewhere"),
    "a59 drive": (zipped("C:\\x.xml"), "leads elsewhere"),
    "a59 twins": (zipped("a.xml", "A.XML"), "same name"),
    "a60 bomb": (lambda: zipped("a.xml", content=b"<quiz>" + b" " * 60_000_000), "attack"),
    "a60 many": (lambda: zipped(*(f"{n}" for n in range(21_001))), "more than 21000 files"),
    "a60 nested": (zipped("a.xml", content=zipped("b.xml", content=zipped("c.xml"))), "not opened"),
    "a62 image": (package({"i.xml": qti_files.SPOT2.replace(b"images/map.png", b"../../../etc/passwd")}), "not in the package"),
    "a62 file": (package({"i.xml": qti_files.SPOT2.replace(b"images/map.png", b"file:///etc/passwd")}), "not in the package"),
    "a62 manifest": (
        package({}, resources='<resource identifier="r" type="imsqti_item_xmlv2p1" href="../../etc/passwd"/>'),
        "leads out of the package",
    ),
    "a64 entity": (XXE + b"<quiz>&x;</quiz>", "can be an attack"),
    "a64 laughs": (LOL + b"<quiz>&b;</quiz>", "can be an attack"),
    "a64 item": (qti_files.CHOICE2.replace(b"<assessmentItem", XXE + b"<assessmentItem"), "can be an attack"),
    "a64 manifest": (zipped("imsmanifest.xml", content=XXE + b"<manifest/>"), "can be an attack"),
    "a64 include": (qti_files.CHOICE2.replace(b"Look.", INCLUDE.encode()), "XInclude"),
    "a65 pickle": (b"\x80\x04\x95cposix\nsystem\n.", "no questions"),
    "a65 calculated": (moodle('<question type="calculated"><name><text>x</text></name></question>'), "not supported"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a59_a60_a62_a64_a65_hostile_files_are_refused_with_the_reason(name: str) -> None:
    data, words = HOSTILE[name]
    data = data() if callable(data) else data
    start = time.process_time()
    result = parse(data)
    assert time.process_time() - start < 2
    assert result.questions == []
    assert words in " ".join(problem.reason for problem in result.errors)


def test_a65_words_of_a_shell_or_a_template_are_words() -> None:
    attack = "${7*7} {{ settings.SECRET_KEY }} `id` __import__('os')"
    question = only(f'identifier,type,question,right\n1,short_text,"{attack}","{attack}"\n')
    assert "7*7" in question.stem
    assert "49" not in question.stem


# -- whatever the bytes are

SEEDS = [
    *qti_files.ITEMS.values(), CSV.encode(), moodle(true_false("1"), true_false("2")),
    b"Aiken?\nA. x\nB. y\nANSWER: A\n", b"::T::Gift [[1]]{=a#x ~%50%b}\n\n// [id:1]\nN{#=1:2 =3}\n",
    b"<quiz><question type='cloze'><questiontext><text>a {1:SA:=b#c~%50%d} {2:NM:=5:0.1} {:MC:~a~=b}</text></questiontext>"
    b"</question><question type='ordering'><questiontext><text>o</text></questiontext><answer fraction='1'><text>a</text>"
    b"</answer><answer fraction='2'><text>b</text></answer></question></quiz>",
]  # fmt: skip
BITS = st.sampled_from(
    [
        b"{", b"}", b"::", b"[[1]]", b"\\", b"~", b"=", b"####", b"->", b"%50%", b"1e999", b"9" * 400, b"\x00", b"\xff\xfe",
        b"\r", b"ANSWER: B", b'"', b"<a>" * 50, b"&#x110000;", b"&lol;", b"]]>", b"<!--", b"NaN", b"fraction=", b"{1:MC:",
        b"@@PLUGINFILE@@/x", b"\xed\xa0\x80", b"$CATEGORY: a", b"<value/>", b"maxChoices='0'", b"xml:base='..'",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    seed=st.sampled_from(SEEDS),
    edits=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 60), BITS | st.binary(max_size=8)), max_size=5),
)
def test_no_file_breaks_the_reader_and_nothing_is_lost_in_silence(
    seed: bytes, edits: list[tuple[float, int, bytes]]
) -> None:
    data = seed
    for place, gone, new in edits:
        at = int(place * len(data))
        data = data[:at] + new + data[at + gone :]
    result = parse(data)
    assert result.questions or result.problems
    assert all(problem.reason and problem.file for problem in result.problems)
    identifiers = [question.identifier for question in result.questions]
    assert len(set(identifiers)) == len(identifiers)
    for question in result.questions:
        kind = question_type(question.type)
        assert kind.validate(question.body) == []
        kind.public(question.body)
        assert kind.score(question.body, None).fraction in (0, None)


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-16", "surrogatepass")))
def test_any_bytes_are_answered(data: bytes) -> None:
    result = parse(data)
    assert result.questions or result.problems
