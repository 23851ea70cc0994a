"""What a tool says of people: believed only with its own key, counted once, and only of whom it was sent."""

import base64
import hmac
import time
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client

from courses.services import enrolment_withdraw
from ecosystem.scope import open_scope
from lti.models import Score, ServiceToken
from lti.services import link_make, link_set, tool_save
from records.models import Statement
from tests.lti.conftest import FACTS, PASTED, within
from tests.lti.small_tool import ALL_SCOPES, KEY, STRANGERS_KEY, SmallTool
from tests.settle import settle

pytestmark = pytest.mark.django_db
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NOON = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)


@pytest.fixture
def claims(browser_of, learner, link, enrolment, theirs):
    """Of a launch of the learner."""
    return theirs.launch(browser_of(learner), link.element.slug)


def score(claims, given, *, after=0, **changed):
    return {
        "userId": claims["sub"],
        "scoreGiven": given,
        "scoreMaximum": 50,
        "timestamp": (NOON + timedelta(seconds=after)).isoformat(),
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
    } | changed


def said_here(env):
    with open_scope(environment_id=env.pk):
        rows = Statement.objects.exclude(verb__in=["launched", "enrolled"])
        return sorted(rows.values_list("verb", "person_id"))


def test_a_score_passes_the_learner_and_completes_the_course(
    browser_of, env, learner, link, enrolment, claims, theirs, author
):
    item = claims[AGS]["lineitem"]
    assert theirs.say(item, score(claims, 10, after=-1, gradingProgress="Pending")).status_code == 204
    page = browser_of(learner).get(f"/tools/{link.element.slug}/").content.decode()
    assert ("The tool reports 20%." in page, "not final yet" in page, "not enough yet" in page) == (True, True, False)
    assert theirs.say(item, score(claims, 20)).status_code == 204
    page = browser_of(learner).get(f"/tools/{link.element.slug}/").content.decode()
    assert ("The tool reports 40%." in page, "not enough yet" in page) == (True, True)
    with within(learner):
        enrolment.refresh_from_db()
        assert (enrolment.state, enrolment.progress) == ("active", 0)
    assert theirs.say(item, score(claims, 45, after=1, comment="Well <b>done</b>")).status_code == 204
    # On the way to another, which does not count until it is final.
    assert theirs.say(item, score(claims, 5, after=2, activityProgress="InProgress")).status_code == 204
    settle(env)
    with within(learner):
        enrolment.refresh_from_db()
        state = enrolment.states.get()
        assert (enrolment.state, state.state, state.passed, state.score) == ("completed", "completed", True, 0.9)
    page = browser_of(learner).get(f"/tools/{link.element.slug}/").content.decode()
    assert ("The tool reports 90%." in page, "your best one counts" in page) == (True, True)
    assert "Well &lt;b&gt;done&lt;/b&gt;" in page
    me = learner.person_id
    assert said_here(env) == [("completed", me), ("completed", me), ("failed", me), ("passed", me)]
    shown = browser_of(author).get(f"/tools/{link.element.slug}/people/")
    assert shown.status_code == 404  # who only makes content marks nobody
    # The tool may read what it said.
    token = theirs.ask_token().json()["access_token"]
    reading = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    results = theirs.client.get(f"/lti/items/{link.uid}/results", **reading).json()
    assert [(row["userId"], row["resultScore"], row["resultMaximum"]) for row in results] == [(claims["sub"], 90, 100)]
    assert theirs.client.get(f"/lti/items/{link.uid}/results?user_id=x", **reading).json() == []
    items = theirs.client.get("/lti/items", **reading).json()
    assert items == [theirs.client.get(f"/lti/items/{link.uid}", **reading).json()]
    assert (items[0]["id"], items[0]["label"], items[0]["scoreMaximum"]) == (item, "Ventilator", 100)


def test_instructors_see_who_opened_it_and_with_what_score(browser_of, member, learner, link, claims, theirs):
    theirs.say(claims[AGS]["lineitem"], score(claims, 5, after=-1, gradingProgress="PendingManual"))
    marker = member("instructor", "author")
    page = browser_of(marker).get(f"/tools/{link.element.slug}/people/").content.decode()
    assert ("10%" in page, "Not final yet" in page, "tile bad" in page) == (True, True, False)
    theirs.say(claims[AGS]["lineitem"], score(claims, 45))
    page = browser_of(member("instructor")).get(f"/tools/{link.element.slug}/people/")
    assert page.status_code == 404  # private, and no step of theirs
    page = browser_of(marker).get(f"/tools/{link.element.slug}/people/").content.decode()
    assert "Not final yet" not in page
    assert "Lena Vos" in page
    assert "90%" in page
    assert browser_of(learner).get(f"/tools/{link.element.slug}/people/").status_code == 404


