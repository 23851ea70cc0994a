"""Who gets in at all: every route, with every kind of wrong key."""

from datetime import timedelta
from itertools import cycle

import pytest
from django.test import Client
from django.utils import timezone

from api.models import Token
from api.scopes import AREAS
from ecosystem.models import Membership
from ecosystem.scope import open_scope
from tests.api.conftest import CANARY, enrolled
from tests.api.routes import PUBLIC, addresses_of, api_patterns, methods_of, names_a_number
from tests.remembering import Memory

pytestmark = pytest.mark.django_db
ROUTES = api_patterns()
PRIVATE = sorted(set(ROUTES) - PUBLIC)
READING = [route for route in PRIVATE if "get" in methods_of(ROUTES[route])]
PAGE_ONLY = {"v1/tokens/", "v1/tokens/<int:pk>/"}
FOR_OTHERS = ("connections", "measures", "trainings", "members", "runs", "banks", "charter", "kpis", "webhooks", "webhook-messages",
              "invitations", "groups", "delegations", "environments", "missed-searches", "drafts", "conditions", "course-packages",
              "questions", "quizzes", "marking", "saved-comments", "conflicts", "equipment", "event-codes", "tools")  # fmt: skip
FOR_AUTHORS = {
    "v1/pages/<slug:slug>/versions/",
    "v1/tool-activities/<slug:slug>/people/",
    "v1/event-sessions/<int:pk>/code/",
    "v1/event-sessions/<int:pk>/equipment/",
    "v1/events/<slug:slug>/verdict/",
    "v1/handins/<uuid:uid>/independent/",
    "v1/handins/<uuid:uid>/similarity/",
    "v1/peer-plans/<slug:slug>/proposals/",
    "v1/handins/<uuid:uid>/verdict/",
    "v1/handins/to_moderate/",
    "v1/assignments/<slug:slug>/calibration/",
}
BOTH = ("read", "write")
# Only the learner's own is shown, also to an administrator.
OWN_ONLY = {
    "v1/attempts/<str:uid>/questions/",
    "v1/uploads/<uuid:uid>/",
    "v1/exemplars/<uuid:uid>/",
    "v1/peer-reviews/<uuid:uid>/files/",
    "v1/peer-reviews/<uuid:uid>/missed/",
}


@pytest.fixture(autouse=True)
def _no_budget(settings) -> None:
    settings.API_PER_CALLER = settings.API_PER_ENVIRONMENT = 100_000


def problem(response, status: int) -> dict:
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert body["title"]
    return body


def asked(client: Client, path: str, method: str, **headers: str):
    return client.generic(method.upper(), path, "{}", content_type="application/json", **headers)


def area_of(route: str) -> str:
    return route.split("/")[1]


def test_every_route_names_a_rule_and_an_area():
    assert len(PRIVATE) >= 56
    for route in PRIVATE:
        view = getattr(ROUTES[route].callback, "cls", None) or ROUTES[route].callback.view_class
        assert callable(view.rule), f"{route} names no rule"
        assert isinstance(view.area, str), f"{route} names no area"
        assert view.area in {"", *AREAS}, f"no key can be limited to the area of {route}"


def test_a_wrong_key_opens_nothing(env, other, member, here, next_door, secret_of):
    """No key, a made-up one, one of next door, an expired, a revoked and one of somebody who has left: 401 for all."""
    gardener, neighbour = member("admin"), next_door.people["learner"]
    expired, revoked = secret_of(gardener, valid_for=timedelta(seconds=1)), secret_of(gardener)
    with open_scope(environment_id=env.pk):
        now = timezone.now()
        Token.objects.filter(expires_at__lt=now + timedelta(minutes=1)).update(expires_at=now)
        Token.objects.filter(expires_at__gt=now).update(revoked_at=now)
    ended = member("admin")
    of_ended = secret_of(ended)
    with open_scope(environment_id=env.pk):
        Membership.objects.filter(pk=ended.pk).update(ended_at=now)
    keys = ["", "Bearer", "Bearer a b", "Bearer grove_x", "Bearer grove_oauth_x", "Bearer \xff"]
    keys += [f"Bearer {secret}" for secret in (secret_of(neighbour), expired, revoked, of_ended)]
    paths, client = addresses_of(here), Client(HTTP_HOST="alpha.localhost")
    memory = Memory()
    turn = cycle(keys)
    for index, route in enumerate(PRIVATE):
        for method in methods_of(ROUTES[route]):
            # Every key on some routes, one on each, by turns.
            for key in keys if index % 10 == 0 else [next(turn)]:
                headers = {"HTTP_AUTHORIZATION": key} if key else {}
                with memory.undone():
                    response = asked(client, paths[route], method, **headers)
                problem(response, 401)
                assert response.headers["WWW-Authenticate"] == "Bearer"
    carried_over = Client(HTTP_HOST="beta.localhost", HTTP_AUTHORIZATION=f"Bearer {secret_of(member('admin'))}")
    problem(carried_over.get(addresses_of(next_door)["v1/me/"]), 401)


