"""An author says when a step opens, with the keyboard too, and lets a sample learner live through it.

Each screen is looked at on the phone and the desktop and must be free of accessibility errors.
"""

import pytest

from demo.loading.forest import PASSWORD
from tests.live.browsing import Visitor, chromium

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("conditions")]
COURSE = "/courses/pfa-at-work/"


def choose(author: Visitor, kind: str) -> None:
    author.page.get_by_role("link", name=kind, exact=True).click()
    author.page.locator("#change button", has_text="Save").wait_for()


def save(author: Visitor) -> None:
    author.press("Save").page.locator("#tree").wait_for()


def test_a_condition_is_built_and_tried(site):
    site.start("broker", "web")
    base = f"http://demo.localhost:{site.port}"
    with chromium() as browser:
        author = Visitor(browser, base=base, name="conditions").sign_in("author@demo.example.org", PASSWORD)
        author.go(f"{COURSE}build/").press("Change this course")
        author.page.locator("[data-step] a.b").nth(3).click()
        author.press("Change when it opens").page.wait_for_url("**/condition/")
        _taken_away_by_keys(author)
        author.page.get_by_role("link", name="Add a condition").click()
        author.look("3-choosing", shoot_desktop=True)
        choose(author, "Has a result between two bounds")
        author.page.select_option("#id_of", index=1)
        author.page.fill("#id_least", "80")
        author.page.fill("#id_most", "60")
        author.press("Save").look("4-refused", shoot_desktop=True)
        assert "The lower bound is above the upper one" in author.text()
        author.page.fill("#id_most", "90")
        save(author)
        author.page.get_by_role("link", name="Or instead…").click()
        choose(author, "An instructor opens it")
        save(author)
        author.page.get_by_role("link", name="And also…").click()
        choose(author, "Some time after enrolling")
        author.page.fill("#id_wait_0", "2")
        save(author)
        assert "2 days have passed since you enrolled" in author.text()
        author.look("5-tree", shoot_desktop=True)
        author.page.get_by_role("link", name="Try it with sample learners").click()
        _lived(author)
        assert not author.wrong, "\n".join(author.wrong)


def _taken_away_by_keys(author: Visitor) -> None:
    """Without a mouse: the parts are opened with Enter, and go with the button inside."""
    while author.page.locator(".cond-part").count():
        author.page.locator(".cond-part summary").last.focus()
        author.page.keyboard.press("Enter")
        author.page.locator("details[open] button", has_text="Take away").last.focus()
        author.page.keyboard.press("Enter")
        author.page.wait_for_load_state("load")
        author.page.locator("#says").wait_for()


def _lived(author: Visitor) -> None:
    author.page.fill("#id_name", "Noor")
    author.page.fill("#id_enrolled_on", "2026-03-02")
    author.press("Let them in").page.locator("#clock").wait_for()
    assert "Monday 2 March 2026, 09:00" in author.text()
    author.page.get_by_role("button", name="Finishes it").first.click()
    author.page.locator(".chip.ok").first.wait_for()
    author.press("A day later")
    author.look("7-lived", shoot_desktop=True)
    author.go("/courses/pfa-at-work/")
