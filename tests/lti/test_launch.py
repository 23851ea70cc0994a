"""The way into a tool, and everything that must not be one."""

from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import Enrolment, EnrolmentState
from ecosystem.models import AuditEntry
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_offer
from lti.models import Launch, PlatformKey, Pseudonym, Shares, Tool
from lti.services import keys_rotate, link_make, link_set, tool_save
from records.models import Statement
from tests.lti.conftest import FACTS, PASTED, within
from tests.lti.small_tool import ARRIVE, LOGIN, SITE, SmallTool, form_of

pytestmark = pytest.mark.django_db
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"


def begun(browser, theirs, link, **changed):
    """The tool's question, as a query, after somebody pressed the button."""
    _address, fields = form_of(browser.post(f"/tools/{link.element.slug}/launch/"))
    return theirs.question(fields, **changed)


def test_a_learner_arrives_under_a_pseudonym_with_the_course(browser_of, learner, link, enrolment, theirs, tool):
    browser = browser_of(learner)
    page = browser.get(f"/tools/{link.element.slug}/?next=/courses/")
    assert page.status_code == 200
    assert "The tool does not learn who you are." in page.content.decode()
    assert SITE not in page.headers["Content-Security-Policy"]
    claims = theirs.launch(browser, link.element.slug)
    issuer = claims["iss"]
    assert claims[f"{CLAIM}message_type"] == "LtiResourceLinkRequest"
    assert claims[f"{CLAIM}version"] == "1.3.0"
    assert claims[f"{CLAIM}deployment_id"] == str(tool.deployment_id)
    assert claims[f"{CLAIM}target_link_uri"] == f"{SITE}/start"
    assert claims[f"{CLAIM}resource_link"] == {"id": str(link.uid), "title": "Ventilator"}
    assert claims[f"{CLAIM}roles"] == ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"]
    assert claims[f"{CLAIM}context"]["title"] == "Intensive care"
    assert claims[f"{CLAIM}custom"] == {"level": "2"}
    assert claims[f"{CLAIM}launch_presentation"]["return_url"] == f"{issuer}/tools/{link.element.slug}/"
    assert (
        claims["https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"]["lineitem"] == f"{issuer}/lti/items/{link.uid}"
    )
    assert not {"name", "email", "given_name"} & set(claims)
    assert str(learner.person_id) != claims["sub"]
    assert theirs.launch(browser, link.element.slug)["sub"] == claims["sub"]
    with within(learner):
        assert (
            list(Statement.objects.filter(verb="launched").values_list("person_id", "element_id"))
            == [(learner.person_id, link.element_id)] * 2
        )
        assert Pseudonym.objects.get().sub.hex == claims["sub"].replace("-", "")


def test_pages_on_the_way_let_the_browser_go_to_that_tool_only(browser_of, learner, link, enrolment, theirs, author):
    browser = browser_of(learner)
    went = browser.post(f"/tools/{link.element.slug}/launch/")
    policy = went.headers["Content-Security-Policy"]
    assert f"form-action 'self' {SITE};" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    with within(author):
        link_set(link=link, by=author, element={}, opens_in="frame")
    page = browser.get(f"/tools/{link.element.slug}/")
    assert f"frame-src 'self' {SITE}" in page.headers["Content-Security-Policy"]
    assert "allow-top-navigation-by-user-activation" in page.content.decode()
    went = browser.post(f"/tools/{link.element.slug}/launch/")
    assert "frame-ancestors 'self'" in went.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in went.headers
    claims = theirs.launch(browser, link.element.slug)
    assert claims[f"{CLAIM}launch_presentation"] == {"document_target": "iframe", "locale": "en"}
    # A host that is no ASCII (of a row from before that was refused) would take the policy away, with all the rest of it.
    with within(author):
        Tool.objects.update(target_url="https://töol.example.com/", redirect_urls=["https://*/", ARRIVE])
    page = browser.get(f"/tools/{link.element.slug}/")
    assert page.headers["Content-Security-Policy"].endswith(f"frame-src 'self' {SITE}")


def test_the_tool_learns_what_the_administrator_lets_it(browser_of, learner, link, enrolment, theirs, admin, tool):
    browser = browser_of(learner)
    seen = []
    for shares in (Shares.NAME, Shares.NAME_AND_EMAIL):
        with within(admin):
            tool_save(by=admin, tool=tool, **{**FACTS, "shares": shares})
        claims = theirs.launch(browser, link.element.slug)
        seen.append((claims.get("name"), claims.get("email")))
    assert seen == [("Lena Vos", None), ("Lena Vos", "lena@alpha.example.org")]


def test_who_makes_it_is_an_instructor_to_the_tool(browser_of, author, link, theirs):
    claims = theirs.launch(browser_of(author), link.element.slug)
    assert claims[f"{CLAIM}roles"] == ["http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"]
    assert f"{CLAIM}context" not in claims


