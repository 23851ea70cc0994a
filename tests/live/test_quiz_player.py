"""The player while the web server is killed and the network goes: every answer arrives, and each of them once (F24, F25, F28)."""

import re

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.live.browsing import PHONE, chromium
from tests.live.learning import Learner
from tests.live.promises import COURSE, learners_of
from tests.live.site import Site, wait_for
from tests.live.test_offline_quiz import sign_in

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("quiz-player")]
HOST = "quayside.localhost"
# A browser that is wrong about the network, and databases that are never opened: the first of a page, or all of them.
NO_NETWORK = "Object.defineProperty(navigator, 'onLine', {get: () => false});"
FIRST_HANGS = """
    const open = IDBFactory.prototype.open;
    IDBFactory.prototype.open = function () { IDBFactory.prototype.open = open; return {}; };
"""
ALL_HANG = "IDBFactory.prototype.open = () => ({});"


def test_f25_f28_two_hundred_answers_and_none_is_lost_or_doubled(site: Site):
    site.start("broker", "web")
    learner = Learner(site, learners_of(site, HOST)[1], HOST)
    learner.enrol(COURSE)
    for lesson in ("pfa-what-it-is", "pfa-prepare-and-look", "pfa-listen"):
        learner.read(lesson)
    attempt = learner.start_quiz("pfa-basics-quiz")
    learner.browser.close()
    address = f"http://{HOST}:{site.port}{attempt}1/"
    with chromium() as browser:
        page = browser.new_context(viewport=PHONE, reduced_motion="reduce").new_page()
        together: list[int] = []
        page.on(
            "request", lambda request: together.append(len(request.post_data_json["items"])) if sends(request) else None
        )
        page.goto(address)
        sign_in(page, learner.email)
        page.wait_for_url(address)
        page.locator("input[name=answer]").first.focus()
        page.keyboard.press("Space")
        answer(page, 19)
        site.kill("web")
        answer(page, 110)
        expect(page.locator("#saved")).to_contain_text("Not sent yet")
        site.start("web")
        answer(page, 20)
        page.context.set_offline(True)
        answer(page, 30)
        expect(page.locator("#saved")).to_contain_text("You are offline")
        page.context.set_offline(False)
        answer(page, 20)
        uid = re.search(r"[0-9a-f-]{36}", attempt)[0]
        wait_for(lambda: saved(site, uid) == 200, seconds=90, what=f"200 savings, there are {saved(site, uid)}")
        expect(page.locator("#saved")).to_contain_text("All answers saved", timeout=30_000)
        assert max(together) == 100  # a slow line carries what waits in slices
        chosen = page.locator("input[name=answer]:checked").get_attribute("value")
        page.reload()
        expect(page.locator(f"input[name=answer][value='{chosen}']")).to_be_checked()
        assert saved(site, uid) == 200
        answer_before_the_script_is_there(page)
        wait_for(lambda: saved(site, uid) == 201, what="what was chosen before the script came")
        answer_on_a_broken_device(page, NO_NETWORK + FIRST_HANGS)
        wait_for(lambda: saved(site, uid) == 202, what=lambda: f"in spite of the device: {page.inner_text('main')}")
        answer_on_a_broken_device(page, ALL_HANG)
        wait_for(lambda: saved(site, uid) == 203, what=lambda: f"without the device: {page.inner_text('main')}")
        expect(page.locator("#saved")).to_contain_text("All answers saved")
        page.context.close()


def sends(request: Request) -> bool:
    return request.method == "POST" and request.url.endswith("/answers/")


def answer_before_the_script_is_there(page: Page) -> None:
    """A slow line: the page shows, the thumb is quicker than the script."""
    held = []

    def hold(route: Route) -> None:
        held.append(route)

    script = re.compile(r"/quiz-player[^/]*[.]js")
    page.route(script, hold)
    page.reload(wait_until="commit")
    page.locator("label:has(input[name=answer]:not(:checked))").first.click()
    while not held:
        page.wait_for_timeout(50)
    held[0].continue_()
    page.unroute(script)
    expect(page.locator("#saved")).to_contain_text("All answers saved")


def answer_on_a_broken_device(page: Page, how: str) -> None:
    page.add_init_script(how)
    page.reload()
    page.locator("input[name=answer]:checked").focus()
    answer(page, 1)


def answer(page: Page, times: int) -> None:
    """Another choice each time, by keyboard: an arrow key in a group of radio buttons chooses the next."""
    for _time in range(times):
        page.keyboard.press("ArrowDown")


def saved(site: Site, uid: str) -> int:
    rows = site.sql(
        "SELECT a.revision FROM assessments_answer a JOIN assessments_attempt t ON t.id = a.attempt_id"
        " WHERE t.uid = %s AND a.position = 1",
        uid,
    )
    return int(rows[0][0])
