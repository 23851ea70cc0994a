"""cmi5: what a unit says from its launch to its end, for its own learner only."""

import json
import re
from urllib.parse import parse_qs, quote, urlsplit
from uuid import uuid4

import pytest

from content.models import Launch, LaunchStatement, UnitDocument
from content.services import package_create
from ecosystem.scope import open_scope
from tests.content.making import upload
from tests.content.zips import said, sample

pytestmark = pytest.mark.django_db
THERE = {"host": "packages.alpha.localhost"}


class Unit:
    """What a unit of cmi5 does, by hand."""

    def __init__(self, env, member, browser_of, client) -> None:
        browser = browser_of(member)
        frame = browser.get("/packages/geology/1/").context["frame"]
        self.client = client
        words = {name: values[0] for name, values in parse_qs(urlsplit(frame).query).items()}
        self.actor, self.registration = json.loads(words["actor"]), words["registration"]
        self.activity, self.fetch_path = words["activityId"], urlsplit(words["fetch"]).path
        self.token = client.post(self.fetch_path, headers=THERE).json().get("auth-token", "")

    def ask(self, verb: str, path: str, body: object = None, **headers: str):
        data = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return getattr(self.client, verb)(
            f"/xapi/{path}", **data, headers={**THERE, "Authorization": f"Basic {self.token}", **headers}
        )

    def statement(self, verb: str, *, defined: bool = True, score: float | None = None, **other: object) -> dict:
        category = [{"id": "https://w3id.org/xapi/cmi5/context/categories/cmi5"}] if defined else []
        found: dict = {
            "id": str(uuid4()),
            "actor": self.actor,
            "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}"},
            "object": {"id": self.activity},
            "context": {"registration": self.registration, "contextActivities": {"category": category}},
        }
        if score is not None:
            found["result"] = {"score": {"scaled": score}}
        return {**found, **other}

    def say(self, verb: str, **other: object) -> int:
        return self.ask("post", "statements", self.statement(verb, **other)).status_code


@pytest.fixture
def geology(env, member, browser_of, client):
    with open_scope(environment_id=env.pk):
        package_create(title="Geology", upload=upload("g.zip", sample("geology-cmi5.zip")), creators=["Ada"])
    person = member()
    return lambda: Unit(env, person, browser_of, client)


def test_cmi5_from_launch_to_termination(env, geology):
    unit = geology()
    assert unit.token
    assert unit.ask("get", "/about").status_code == 200, "with two slashes"
    assert unit.client.post(unit.fetch_path, headers=THERE).json()["error-code"] == "1", "the token was given twice"
    agent = json.dumps(unit.actor)
    where = f"activities/state?activityId={quote(unit.activity)}&agent={quote(agent)}&registration={unit.registration}"
    data = unit.ask("get", f"{where}&stateId=LMS.LaunchData").json()
    assert (data["launchMode"], data["moveOn"]) == ("Normal", "CompletedOrPassed")
    assert unit.ask("put", f"{where}&stateId=LMS.LaunchData", {}).status_code == 403
    assert unit.say("completed") == 403, "before initialized"
    assert unit.say("initialized") == 200
    assert unit.ask("put", f"{where}&stateId=bookmark", {"page": 3}).status_code == 204
    assert unit.ask("post", f"{where}&stateId=bookmark", {"more": 1}).status_code == 204
    assert unit.ask("get", f"{where}&stateId=bookmark").json() == {"page": 3, "more": 1}
    assert unit.ask("get", where).json() == ["LMS.LaunchData", "bookmark"]
    assert unit.say("passed", score=0.9) == 200
    assert unit.say("completed") == 200
    assert unit.say("terminated") == 200
    assert unit.say("passed", score=0.9) == 401, "after it was over"
    assert sorted(said(env)) == [("completed", 0.9), ("passed", 0.9)]
    again = geology()
    assert again.registration == unit.registration
    unit.token = again.token
    assert unit.ask("get", f"{where}&stateId=bookmark").json()["page"] == 3
    assert unit.ask("delete", f"{where}&stateId=bookmark").status_code == 204
    assert unit.ask("get", f"{where}&stateId=bookmark").status_code == 404
    with open_scope(environment_id=env.pk):
        assert LaunchStatement.objects.count() == 4
        assert not Launch.objects.filter(auth_hash__contains=unit.token[:10]).exists()


