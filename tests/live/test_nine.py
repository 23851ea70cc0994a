"""A course with ten types of activities, built in the builder and taken to its end on the phone; axe on each screen
that is not the same for everybody: those are in test_every_screen.py."""

import pytest

from assessments.services import assessment_create, bank_create, question_save
from content.services import document_create, package_create, video_create
from courses.models import Enrolment, State, TaskReport
from courses.services import enrolment_create, run_open
from courses.services.runs import run_guide_add
from ecosystem.models import Element
from ecosystem.scope import open_scope
from tests.content.making import CAPTIONS, PDF, mp4, upload
from tests.content.zips import manifest, zipped
from tests.courses.packing import BODY
from tests.live.browsing import Visitor, chromium
from tests.live.test_content import signed_in, wait

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("nine"), pytest.mark.usefixtures("own_database")]
BUILD = "/courses/the-first-day/build/"
# What a SCORM package of other software does when somebody works through it.
GAME = b"""<!doctype html><title>Game</title><p>The game.</p><script>
let where = window; while (!where.API && where.parent !== where) where = where.parent;
where.API.LMSInitialize(''); where.API.LMSSetValue('cmi.core.lesson_status', 'completed'); where.API.LMSCommit(''); where.API.LMSFinish('');
</script>"""
CMI5 = b"""<courseStructure xmlns="https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"><course id="https://example.org/c"/>
<au id="https://example.org/a" moveOn="Completed"><title><langstring lang="en">Geology</langstring></title><url>unit.html</url></au></courseStructure>"""
UNIT = b"""<!doctype html><title>Geology</title><p>Rocks.</p><script>
const given = new URLSearchParams(location.search);
const category = [{id: 'https://w3id.org/xapi/cmi5/context/categories/cmi5'}];
(async () => {
  const token = (await (await fetch(given.get('fetch'), {method: 'POST'})).json())['auth-token'];
  for (const verb of ['initialized', 'completed', 'terminated']) await fetch(given.get('endpoint') + 'statements', {
    method: 'POST',
    headers: {Authorization: `Basic ${token}`, 'Content-Type': 'application/json', 'X-Experience-API-Version': '1.0.3'},
    body: JSON.stringify({
      id: crypto.randomUUID(), actor: JSON.parse(given.get('actor')), verb: {id: `http://adlnet.gov/expapi/verbs/${verb}`},
      object: {id: given.get('activityId')}, context: {registration: given.get('registration'), contextActivities: {category}},
    }),
  });
})();
</script>"""
MADE_IN_PASSING = {
    "Page": ("page", "Welcome", "## Hello\n\nRead this first."),
    "Checklist": ("checklist", "Before you begin", "- [ ] Shoes\n- [ ] Badge"),
    "Discussion": ("discussion", "Your first day", "What surprised you?"),
    "Task on the job": ("task", "Greet three guests", "Greet them, and notice what they look at."),
}
# Whether the device has the words of the post by now.
KEPT = """async () => {
  const name = `grove-post-${document.querySelector('[data-post]').dataset.post}`;
  if (!(await indexedDB.databases()).some(one => one.name === name)) return false;  // to open it would make it
  const db = await new Promise(go => { const asked = indexedDB.open(name); asked.onsuccess = () => go(asked.result); });
  const row = db.transaction('values').objectStore('values').get('draft');
  const kept = await new Promise(go => { row.onsuccess = () => go(row.result); });
  db.close();
  return kept?.text === 'It says good morning.';
}"""
THERE_ALREADY = ["Leaflet", "Film", "Game", "Geology", "Last questions"]


