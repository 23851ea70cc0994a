"""Activities in tools for other software: the same rules as on the pages, and nothing of what is between a tool and us."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from api.services import token_create
from lti.models import Launch, Score, ToolLink
from lti.services import link_make, tool_save
from tests.lti.conftest import FACTS, PASTED, within
from tests.lti.small_tool import SITE

pytestmark = pytest.mark.django_db
ALL = "tool-activities/"


class Caller:
    def __init__(self, who, host="alpha.localhost", scopes=("courses:read", "courses:write")) -> None:
        with within(who):
            key = token_create(person=who.person, name="Test", scopes=scopes)[1]
        self.client = Client(HTTP_HOST=host, HTTP_AUTHORIZATION=f"Bearer {key}")

    def get(self, path):
        return self.client.get(f"/api/v1/{path}")

    def send(self, path, said, method="post", **headers):
        return getattr(self.client, method)(f"/api/v1/{path}", json.dumps(said), "application/json", headers=headers)


def places(answer):
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json"), answer.content
    return [one["pointer"] for one in answer.json()["errors"]]


def test_an_author_makes_and_changes_one(author, admin, tool, learner):
    with within(admin):
        off = tool_save(by=admin, pasted=PASTED, **{**FACTS, "name": "Gone", "is_on": False})
    caller = Caller(author)
    assert caller.get("tools/").json()["results"] == [{"id": tool.pk, "name": "Simulator"}]
    said = {"title": "Airway", "tool": tool.pk, "target_url": f"{SITE}/airway", "custom": {"lang": "nl", "b": "2"}}
    twice = [caller.send(ALL, said, **{"Idempotency-Key": "once"}) for _time in range(2)]
    assert [one.status_code for one in twice] == [201, 201]
    made = twice[0].json()
    assert {name: made[name] for name in said} == said
    assert (made["slug"], made["tool_name"], made["done_when"], made["points"]) == (
        "airway",
        "Simulator",
        "reported",
        100,
    )
    with within(author):
        assert ToolLink.objects.get().element.visibility == "private"
    for wrong, where in (
        ({"target_url": "https://elsewhere.example.com/"}, "#/target_url"),
        ({"custom": {"no space": "1"}}, "#/custom"),
        ({"custom": {f"n{one}": "1" for one in range(21)}}, "#/custom"),
        ({"pass_mark": 101}, "#/pass_mark"),
        ({"points": 0}, "#/points"),
        ({"opens_in": "void"}, "#/opens_in"),
        ({"language": "xx"}, "#/language"),
        ({"tool": off.pk}, "#/tool"),
        ({"tool": 987654321}, "#/tool"),
        ({"tool": None}, "#/tool"),
    ):
        assert places(caller.send(f"{ALL}airway/", wrong, "patch")) == [where], wrong
        assert places(caller.send(ALL, said | wrong)) == [where], wrong
    assert places(caller.send(ALL, {})) == ["#/title", "#/tool"]
    seen = caller.get(f"{ALL}airway/")
    new = {"title": "Breath", "pass_mark": 70, "opens_in": "frame"}
    changed = caller.send(f"{ALL}airway/", new, "patch", **{"If-Match": seen.headers["ETag"]})
    assert changed.json() == made | new
    assert caller.get(f"{ALL}airway/").headers["ETag"] == changed.headers["ETag"]
    assert caller.send(f"{ALL}airway/", new, "patch", **{"If-Match": seen.headers["ETag"]}).status_code == 412
    # One that is switched off stays where it is.
    with within(admin):
        tool_save(by=admin, tool=tool, **{**FACTS, "is_on": False})
    assert caller.send(f"{ALL}airway/", {"tool": tool.pk, "summary": "Breathe"}, "patch").status_code == 200
    assert caller.get("tools/").json()["results"] == []


def test_learners_read_what_they_may_open_and_write_nothing(learner, author, enrolment, link, tool, other, member):
    mine = Caller(learner).get(f"{ALL}ventilator/").json()
    assert (mine["title"], mine["tool_name"], mine["pass_mark"]) == ("Ventilator", "Simulator", 70)
    assert (mine["target_url"], mine["custom"], mine["wanted"]) == (None, None, None)
    assert Caller(learner).get(ALL).json()["results"] == [mine]
    for call in (
        lambda one: one.get("tools/"),
        lambda one: one.get(f"{ALL}ventilator/people/"),
        lambda one: one.send(ALL, {"title": "Mine", "tool": tool.pk}),
        lambda one: one.send(f"{ALL}ventilator/", {"title": "Mine"}, "patch"),
    ):
        assert call(Caller(learner)).status_code == 403
    assert Caller(author, scopes=("courses:read",)).send(ALL, {"title": "A", "tool": tool.pk}).status_code == 403
    # Private, and no step of theirs; and from another environment nothing is there at all.
    colleague, stranger = Caller(member("learner")), Caller(member("author", environment=other), "beta.localhost")
    for one in (colleague, stranger):
        assert (one.get(ALL).json()["results"], one.get(f"{ALL}ventilator/").status_code) == ([], 404)
    assert stranger.get("tools/").json()["results"] == []
    assert stranger.send(f"{ALL}ventilator/", {"title": "Mine"}, "patch").status_code == 404
    assert places(stranger.send(ALL, {"title": "Mine", "tool": tool.pk})) == ["#/tool"]


def test_lists_cost_the_same_and_people_are_for_who_sees_results(author, member, link, tool):
    marker, now = Caller(member("instructor", "author")), timezone.now()
    people, counts = f"{ALL}ventilator/people/", []
    for number in range(3):
        who = member("learner", name=f"Lee {number}")
        with within(who):
            here = {"environment": who.environment, "tool": tool, "person": who.person, "element": link.element}
            Launch.objects.create(**here, hint_hash=str(number), began_at=now, came_at=now)
            Score.objects.create(
                **here, said_at=now, stored_at=now, progress="Completed", grading="FullyGraded", given=number, maximum=2
            )
        with within(author):
            link_make(title=f"More {number}", by=author, tool=tool)
        if number == 1:
            continue
        for path in (ALL, people):
            marker.get(path)
            with CaptureQueriesContext(connection) as asked:
                assert marker.get(path).status_code == 200
            counts.append(len(asked))
    assert counts[:2] == counts[2:]
    page = marker.get(f"{people}?limit=2").json()
    rows = page["results"] + marker.get(page["next"].partition("/api/v1/")[2]).json()["results"]
    assert [(one["name"], one["percent"], one["passed"]) for one in rows] == [
        ("Lee 2", 100, True), ("Lee 1", 50, False), ("Lee 0", 0, False),
    ]  # fmt: skip
    assert set(rows[0]) == {"person", "name", "began_at", "came_at", "said_at", "percent", "passed"}
    # Who only makes content sees nobody.
    assert Caller(author).get(people).status_code == 403
