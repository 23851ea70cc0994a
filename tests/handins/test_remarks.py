"""Remarks about places of the work: where they were put, in nobody's way, unseen before the release."""

from io import BytesIO

import pypdfium2
import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from PIL import Image
from pypdf import PdfWriter

from ecosystem.exceptions import EcosystemError
from ecosystem.models import Membership
from handins.exceptions import HandinError
from handins.files.pictures import Picture, picture_of
from handins.models import HandinFile, HandinPage, Remark, Round
from handins.selectors.remarks import pieces_of
from handins.services import handin_file_add, mark_give, round_save, round_start, round_submit, rounds_release
from handins.services.pages import page_kept
from handins.services.remarks import remark_add, remark_remove
from tests.handins.conftest import levels, pdf, within

pytestmark = pytest.mark.django_db
TEXT = "I look.\nI listen <b>long</b>. I look again."


@pytest.fixture
def learner(member) -> Membership:
    return member(name="Lea")


@pytest.fixture
def round(make_assignment, learner) -> Round:
    with within(learner):
        draft = round_start(assignment=make_assignment(), by=learner)
        handin_file_add(round=draft, upload=pdf(), by=learner)
        round_save(round=draft, text=TEXT, by=learner)
        return round_submit(round=draft, by=learner)


def test_spans_may_overlap_and_the_text_stays_the_text():
    pieces = pieces_of("abcdef", [(1, 4, 1), (2, 6, 2), (3, 4, 3)])
    assert "".join(piece.text for piece in pieces) == "abcdef"
    assert [(piece.start, piece.is_marked, piece.ends) for piece in pieces] == [
        (0, False, ()), (1, True, ()), (2, True, ()), (3, True, (1, 3)), (4, True, (2,)),
    ]  # fmt: skip
    assert pieces_of("", []) == []


def test_a_remark_is_about_words_or_a_page(round, marker):
    with within(marker):
        second = remark_add(round=round, quote="I look", start=TEXT.rindex("I look"), words="Better", by=marker)
        first = remark_add(round=round, quote="I look", start=1, words="At what?", by=marker)
        assert (first.start, second.start) == (0, TEXT.rindex("I look"))
        assert Round.objects.get(pk=round.pk).state == "reviewing"
        file = round.files.get()
        assert remark_add(round=round, file=file, page=2, words="Here", by=marker).page == 2
        for said, words in (
            ({"quote": "never said"}, "not in the text"), ({}, "Choose the words"), ({"file": file}, "which page"),
            ({"quote": "I look", "words": " "}, "Write what you want"), ({"quote": "x" * 1001}, "At most 1000"),
        ):  # fmt: skip
            with pytest.raises(EcosystemError, match=words):
                remark_add(round=round, **{"words": "W", "by": marker, **said})


def test_on_pages_for_the_learner_once_it_is_released(round, learner, marker, member, browser_of):
    desk, mine, other = browser_of(marker), browser_of(learner), browser_of(member(name="Eve"))
    place = f"/reviewing/{round.uid}/remarks/"
    assert other.post(place, {"quote": "I listen", "words": "How?"}).status_code == 404
    said = desk.post(place, {"quote": "I listen <b>long</b>", "words": "<i>How</i> long?", "start": ""}, follow=True)
    assert b"&lt;i&gt;How&lt;/i&gt; long?" in said.content
    assert b'<mark data-start="8">I listen &lt;b&gt;long&lt;/b&gt;</mark>' in said.content
    assert b"not in the text" in desk.post(place, {"quote": "nothing", "words": "x"}, follow=True).content
    assert b"long?" not in mine.get("/handins/my-plan/").content
    assert mine.get("/api/v1/remarks/").json()["results"] == []
    with within(marker):
        mark_give(round=round, levels=levels(2, 2, 2, 2), by=marker)
        rounds_release(rounds=[round], by=marker)
        with pytest.raises(EcosystemError, match="has it already"):
            remark_remove(remark=Remark.objects.get(), by=marker)
        with pytest.raises(EcosystemError, match="is released"):
            remark_add(round=round, quote="I look", words="Late", by=marker)
    page = mine.get("/handins/my-plan/").content
    assert b"long?" in page
    assert b'href="#remark-1-1"' in page
    assert [one["quote"] for one in mine.get("/api/v1/remarks/").json()["results"]] == ["I listen <b>long</b>"]
    assert other.get("/api/v1/remarks/").json()["results"] == []


