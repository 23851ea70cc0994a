"""What every route can do: pages, orders, fields, ETags, budgets, problems."""

import json
import logging
import time
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import OperationalError

from ecosystem.api.elements import ElementViewSet
from ecosystem.models import Element
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create
from tests.api.test_doors import problem

pytestmark = pytest.mark.django_db
BOTH = ("read", "write")


@pytest.fixture
def tools(env, member):
    """Seven elements, five of them stored at the same moment."""
    gardener = member("gardener")
    with open_scope(environment_id=env.pk):
        for letter in "abcdefg":
            element_create(kind="external", title=f"Tool {letter}", slug=f"tool-{letter}", creators=[gardener.person])
        moment = Element.objects.get(slug="tool-a").created_at
        Element.objects.filter(slug__in=[f"tool-{letter}" for letter in "abcde"]).update(created_at=moment)
    return gardener


def slugs(body) -> list[str]:
    return [row["slug"] for row in body["results"]]


@pytest.mark.parametrize("order", ["created_at", "-created_at", "title", ""])
def test_pages_stay_put_when_rows_come_in_and_moments_are_equal(order, env, tools, calling):
    client = calling(tools)
    query = {"limit": 2, **({"order": order} if order else {})}
    whole = slugs(client.get("/api/v1/elements/", {**query, "limit": 200}).json())
    body, seen = client.get("/api/v1/elements/", query).json(), []
    number = 0
    while True:
        seen += slugs(body)
        with open_scope(environment_id=env.pk):  # comes in before and after every place
            for letter in ("0", "z"):
                element_create(
                    kind="external", title=f"{letter}{number}", slug=f"{letter}-{number}", creators=["Somebody"]
                )
        number += 1
        if body["next"] is None or number > 9:
            break
        body = client.get(body["next"]).json()
    assert [slug for slug in seen if slug.startswith("tool")] == whole
    assert len(seen) == len(set(seen))


def test_there_and_back(tools, calling):
    client = calling(tools)
    first = client.get("/api/v1/elements/?limit=3&order=-created_at").json()
    second = client.get(first["next"]).json()
    assert slugs(client.get(second["previous"]).json()) == slugs(first)
    assert first["previous"] is None
    assert client.get(client.get(second["next"]).json()["previous"]).json()["results"] == second["results"]


def test_an_order_that_is_not_offered(tools, calling):
    body = problem(calling(tools).get("/api/v1/elements/?order=owner__password"), 400)
    assert body["errors"] == [{"detail": "Choose one of: title, slug, created_at, updated_at.", "parameter": "order"}]


CURSORS = ["", "x", "W10", "W2ZhbHNlLCJhIl0", "WzEsMl0", "bnVsbA", "W2ZhbHNlLCJcdTAwMDAiLCIxIl0"]
LIMITS = ["abc", "0", "-1", "201", "1.5", "", " 5", "٣", "100000000000"]


def test_a_cursor_made_by_hand(tools, calling):
    client = calling(tools)
    for cursor in CURSORS:
        body = problem(client.get("/api/v1/elements/", {"cursor": cursor}), 400)
        assert body["errors"] == [{"detail": "There is no such place in this list.", "parameter": "cursor"}], cursor


def test_a_limit_that_is_none(tools, calling):
    client = calling(tools)
    for limit in LIMITS:
        body = problem(client.get("/api/v1/elements/", {"limit": limit}), 400)
        assert body["errors"] == [{"detail": "Write a number from 1 to 200.", "parameter": "limit"}], limit


# What is asked for -> the parameter that is refused.
STRANGE = {
    "elements/?limt=5": "limt",
    "elements/?kind=nonsense": "kind",
    "elements/?lifecycle=nonsense": "lifecycle",
    "elements/?order=": "order",
    "elements/tool-a/?kind=external": "kind",
    "members/?active=perhaps": "active",
    "questions/?retired=2024": "retired",
    "questions/?difficulty__gte=much": "difficulty__gte",
    "attempts/?passed=maybe": "passed",
    "attempts/?finished_at__isnull=later": "finished_at__isnull",
    "attempts/?finished_at__gte=later": "finished_at__gte",
    "records/?since=yesterday": "since",
    "enrolments/?state=nonsense": "state",
    "changes/?after=1": "after",
    "changes/?limit=0": "limit",
    "measures/?on=2026-01-01": "on",
    "me/?id=1": "id",
}


def test_nothing_behind_the_question_mark_is_ignored(tools, member, calling):
    client = calling(member("admin"))
    for query, parameter in STRANGE.items():
        body = problem(client.get(f"/api/v1/{query}"), 400)
        assert [error["parameter"] for error in body["errors"]] == [parameter], query


def test_what_is_meant_as_it_is_written(tools, member, calling):
    client = calling(member("admin"))
    for query in ("active=true", "active=False", "active=", "limit=200", "role=admin&limit=1"):
        assert client.get(f"/api/v1/members/?{query}").status_code == 200, query


