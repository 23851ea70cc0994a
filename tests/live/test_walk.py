"""The walk: one learner from sign-in to certificate and memory, and what gardener, sponsor and software see of it.

Real browser, real web server, Celery worker and beat, on the demo's content. Every page is looked at by day, and its colours by
night: of those at which a learner begins, and those of gardener and sponsor, in a second environment with a look of its own.
"""

import io
import json
import re
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pypdf
import pytest

from assessments.question_types.registry import question_type
from bench.browser import Browser
from demo.loading.forest import PASSWORD
from tests.live.browsing import BOTH, DAY, NIGHT, Scheme, Visitor, artefact, chromium
from tests.live.learning import Learner
from tests.live.promises import learners_of
from tests.live.site import Site, wait_for
from tests.live.walking import Walker

# What the device still holds of an attempt, and what is filled in on the page.
ON_DEVICE = """async uid => {
    const {openStore} = await import(document.querySelector('script[src*="quiz-player"]').src.replace('quiz-player', 'store'));
    const held = await Promise.race([openStore(`attempt-${uid}`).waiting(), new Promise(go => setTimeout(go, 5000, 'no answer'))]);
    const form = document.querySelector('[data-attempt]');
    return JSON.stringify({held, filled: form && [...new FormData(form)].filter(([name]) => name !== 'csrfmiddlewaretoken')});
}"""
COURSE, FIRST_QUIZ = "pfa-at-work", "pfa-basics-quiz"
CHOSEN = {"single", "multiple", "true_false"}

pytestmark = [pytest.mark.live]


def test_the_walk(site):
    site.start("broker", "web")
    with chromium() as browser:
        learner = begun(browser, site, "quayside", DAY)
        learner.schemes = BOTH
        fail_then_pass(learner, site)
        finish_course(learner, site, "learner@quayside.example.org")
        site.start("worker", "beat")  # nothing until here has waited for them
        certificate_is_there(learner, site, browser)
        remembered_tomorrow(learner, site)
        for name in ("beat", "worker"):
            site.kill(name)
        seen_by_others(browser, site, "quayside", DAY, finished=1)
        neighbours_see_nothing(site, learner, neighbour="fernhill")
        other = begun(browser, site, "fernhill", NIGHT)
        other.press("Continue").look("8-page")
        seen_by_others(browser, site, "fernhill", NIGHT, finished=0)
        for one in (learner, other):
            assert not one.wrong, "\n".join(one.wrong)


def begun(browser, site: Site, slug: str, scheme: Scheme) -> Visitor:
    """A learner who has come from the welcome to the course."""
    learner = Walker(browser, base=f"http://{slug}.localhost:{site.port}", name=slug, schemes=(scheme,), pictures=True)
    find_and_enrol(learner, f"learner@{slug}.example.org")
    return learner


def seen_by_others(browser, site: Site, slug: str, scheme: Scheme, *, finished: int) -> None:
    """``finished``: how many have finished a course there."""
    base = f"http://{slug}.localhost:{site.port}"
    gardener_sees(browser, base, slug, scheme)
    sponsor_sees(browser, base, slug, scheme)
    software_sees(site, slug, finished=finished)


def find_and_enrol(learner: Visitor, email: str) -> None:
    learner.go("/").look("1-welcome", shoot_desktop=True)
    learner.go("/accounts/login/").look("2-sign-in")
    learner.sign_in(email, PASSWORD).look("3-home-new", shoot_desktop=True)
    learner.press("Open the catalogue").look("4-catalogue", shoot_desktop=True)
    learner.page.fill("#q", "psychological first aid")
    learner.page.keyboard.press("Enter")
    learner.page.wait_for_url("**q=psychological**")
    learner.look("5-found").page.locator(f"main a[href*='{COURSE}']").first.click()
    learner.look("6-course-offer", shoot_desktop=True).press("Enrol and start")
    learner.page.wait_for_url(f"**/courses/{COURSE}/")
    learner.look("7-course-new", shoot_desktop=True)
    assert "Opens when you have" in learner.text()