def test_a_question_that_is_posted_comes_again_as_one_that_brings_the_cookies(
    browser_of, learner, link, enrolment, theirs, env
):
    browser = browser_of(learner)
    asked = begun(browser, theirs, link)
    stranger = browser_of(env)  # a browser keeps the cookies back when another site posts
    answer = stranger.post("/lti/auth", {**asked, "more": "x" * 9000})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/lti/auth?")
    assert "more" not in answer.headers["Location"]
    address, fields = form_of(browser.get(answer.headers["Location"]))
    assert (address, bool(theirs.believed(fields["id_token"]))) == (ARRIVE, True)
    assert stranger.post("/lti/auth", {**asked, "state": "x" * 9000}).status_code == 400


WRONG = (
    {"client_id": "6b0f6a4e-0000-4000-8000-000000000000"},
    {"client_id": "x"},
    {"redirect_uri": f"{ARRIVE}/"},
    {"redirect_uri": "https://evil.example.com/arrive"},
    {"redirect_uri": "javascript:alert(1)"},
    {"scope": "openid profile"},
    {"response_type": "code"},
    {"response_mode": "query"},
    {"prompt": "login"},
    {"nonce": ""},
    {"nonce": "n" * 3000},
    {"login_hint": "x"},
    {"lti_message_hint": "6b0f6a4e-0000-4000-8000-000000000000"},
    {"lti_message_hint": "x"},
    {"lti_deployment_id": "6b0f6a4e-0000-4000-8000-000000000000"},
)


def test_a_question_that_is_not_right_gets_no_message_and_uses_nothing_up(browser_of, learner, link, enrolment, theirs):
    browser = browser_of(learner)
    asked = begun(browser, theirs, link)
    for changed in WRONG:
        answer = browser.get(f"/lti/auth?{urlencode({**asked, **changed})}")
        assert (answer.status_code, changed) == (400, changed)
        assert b"id_token" not in answer.content
        assert b"evil" not in answer.content
    with within(learner):
        assert Launch.objects.get().came_at is None
    assert form_of(browser.get(f"/lti/auth?{urlencode(asked)}"))[0] == ARRIVE


def test_what_closes_on_the_way_gets_no_message(browser_of, learner, link, enrolment, theirs):
    browser = browser_of(learner)
    asked = urlencode(begun(browser, theirs, link))
    with within(learner):
        Enrolment.objects.update(state=EnrolmentState.PAUSED)
    answer = browser.get(f"/lti/auth?{asked}")
    assert (answer.status_code, b"paused" in answer.content, b"id_token" in answer.content) == (400, True, False)
    with within(learner):
        assert (Launch.objects.get().came_at, Pseudonym.objects.count()) == (None, 0)
        Enrolment.objects.update(state=EnrolmentState.ACTIVE)
    assert form_of(browser.get(f"/lti/auth?{asked}"))[0] == ARRIVE


def test_a82_a_hint_is_good_once_for_minutes_and_for_its_person(
    browser_of, learner, member, link, enrolment, theirs, env, author
):
    browser = browser_of(learner)
    asked = begun(browser, theirs, link)
    question = f"/lti/auth?{urlencode(asked)}"
    assert browser_of(author).get(question).status_code == 400
    assert browser_of(env).get(question).status_code == 403
    assert form_of(browser.get(question))[0] == ARRIVE
    again = browser.get(question)
    assert (again.status_code, b"id_token" in again.content) == (400, False)
    asked = begun(browser, theirs, link)
    with within(learner):
        Launch.objects.filter(came_at=None).update(began_at=timezone.now() - timezone.timedelta(minutes=6))
    assert browser.get(f"/lti/auth?{urlencode(asked)}").status_code == 400


def test_another_tool_cannot_ask_for_the_message(browser_of, learner, link, enrolment, theirs, admin):
    with within(admin):
        second = tool_save(by=admin, pasted=PASTED, **{**FACTS, "name": "Second"})
    asked = begun(browser_of(learner), theirs, link, client_id=str(second.client_id))
    assert browser_of(learner).get(f"/lti/auth?{urlencode(asked)}").status_code == 400


def test_the_tool_of_another_environment_is_not_known_here(browser_of, learner, link, enrolment, theirs, member, other):
    stranger = member("admin", environment=other)
    with within(stranger):
        foreign = tool_save(by=stranger, pasted=PASTED, **FACTS)
    asked = begun(browser_of(learner), theirs, link, client_id=str(foreign.client_id))
    assert browser_of(learner).get(f"/lti/auth?{urlencode(asked)}").status_code == 400
    # The same question on the host of the other environment, by somebody of there.
    theirs_too = SmallTool(foreign, None)
    assert browser_of(stranger).get(f"/lti/auth?{urlencode(theirs_too.question(asked))}").status_code == 400