def test_only_some_fields(tools, calling):
    client = calling(tools)
    body = client.get("/api/v1/elements/?fields=slug,title&limit=1").json()
    assert body["results"] == [{"slug": "tool-a", "title": "Tool a"}]
    assert client.get("/api/v1/elements/tool-a/?fields=slug").json() == {"slug": "tool-a"}
    problem(client.get("/api/v1/elements/?fields=slug,password"), 400)
    problem(client.get("/api/v1/elements/?fields="), 400)


def test_a_lost_update_is_refused(env, tools, calling):
    client = calling(tools, scopes=BOTH)
    address = "/api/v1/elements/tool-a/"
    seen = client.get(address)
    tag = seen.headers["ETag"]
    assert client.get(address, HTTP_IF_NONE_MATCH=tag).status_code == 304

    def change(title: str, **headers):
        return client.patch(address, {"title": title}, content_type="application/json", **headers)

    mine = change("Mine", HTTP_IF_MATCH=tag)
    assert mine.status_code == 200
    problem(change("Theirs", HTTP_IF_MATCH=tag), 412)
    assert client.get(address).json()["title"] == "Mine"
    assert client.get(address).headers["ETag"] == mine.headers["ETag"]
    assert change("Again", HTTP_IF_MATCH=mine.headers["ETag"]).status_code == 200
    assert change("Unseen").status_code == 200  # without If-Match, the last word counts


def test_a_budget_for_each_caller_and_for_all(env, other, member, calling, settings, tools, monkeypatch):
    moment = time.time() // 60 * 60 + 10  # no minute ends in between
    monkeypatch.setattr("ecosystem.cache.time", SimpleNamespace(time=lambda: moment, monotonic=time.monotonic))
    settings.API_PER_CALLER, settings.API_PER_ENVIRONMENT = 3, 5
    one, two = calling(tools), calling(member())
    answers = [one.get("/api/v1/me/") for _number in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[0].headers["RateLimit-Policy"] == '"caller";q=3;w=60, "environment";q=5;w=60'
    assert answers[2].headers["RateLimit"].startswith('"caller";r=0;t=')
    refused = problem(answers[3], 429)
    assert 0 < int(answers[3].headers["Retry-After"]) <= 60
    assert "available" in refused["detail"]
    assert [two.get("/api/v1/me/").status_code for _number in range(2)] == [200, 429]
    assert calling(member(environment=other)).get("/api/v1/me/").status_code == 200


def test_without_redis_reading_goes_on_and_writing_waits(tools, calling, monkeypatch, caplog):
    client = calling(tools, scopes=BOTH)
    monkeypatch.setattr(cache, "_cache", type(cache._cache)(["redis://127.0.0.1:1/0"], socket_connect_timeout=0.2))
    with caplog.at_level(logging.WARNING):
        assert client.get("/api/v1/me/").status_code == 200
    assert "requests are not counted" in caplog.text
    answer = client.patch("/api/v1/elements/tool-a/", {"title": "x"}, content_type="application/json")
    problem(answer, 503)
    assert answer.headers["Retry-After"] == "5"


def test_problems_point_at_what_is_wrong(tools, calling, member):
    client = calling(member("admin"), scopes=BOTH)
    items = {"items": [{"email": "a@example.org", "name": "A"}, {"email": "b@example.org"}]}
    body = problem(client.post("/api/v1/members/bulk/", items, content_type="application/json"), 400)
    assert body["errors"] == [{"detail": "This field is required.", "pointer": "#/items/1/name"}]
    assert problem(client.post("/api/v1/members/", "{", content_type="application/json"), 400)["title"]
    assert problem(client.post("/api/v1/members/", {"a": 1}), 415)["title"] == "Unsupported media type"
    problem(
        client.post("/api/v1/members/", json.dumps({"name": "x" * 6_000_000}), content_type="application/json"), 413
    )
    body = problem(client.get("/api/v1/records/?since=yesterday"), 400)
    assert body["errors"][0]["parameter"] == "since"


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "There is nothing here that you may see."), ("nl", "Hier staat niets dat jij mag zien.")],
)
def test_what_is_not_there_names_no_model(language, said, tools, calling):
    client = calling(tools)
    for address in ("elements/none/", "handins/00000000-0000-4000-8000-000000000000/", "assignments/none/"):
        body = problem(client.get(f"/api/v1/{address}", HTTP_COOKIE=f"language={language}"), 404)
        assert (body["title"], body["detail"]) == ("Not found", said)


def test_our_own_faults_are_problems_too(tools, calling, monkeypatch):
    def broken(*_args, **_kwargs):
        raise ZeroDivisionError

    def away(*_args, **_kwargs):
        raise OperationalError

    monkeypatch.setattr(ElementViewSet, "get_queryset", broken)
    body = problem(calling(tools).get("/api/v1/elements/"), 500)
    assert "ZeroDivision" not in json.dumps(body)
    monkeypatch.setattr(ElementViewSet, "get_queryset", away)
    problem(calling(tools).get("/api/v1/elements/"), 503)