def fail_then_pass(learner: Visitor, site: Site) -> None:
    learner.press("Continue").look("8-page", shoot_desktop=True)
    for _page in range(3):
        learner.press("Done, next")
    assert urlsplit(learner.page.url).path == f"/quiz/{FIRST_QUIZ}/"
    learner.look("9-quiz-start")
    answer_quiz(learner, site, right=False, look=True)
    learner.look("11-failed", shoot_desktop=True)
    assert re.search(r"[Nn]ot passed", learner.text())
    assert site.sql("SELECT count(*) FROM records_statement WHERE verb = 'failed'") == [(1,)]
    learner.press("Try again").page.wait_for_load_state()
    answer_quiz(learner, site, right=True, look=False)
    learner.look("12-passed", shoot_desktop=True)
    # Unlocked by the very request that finished the quiz: no worker has anything to do with it.
    opened = site.sql(
        "SELECT s.state FROM courses_activitystate s JOIN courses_activity a ON a.id = s.activity_id"
        " JOIN courses_block b ON b.id = a.block_id WHERE b.position = 1 AND a.condition IS NOT NULL ORDER BY a.position"
    )
    assert opened[0] == ("open",)
    learner.go(f"/courses/{COURSE}/").look("13-course-unlocked", shoot_desktop=True)


def answer_quiz(learner: Visitor, site: Site, *, right: bool, look: bool) -> None:
    """From the start page (or the first question) to the result."""
    if "/quiz/" in learner.page.url:
        learner.page.locator("main form[method=post] button[type=submit].primary").click()
    learner.page.wait_for_url("**/attempts/**")
    uid = re.search(r"/attempts/([0-9a-f-]+)/", learner.page.url)[1]
    for position, kind, body in questions_of(site, uid):
        learner.page.wait_for_url(f"**/attempts/{uid}/{position}/")
        if look and position == 1:
            learner.look("10-question", shoot_desktop=True)
            assert "correct" not in learner.page.content()
        give(learner, kind, body, right=right)
        wait_for(
            lambda at=position: saved(site, uid, at),
            what=lambda at=position, kind=kind: (
                f"answer {at} ({kind}) saved as given; the page: {learner.page.inner_text('main')!r};"
                f" the device: {learner.page.evaluate(ON_DEVICE, uid)}; the server: {site.log('web')[-1500:]}"
            ),
        )
        learner.page.locator("button[name=go][value=next]:visible").last.click()
    learner.page.wait_for_url(f"**/attempts/{uid}/")
    if look:
        learner.look("10-overview")
    finish(learner)
    learner.page.wait_for_url("**/review/")


def questions_of(site: Site, uid: str) -> list[tuple[int, str, dict]]:
    return site.sql(
        "SELECT a.position, v.type, v.body FROM assessments_answer a JOIN assessments_questionversion v"
        " ON v.id = a.version_id JOIN assessments_attempt t ON t.id = a.attempt_id WHERE t.uid = %s ORDER BY 1",
        uid,
    )


def finish(learner: Visitor) -> None:
    learner.page.locator("main").get_by_role("button", name="Finish").first.click()
    if "/review/" not in learner.page.url:
        dialog = learner.page.locator("[popover]:popover-open, dialog[open]")
        if dialog.count():
            dialog.get_by_role("button", name="Finish").click()


def saved(site: Site, uid: str, position: int) -> bool:
    rows = site.sql(
        "SELECT a.response IS NOT NULL FROM assessments_answer a JOIN assessments_attempt t ON t.id = a.attempt_id"
        " WHERE t.uid = %s AND a.position = %s",
        uid,
        position,
    )
    return rows == [(True,)]


def give(learner: Visitor, kind: str, body: dict, *, right: bool) -> None:
    """Answer the question on the screen, right or wrong, before anything is pressed."""
    form, given = learner.page.locator("main form"), fitting(kind, body, right=right)
    if kind in CHOSEN:
        for value in given:
            form.locator(f"label:has(input[name=answer][value='{value}'])").click()
        return
    field = form.locator("input[name=answer], textarea[name=answer]").first
    field.fill(given[0])
    field.press("Tab")


def fitting(kind: str, body: dict, *, right: bool) -> list[str]:
    """What to choose, or the words to write."""
    if kind not in CHOSEN:
        answer = body["answers"][0]
        return [str(answer.get("value", answer.get("text", ""))).replace("*", "") if right else "999999"]
    choices = question_type(kind).public(body)["choices"]
    if kind == "true_false":
        return ["true" if body["answer"] == right else "false"]
    found = [
        choice["value"] for choice, source in zip(choices, body["choices"], strict=True) if source["correct"] == right
    ]
    return found if right and kind == "multiple" else found[:1]