def test_the_same_again_is_once_and_an_older_one_changes_nothing(env, learner, claims, theirs):
    item = claims[AGS]["lineitem"]
    token = theirs.ask_token().json()["access_token"]
    answers = [
        theirs.say(item, body, token).status_code
        for body in (
            score(claims, 40, after=10),
            score(claims, 40, after=10),
            score(claims, 50, after=10),
            score(claims, 50, after=9),
        )
    ]
    assert answers == [204, 204, 409, 409]
    with within(learner):
        assert [row.given for row in Score.objects.all()] == [40]
    assert [verb for verb, _who in said_here(env)] == ["completed", "completed", "passed"]


def test_without_a_mark_any_final_score_means_done_and_others_wait(env, learner, link, claims, theirs, author):
    with within(author):
        link_set(link=link, by=author, element={}, pass_mark=None)
    item, token = claims[AGS]["lineitem"], theirs.ask_token().json()["access_token"]
    me = learner.person_id
    assert theirs.say(item, score(claims, 1, gradingProgress="Pending"), token).status_code == 204
    assert theirs.say(item, score(claims, 1, after=1, activityProgress="InProgress"), token).status_code == 204
    assert said_here(env) == []
    nothing = score(claims, None, after=2)
    del nothing["scoreGiven"], nothing["scoreMaximum"]
    assert theirs.say(item, nothing, token).status_code == 204
    assert said_here(env) == [("completed", me), ("completed", me)]  # the step, and the course that consists in it
    assert theirs.say(item, score(claims, 60, after=3), token).status_code == 204
    with within(learner):
        assert (
            Statement.objects.filter(element=link.element, verb="completed").latest("stored_at").result["scaled"] == 1.0
        )


def test_what_is_no_score_is_refused_and_says_why(env, claims, theirs, learner):
    item, token = claims[AGS]["lineitem"], theirs.ask_token().json()["access_token"]
    bad = [
        [],
        "text",
        score(claims, "40"),
        score(claims, True),
        score(claims, -1),
        score(claims, 1e300),
        score(claims, 40, scoreMaximum=0),
        score(claims, 40, scoreMaximum=None),
        score(claims, 40, activityProgress="Done"),
        score(claims, 40, gradingProgress=["FullyGraded"]),
        score(claims, 40, comment={"a": 1}),
        score(claims, 40, comment="\x00"),
        score(claims, 40, timestamp=None),
        score(claims, 40, timestamp="2026-11-27T10:00:00"),
        score(claims, 40, timestamp="2026-13-45T10:00:00Z"),
        score(claims, 40, after=3 * 3600),
        score(claims, 40, timestamp="0001-01-01T00:00:00+14:00"),
        score(claims, 40, timestamp="1999-12-31T23:59:59Z"),
    ]
    for body in bad:
        answer = theirs.say(item, body, token)
        assert (answer.status_code, body) == (400, body)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["detail"]
    path = item.partition("/lti/")[2]
    post = {"content_type": "application/json", "HTTP_AUTHORIZATION": f"Bearer {token}"}
    assert theirs.client.post(f"/lti/{path}/scores", b"{", **post).status_code == 400
    assert theirs.client.post(f"/lti/{path}/scores", b"[" * 40_000, **post).status_code == 413
    assert theirs.client.post(f"/lti/{path}/scores", b"{}", **{**post, "content_type": "text/plain"}).status_code == 415
    with within(learner):
        assert not Score.objects.exists()


def test_a05_only_of_whom_it_was_sent_and_only_while_they_are_let_in(
    env, claims, theirs, member, enrolment, learner, link, author, tool, admin, browser_of
):
    item, token = claims[AGS]["lineitem"], theirs.ask_token().json()["access_token"]
    with within(author):
        second = link_make(title="Other", by=author, tool=tool)
    elsewhere = item.replace(str(link.uid), str(second.uid))
    for body, place in (
        (score(claims, 40, userId=str(uuid.uuid4())), item),
        (score(claims, 40, userId=str(learner.person_id)), item),
        (score(claims, 40, userId=learner.person.email), item),
        (score(claims, 40), elsewhere),
    ):
        assert theirs.say(place, body, token).status_code == 403
    assert theirs.say(item.replace(str(link.uid), str(uuid.uuid4())), score(claims, 40), token).status_code == 404
    # Another tool, which knows the number and the line item.
    with within(admin):
        foreign = SmallTool(tool_save(by=admin, pasted=PASTED, **{**FACTS, "name": "Second"}), theirs.client)
    assert foreign.say(item, score(claims, 40)).status_code == 404
    with within(learner):
        enrolment_withdraw(enrolment=enrolment, by=learner)
    assert theirs.say(item, score(claims, 40), token).status_code == 403
    with within(learner):
        assert not Score.objects.exists()


