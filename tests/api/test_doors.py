"""Who gets in at all: every route, with every kind of wrong key."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from api.models import Token
from ecosystem.models import Membership
from ecosystem.scope import open_scope
from tests.api.conftest import CANARY, enrolled
from tests.api.routes import PUBLIC, address_of, api_patterns, methods_of

pytestmark = pytest.mark.django_db
PRIVATE = sorted(set(api_patterns()) - PUBLIC)
READING = [route for route in PRIVATE if "get" in methods_of(api_patterns()[route])]
PAGE_ONLY = {"v1/tokens/", "v1/tokens/<int:pk>/"}
NOT_FOR_LEARNERS = {"v1/connections/", "v1/measures/", "v1/measures/<slug:key>/"}


def problem(response, status: int) -> dict:
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert body["title"]
    return body


def asked(client: Client, route: str, method: str, life):
    return client.generic(method.upper(), address_of(route, life), "{}", content_type="application/json")


def test_the_routes_are_the_ones_we_know():
    assert len(PRIVATE) == 20
    for route, pattern in api_patterns().items():
        view = getattr(pattern.callback, "cls", None) or pattern.callback.view_class
        assert callable(view.rule), f"{route} names no rule"


@pytest.mark.parametrize("route", PRIVATE)
def test_a_wrong_key_opens_nothing(route, env, other, member, here, next_door, secret_of):
    """No key, a made-up one, one of next door, one used next door, an expired and a revoked one: 401 for all."""
    gardener, neighbour = member("admin"), next_door.people["learner"]
    expired = secret_of(gardener, valid_for=timedelta(seconds=1))
    revoked = secret_of(gardener)
    with open_scope(environment_id=env.pk):
        now = timezone.now()
        Token.objects.filter(expires_at__lt=now + timedelta(minutes=1)).update(expires_at=now)
        Token.objects.filter(expires_at__gt=now).update(revoked_at=now)
    ended = member("admin")
    of_ended = secret_of(ended)
    with open_scope(environment_id=env.pk):
        Membership.objects.filter(pk=ended.pk).update(ended_at=now)
    keys = ["", "Bearer", "Bearer a b", "Bearer grove_x", "Bearer \xff"]
    keys += [f"Bearer {secret}" for secret in (secret_of(neighbour), expired, revoked, of_ended)]
    for method in methods_of(api_patterns()[route]):
        for key in keys:
            headers = {"HTTP_AUTHORIZATION": key} if key else {}
            response = asked(Client(HTTP_HOST="alpha.localhost", **headers), route, method, here)
            problem(response, 401)
            assert response.headers["WWW-Authenticate"] == "Bearer"
    carried_over = Client(HTTP_HOST="beta.localhost", HTTP_AUTHORIZATION=f"Bearer {secret_of(member('admin'))}")
    problem(carried_over.get(address_of(route, next_door)), 401)


@pytest.mark.parametrize("route", READING)
def test_owner_colleague_admin_and_neighbour(route, here, next_door, member, calling):
    """The owner reads; a colleague reads no private row; nobody ever reads next door."""
    owner, colleague = here.people["learner"], member(email="col@example.org", name="Col League")
    enrolled(here, colleague)
    address = address_of(route, here)
    if route in PAGE_ONLY:
        problem(calling(owner).get(address), 403)
        return
    everybody = calling(member("admin")).get(address)
    assert everybody.status_code == 200
    assert CANARY.lower() not in everybody.content.decode().lower()
    mine = calling(owner).get(address)
    if route in NOT_FOR_LEARNERS:
        problem(mine, 403)
        return
    assert mine.status_code == 200
    assert "col@example.org" not in mine.content.decode()
    assert "Col League" not in mine.content.decode()
    assert CANARY.lower() not in mine.content.decode().lower()
    if any(part in route for part in ("enrolments/<", "attempts/<", "certificates/<")):
        problem(calling(colleague).get(address), 404)


@pytest.mark.parametrize("route", [route for route in READING if "<" in route and "slug" not in route])
def test_the_neighbours_row_is_nowhere(route, here, next_door, member, calling):
    """By its own id, as administrator here: the same answer as for a row that never was."""
    if route in PAGE_ONLY or "measures" in route:
        return
    problem(calling(member("admin")).get(address_of(route, next_door)), 404)


def test_positive_control_the_canary_is_there(next_door, calling, member, other):
    """The neighbour does see it, on each route that shows texts: so the search above can find something."""
    admin = calling(member("admin", environment=other))
    for name in ("elements", "connections", "courses", "enrolments", "certificates", "records", "attempts"):
        assert CANARY.lower() in admin.get(f"/api/v1/{name}/").content.decode().lower(), name


@pytest.mark.parametrize("address", ["/api/", "/api/v1/", "/api/v1/nothing/", "/api/v2/elements/", "/api/v1/elements"])
@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "patch"])
def test_unknown_addresses(address, method, env, browser_of):
    body = problem(getattr(browser_of(env), method)(address), 404)
    assert ("slash" in body["detail"]) == (not address.endswith("/"))


@pytest.mark.parametrize("route", sorted(set(PRIVATE) - PAGE_ONLY))
def test_only_get_where_nothing_is_written(route, here, member, calling):
    client = calling(member("admin"), scopes=("read", "write"))
    allowed = {method.upper() for method in methods_of(api_patterns()[route])}
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - allowed:
        problem(asked(client, route, method, here), 405)


def test_a_token_without_read_reads_nothing(here, calling):
    problem(calling(here.people["learner"], scopes=("write",)).get("/api/v1/elements/"), 403)


def test_last_use_is_noted_to_the_minute(here, calling, env):
    client = calling(here.people["learner"])
    client.get("/api/v1/me/")
    with open_scope(environment_id=env.pk):
        first = Token.objects.get().last_used_at
    client.get("/api/v1/me/")
    with open_scope(environment_id=env.pk):
        assert first is not None
        assert Token.objects.get().last_used_at == first