def test_cmi5_a_launch_that_nobody_fetched_is_used_again(env, member, browser_of, geology):
    geology()
    person = member()
    browser = browser_of(person)
    frames = [browser.get("/packages/geology/1/").context["frame"] for _again in range(3)]
    with open_scope(environment_id=env.pk):
        assert Launch.objects.filter(person=person.person).count() == 1
        assert Launch.objects.count() == 2
    secrets = [re.search(r"xapi%2Ffetch%2F([\w-]+)", frame)[1] for frame in frames]
    answers = [browser.post(f"/xapi/fetch/{secret}/", headers=THERE).json() for secret in secrets]
    assert ["auth-token" in answer for answer in answers] == [False, False, True]


def test_cmi5_the_same_statement_twice_is_once_and_another_with_its_id_is_refused(env, geology):
    unit = geology()
    unit.say("initialized")
    done = unit.statement("completed")
    for _again in range(2):
        assert unit.ask("put", f"statements?statementId={done['id']}", done).status_code == 204
    assert unit.ask("post", "statements", {**done, "result": {"completion": True}}).status_code == 409
    assert said(env) == [("completed", None)]
    assert unit.ask("get", f"statements?statementId={done['id']}").json() == done
    assert len(unit.ask("get", "statements").json()["statements"]) == 2


def test_a90_a_unit_speaks_for_its_own_learner_and_launch_only(env, geology):
    unit = geology()
    unit.say("initialized")
    somebody = {"objectType": "Agent", "account": {"homePage": "http://packages.alpha.localhost", "name": "0" * 32}}
    assert unit.say("completed", actor=somebody) == 403
    assert unit.say("completed", context={"registration": str(uuid4())}) == 403
    assert unit.say("passed", score=7) == 400
    assert unit.say("passed", score=float("inf")) == 400
    for odd in ("\x00", "\ud800", float("nan")):
        assert unit.say("completed", result={"response": odd}) == 400
    assert unit.say("completed", result={"\x00": "x"}) == 400
    assert unit.say("waived") == 403
    assert unit.say("completed", object={"id": "http://other.example/"}) == 403
    assert unit.say("completed", id="not-a-uuid") == 400
    assert unit.ask("post", "statements", [[]]).status_code == 400
    agent = json.dumps(somebody)
    for path in (
        f"activities/state?activityId={unit.activity}&agent={agent}&stateId=x",
        f"activities/state?activityId=http://other/&agent={json.dumps(unit.actor)}&stateId=x",
        f"agents/profile?agent={agent}&profileId=x",
    ):
        assert unit.ask("get", path).status_code == 403, path
    assert said(env) == []


def test_cmi5_without_or_with_another_token_nothing_is_said(env, other, geology, client):
    unit = geology()
    for headers in ({}, {"Authorization": "Basic x"}, {"Authorization": f"Bearer {unit.token}"}):
        assert client.get("/xapi/statements", headers={**THERE, **headers}).status_code == 401
    elsewhere = {"host": "packages.beta.localhost", "Authorization": f"Basic {unit.token}"}
    assert client.get("/xapi/statements", headers=elsewhere).status_code == 401
    on_the_site = {"host": "alpha.localhost", "Authorization": f"Basic {unit.token}"}
    assert client.get("/xapi/statements", headers=on_the_site).status_code == 404


def test_cmi5_profiles_of_the_learner(env, geology):
    unit = geology()
    where = f"agents/profile?agent={json.dumps(unit.actor)}&profileId=cmi5LearnerPreferences"
    assert unit.ask("get", where).status_code == 404
    assert unit.ask("put", where, {"languagePreference": "nl"}).status_code == 204
    found = unit.ask("get", where)
    assert found.json() == {"languagePreference": "nl"}
    assert unit.ask("put", where, {"x": 1}, **{"If-Match": '"other"'}).status_code == 412
    assert unit.ask("put", where, {"x": 1}, **{"If-Match": found.headers["ETag"]}).status_code == 204
    assert unit.ask("put", "activities/profile?activityId=x&profileId=y", {}).status_code == 403
    with open_scope(environment_id=env.pk):
        assert UnitDocument.objects.filter(resource="profile").count() == 1