def test_a_tool_that_is_off_or_gone_says_so_and_opens_nothing(
    browser_of, learner, link, enrolment, admin, author, tool
):
    browser = browser_of(learner)
    with within(admin):
        tool_save(by=admin, tool=tool, **{**FACTS, "is_on": False})
    assert "switched off at the moment" in browser.get(f"/tools/{link.element.slug}/").content.decode()
    refused = browser.post(f"/tools/{link.element.slug}/launch/")
    assert (refused.status_code, f'href="/tools/{link.element.slug}/" target="_top"' in refused.text) == (400, True)
    with within(author):
        link_set(link=link, by=author, element={}, tool=None)
    assert "not connected here yet" in browser.get(f"/tools/{link.element.slug}/").content.decode()
    assert browser.post(f"/tools/{link.element.slug}/launch/").status_code == 400


def test_an_activity_that_is_lent_says_that_the_tool_is_not_connected_there(
    browser_of, make_environment, env, member, author, tool
):
    below = make_environment("gamma", parent=env)
    with within(author):
        lent = link_make(title="Lent", by=author, tool=tool)
        element_offer(element=lent.element, to=below)
    browser = browser_of(member("learner", environment=below))
    assert "not connected here yet" in browser.get("/tools/lent/").content.decode()
    assert browser.post("/tools/lent/launch/").status_code == 400


def test_a_tool_that_never_asks_is_told_of_on_the_page(browser_of, learner, link, enrolment, theirs):
    browser = browser_of(learner)
    begun(browser, theirs, link)
    assert "did not answer when you opened it last" in browser.get(f"/tools/{link.element.slug}/").content.decode()
    theirs.launch(browser, link.element.slug)
    assert "did not answer" not in browser.get(f"/tools/{link.element.slug}/").content.decode()


def test_opening_can_be_all_that_is_asked_for(browser_of, learner, link, enrolment, theirs, author):
    with within(author):
        link_set(link=link, by=author, element={}, done_when="opened", pass_mark=None)
    theirs.launch(browser_of(learner), link.element.slug)
    theirs.launch(browser_of(learner), link.element.slug)
    with within(learner):
        enrolment.refresh_from_db()
        assert enrolment.state == "completed"
        assert Statement.objects.filter(verb="completed", element_id=link.element_id).count() == 1


def test_who_is_not_let_in_gets_no_page_and_no_launch(browser_of, member, link, other):
    for who in (member("learner"), member("learner", environment=other)):
        browser = browser_of(who)
        assert browser.get(f"/tools/{link.element.slug}/").status_code == 404
        assert browser.post(f"/tools/{link.element.slug}/launch/").status_code == 404


def test_keys_are_renewed_and_the_one_before_is_still_shown(browser_of, env, learner, link, enrolment, theirs, admin):
    browser = browser_of(learner)
    asked = begun(browser, theirs, link)
    _address, fields = form_of(browser.get(f"/lti/auth?{urlencode(asked)}"))
    first = browser_of(env).get("/lti/jwks").json()["keys"]
    with within(admin):
        keys_rotate(by=admin)
    shown = browser_of(env).get("/lti/jwks").json()["keys"]
    assert (len(first), len(shown)) == (1, 2)
    assert first[0] in shown
    assert not any({"d", "p", "q", "dp", "dq", "qi"} & set(key) for key in shown)
    assert theirs.believed(fields["id_token"])
    assert theirs.launch(browser, link.element.slug)
    with within(admin):
        row = PlatformKey.objects.get(retired_at=None)
        assert '"d"' not in row.sealed
        assert AuditEntry.objects.filter(act="lti_key.rotated").count() == 1
        PlatformKey.objects.exclude(pk=row.pk).update(retired_at=timezone.now() - timezone.timedelta(days=8))
    assert len(browser_of(env).get("/lti/jwks").json()["keys"]) == 1


def test_the_page_of_an_activity_asks_the_same_however_often_it_was_opened(
    browser_of, learner, link, enrolment, theirs
):
    browser, asked = browser_of(learner), []
    for _one in range(3):
        theirs.launch(browser, link.element.slug)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(f"/tools/{link.element.slug}/").status_code == 200
        asked.append(len(queries))
    assert asked[1] == asked[2]


def test_on_a_second_host_one_is_led_to_the_first(browser_of, learner, link, enrolment, env):
    with open_scope(environment_id=env.pk):
        env.hosts.create(name="second.example.org", is_primary=False)
    browser = browser_of(learner)
    answer = browser.post(f"/tools/{link.element.slug}/launch/", HTTP_HOST="second.example.org")
    assert (answer.status_code, urlsplit(answer.headers["Location"]).hostname) == (303, "alpha.localhost")
    assert LOGIN not in answer.content.decode()
    page = browser.get(f"/tools/{link.element.slug}/?next=/me/", HTTP_HOST="second.example.org").content.decode()
    assert (f"localhost:{settings.GROVE_PORT}/tools/{link.element.slug}/?next=/me/" in page, "/launch/" in page) == (
        True,
        False,
    )
