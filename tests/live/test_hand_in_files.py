"""Files and recordings of a hand-in in a browser, on a phone: cut off, reloaded, gone on with; recorded, heard, used; a page tapped."""

import re
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import expect

from ecosystem.scope import open_scope
from handins.models import FeedbackFile, HandinFile, Remark, Round
from handins.services import assignment_make
from tests.live import browsing
from tests.live.browsing import Visitor, chromium

pytestmark = [pytest.mark.live, pytest.mark.usefixtures("own_database")]
SIZE = 3 * 1024 * 1024
RECORDING = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")


def test_files_and_recordings(live_server, monkeypatch, member, browser_of, tmp_path):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    monkeypatch.setattr(browsing, "ARGUMENTS", [*browsing.ARGUMENTS, *RECORDING])
    author, learner, marker = member("author", name="Ada"), member(name="Lea Brun"), member("instructor", name="Mia")
    with open_scope(environment_id=author.environment_id, person_id=author.person_id):
        assignment_make(title="Film", markdown="Film it.", takes_files=True, takes_audio=True, by=author)
    base = f"http://alpha.localhost:{live_server.url.rsplit(':', 1)[-1]}"
    film = tmp_path / "film.webm"
    film.write_bytes(b"\x1a\x45\xdf\xa3" + b"x" * (SIZE - 4))
    sketch, drawn = tmp_path / "sketch.pdf", pypdf.PdfWriter()
    drawn.add_blank_page(300, 400)
    drawn.write(sketch)

    def visitor(browser, who, name: str, language: str) -> Visitor:
        found = Visitor(browser, base=base, name=name)
        cookies = {"session": browser_of(who).cookies["session"].value, "language": language}
        found.context.add_cookies([{"name": key, "value": value, "url": base} for key, value in cookies.items()])
        return found

    with chromium() as browser:
        own = visitor(browser, learner, "hand-in-files", "en")
        own.go("/handins/film/").press("Begin")
        sent = []

        def cut(route) -> None:
            sent.append(route.request)
            route.abort() if len(sent) > 1 else route.continue_()

        own.page.route(re.compile(r"/api/v1/uploads/[-0-9a-f]+/$"), cut)
        own.page.set_input_files("#id_files", film)
        expect(own.page.locator("#uploads [data-state]")).to_contain_text("No connection")
        own.look("upload-waits", shoot_desktop=True)
        own.page.unroute_all()
        own.page.on("dialog", lambda dialog: dialog.accept())
        own.page.reload()
        expect(own.page.locator("#uploads")).to_contain_text("Choose the same file again")
        # Only now: until the page had gone it tried again and again.
        assert all("ERR_FAILED" in line for line in own.wrong), own.wrong
        own.wrong.clear()
        own.look("upload-continues", shoot_desktop=True)
        own.page.set_input_files("#id_files", film)
        expect(own.page.locator("#draft-files")).to_contain_text("film.webm", timeout=20_000)
        expect(own.page.locator("#uploads li")).to_have_count(0)
        refused(own, tmp_path)
        recorded(own)
        expect(own.page.locator("#draft-files")).to_contain_text("recording-", timeout=20_000)
        own.look("recorded", shoot_desktop=True)
        own.page.set_input_files("#id_files", sketch)
        expect(own.page.locator("#draft-files")).to_contain_text("sketch.pdf")
        own.page.fill("[name=text]", "My film.")
        own.press("Hand in")
        expect(own.page.get_by_text("You are told when there is feedback.")).to_be_visible()
        with open_scope(environment_id=author.environment_id):
            assert sorted(HandinFile.objects.values_list("size", flat=True))[-1] == SIZE
            round, page = Round.objects.get(), HandinFile.objects.get(name="sketch.pdf").uid
        desk = visitor(browser, marker, "hand-in-spoken", "nl")
        desk.go(f"/reviewing/{round.uid}/")
        recorded(desk, "Opnemen", "Stop", "Deze opname gebruiken")
        expect(desk.page.locator("#draft-files")).to_contain_text("recording-", timeout=20_000)
        desk.look("spoken", shoot_desktop=True)
        with open_scope(environment_id=author.environment_id):
            assert FeedbackFile.objects.get().by_id == marker.person_id
        desk.go(f"/reviewing/pages/{page}/1/")
        tapped(desk)
        desk.look("page-remarked", shoot_desktop=True)
        with open_scope(environment_id=author.environment_id):
            said = Remark.objects.get()
        assert (said.page, said.words) == (1, "Van wie is deze stoel?")
        assert 0.2 < said.x < 0.3
        assert 0.45 < said.y < 0.55
        assert own.wrong + desk.wrong == []


def tapped(who: Visitor) -> None:
    """A quarter from the left and half way down the page."""
    paper = who.page.locator("[data-paper]")
    box = paper.bounding_box()
    paper.click(position={"x": box["width"] / 4, "y": box["height"] / 2})
    expect(who.page.locator("#remark-form [name=words]")).to_be_focused()
    expect(paper.locator("circle.new")).to_have_count(1)
    who.page.keyboard.type("Van wie is deze stoel?")
    who.page.locator("#remark-form button[name=do]").click()
    expect(who.page.get_by_text("Van wie is deze stoel?")).to_be_visible()


def refused(own: Visitor, folder: Path) -> None:
    """What is no file of its kind is not asked for again."""
    for name, content, words in (
        ("page.pdf", b"<html>", "not what its name says"),
        ("empty.pdf", b"", "nothing in this file"),
    ):
        (folder / name).write_bytes(content)
        own.page.set_input_files("#id_files", folder / name)
        expect(own.page.locator("#uploads [data-state]").last).to_contain_text(words)
    own.page.reload()
    expect(own.page.locator("#draft-files")).to_contain_text("film.webm")
    expect(own.page.locator("#uploads li")).to_have_count(0)
    assert all("400" in line for line in own.wrong), own.wrong
    own.wrong.clear()


def recorded(who: Visitor, record: str = "Record", stop: str = "Stop", use: str = "Use this recording") -> None:
    box = who.page.locator("[data-recorder=audio]")
    box.get_by_role("button", name=record, exact=True).click()
    expect(box.locator("[data-time]")).to_contain_text("0:01", timeout=10_000)
    box.get_by_role("button", name=stop, exact=True).click()
    expect(box.locator("[data-preview]")).to_have_attribute("src", re.compile("^blob:"))
    box.get_by_role("button", name=use, exact=True).click()
