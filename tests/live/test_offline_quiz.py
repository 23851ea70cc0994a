"""A quiz goes on without network, and its answers outlive the browser and the sign-in (F25, F27)."""

from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from demo.loading.forest import PASSWORD
from tests.live import driver
from tests.live.browsing import PHONE, launch_options
from tests.live.learning import Learner
from tests.live.promises import COURSE, learners_of
from tests.live.site import Site, wait_for

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("offline-quiz")]
HOST = "quayside.localhost"


def window(playwright: Playwright, profile: Path) -> BrowserContext:
    """With a folder of its own, as somebody's browser has."""
    return playwright.chromium.launch_persistent_context(
        profile, viewport=PHONE, has_touch=True, reduced_motion="reduce", **launch_options()
    )


def kill(profile: Path) -> None:
    """Every process of the browser that has this folder, at once."""
    for process in psutil.process_iter(["cmdline"]):
        if any(str(profile) in word for word in process.info["cmdline"] or []):
            process.kill()


def sign_in(page: Page, email: str) -> None:
    page.fill("[name=login]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")


def choose(page: Page, value: str) -> None:
    page.locator(f"label:has(input[name=answer][value='{value}'])").click()


def test_f25_f27_answers_outlive_network_browser_and_sign_in(site: Site, tmp_path):
    site.start("broker", "web")
    learner = Learner(site, learners_of(site, HOST)[0], HOST)
    learner.enrol(COURSE)
    for lesson in ("pfa-what-it-is", "pfa-prepare-and-look", "pfa-listen"):
        learner.read(lesson)
    attempt = learner.start_quiz("pfa-basics-quiz")
    first, second, *_rest = learner.values(attempt, 1)
    path, profile = f"{attempt}1/", tmp_path / "profile"
    address = f"http://{HOST}:{site.port}{path}"
    with driver.playwright() as playwright:
        page = window(playwright, profile).pages[0]
        page.goto(address)
        sign_in(page, learner.email)
        page.wait_for_url(address)
        page.context.set_offline(True)
        choose(page, first)
        expect(page.locator("#saved")).to_contain_text("You are offline")
        page.locator("button[name=go][value=next]:visible").last.click()  # no page of the browser about an error
        expect(page.locator("#saved")).to_contain_text("you can go on once you are back")
        kill(profile)
        assert learner.chosen(attempt, 1) is None

        again = window(playwright, profile)
        page, sent = again.pages[0], []
        page.on("request", lambda request: sent.append(request.method + urlsplit(request.url).path))
        page.goto(address)
        if "/accounts/login/" in page.url:  # the browser had not written its cookies down yet
            sign_in(page, learner.email)
        page.wait_for_url(address)
        expect(page.locator(f"input[name=answer][value='{first}']")).to_be_checked()
        wait_for(lambda: learner.chosen(attempt, 1) == first, what="the answer of the killed browser")
        page.evaluate("caches.open('support-v1').then(kept => kept.put('/a-job-aid/', new Response('kept')))")
        page.reload()
        assert sent.count(f"POST{attempt}answers/") == 1

        other = again.new_page()
        other.goto(f"http://{HOST}:{site.port}/accounts/logout/")
        assert page.evaluate("caches.has('support-v1')")  # a page without the menu is no page of a visitor
        other.locator("main form button[type=submit]").click()
        other.wait_for_load_state()
        choose(page, second)
        expect(page.locator("#saved")).to_contain_text("You are signed out")
        page.locator("button[name=go][value=next]:visible").last.click()
        page.context.clear_cookies()  # the token goes too
        page.locator("button[name=go][value=next]:visible").last.click()
        expect(page.locator("#sign-in")).to_be_visible()
        expect(page).to_have_url(address)
        assert learner.chosen(attempt, 1) == first
        page.reload()
        sign_in(page, learner.email)
        page.wait_for_url(address)
        expect(page.locator(f"input[name=answer][value='{second}']")).to_be_checked()
        wait_for(lambda: learner.chosen(attempt, 1) == second, what="the answer given while signed out")
        again.close()
    learner.browser.close()
