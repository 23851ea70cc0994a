"""A draft becomes the next version: once, as it was seen, and never one that nobody could complete."""

import pytest

from courses.exceptions import CourseError, DraftChangedError
from courses.models import CourseVersion, Enrolment
from courses.plans.rows import rows_of
from courses.services import (
    activity_change,
    block_add,
    run_open,
)
from courses.services.publishing import draft_publish
from ecosystem.models import Power
from ecosystem.services.elements import element_create
from tests.courses.changing import changed, learner_with
from tests.courses.conftest import uids, within
from tests.courses.test_builder import text_of


@pytest.fixture
def run(author, built):
    with within(author):
        return run_open(element=built, title="Autumn")


def test_publishing_makes_the_next_version_once(author, built, draft, pages):
    with within(author):
        seen = changed(author, draft, pages)
        expected = rows_of(draft)
        version = draft_publish(draft=draft, by=author, seen=seen)
        assert (version.number, version.state) == (2, "published")
        assert rows_of(version) == expected
        with pytest.raises(CourseError, match="published or thrown away"):
            draft_publish(draft=draft, by=author, seen=seen)
        assert CourseVersion.objects.filter(element=built).count() == 2


def test_nobody_publishes_what_they_have_not_seen(author, member, draft):
    with within(author):
        block_add(draft=draft, title="Three", by=author, seen=0)
        with pytest.raises(DraftChangedError):
            draft_publish(draft=draft, by=author, seen=0)


def test_a_plan_that_nobody_could_complete_is_refused(author, draft, pages):
    with within(author):
        named = uids(draft)
        activity_change(draft=draft, uid=named["Page 0"], condition={"completed": pages[1].pk}, by=author, seen=0)
        with pytest.raises(CourseError, match="Page 1"):
            draft_publish(draft=draft, by=author, seen=1)
        assert CourseVersion.objects.get(element=draft.element, number=0).state == "draft"


def test_strangers_publish_nothing(author, member, other, draft, give):
    with within(author):
        another = element_create(kind="course", title="Another", creators=["A"])
    for stranger in (member("manager"), give(Power.MANAGE_CONTENT, course=another), member("admin", environment=other)):
        with within(stranger), pytest.raises(CourseError):
            draft_publish(draft=draft, by=stranger, seen=0)


def test_the_page_shows_all_of_it_and_publishes(author, member, browser_of, built, draft, pages, run):
    learner = learner_with(run, member, pages, pages[0])
    with within(author):
        seen = changed(author, draft, pages)
    browser = browser_of(author)
    page = text_of(browser.get("/courses/built/build/publish/"))
    assert "8 changes" in page
    assert "1 learner on the way" in page
    impact = text_of(browser.get(f"/courses/built/build/publish/{run.uid}/"))
    assert "1 learner would go along" in impact
    assert learner.person.name not in impact, "an author sees no learners"
    assert "notices nothing" not in impact, "nor from numbers what they have done"
    assert learner.person.name in text_of(browser_of(member("admin")).get(f"/courses/built/build/publish/{run.uid}/"))
    assert browser.post("/courses/built/build/publish/", {"seen": 1}).status_code == 409
    done = browser.post("/courses/built/build/publish/", {"seen": seen, f"run-{run.pk}": "migrate"}, follow=True)
    assert "Published as version 2." in text_of(done)
    with within(author):
        assert Enrolment.objects.get(person_id=learner.person_id).version.number == 2


def test_a_plan_with_only_optional_steps_is_refused_in_words(author, draft):
    with within(author):
        for at, title in enumerate(("Page 0", "Page 1", "Page 2")):
            activity_change(draft=draft, uid=uids(draft)[title], optional=True, by=author, seen=at)
        with pytest.raises(CourseError, match="every activity is optional"):
            draft_publish(draft=draft, by=author, seen=3)
        activity_change(draft=draft, uid=uids(draft)["Page 1"], optional=False, by=author, seen=3)
        assert draft_publish(draft=draft, by=author, seen=4).number == 2
