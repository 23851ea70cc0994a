"""Building a course in the browser: by buttons, by keys and by dragging; saved by itself, undone, published, run, taken.

Each screen is looked at on the phone and the desktop and must be free of accessibility errors.
"""

import pytest
from playwright.sync_api import expect

from demo.loading.forest import PASSWORD
from tests.live.browsing import Visitor, chromium

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("building")]
BUILD = "/courses/safe-night-shifts/build/"


def steps(author: Visitor) -> list[str]:
    found: list[str] = author.page.eval_on_selector_all("[data-step] .b", "rows => rows.map(row => row.textContent)")
    return found


def said(author: Visitor, words: str) -> None:
    author.page.locator("#state", has_text=words).wait_for()


def add_chapter(author: Visitor, title: str) -> None:
    author.page.fill("#new-block", title)
    author.press("Add chapter")
    author.page.locator(".och h2", has_text=title).wait_for()


def make_page(author: Visitor, title: str) -> None:
    author.page.locator("#panel .make summary", has_text="Page").first.click()
    author.page.fill("#id_page_title", title)
    author.page.fill("#id_page_markdown", f"## {title}\n\nRead this first.")
    author.press("Make and add")
    author.page.locator("[data-step]", has_text=title).wait_for()


def test_a_course_is_built_published_and_taken(site):
    site.start("broker", "web")
    base = f"http://demo.localhost:{site.port}"
    with chromium() as browser:
        author = Visitor(browser, base=base, name="building").sign_in("author@demo.example.org", PASSWORD)
        author.go("/studio/").press("New course")
        author.page.fill("#id_title", "Safe night shifts")
        author.press("Make the course").page.wait_for_url(base + BUILD)
        author.look("3-empty")
        add_chapter(author, "Before the shift")
        add_chapter(author, "During the shift")
        author.page.locator(".addrow a").first.click()
        author.page.locator("#panel h2", has_text="Add to").wait_for()
        author.look("4-adding", shoot_desktop=True)
        make_page(author, "Handing over")
        make_page(author, "Checking the rooms")
        author.page.fill("#q", "check")
        author.page.locator("#panel").get_by_role("button", name="Search").click()
        author.page.locator("#panel li", has_text="Check").get_by_role("button", name="Add").first.click()
        author.page.locator("[data-step]").nth(2).wait_for()
        _edit_and_move(author)
        author.look("5-outline", shoot_desktop=True)
        author.go(f"{BUILD}publish/").press("Publish now")
        author.page.wait_for_url("**/runs/")
        admin = Visitor(browser, base=base, name="building").sign_in("admin@demo.example.org", PASSWORD)
        _run_it(admin)
        learner = Visitor(browser, base=base, name="building").sign_in("learner@demo.example.org", PASSWORD)
        learner.go("/courses/safe-night-shifts/")
        learner.page.locator("a.t", has_text="Handing over, first").click()
        assert "Read this first." in learner.text()
        assert not author.wrong + admin.wrong + learner.wrong, "\n".join(author.wrong + admin.wrong + learner.wrong)


def _edit_and_move(author: Visitor) -> None:
    """Saved while typing; one down and back by keys; the first dragged to the end, and undone."""
    author.page.locator("[data-step] a.b", has_text="Handing over").click()
    author.page.locator("#panel #id_title").fill("Handing over, first")
    author.page.locator("[data-step] .b", has_text="Handing over, first").wait_for()
    before = steps(author)
    grip = author.page.locator("[data-step] [data-grip]").first
    grip.focus()
    author.page.keyboard.press("ArrowDown")
    said(author, "Moved.")
    assert steps(author) == [before[1], before[0], *before[2:]]
    assert author.page.evaluate("document.activeElement.dataset.grip") is not None
    author.page.keyboard.press("ArrowUp")
    expect(author.page.locator("[data-step] .b").first).to_have_text(before[0])
    grip = author.page.locator("[data-step] [data-grip]").first
    grip.scroll_into_view_if_needed()
    start, end = grip.bounding_box(), author.page.locator("[data-step]").last.bounding_box()
    author.page.mouse.move(start["x"] + 10, start["y"] + 10)
    author.page.mouse.down()
    author.page.mouse.move(start["x"] + 10, start["y"] + 40, steps=3)
    author.page.mouse.move(start["x"] + 40, end["y"] + end["height"] - 4, steps=6)
    author.page.mouse.up()
    expect(author.page.locator("[data-step] .b").first).to_have_text(before[1])
    assert steps(author) == [*before[1:], before[0]]
    author.press("Undo")
    expect(author.page.locator("[data-step] .b").first).to_have_text(before[0])
    assert steps(author) == before


def _run_it(admin: Visitor) -> None:
    admin.go("/courses/safe-night-shifts/runs/").press("Start the run")
    admin.page.locator("#emails").fill("learner@demo.example.org")
    admin.press("Enrol them").look("9-run", shoot_desktop=True)
    assert "1 person enrolled." in admin.text()
    admin.go("/studio/planning/").look("11-planning", shoot_desktop=True)
    admin.go(BUILD).press("Change this course").page.locator("#new-block").wait_for()
    add_chapter(admin, "After the shift")
    admin.go(f"{BUILD}publish/").press("Who gains or loses what?").look("12-impact", shoot_desktop=True)