def signed_with_the_public_key(assertion):
    """What software that reads the algorithm in the message itself would believe."""
    head = base64.urlsafe_b64encode(b'{"alg":"HS256"}').rstrip(b"=").decode()
    body = f"{head}.{assertion.split('.')[1]}"
    mark = hmac.new(KEY.as_pem(private=False), body.encode(), "sha256").digest()
    return f"{body}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"


def mutated(theirs):
    """Requests for a token that must get none, by what is wrong with them."""
    now = int(time.time())
    used = theirs.assertion()
    assert theirs.ask_token(used).status_code == 200
    return {
        "used before": used,
        "another key": theirs.assertion(key=STRANGERS_KEY),
        "alg none": f"eyJhbGciOiJub25lIn0.{theirs.assertion().split('.')[1]}.",
        "HS256 with the public key": signed_with_the_public_key(theirs.assertion()),
        "RS512": theirs.assertion(head={"alg": "RS512", "kid": "tool-1"}),
        "an unknown key": theirs.assertion(head={"alg": "RS256", "kid": "tool-2"}),
        "for somebody else": theirs.assertion(aud="https://elsewhere.example.com/token"),
        "for the neighbour": theirs.assertion(aud=f"http://beta.localhost:{settings.GROVE_PORT}/lti/token"),
        "expired": theirs.assertion(exp=now - 120),
        "good for ever": theirs.assertion(exp=now + 10**7),
        "made tomorrow": theirs.assertion(iat=now + 86_400),
        "without an end": theirs.assertion(exp=None),
        "an end beyond all numbers": theirs.assertion(exp=1e400),
        "an end that is no number": theirs.assertion(exp=float("nan")),
        "without a number": theirs.assertion(jti=None),
        "of another client": theirs.assertion(sub=str(uuid.uuid4())),
        "of nobody": theirs.assertion(iss="nobody"),
        "no claims": "a.b.c",
        "nothing": " ",
        "too long": theirs.assertion(more="x" * 20_000),
    }


def test_a83_no_token_for_what_is_not_signed_by_the_tool_for_us_now_and_once(theirs, tool, admin):
    for wrong, assertion in mutated(theirs).items():
        answer = theirs.ask_token(assertion)
        assert (answer.status_code, wrong) == (401, wrong)
        assert answer.json() == {"error": "invalid_client"}
    with within(admin):
        assert ServiceToken.objects.count() == 1
        tool_save(by=admin, tool=tool, **{**FACTS, "is_on": False})
    assert theirs.ask_token().status_code == 401


def test_a_token_is_good_for_what_was_asked_and_of_this_host_only(env, other, claims, theirs, learner):
    item = claims[AGS]["lineitem"]
    reading = theirs.ask_token(scope=ALL_SCOPES.split()[2] + " openid").json()
    assert reading["scope"] == ALL_SCOPES.split()[2]
    answer = theirs.say(item, score(claims, 40), reading["access_token"])
    assert (answer.status_code, answer.headers["Content-Type"]) == (403, "application/problem+json")
    assert theirs.ask_token(scope="openid").json() == {"error": "invalid_scope"}
    assert theirs.client.post("/lti/token", {"grant_type": "password"}).json() == {"error": "unsupported_grant_type"}
    assert theirs.say(item, score(claims, 40), "x").status_code == 401
    token = theirs.ask_token().json()["access_token"]
    neighbour = SmallTool(theirs.row, Client(HTTP_HOST="beta.localhost"))
    assert neighbour.say(item, score(claims, 40), token).status_code == 401
    assert neighbour.ask_token().status_code == 401
    assert theirs.client.get(f"/lti/items/{uuid.uuid4()}", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 404
    assert theirs.client.get("/lti/items").status_code == 401
    with within(learner):
        token_rows = ServiceToken.objects.all()
        assert token not in {row.digest for row in token_rows}
        token_rows.update(expires_at=NOON)
    assert theirs.say(item, score(claims, 40), token).status_code == 401
