"""Making and revoking tokens, on a signed-in page only."""

import pytest
from django.test import Client

from api.models import Token, hash_token
from api.services import MOST
from ecosystem.models import Person
from ecosystem.scope import open_scope
from tests.api.test_doors import problem

pytestmark = pytest.mark.django_db


def make(browser, **wish):
    return browser.post("/api/v1/tokens/", wish or {"name": "Script"}, content_type="application/json")


def test_the_secret_is_given_once_and_works(env, member, browser_of):
    who = member()
    browser = browser_of(who)
    given = make(browser, name="Script", scopes=["read", "write"], days=3)
    assert given.status_code == 201
    assert given.headers["Cache-Control"] == "no-store"
    secret = given.json()["token"]
    listed = browser.get("/api/v1/tokens/").json()["results"]
    assert [row["name"] for row in listed] == ["Script"]
    assert set(listed[0]) == {"id", "name", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"}
    for text in (browser.get("/api/v1/tokens/").content.decode(), given.content.decode()):
        assert hash_token(secret) not in text
    assert secret not in browser.get("/api/v1/tokens/").content.decode()
    me = Client(HTTP_HOST="alpha.localhost", HTTP_AUTHORIZATION=f"Bearer {secret}").get("/api/v1/me/").json()
    assert (me["email"], me["roles"], me["environment"]["slug"]) == (who.person.email, ["learner"], "alpha")
    assert me["token"]["name"] == "Script"
    assert hash_token(secret) not in str(me)


def test_revoking(member, browser_of):
    browser = browser_of(member())
    given = make(browser).json()
    client = Client(HTTP_HOST="alpha.localhost", HTTP_AUTHORIZATION=f"Bearer {given['token']}")
    assert client.get("/api/v1/me/").status_code == 200
    assert browser.delete(f"/api/v1/tokens/{given['id']}/").status_code == 204
    problem(client.get("/api/v1/me/"), 401)
    first = browser.get("/api/v1/tokens/").json()["results"][0]["revoked_at"]
    assert browser.delete(f"/api/v1/tokens/{given['id']}/").status_code == 204
    assert browser.get("/api/v1/tokens/").json()["results"][0]["revoked_at"] == first


def test_a_token_of_somebody_else_is_not_mine(member, browser_of, other):
    theirs = make(browser_of(member())).json()["id"]
    neighbours = make(browser_of(member(environment=other))).json()["id"]
    admin = browser_of(member("admin"))
    assert admin.get("/api/v1/tokens/").json()["results"] == []
    problem(admin.delete(f"/api/v1/tokens/{theirs}/"), 404)
    problem(admin.delete(f"/api/v1/tokens/{neighbours}/"), 404)


def test_a_token_makes_no_token(env, member, calling):
    client = calling(member("admin"), scopes=("read", "write"))
    problem(make(client), 403)
    with open_scope(environment_id=env.pk):
        assert Token.objects.count() == 1


def test_another_site_cannot_use_the_session(env, member, browser_of):
    """Without the CSRF token of our own pages, a session cookie writes nothing."""
    browser = browser_of(member())
    strict = Client(HTTP_HOST="alpha.localhost", enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    problem(make(strict), 403)
    assert strict.get("/api/v1/me/").status_code == 200
    with open_scope(environment_id=env.pk):
        assert not Token.objects.exists()


@pytest.mark.parametrize(
    "wish",
    [
        {"name": ""},
        {"name": "x" * 121},
        {"name": "x\x00"},
        {"name": "\ud800"},
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["admin"]},
        {"name": "x", "scopes": ["\ud800"]},
        {"name": "x", "scopes": "read"},
        {"name": "x", "days": 0},
        {"name": "x", "days": 367},
        {"name": "x", "days": "soon"},
        {"scopes": ["read"]},
    ],
)
def test_bad_values(wish, env, member, browser_of):
    body = problem(make(browser_of(member()), **wish), 400)
    assert body["errors"]
    with open_scope(environment_id=env.pk):
        assert not Token.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"null", b"\xff", b'{"name": NaN}', b"[" * 100_000, b""])
def test_bad_json(body, member, browser_of):
    problem(browser_of(member()).generic("POST", "/api/v1/tokens/", body, content_type="application/json"), 400)


def test_other_bodies(member, browser_of, settings):
    browser = browser_of(member())
    problem(browser.post("/api/v1/tokens/", {"name": "form"}), 415)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    problem(make(browser, name="x", more="y" * 200), 413)


def test_what_the_server_manages_cannot_be_set(env, member, browser_of):
    who, victim = member(), member()
    make(browser_of(who), name="x", person=victim.person_id, digest="0" * 64, expires_at="2099-01-01")
    with open_scope(environment_id=env.pk):
        token = Token.objects.get()
        assert (token.person_id, token.expires_at.year < 2099) == (who.person_id, True)
        assert token.digest != "0" * 64


def test_there_is_an_end_to_tokens(member, browser_of, secret_of):
    who = member()
    for _n in range(MOST):
        secret_of(who)
    assert "20 tokens already" in problem(make(browser_of(who)), 400)["detail"]


@pytest.mark.parametrize("scopes", [["courses:write"], ["members:read", "members:write"], ["read"]])
def test_a_narrow_key_changes_nobody(member, browser_of, scopes):
    """A name counts in every environment; a key for one area must not reach so far."""
    who, wish = member(name="Ada"), {"name": "Renamed"}
    browser = browser_of(who)

    def renamed(client) -> int:
        return client.patch("/api/v1/me/", wish, content_type="application/json").status_code

    narrow, plain = (
        Client(
            HTTP_HOST="alpha.localhost",
            HTTP_AUTHORIZATION=f"Bearer {make(browser, name=name, scopes=held).json()['token']}",
        )
        for name, held in (("narrow", scopes), ("plain", ["write"]))
    )
    assert renamed(narrow) == 403
    assert Person.objects.get(pk=who.person_id).name == "Ada"
    assert (renamed(plain), renamed(browser)) == (200, 200)
    assert Person.objects.get(pk=who.person_id).name == "Renamed"
