"""Marks in a sheet: looked at first, all of them or none, every bad line with its reason, and no formula either way."""

import csv
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from handins.files.sheets import csv_of_workbook
from handins.models import Mark, Round
from tests.handins.conftest import pdf, within

pytestmark = pytest.mark.django_db
PLACE = "/reviewing/my-plan/worksheet/"


def upload(client, text: str, do: str = "look"):
    return client.post(PLACE, {"do": do, "text": text})


def sheet_of(client) -> list[dict[str, str]]:
    body = b"".join(client.get(f"{PLACE}file/?sheet").streaming_content)
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


def written(rows: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def test_taken_along_filled_in_and_brought_back(make_assignment, handed_in, member, marker, browser_of):
    assignment, desk = make_assignment(), browser_of(marker)
    first = handed_in(assignment, member(name="=HYPERLINK(1)"), "My work")
    handed_in(assignment, member(name="Lea"))
    desk.post(f"/reviewing/{first.uid}/files/", {"files": [pdf()]})
    packed = zipfile.ZipFile(io.BytesIO(b"".join(desk.get(f"{PLACE}file/").streaming_content)))
    assert "marks.xlsx" in packed.namelist()
    assert packed.read(f"001-{str(first.uid)[:8]}/text.txt") == b"My work\n"
    rows = sheet_of(desk)
    assert rows[0]["person"] == "'=HYPERLINK(1)"
    rows[0].update(
        {"1. Care": "yes", "2. Clarity": "2", "3. Safety": "YES", "4. Reflection": "some", "comment": "- well done"}
    )
    looked = upload(desk, written(rows))
    assert (looked.status_code, b"1 mark, and nothing is wrong" in looked.content) == (200, True)
    with within(marker):
        assert not Mark.objects.exists(), "looking keeps nothing"
        assert Round.objects.get(pk=first.pk).state == "submitted"
    assert upload(desk, written(rows), "apply").status_code == 302
    with within(marker):
        mark = Mark.objects.get()
        assert (mark.round_id, mark.percent, mark.comment) == (first.pk, 87, "- well done")
        assert Round.objects.get(pk=first.pk).state == "marked"


def test_one_bad_line_and_none_is_given(make_assignment, handed_in, member, marker, browser_of):
    assignment, desk = make_assignment(criteria=None), browser_of(marker)
    other = handed_in(make_assignment(title="Other", criteria=None), member())
    for name in ("Ann", "Bob", "Cas", "Dee", "Eva"):
        handed_in(assignment, member(name=name))
    rows = sheet_of(desk)
    for row, score in zip(rows, ("80", "101", "=1+1", "x", "70"), strict=True):
        row["score"] = score
    rows += [{**rows[4]}, {**rows[0], "hand-in": str(other.uid)}, {**rows[0], "hand-in": "nothing"}]
    for do in ("look", "apply"):
        page = upload(desk, written(rows), do)
        text = page.content.decode()
        assert page.status_code == 400
        for line, words in ((3, "whole number"), (4, "holds a formula"), (5, "whole number"), (7, "twice"), (8, "no such hand-in"), (9, "no hand-in of the sheet")):  # fmt: skip
            assert f"Line {line}" in text
            assert words in text
        assert "Line 2," not in text
    with within(marker):
        assert not Mark.objects.exists()


@pytest.mark.parametrize("text", ["", "a,b\n1,2", '"x', "\x00", "hand-in\n"])
def test_what_is_no_sheet_is_said(make_assignment, marker, browser_of, text):
    make_assignment()
    refused = upload(browser_of(marker), text)
    assert (refused.status_code, "Line 1" in refused.text) == (400, text == '"x')


def test_strangers_find_nothing(make_assignment, member, marker, browser_of):
    make_assignment()
    for path in (PLACE, f"{PLACE}file/"):
        assert browser_of(member()).get(path).status_code == 404
        assert browser_of(marker).get(path.replace("my-plan", "other")).status_code == 404


def saved(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def brought(client, data: bytes):
    return client.post(PLACE, {"do": "look", "sheet": SimpleUploadedFile("marks.xlsx", data)})


def test_as_a_workbook_of_a_spreadsheet_program(make_assignment, handed_in, member, marker, browser_of):
    assignment, desk = make_assignment(), browser_of(marker)
    empty = load_workbook(io.BytesIO(b"".join(desk.get(f"{PLACE}file/?sheet=xlsx").streaming_content)))
    assert empty.active.max_row == 1, "nobody has handed in yet"
    first = handed_in(assignment, member(name="=HYPERLINK(1)"), "My work")
    handed_in(assignment, member())
    book = load_workbook(io.BytesIO(b"".join(desk.get(f"{PLACE}file/?sheet=xlsx").streaming_content)))
    sheet = book.active
    head = [cell.value for cell in sheet[1]]
    named = sheet.cell(2, head.index("person") + 1)
    assert (named.value, named.data_type, named.quotePrefix) == ("=HYPERLINK(1)", "s", True)
    assert [rule.formula1 for rule in sheet.data_validations.dataValidation] == [
        "choices!$A$1:$A$3", "choices!$B$1:$B$3", "choices!$C$1:$C$3", "choices!$D$1:$D$3", "choices!$E$1:$E$2",
    ]  # fmt: skip
    said = {"1. Care": "yes", "2. Clarity": 2, "3. Safety": 2.0, "4. Reflection": "some", "comment": "- well\ndone"}
    for name, value in said.items():
        sheet.cell(2, head.index(name) + 1).value = value
    looked = brought(desk, saved(book))
    assert (looked.status_code, b"1 mark, and nothing is wrong" in looked.content) == (200, True)
    (foreseen,) = looked.context["sheet"].foreseen
    assert (foreseen.line, foreseen.called, foreseen.percent, foreseen.passed) == (2, "=HYPERLINK(1)", 87, True)
    assert upload(desk, looked.context["text"], "apply").status_code == 302
    with within(marker):
        mark = Mark.objects.get()
        assert (mark.round_id, mark.percent, mark.comment) == (first.pk, 87, "- well\ndone")
    sheet.cell(3, head.index("comment") + 1).value = "=1+1"
    wrong = brought(desk, saved(book))
    said = [(one.line, "holds a formula" in one.reason) for one in wrong.context["sheet"].problems]
    assert (wrong.status_code, said) == (400, [(3, True)]), "a row counts once, however many lines it has"


def hostile(**parts: str) -> bytes:
    """A workbook with these parts instead of its own."""
    out, good = io.BytesIO(), zipfile.ZipFile(io.BytesIO(saved(Workbook())))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in good.namelist():
            packed.writestr(name, parts.get(name, good.read(name)))
    return out.getvalue()


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;">]>'
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY c SYSTEM "file:///etc/passwd">]>'
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row></sheetData></worksheet>'
FIRST = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    "parts",
    [
        {FIRST: BOMB + SHEET.format("&c;")}, {FIRST: OUTSIDE + SHEET.format("&c;")},
        {"xl/workbook.xml": BOMB + "<workbook>&c;</workbook>"}, {FIRST: SHEET.format("x" * 3_000_000)},
        {FIRST: SHEET.format("x").replace('<row r="1">', "<row/>" * 10_001 + "<row>")},
    ],
    ids=["entities", "entities outside", "entities in the book", "a long cell", "too many rows"],
)  # fmt: skip
def test_a_hostile_workbook_is_said_to_be_none(parts):
    assert csv_of_workbook(hostile(**parts)) is None


def test_what_is_no_archive_or_swells_is_said_to_be_none():
    assert csv_of_workbook(b"PK\x03\x04 and no archive") is None
    assert csv_of_workbook(hostile(**{FIRST: " " * 60_000_000})) is None


def test_a_workbook_that_is_put_together_as_the_hostile_ones_is_read():
    assert csv_of_workbook(hostile(**{FIRST: SHEET.format("good")})) == b"good\r\n"