def finish_course(learner: Visitor, site: Site, email: str) -> None:
    """What is left of it, until nothing is. Over HTTP: pages and quizzes in the browser were before."""
    with Learner(site, email, urlsplit(learner.base).hostname) as quick:
        for _step in range(40):
            path = quick.get(f"/courses/{COURSE}/next/").headers.get("location", "")
            kind, slug = path.split("/")[1:3]
            if kind == "learn":
                quick.read(slug)
            elif kind == "quiz":
                attempt = quick.start_quiz(slug)
                for position, kind, body in questions_of(site, attempt.split("/")[2]):
                    quick.answer(attempt, position, fitting(kind, body, right=True))
                quick.finish(attempt)
            else:
                break
    learner.go(f"/courses/{COURSE}/").look("14-course-done", shoot_desktop=True)
    assert "You have finished this course" in learner.text()


def certificate_is_there(learner: Visitor, site: Site, browser) -> None:
    wait_for(
        lambda: site.sql("SELECT count(*) FROM certificates_certificate WHERE file <> ''") == [(1,)],
        seconds=60,
        what=f"certificate PDF: {site.log('worker')}",
    )
    learner.go("/certificates/").look("15-certificates")
    with learner.page.expect_download() as download:
        learner.page.locator("a[href$='.pdf']").click()
    pdf = download.value.path().read_bytes()
    artefact(f"{learner.name}-certificate.pdf", pdf)
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    ((holder, serial),) = site.sql("SELECT holder, serial FROM certificates_certificate")
    words = reader.pages[0].extract_text()
    assert holder in words
    assert serial in words.replace("\n", "")
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    visitor = Walker(browser, base=learner.base, name=learner.name, schemes=BOTH, pictures=True)
    visitor.go(f"/verify/{serial}/").look("16-verified")
    assert "This certificate is valid" in visitor.text()
    assert holder in visitor.text()
    visitor.go("/verify/ZZZZ-ZZZZ-ZZZZ/")
    assert "We do not know this certificate" in visitor.text()
    assert visitor.wrong == []
    visitor.close()
    assert any("certificate" in letter.lower() for letter in letters(site, seconds=30))


def letters(site: Site, *, seconds: float, of: str = "") -> list[str]:
    """The mails in the development mailbox, once there is one with ``of``."""
    folder = site.folder / "mail"

    def read() -> list[str]:
        found = [path.read_text(errors="replace") for path in folder.glob("*.log")]
        return [letter for letter in found if of in letter]

    wait_for(read, seconds=seconds, what=f"a mail with {of!r}")
    return read()


def remembered_tomorrow(learner: Visitor, site: Site) -> None:
    """A day passes: what was answered wrong is in the session, and beat has written."""
    wait_for(lambda: site.sql("SELECT count(*) >= 8 FROM memotrainer_card") == [(True,)], seconds=60, what="cards")
    due_today = site.sql("SELECT count(*) FROM memotrainer_card WHERE due_at <= now()")
    assert due_today == [(0,)]
    site.sql(
        "UPDATE memotrainer_card SET due_at = due_at - interval '1 day', last_reviewed_at = last_reviewed_at - interval '1 day'"
    )
    site.sql("UPDATE memotrainer_trainer SET next_reminder_at = now() - interval '1 minute'")
    (letter, *more) = letters(site, seconds=40, of="/memo/")
    assert more == []
    assert "List-Unsubscribe" in letter
    assert "text/html" in letter
    learner.go("/").look("17-home-with-cards", shoot_desktop=True)
    learner.go("/memo/")
    learner.page.wait_for_selector("memo-trainer .qcard, main form")
    learner.look("18-memo")
    card = learner.page.locator(".opt:visible, input[name=answer]:visible").first
    if card.evaluate("e => e.tagName") == "INPUT":
        card.fill("42")
    else:
        card.click()
    check = learner.page.get_by_role("button", name="Check", exact=True)
    if check.count():
        check.click()
    learner.page.wait_for_selector(".sheet")
    learner.look("19-memo-answered")
    wait_for(
        lambda: site.sql("SELECT count(*) FROM memotrainer_review WHERE kind = 'review'")[0][0] >= 1,
        what="the answer of the card on the server",
    )
    learner.go("/memo/progress/").look("20-memo-progress", shoot_desktop=True)
    learner.go("/notices/").look("21-notices")