def test_over_the_api_and_taken_back_by_who_said_it(round, learner, marker, member, browser_of):
    desk, second = browser_of(marker), browser_of(member("instructor", name="Max"))
    said = {"handin": str(round.uid), "quote": "I look", "words": "Where?"}
    assert browser_of(learner).post("/api/v1/remarks/", said, "application/json").status_code == 403
    made = desk.post("/api/v1/remarks/", said, "application/json")
    assert (made.status_code, made.json()["start"]) == (201, 0)
    place = f"/api/v1/remarks/{made.json()['uid']}/"
    assert second.delete(place).status_code == 403
    assert desk.delete(place).status_code == 204
    page = {"handin": str(round.uid), "file": str(round.uid), "page": 1, "words": "Here"}
    assert desk.post("/api/v1/remarks/", page, "application/json").status_code == 400


def test_words_that_moved_are_found_where_they_are_now(round, marker, browser_of):
    with within(marker):
        remark_add(round=round, quote="I listen", words="How?", by=marker)
        Round.objects.filter(pk=round.pk).update(text="First. I listen.")
    assert b'<mark data-start="7">I listen</mark>' in browser_of(marker).get(f"/reviewing/{round.uid}/").content


def two_pages() -> bytes:
    """A PDF of an upright page and one that is very wide."""
    made, out = pypdfium2.PdfDocument.new(), BytesIO()
    for size in ((595, 842), (14_000, 2)):
        made.new_page(*size)
    made.save(out)
    return out.getvalue()


@pytest.fixture
def paged(own_media, make_assignment, learner) -> Round:
    with within(learner):
        draft = round_start(assignment=make_assignment(), by=learner)
        handin_file_add(round=draft, upload=pdf(content=two_pages()), by=learner)
        handin_file_add(round=draft, upload=pdf("broken.pdf"), by=learner)
        return round_submit(round=draft, by=learner)


def test_a_remark_lies_on_the_page_and_the_learner_sees_it_there_after_the_release(
    paged, learner, marker, member, browser_of
):
    desk, mine, other = browser_of(marker), browser_of(learner), browser_of(member(name="Eve"))
    with within(marker):
        whole, broken = paged.files.order_by("pk")
    place, picture = f"/reviewing/pages/{whole.uid}/1/", f"/handins/files/{whole.uid}/1/"
    assert mine.get(picture).status_code == 404, "nobody has looked at it yet"
    assert "1 of 2" in desk.get(place).content.decode()
    assert other.get(place).status_code == other.get(picture).status_code == 404
    said = {"on": whole.uid, "file": whole.uid, "page": "1", "left": "25", "top": "50.0", "words": "Who is with her?"}
    half = {"handin": str(paged.uid), "file": str(whole.uid), "page": 1, "x": 0.5, "words": "Half a place"}
    refused = desk.post("/api/v1/remarks/", half, "application/json")
    assert (refused.status_code, b"from the left and from the top" in refused.content) == (400, True)
    assert (
        b"from the left and from the top"
        in desk.post(f"/reviewing/{paged.uid}/remarks/", {**said, "top": ""}, follow=True).content
    )
    assert desk.post(f"/reviewing/{paged.uid}/remarks/", said).headers["Location"] == place
    shown = desk.get(place).content.decode()
    assert 'cx="300" cy="849"' in shown
    assert "Who is with her?" in shown
    assert "Who is with her?" not in mine.get("/handins/my-plan/").content.decode()
    with within(marker):
        mark_give(round=paged, levels=levels(2, 2, 2, 2), by=marker)
        rounds_release(rounds=[paged], by=marker)
    page = mine.get("/handins/my-plan/").content.decode()
    assert 'href="#remark-1-1"' in page
    assert picture in page
    assert 'cx="300" cy="849"' in page
    answer = mine.get(picture)
    assert answer.headers["Content-Type"] == "image/webp"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    with Image.open(BytesIO(b"".join(answer.streaming_content))) as found:
        assert found.size == (1200, 1699)
        assert not found.getexif()
    listed = mine.get("/api/v1/remarks/").json()["results"][0]
    assert (listed["page"], listed["x"], listed["y"]) == (1, 0.25, 0.5)
    assert "cannot be shown" in desk.get(f"/reviewing/pages/{broken.uid}/1/").content.decode()


