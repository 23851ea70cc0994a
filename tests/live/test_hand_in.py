"""A whole hand-in in a browser: two rounds with a rubric, on a phone; each page is free of accessibility errors, in two languages."""

import re

import pytest
from playwright.sync_api import expect

from ecosystem.scope import open_scope
from handins.models import Round
from handins.services import assignment_make
from tests.handins.conftest import CRITERIA
from tests.live.browsing import Visitor, chromium

pytestmark = [pytest.mark.live, pytest.mark.usefixtures("own_database")]
TODO = "Think of somebody at work who may be in distress.\n\n- What do you *look* at?\n- Whom do you link them to?"


def test_a_hand_in_of_two_rounds(live_server, monkeypatch, member, browser_of, tmp_path):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    author, learner, marker = member("author", name="Ada"), member(name="Lea Brun"), member("instructor", name="Mia")
    with open_scope(environment_id=author.environment_id, person_id=author.person_id):
        assignment_make(
            title="Ten minutes", summary="A plan.", markdown=TODO, criteria=CRITERIA, pass_mark=60, takes_files=True,
            honour="I wrote this myself.", by=author,
        )  # fmt: skip
    base = f"http://alpha.localhost:{live_server.url.rsplit(':', 1)[-1]}"
    plan = tmp_path / "plan.pdf"
    plan.write_bytes(b"%PDF-1.7 plan")

    def visitor(browser, who, name: str, language: str) -> Visitor:
        found = Visitor(browser, base=base, name=name)
        cookies = {"session": browser_of(who).cookies["session"].value, "language": language}
        found.context.add_cookies([{"name": key, "value": value, "url": base} for key, value in cookies.items()])
        return found

    def review(desk: Visitor, number: int, level: str) -> None:
        with open_scope(environment_id=author.environment_id):
            uid = Round.objects.get(number=number).uid
        desk.go(f"/reviewing/{uid}/")
        for place in range(len(CRITERIA)):
            desk.page.locator(f"[name=level_{place}]").nth(int(level[place])).check()
        desk.page.fill("[name=comment]", "A warm beginning.")
        if number == 1:
            desk.look("review", shoot_desktop=True)
        desk.press("Beoordeel en geef vrij").page.locator("#confirm [value=yes]").click()
        desk.page.wait_for_url("**/reviewing/")

    with chromium() as browser:
        own, desk = visitor(browser, learner, "hand-in", "en"), visitor(browser, marker, "hand-in-review", "nl")
        own.go("/handins/ten-minutes/").press("Begin")
        kept_while_typing(own)
        own.page.set_input_files("[name=files]", plan)
        own.press("Save the draft")
        own.look("draft", shoot_desktop=True)
        handed_in_while_saving(own)
        own.look("handed-in")
        review(desk, 1, "0110")
        own.go("/handins/ten-minutes/").look("feedback", shoot_desktop=True).press("Improve it")
        own.page.fill("[name=text]", "I look first, then sit down and listen.")
        own.page.check("[name=declares]")
        own.page.get_by_role("button", name="Hand in", exact=True).click()
        own.page.get_by_role("button", name="Take it back").wait_for()
        review(desk, 2, "2222")
        own.go("/handins/ten-minutes/").look("passed", shoot_desktop=True)
        assert "Round 2 improved on 4 of 4." in own.text()
        assert own.wrong + desk.wrong == []


def kept_while_typing(own: Visitor) -> None:
    """Nothing is pressed: the server has it a moment later, the device while there is no network, the page after a reload."""
    line, words = own.page.locator("#draft-saved"), own.page.locator("[name=text]")
    words.press_sequentially("I sit down")
    expect(line).to_contain_text("Saved at")
    own.context.set_offline(True)
    words.press_sequentially(" and listen.")
    expect(line).to_contain_text("kept on this device")
    own.context.set_offline(False)
    expect(line).to_contain_text("Saved at", timeout=15_000)
    assert all("ERR_INTERNET_DISCONNECTED" in line for line in own.wrong)
    own.wrong.clear()
    own.page.reload()
    expect(words).to_have_value("I sit down and listen.")


def handed_in_while_saving(own: Visitor) -> None:
    """The form waits for the save that is on its way, and then goes by itself."""
    held, posts = [], []

    def held_back(route) -> None:  # the library puts a mark on what it calls, which a method of a list does not take
        held.append(route)

    own.page.route(re.compile("/api/v1/handins/"), held_back)
    own.page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    own.page.fill("[name=text]", "I sit down, and listen.")
    own.page.check("[name=declares]")
    own.page.wait_for_timeout(1_200)  # longer than a pause in typing
    button = own.page.get_by_role("button", name="Hand in", exact=True)
    button.click(no_wait_after=True)
    button.click(no_wait_after=True)
    own.page.wait_for_timeout(300)
    assert (len(held), posts) == (1, [])
    held[0].continue_()
    own.page.unroute_all()
    own.page.get_by_role("button", name="Take it back").wait_for()
    assert len(posts) == 1