def words_of(response) -> str:
    """What it says, in small letters; of a file too."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode(errors="replace").lower()


def test_owner_colleague_admin_and_neighbour(here, next_door, member, calling):
    """The owner reads; a colleague reads no private row; nobody ever reads next door."""
    owner, colleague = here.people["learner"], member(email="col@example.org", name="Col League")
    enrolled(here, colleague)
    paths, theirs = addresses_of(here), addresses_of(next_door)
    as_admin, as_owner, as_colleague = calling(member("admin")), calling(owner), calling(colleague)
    for route in READING:
        path = paths[route]
        if route in PAGE_ONLY:
            problem(as_owner.get(path), 403)
            continue
        everybody, mine = as_admin.get(path), as_owner.get(path)
        assert everybody.status_code == (404 if route in OWN_ONLY else 200), route
        assert CANARY.lower() not in words_of(everybody), route
        if area_of(route) in FOR_OTHERS or route in FOR_AUTHORS:
            problem(mine, 403)
        else:
            assert mine.status_code == 200, route
            text = words_of(mine)
            assert not any(word in text for word in ("col@example.org", "col league", CANARY.lower())), route
        if any(part in route for part in ("enrolments/<", "attempts/<", "certificates/<")):
            problem(as_colleague.get(path), 404)
        if names_a_number(route):
            problem(as_admin.get(theirs[route]), 404)


def test_the_neighbours_row_is_nowhere_to_change(here, next_door, member, calling):
    """By its own id, as administrator here with all scopes: the same as for a row that never was."""
    client, theirs, memory = calling(member("admin"), scopes=BOTH), addresses_of(next_door), Memory()
    client.get("/api/v1/me/")  # when it was last used is noted
    for route in PRIVATE:
        for method in set(methods_of(ROUTES[route])) - {"get"}:
            if names_a_number(route) and route not in PAGE_ONLY:
                with memory.undone():
                    problem(asked(client, theirs[route], method), 404)


def test_positive_control_the_canary_is_there(next_door, calling, member, other):
    """The neighbour does see it, on each route that shows texts: so the search above can find something."""
    admin, learner = calling(member("admin", environment=other)), calling(next_door.people["learner"])
    names = ("elements", "connections", "courses", "enrolments", "certificates", "records", "attempts", "members",
             "runs", "charter", "kpis", "webhooks", "webhook-messages", "pages/page-0", "invitations", "groups", "delegations")  # fmt: skip
    for name in names:
        assert CANARY.lower() in admin.get(f"/api/v1/{name}/").content.decode().lower(), name
    assert CANARY in learner.get("/api/v1/notices/").content.decode()


@pytest.mark.parametrize("address", ["/api/", "/api/v1/", "/api/v1/nothing/", "/api/v2/elements/", "/api/v1/elements"])
def test_unknown_addresses(address, env, browser_of):
    for method in ("get", "post", "put", "delete", "patch"):
        body = problem(getattr(browser_of(env), method)(address), 404)
        assert ("slash" in body["detail"]) == (not address.endswith("/"))


def test_a_method_that_a_route_does_not_have(here, member, calling):
    """All of them on some routes; on each one, and reading where it may only be written."""
    client, paths, memory = calling(member("admin"), scopes=BOTH), addresses_of(here), Memory()
    client.get("/api/v1/me/")  # when it was last used is noted
    for index, route in enumerate(sorted(set(PRIVATE) - PAGE_ONLY)):
        allowed = {method.upper() for method in methods_of(ROUTES[route])}
        lacking = [method for method in ("GET", "POST", "PUT", "PATCH", "DELETE") if method not in allowed]
        some = {lacking[index % len(lacking)], *(["GET"] if "GET" in lacking else [])} if lacking else ()
        for method in lacking if index % 10 == 0 else some:
            with memory.undone():
                response = asked(client, paths[route], method)
            problem(response, 405)
            assert "Allow" in response.headers


@pytest.mark.parametrize(
    ("scopes", "reads", "writes"),
    [
        (("write",), [], ["elements/page-0", "members/1"]),
        (("courses:read",), ["courses"], []),
        (("elements:read", "elements:write"), ["elements"], ["elements/page-0"]),
    ],
)
def test_a_scope_opens_its_area_only(here, member, calling, scopes, reads, writes):
    client = calling(member("admin"), scopes=scopes)
    for name in ("elements", "courses", "records", "members"):
        status = client.get(f"/api/v1/{name}/").status_code
        assert status == (200 if name in reads else 403), name
    for name in ("elements/page-0", "members/1"):
        answer = client.patch(f"/api/v1/{name}/", {"title": "New"}, content_type="application/json")
        assert (answer.status_code == 403) == (name not in writes), name


def test_last_use_is_noted_to_the_minute(here, calling, env):
    client = calling(here.people["learner"])
    client.get("/api/v1/me/")
    with open_scope(environment_id=env.pk):
        first = Token.objects.get().last_used_at
    client.get("/api/v1/me/")
    with open_scope(environment_id=env.pk):
        assert first is not None
        assert Token.objects.get().last_used_at == first