@pytest.fixture
def base(live_server, monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the test asks the database beside the browser's loop
    return f"http://alpha.localhost:{live_server.url.rsplit(':', 1)[-1]}"


def bring_files(env) -> None:
    with open_scope(environment_id=env.pk):
        document_create(title="Leaflet", upload=upload("leaflet.pdf", PDF), creators=["Ada"])
        video_create(title="Film", upload=upload("film.mp4", mp4(7)), captions=CAPTIONS, creators=["Ada"])
        game = zipped({"imsmanifest.xml": manifest("index.html"), "index.html": GAME})
        package_create(title="Game", upload=upload("game.zip", game), creators=["Ada"])
        package_create(
            title="Geology", upload=upload("g.zip", zipped({"cmi5.xml": CMI5, "unit.html": UNIT})), creators=["Ada"]
        )
        bank = bank_create(title="Bank", creators=["Ada"])
        asked = question_save(bank=bank, identifier="q", type="single", stem="<p>How is tea?</p>", body=BODY).question
        assessment_create(title="Last questions", questions=[asked], pass_mark=0.5, creators=["Ada"])


def build(author: Visitor) -> None:
    author.go("/studio/").press("New course")
    author.page.fill("#id_title", "The first day")
    author.press("Make the course").page.wait_for_url(author.base + BUILD)
    author.page.fill("#new-block", "Today")
    author.press("Add chapter")
    author.page.locator(".addrow a").first.click()
    author.page.locator("#panel h2", has_text="Add to").wait_for()
    for label, (kind, title, text) in MADE_IN_PASSING.items():
        author.page.locator("#panel .make summary", has_text=label).first.click()
        author.page.fill(f"#id_{kind}_title", title)
        author.page.fill(f"#id_{kind}_markdown", text)
        if kind == "discussion":
            author.page.fill("#id_discussion_replies_asked", "0")
        author.page.locator(f"#panel form:has(#id_{kind}_title)").get_by_role("button", name="Make and add").click()
        author.page.locator("[data-step]", has_text=title).wait_for()
    author.page.locator("#panel .make summary", has_text="Link").first.click()
    author.page.fill("#id_link_title", "The map")
    author.page.fill("#id_link_url", "https://example.org/map")
    author.page.locator("#panel form:has(#id_link_title)").get_by_role("button", name="Make and add").click()
    author.page.locator("[data-step]", has_text="The map").wait_for()
    for title in THERE_ALREADY:
        author.page.locator("#panel li", has_text=title).get_by_role("button", name="Add").first.click()
        author.page.locator("[data-step]", has_text=title).wait_for()
    assert author.page.locator("[data-step]").count() == 10
    author.go(BUILD).look("4-outline", shoot_desktop=True)
    author.go(f"{BUILD}publish/").press("Publish now")
    author.page.wait_for_url("**/runs/")
    author.go(f"{BUILD}package/")
    with author.page.expect_download() as saved:
        author.press("Save the file")
    author.go("/studio/import/")
    author.page.set_input_files("[name=file]", saved.value.path())
    author.press("Look at this file").page.get_by_role("heading", name="The first day").wait_for()
    author.look("8-preview", shoot_desktop=True).press("Bring it in")
    author.page.wait_for_url("**/courses/the-first-day-2/build/")


def take(learner: Visitor, env) -> None:
    """Each step from the page of the course, as far as the step on the job."""

    def open_step(title: str) -> None:
        learner.go("/courses/the-first-day/").page.locator("a.t", has_text=title).click()
        learner.page.get_by_role("heading", name=title, level=1).wait_for()

    open_step("Welcome")
    learner.press("Done")
    open_step("Before you begin")
    learner.page.check("text=Shoes")
    learner.press("Done")
    open_step("Your first day")
    learner.page.fill("#id_title", "The lift")
    learner.page.fill("#id_text", "It says good morning.")
    # What is being written outlives the page, as when the session has ended.
    learner.page.wait_for_function(KEPT)
    learner.page.reload()
    learner.page.wait_for_function("document.querySelector('#id_text').value === 'It says good morning.'")
    learner.press("Post it").page.get_by_text("Your thread is there.").wait_for()
    learner.look("12c-thread", shoot_desktop=True)
    open_step("The map")
    learner.press("Done")
    open_step("Leaflet")
    learner.press("Done")
    open_step("Film")
    token = learner.page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    status, said = learner.fetch("/videos/film/watched/", json={"position": 7, "spans": [[0, 7]]}, token=token)
    assert (status, '"completed":true' in said.replace(" ", "")) == (200, True)
    open_step("Game")
    learner.press("Begin")
    wait(lambda: "Game" in done(env))  # it ends by itself and leads back, so its frame may be gone at the first look
    open_step("Geology")
    learner.press("Begin")
    wait(lambda: "Geology" in done(env))
    open_step("Last questions")
    learner.page.locator("main form button").first.click()
    learner.page.get_by_text("Warm").first.click()
    learner.look("19-question")
    learner.page.locator("button.primary, a.primary").last.click()
    learner.page.locator("#overview").wait_for()
    learner.page.evaluate("document.querySelector('form[data-finish]').requestSubmit()")
    wait(lambda: "Last questions" in done(env))
    open_step("Greet three guests")
    learner.page.fill("#id_note", "They looked for the stairs.")
    learner.press("I have done this")
    learner.page.wait_for_load_state("load")


def done(env) -> set[str]:
    with open_scope(environment_id=env.pk):
        states = Enrolment.objects.get().states.filter(state=State.COMPLETED)
        return set(states.values_list("activity__title", flat=True))


def test_ten_types_of_activities_are_built_and_taken(env, base, member, browser_of):
    author, learner, mentor = member("author", name="Grace"), member(name="Ada"), member(name="Mia")
    bring_files(env)
    with chromium() as browser:
        at_work = signed_in(browser, base, author, browser_of, "nine")
        build(at_work)
        with open_scope(environment_id=env.pk):
            run = run_open(element=Element.objects.get(slug="the-first-day"))
            enrolment_create(run=run, person=learner.person)
            run_guide_add(run=run, person=mentor.person, role="mentor", by=member("admin"))
        phone = signed_in(browser, base, learner, browser_of, "nine")
        phone.page.on("dialog", lambda dialog: dialog.accept())
        take(phone, env)
        guide = signed_in(browser, base, mentor, browser_of, "nine")
        guide.go("/guiding/").look("21-guiding", shoot_desktop=True).press("Greet three guests")
        guide.page.locator("#id_words").wait_for()
        guide.page.fill("#id_words", "You notice a lot.")
        guide.press("Confirm that it is done").page.wait_for_url("**/guiding/")
        guide.look("23-answered")
        phone.go("/courses/the-first-day/").look("24-finished", shoot_desktop=True)
        assert "You have finished this course." in phone.text()
        wrong = [one for visitor in (at_work, phone, guide) for one in visitor.wrong]
    # The course of cmi5 still asks for something when its launch is over, and hears that it is.
    assert [one for one in wrong if "401" not in one] == []
    with open_scope(environment_id=env.pk):
        assert len(done(env)) == 10
        assert Enrolment.objects.get().progress == 100
        assert TaskReport.objects.get().answer == "You notice a lot."
