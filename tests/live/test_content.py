"""Content in a real browser. Packages of others play from the site's page through the isolated host to the end, with score and bookmark.

A package that means harm finds nothing of the site.
"""

import pytest
from playwright.sync_api import expect

from content.models import Page, Tick
from content.services import (
    document_create,
    link_create,
    page_embeddable,
    page_save,
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
from tests.content.making import CAPTIONS, PDF, mp4, upload
from tests.content.test_writing import picture
from tests.live.browsing import Visitor, chromium
from tests.live.packages import (
    a_package_that_means_harm_finds_nothing,
    cmi5_to_the_end_with_bookmark_and_score,
    scorm_12_with_many_parts,
    scorm_2004_to_the_end_with_bookmark_and_score,
    verbs,
    wait,
)
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


def signed_in(browser, base: str, person, browser_of, name: str) -> Visitor:
    found = Visitor(browser, base=base, name=name)
    session = browser_of(person).cookies["session"].value
    found.context.add_cookies([{"name": "session", "value": session, "url": base}])
    return found


# At the end of the page, with a message before it: how high the page is, whether the button there can be pressed, and how high
# the page is without the message.
SAVE_AND_MESSAGE = """() => {
  const {documentElement: page} = document, message = document.querySelector('.toast');
  scrollTo(0, page.scrollHeight);
  const save = [...document.querySelectorAll('main button')].filter(one => one.textContent.trim() === 'Save').at(-1);
  const {x, y, width, height} = save.getBoundingClientRect(), before = page.scrollHeight;
  const isInReach = save.contains(document.elementFromPoint(x + width / 2, y + height - 2));
  message.querySelector('[data-dismiss]').click();
  return [before, isInReach && message.style.visibility === 'hidden', page.scrollHeight];
}"""


PLACE_OF_SAVE = """() => {
  const save = [...document.querySelectorAll('main button')].filter(one => one.textContent.trim() === 'Save').at(-1);
  if (!document.querySelector('.preview li')) save.scrollIntoView({block: 'center'});
  return Math.round(save.getBoundingClientRect().y);
}"""


def pages_are_written(env, visitor, author, browser_of) -> None:
    """With the buttons, with the page as it will be read beside it, with a picture, and with somebody else in between."""
    ada = signed_in(visitor.context.browser, visitor.base, author, browser_of, "content")
    ada.go("/content/").look("1-empty", shoot_desktop=True).press("Make something")
    ada.press("Checklist")
    ada.page.fill("[name=title]", "Before the night shift")
    ada.press("Write with marks")
    ada.page.fill("[name=markdown]", "Take along:\n\n- [ ] Keys\n- [ ] Lamp\n\nDrive carefully.")
    ada.page.select_option("[name=visibility]", "members")
    before = ada.page.evaluate(PLACE_OF_SAVE)
    ada.page.wait_for_selector(".preview li:has-text('Lamp')")
    assert abs(ada.page.evaluate(PLACE_OF_SAVE) - before) <= 1, "the preview moves what is about to be pressed"
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
    before, is_in_reach, after = ada.page.evaluate(SAVE_AND_MESSAGE)
    assert is_in_reach, "what the message asks for lies under the message"
    assert before == after, "the page jumps when the message goes"
    ada.look("4-picture", shoot_desktop=True)
    with open_scope(environment_id=env.pk):
        page = Page.objects.select_related("element").get()
        page_save(page=page, base=1, markdown=page.markdown + "\n\nHers.", by=author.person)
    ada.press("Save").page.wait_for_selector("#conflict")
    ada.look("5-conflict", shoot_desktop=True).press("Save")
    ada.page.wait_for_selector("text=Version 3")
    ada.press("Versions").page.wait_for_url("**/versions/")
    ada.go("/content/new/video/").look("8-video", shoot_desktop=True)
    with open_scope(environment_id=env.pk):
        link_create(title="Elsewhere", url="https://example.org/", creators=["Ada"])
    ada.go("/content/links/").look("9-links")
    ada.go("/content/").look("10-list", shoot_desktop=True)
    # A refused saving is answered with 409, which the browser notes.
    assert [one for one in ada.wrong if "409" not in one] == []
    ada.close()


def help_is_found_ticked_and_kept(env, visitor) -> None:
    visitor.go("/")
    visitor.page.fill("#help-q", "night shift")
    visitor.page.press("#help-q", "Enter")
    visitor.page.wait_for_url("**/support/?q=*")
    visitor.look("h2-found", shoot_desktop=True).press("Before the night shift")
    visitor.page.wait_for_selector("[data-pin]:visible")
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
        if choose is min:
            assert verbs(env, "room-4") == {"launched", "failed"}
            talking.get_by_role("button", name="Have the conversation once more").click()
    visitor.look("11-tool", shoot_desktop=True)
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
