"""Good work as an example: only with consent, with the name or without, for as long as its maker wants."""

import pytest

from ecosystem.exceptions import EcosystemError
from handins.models import Exemplar
from handins.services import handin_file_add, mark_give, round_save, round_start, round_submit, rounds_release
from handins.services.exemplars import exemplar_answer, exemplar_ask
from tests.handins.conftest import levels, pdf, within

pytestmark = pytest.mark.django_db


@pytest.fixture
def passed(make_assignment, member, marker):
    learner = member(name="Lea Brun")
    with within(learner):
        draft = round_start(assignment=make_assignment(), by=learner)
        handin_file_add(round=draft, upload=pdf(), by=learner)
        round_save(round=draft, text="I <b>listen</b>.", by=learner)
        round_submit(round=draft, by=learner)
    with within(marker):
        with pytest.raises(EcosystemError, match="released and has passed"):
            exemplar_ask(round=draft, by=marker)
        mark_give(round=draft, levels=levels(2, 2, 2, 2), by=marker)
        rounds_release(rounds=[draft], by=marker)
    return draft, learner


def test_asked_agreed_seen_and_taken_back(passed, marker, member, browser_of):
    round, learner = passed
    desk, mine, other = browser_of(marker), browser_of(learner), browser_of(member(name="Eve"))
    assert other.post(f"/reviewing/{round.uid}/exemplar/").status_code == 404
    assert b"Ask whether" in desk.get(f"/reviewing/{round.uid}/").content
    desk.post(f"/reviewing/{round.uid}/exemplar/")
    with within(marker):
        uid = Exemplar.objects.get().uid
    place, answer = f"/handins/exemplars/{uid}/", f"/handins/exemplars/{uid}/answer/"
    assert b"May others learn from your work?" in mine.get("/handins/my-plan/").content
    assert (other.get(place).status_code, mine.get(place).status_code) == (404, 404), "nobody has agreed yet"
    assert other.post(answer, {"do": "name"}).status_code == 404
    mine.post(answer, {"do": "name"})
    page = other.get("/handins/my-plan/").content
    assert b"Good examples" in page
    shown = other.get(place).content
    assert b"I &lt;b&gt;listen&lt;/b&gt;." in shown
    assert b"Made by Lea Brun." in shown
    assert b"100" not in shown.split(b"</h1>")[1].split(b"</article>")[0], "no mark of theirs"
    file = other.get(f"{place}1/")
    assert file["Content-Disposition"].startswith("attachment")
    assert other.get(f"{place}2/").status_code == 404
    mine.post(answer, {"do": "nameless"})
    assert b"Lea" not in other.get(place).content
    mine.post(answer, {"do": "no"})
    assert (other.get(place).status_code, other.get(f"{place}1/").status_code) == (404, 404)
    assert b"Good examples" not in other.get("/handins/my-plan/").content
    assert "not asked again" in desk.post(f"/reviewing/{round.uid}/exemplar/", follow=True).content.decode()


def test_only_its_maker_says_yes(passed, marker, member, browser_of):
    round, learner = passed
    with within(marker):
        asked = exemplar_ask(round=round, by=marker)
        assert exemplar_ask(round=round, by=marker) == asked
        with pytest.raises(EcosystemError, match="Only who made it"):
            exemplar_answer(exemplar=asked, agrees=True, by=marker)
    mine, other = browser_of(learner), browser_of(member())
    place = f"/api/v1/exemplars/{asked.uid}/"
    assert other.get(place).status_code == 404
    assert mine.post(f"{place}answer/", {"agrees": True}, "application/json").json()["credit"] == "Lea Brun"
    assert other.get(place).json()["text"] == "I <b>listen</b>."
    assert other.post(f"{place}answer/", {"agrees": False}, "application/json").status_code == 403
    said = {"handin": str(round.uid)}
    assert mine.post("/api/v1/exemplars/", said, "application/json").status_code == 403
    assert browser_of(marker).post("/api/v1/exemplars/", said, "application/json").status_code == 201
