"""Marks in a sheet: looked at first, all of them or none, every bad line with its reason, and no formula either way."""

import csv
import io
import zipfile

import pytest

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
    assert "marks.csv" in packed.namelist()
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
