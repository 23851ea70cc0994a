"""The same draft in two tabs of one person: neither writes over what the other has saved without a word."""

import pytest

from handins.models import Round, RoundState
from handins.services import round_save, round_start, round_submit
from tests.handins.conftest import within

pytestmark = pytest.mark.django_db
PAGE = "/handins/my-plan/"


@pytest.fixture
def learner(member):
    return member()


@pytest.fixture
def draft(make_assignment, learner) -> Round:
    assignment = make_assignment(takes_link=True)
    with within(learner):
        return round_start(assignment=assignment, by=learner)


def kept(learner) -> tuple[str, str]:
    with within(learner):
        found = Round.objects.get()
    return found.text, found.link


def save(browser, seen, **said):
    return browser.post(PAGE, {"do": "save", "text": "", "link": "", "seen": seen, **said})


def test_the_second_tab_is_refused_and_shown_both(draft, learner, browser_of):
    mine, seen = browser_of(learner), draft.saved_at.isoformat()
    assert save(mine, seen, text="First").status_code == 302
    assert save(mine, seen, text="First").status_code == 302, "the same again changes nothing"
    refused = save(mine, seen, text="Second")
    assert refused.status_code == 400
    for words in (b"in another tab", b"What is saved now", b"First", b"Second"):
        assert words in refused.content
    assert kept(learner) == ("First", "")
    (now,) = [line.split('"')[5] for line in refused.text.split("<input") if 'name="seen"' in line]
    assert save(mine, now, text="Second").status_code == 302, "having seen them, one decides"
    assert kept(learner) == ("Second", "")


def test_an_address_that_was_saved_meanwhile_is_shown(draft, learner, browser_of):
    mine, seen = browser_of(learner), draft.saved_at.isoformat()
    save(mine, seen, text="Mine", link="https://example.org/one")
    refused = save(mine, seen, text="Mine", link="https://example.org/two")
    assert refused.status_code == 400
    assert b'<div class="prose written">https://example.org/one' in refused.content
    assert kept(learner) == ("Mine", "https://example.org/one")


def test_over_the_api(draft, learner, browser_of):
    mine, seen, place = browser_of(learner), draft.saved_at.isoformat(), f"/api/v1/handins/{draft.uid}/"
    assert mine.patch(place, {"text": "First", "seen": seen}, "application/json").status_code == 200
    refused = mine.patch(place, {"text": "Second", "seen": seen}, "application/json")
    said = refused.json()
    assert (refused.status_code, said["title"]) == (409, "Other words were saved since")
    assert "in another tab" in said["detail"]
    assert mine.patch(place, {"text": "Third"}, "application/json").status_code == 200, "who says nothing goes on"
    assert kept(learner) == ("Third", "")


def test_words_that_come_after_handing_in_are_not_dropped_without_a_word(draft, learner, browser_of):
    mine = browser_of(learner)
    with within(learner):
        saved = round_save(round=draft, text="One\nTwo", by=learner)
        assert round_submit(round=draft, by=learner).state == RoundState.SUBMITTED
    seen = saved.saved_at.isoformat()
    refused = save(mine, seen, text="Other words")
    assert refused.status_code == 400
    assert b"These words are not kept" in refused.content
    twice = mine.post(PAGE, {"do": "submit", "text": "One\r\nTwo", "link": "", "seen": seen})
    assert twice.status_code == 302, "the button pressed twice"
    assert kept(learner) == ("One\nTwo", "")


def test_a_day_that_is_none_is_no_fault_of_ours(draft, learner, browser_of):
    assert save(browser_of(learner), "2026-13-45T00:00:00", text="First").status_code == 302
    assert kept(learner) == ("First", "")