def gardener_sees(browser, base: str, slug: str, scheme: Scheme) -> None:
    email = "nadia.fofana@demo.example.org" if slug == "fernhill" else f"gardener@{slug}.example.org"
    gardener = Walker(browser, base=base, name=f"{slug}-gardener", schemes=(scheme,), phone=False, pictures=True)
    gardener.sign_in(email, PASSWORD).go("/garden/").look("1-garden")
    gardener.go("/garden/map/").look("2-map")
    assert gardener.page.locator("svg a").count() >= 5
    assert "Psychological first aid at work" in gardener.page.content()
    gardener.go(f"/garden/elements/{COURSE}/").look("3-element")
    if scheme == DAY:  # the colours of the admin by night are not ours
        gardener.go("/admin/ecosystem/element/")
        assert "Psychological first aid at work" in gardener.text()
        gardener.look("4-admin-elements")
    assert not gardener.wrong, "\n".join(gardener.wrong)
    gardener.close()


def sponsor_sees(browser, base: str, slug: str, scheme: Scheme) -> str:
    sponsor = Walker(browser, base=base, name=f"{slug}-sponsor", schemes=(scheme,), phone=False, pictures=True)
    sponsor.sign_in(f"sponsor@{slug}.example.org", PASSWORD).go("/reports/ecosystem/").look("1-report")
    words = sponsor.text()
    assert re.search(r"Finished", words)
    assert sponsor.page.locator("figure svg").count() >= 2
    assert not sponsor.wrong, "\n".join(sponsor.wrong)
    sponsor.close()
    return words


def software_sees(site: Site, slug: str, *, finished: int) -> None:
    """A token made by the sponsor gives the numbers of this environment; next door it opens nothing."""
    with Learner(site, f"sponsor@{slug}.example.org", f"{slug}.localhost") as sponsor:
        sponsor.get(
            "/accounts/reauthenticate/?next=/"
        )  # a key for software is given to who has just shown who they are
        assert sponsor.browser.post("/accounts/reauthenticate/?next=/", {"password": PASSWORD}).status == 302
        sponsor.get("/")
        made = sponsor.browser.post_json("/api/v1/tokens/", b'{"name": "walk", "scopes": ["read"]}')
    assert made.status == 201, made.body
    secret = next(value for value in json.loads(made.body).values() if str(value).startswith("grove_"))
    status, counted = ask(site, slug, "/api/v1/measures/finished/", secret)
    assert status == 200
    assert counted["value"] == finished
    status, enrolled = ask(site, slug, "/api/v1/measures/enrolled/", secret)
    assert enrolled["value"] == 1
    stranger = "wilgenwaard"
    assert ask(site, stranger, "/api/v1/measures/finished/", secret)[0] == 401
    assert ask(site, slug, "/api/v1/measures/finished/", "grove_nonsense")[0] == 401


def ask(site: Site, slug: str, path: str, token: str) -> tuple[int, dict]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{site.port}{path}",
        headers={"Host": f"{slug}.localhost:{site.port}", "Authorization": f"Bearer {token}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        assert error.headers["Content-Type"].startswith("application/problem+json")
        return error.code, json.load(error)


def neighbours_see_nothing(site: Site, learner: Visitor, neighbour: str) -> None:
    """Somebody of another member organisation: no attempt, no certificate, no name, no session of ours."""
    host = f"{neighbour}.localhost"
    ((serial,),) = site.sql("SELECT serial FROM certificates_certificate")
    ((uid,),) = site.sql("SELECT uid::text FROM assessments_attempt ORDER BY id LIMIT 1")
    ((certificate,),) = site.sql("SELECT uid::text FROM certificates_certificate")
    hidden = [f"/attempts/{uid}/", f"/attempts/{uid}/review/", f"/certificates/{certificate}.pdf", f"/verify/{serial}/"]
    with Learner(site, learners_of(site, host)[0], host) as other:
        assert [other.get(path).status for path in hidden] == [404] * len(hidden)
        assert "No certificates yet" in other.get("/certificates/").body.decode()
    # The learner's own cookie is worth nothing on this host.
    thief = Browser(host, site.port)
    thief.cookies["session"] = next(one["value"] for one in learner.context.cookies() if one["name"] == "session")
    answer = thief.get("/memo/")
    thief.close()
    assert answer.status == 302
    assert answer.headers["location"].startswith("/accounts/login/")
