"""A hand-in as a step of a course, in a browser: an author builds it in, a learner hands in from the course, an instructor
marks and releases, and the step that waits for the mark is open with that request. There is no worker here at all.

On a phone, in two languages; each page is free of accessibility errors.
"""

import pytest

from courses.models import ActivityState
from courses.services import enrolment_create, run_open
from ecosystem.models import Element
from ecosystem.scope import open_scope
from handins.models import Round
from tests.live.browsing import Visitor, chromium

pytestmark = [pytest.mark.live, pytest.mark.usefixtures("own_database")]
BUILD = "/courses/caring-talks/build/"


def test_a_hand_in_inside_a_course(live_server, monkeypatch, member, browser_of):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    author, learner, marker = member("author", name="Ada"), member(name="Lea Brun"), member("instructor", name="Mia")
    base = f"http://alpha.localhost:{live_server.url.rsplit(':', 1)[-1]}"

    def visitor(browser, who, name: str, language: str) -> Visitor:
        found = Visitor(browser, base=base, name=f"course-hand-in-{name}")
        cookies = {"session": browser_of(who).cookies["session"].value, "language": language}
        found.context.add_cookies([{"name": key, "value": value, "url": base} for key, value in cookies.items()])
        return found

    def states() -> list[str]:
        with open_scope(environment_id=author.environment_id):
            rows = ActivityState.objects.filter(person_id=learner.person_id).order_by("activity__position")
            return list(rows.values_list("state", flat=True))

    with chromium() as browser:
        maker = visitor(browser, author, "author", "en")
        _build(maker)
        with open_scope(environment_id=author.environment_id, person_id=author.person_id):
            run = run_open(element=Element.objects.get(kind="course"))
            enrolment_create(run=run, person=learner.person)
        assert states() == ["open", "locked"]
        own = visitor(browser, learner, "learner", "nl")
        own.go("/courses/caring-talks/").look("locked", shoot_desktop=True)
        own.page.locator("a.t", has_text="A plan for a talk").click()
        own.press("Begin")
        own.page.fill("[name=text]", "I ask how they are, and listen.")
        own.page.get_by_role("button", name="Inleveren", exact=True).click()
        own.page.get_by_role("button", name="Neem terug").wait_for()
        assert states()[1] == "locked"
        desk = visitor(browser, marker, "instructor", "nl")
        _mark(desk, author.environment_id)
        # Nobody has done anything since the instructor's request.
        assert states() == ["completed", "open"]
        own.go("/courses/caring-talks/").look("opened", shoot_desktop=True)
        own.page.locator("a.t", has_text="Your first talk").click()
        assert "You are ready." in own.text()
        assert maker.wrong + own.wrong + desk.wrong == []


def _build(maker: Visitor) -> None:
    maker.go("/studio/").press("New course")
    maker.page.fill("#id_title", "Caring talks")
    maker.press("Make the course").page.wait_for_url(maker.base + BUILD)
    maker.page.fill("#new-block", "To begin with")
    maker.press("Add chapter")
    maker.page.locator(".och h2", has_text="To begin with").wait_for()
    maker.page.locator(".addrow a").first.click()
    maker.page.locator("#panel h2", has_text="Add to").wait_for()
    _make(maker, "Hand-in", "handin", "A plan for a talk", "Write how you would begin.")
    _make(maker, "Page", "page", "Your first talk", "You are ready.")
    maker.page.locator("[data-step] a.b", has_text="Your first talk").click()
    maker.press("Change when it opens").page.wait_for_url("**/condition/")
    maker.page.get_by_role("link", name="Add a condition").click()
    maker.page.get_by_role("link", name="Has a result between two bounds", exact=True).click()
    maker.page.locator("#change button", has_text="Save").wait_for()
    maker.page.select_option("#id_of", label="A plan for a talk")
    maker.page.fill("#id_least", "70")
    maker.press("Save").page.locator("#tree").wait_for()
    maker.go(f"{BUILD}publish/").press("Publish now")
    maker.page.wait_for_url("**/runs/")


def _make(maker: Visitor, kind: str, key: str, title: str, words: str) -> None:
    maker.page.locator("#panel .make summary", has_text=kind).first.click()
    maker.page.fill(f"#id_{key}_title", title)
    maker.page.fill(f"#id_{key}_markdown", words)
    maker.page.locator(f"#panel .make:has(#id_{key}_title)").get_by_role("button", name="Make and add").click()
    maker.page.locator("[data-step]", has_text=title).wait_for()


def _mark(desk: Visitor, environment_id: int) -> None:
    with open_scope(environment_id=environment_id):
        uid = Round.objects.get().uid
    desk.go("/reviewing/").look("queue", shoot_desktop=True)
    desk.go(f"/reviewing/{uid}/")
    desk.page.fill("[name=percent]", "85")
    desk.page.locator("[name=passed][value=yes]").check()
    desk.page.fill("[name=comment]", "Een warm begin.")
    desk.press("Beoordeel en geef vrij").page.locator("#confirm [value=yes]").click()
    desk.page.wait_for_url("**/reviewing/")