def test_places_off_the_page_and_pages_that_are_not_there_are_refused(paged, marker, django_assert_num_queries):
    with within(marker):
        whole, broken = paged.files.order_by("pk")
        said = {"round": paged, "file": whole, "page": 1, "words": "W", "by": marker}
        for x, y in ((1.1, 0.5), (0.5, -0.1), (0.5, None), (float("nan"), 0.5)):
            with django_assert_num_queries(3), pytest.raises(EcosystemError, match="from the left"):
                remark_add(**said, x=x, y=y)  # the block begins and is undone: no page is made for it
        with pytest.raises(EcosystemError, match="2 pages"):
            remark_add(**{**said, "page": 3}, x=0.5, y=0.5)
        with pytest.raises(EcosystemError, match="cannot be shown"):
            remark_add(**{**said, "file": broken}, x=0.5, y=0.5)
        made = remark_add(**said, x=0, y=1)
        with pytest.raises(IntegrityError, match="remark_is_on_the_page"), transaction.atomic():
            Remark.objects.filter(pk=made.pk).update(y=1.01)
        wide = page_kept(file=whole, number=2, by=marker)
        assert (wide.width, wide.height) == (1200, 1), "however odd the page, no more than the limit"


def test_one_page_is_made_at_a_time_and_what_could_not_be_made_is_not_tried_again(paged, marker, monkeypatch):
    cache.clear()
    tried = []

    def slow(content, *, number: int, size: int) -> None:
        tried.append(number)
        with pytest.raises(HandinError, match="Another page"):  # a second tab
            page_kept(file=whole, number=2, by=marker)

    monkeypatch.setattr("handins.services.pages.picture_of", slow)
    with within(marker):
        whole = paged.files.order_by("pk")[0]
        for _look in range(2):
            with pytest.raises(HandinError, match="cannot be shown"):
                page_kept(file=whole, number=1, by=marker)
    assert tried == [1]


def test_a_page_that_was_made_while_its_file_was_taken_away_is_not_kept(paged, marker, monkeypatch):
    cache.clear()
    with within(marker):
        whole = paged.files.order_by("pk")[0]

        def meanwhile(content, *, number: int, size: int) -> Picture:
            HandinFile.objects.filter(pk=whole.pk).delete()
            return Picture(b"RIFF", 1, 1, 1)

        monkeypatch.setattr("handins.services.pages.picture_of", meanwhile)
        with pytest.raises(HandinError, match="Only somebody who marks"):
            page_kept(file=whole, number=1, by=marker)
        assert not HandinPage.objects.exists()


def test_a_page_of_a_very_long_number_is_no_page(paged, marker, browser_of):
    said = {"on": str(paged.uid), "page": "9" * 5000, "do": "remove:nothing"}
    answer = browser_of(marker).post(f"/reviewing/{paged.uid}/remarks/", said)
    assert answer.headers["Location"] == f"/reviewing/{paged.uid}/#remarks"


def test_a_pdf_made_to_be_slow_or_locked_is_left_alone():
    assert picture_of(BytesIO(two_pages()), number=1, size=100, seconds=0.001) is None
    locked = PdfWriter()
    locked.add_blank_page(100, 100)
    locked.encrypt("secret")
    out = BytesIO()
    locked.write(out)
    out.seek(0)
    assert picture_of(out, number=1, size=100) is None
    assert picture_of(BytesIO(b""), number=501, size=100) is picture_of(BytesIO(b""), number=1, size=10**9) is None
