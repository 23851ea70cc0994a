"""Remarks about places of the work: where they were put, in nobody's way, unseen before the release."""

import pytest

from ecosystem.exceptions import EcosystemError
from ecosystem.models import Membership
from handins.models import Remark, Round
from handins.selectors.remarks import pieces_of
from handins.services import handin_file_add, mark_give, round_save, round_start, round_submit, rounds_release
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
