"""OAuth 2: a code with PKCE, a machine's own credentials, and nothing that works next door."""

import base64
import hashlib
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import DeviceGrant, IDToken

from api.exceptions import ApiError
from api.models import OAuthAccessToken, OAuthApplication, OAuthGrant, OAuthRefreshToken
from api.services.applications import application_create, application_delete
from ecosystem.models import AuditEntry, Membership
from ecosystem.scope import open_scope
from tests.api.test_doors import problem

pytestmark = pytest.mark.django_db
BACK = "https://app.example.org/back"
VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


@pytest.fixture
def register(env, member):
    def make(kind: str = "server", *, environment=env, scopes=("courses:read", "elements:read")):
        admin = member("admin", environment=environment)
        with open_scope(environment_id=environment.pk, person_id=admin.person_id):
            return application_create(name="App", kind=kind, scopes=scopes, redirect_uris=[BACK], by=admin)

    return make


def wish_of(application, **more) -> dict[str, str]:
    return {
        "response_type": "code", "client_id": application.client_id, "redirect_uri": BACK, "scope": "courses:read",
        "state": "abc", "code_challenge": CHALLENGE, "code_challenge_method": "S256", **more,
    }  # fmt: skip


def code_from(browser, wish: dict[str, str]) -> str:
    page = browser.get("/oauth/authorize/", wish)
    assert page.status_code == 200
    answer = browser.post("/oauth/authorize/", {**wish, "allow": "yes"})
    assert answer.status_code == 302
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert query["state"] == ["abc"]
    return query["code"][0]


def token_for(host: str, application, secret: str, **fields):
    data = {"client_id": application.client_id, **({"client_secret": secret} if secret else {}), **fields}
    return Client(HTTP_HOST=host).post("/oauth/token/", data)


def exchange(application, secret: str, code: str, *, host: str = "alpha.localhost", verifier: str = VERIFIER):
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": verifier}
    return token_for(host, application, secret, **fields)


def bearer(token: str, host: str = "alpha.localhost") -> Client:
    return Client(HTTP_HOST=host, HTTP_AUTHORIZATION=f"Bearer {token}")


@pytest.mark.parametrize("kind", ["server", "device"])
def test_a_person_lets_an_application_in(env, register, member, browser_of, kind):
    application, secret = register(kind)
    assert bool(secret) == (kind == "server")
    who = member()
    given = exchange(application, secret, code_from(browser_of(who), wish_of(application))).json()
    assert given["access_token"].startswith("grove_oauth_")
    client = bearer(given["access_token"])
    assert client.get("/api/v1/me/").json()["email"] == who.person.email
    assert client.get("/api/v1/courses/").status_code == 200
    problem(client.get("/api/v1/elements/"), 403)  # not asked for
    problem(client.post("/api/v1/courses/x/enrol/"), 403)


def test_the_page_names_what_it_gives_and_lets_the_browser_go_on_there_only(env, register, member, browser_of):
    application, _secret = register()
    page = browser_of(member()).get("/oauth/authorize/", wish_of(application))
    text = page.content.decode()
    assert "read: courses and getting into them" in text
    assert "elements and how they are connected" not in text
    assert "form-action 'self' https://app.example.org;" in page.headers["Content-Security-Policy"]


def test_saying_no(env, register, member, browser_of):
    application, _secret = register()
    answer = browser_of(member()).post("/oauth/authorize/", wish_of(application))
    assert parse_qs(urlsplit(answer.headers["Location"]).query)["error"] == ["access_denied"]
    with open_scope(environment_id=env.pk):
        assert not OAuthGrant.objects.exists()


def test_a_visitor_signs_in_first(env, register):
    application, _secret = register()
    answer = Client(HTTP_HOST="alpha.localhost").get("/oauth/authorize/", wish_of(application))
    assert answer.headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    "wrong",
    [
        {"redirect_uri": "https://evil.example.org/"},
        {"client_id": "unknown"},
        {"code_challenge": ""},
        {"response_type": "token"},
        {"scope": "members:write"},
    ],
)
def test_wishes_that_are_refused(env, register, member, browser_of, wrong):
    application, _secret = register()
    wish = {name: value for name, value in wish_of(application, **wrong).items() if value}
    answer = browser_of(member()).post("/oauth/authorize/", {**wish, "allow": "yes"})
    location = answer.headers.get("Location", "")
    assert "code=" not in location
    assert not location.startswith("https://evil")
    with open_scope(environment_id=env.pk):
        assert not OAuthGrant.objects.exists()


def test_a_code_works_once_with_its_verifier(env, register, member, browser_of):
    application, secret = register()
    browser = browser_of(member())
    code = code_from(browser, wish_of(application))
    assert exchange(application, secret, code, verifier="w" * 50).status_code == 400
    code = code_from(browser, wish_of(application))
    assert exchange(application, "not the secret", code).status_code == 401
    assert exchange(application, secret, code).status_code == 200
    assert exchange(application, secret, code).status_code == 400


def test_a_code_that_is_a_minute_old_is_worth_nothing(env, register, member, browser_of):
    application, secret = register()
    code = code_from(browser_of(member()), wish_of(application))
    with open_scope(environment_id=env.pk):
        grant = OAuthGrant.objects.get()
        assert timedelta(0) < grant.expires - timezone.now() <= timedelta(minutes=1)
        OAuthGrant.objects.update(expires=timezone.now())
    assert exchange(application, secret, code).status_code == 400


def test_nothing_is_kept_that_opens_anything(env, register, member, browser_of):
    application, secret = register()
    code = code_from(browser_of(member()), wish_of(application))
    with open_scope(environment_id=env.pk):
        kept = str(list(OAuthGrant.objects.values()))
        assert code not in kept
    given = exchange(application, secret, code).json()
    with open_scope(environment_id=env.pk):
        rows = [list(model.objects.values()) for model in (OAuthAccessToken, OAuthRefreshToken, OAuthApplication)]
        assert all(len(found) == 1 for found in rows)
        for word in (given["access_token"], given["refresh_token"], secret):
            assert word not in str(rows)
    assert not IDToken.objects.exists()
    assert not DeviceGrant.objects.exists()


def test_a_refresh_token_used_twice_ends_them_all(env, register, member, browser_of):
    application, secret = register()
    first = exchange(application, secret, code_from(browser_of(member()), wish_of(application))).json()

    def refresh(token: str):
        return token_for("alpha.localhost", application, secret, grant_type="refresh_token", refresh_token=token)

    second = refresh(first["refresh_token"]).json()
    assert bearer(second["access_token"]).get("/api/v1/me/").status_code == 200
    assert refresh(first["refresh_token"]).status_code == 400
    problem(bearer(second["access_token"]).get("/api/v1/me/"), 401)
    assert refresh(second["refresh_token"]).status_code == 400


def test_after_a_year_somebody_is_asked_again_however_often_it_was_renewed(env, register, member, browser_of):
    application, secret = register()
    given = exchange(application, secret, code_from(browser_of(member()), wish_of(application))).json()

    def renewed(token: str):
        fields = {"grant_type": "refresh_token", "refresh_token": token}
        return token_for("alpha.localhost", application, secret, **fields)

    for days, status in ((365, 200), (367, 400)):
        with open_scope(environment_id=env.pk):
            first = OAuthRefreshToken.objects.order_by("pk").first()
            OAuthRefreshToken.objects.filter(pk=first.pk).update(created=timezone.now() - timedelta(days=days))
        answer = renewed(given["refresh_token"])
        assert answer.status_code == status, days
        given = answer.json()


def test_a_token_is_good_for_its_own_purpose_only(env, register, member, browser_of):
    application, secret = register()
    browser = browser_of(member())
    code = code_from(browser, wish_of(application))
    problem(bearer(code).get("/api/v1/me/"), 401)
    given = exchange(application, secret, code).json()
    problem(bearer(given["refresh_token"]).get("/api/v1/me/"), 401)
    problem(bearer(browser.cookies["session"].value).get("/api/v1/me/"), 401)
    fields = {"grant_type": "refresh_token", "refresh_token": given["access_token"]}
    assert token_for("alpha.localhost", application, secret, **fields).status_code == 400
    assert exchange(application, secret, given["access_token"]).status_code == 400
    assert bearer(given["access_token"]).get("/api/v1/me/").status_code == 200


def test_a_machine_acts_as_whoever_registered_it(env, register):
    application, secret = register("machine", scopes=["read"])
    given = token_for("alpha.localhost", application, secret, grant_type="client_credentials").json()
    client = bearer(given["access_token"])
    with open_scope(environment_id=env.pk):
        email = application.user.email
    assert client.get("/api/v1/me/").json()["email"] == email
    assert client.get("/api/v1/members/").status_code == 200
    problem(client.post("/api/v1/members/", {}, content_type="application/json"), 403)
    with open_scope(environment_id=env.pk):
        Membership.objects.filter(person=application.user).update(ended_at="2026-01-01T00:00:00Z")
    problem(client.get("/api/v1/me/"), 401)


def test_next_door_nothing_of_it_works(env, other, register, member, browser_of):
    application, secret = register()
    neighbour = member(environment=other)
    answer = browser_of(neighbour).get("/oauth/authorize/", wish_of(application))
    assert answer.status_code == 400
    code = code_from(browser_of(member()), wish_of(application))
    assert exchange(application, secret, code, host="beta.localhost").status_code == 401
    given = exchange(application, secret, code).json()
    problem(bearer(given["access_token"], "beta.localhost").get("/api/v1/me/"), 401)


def test_removed_it_is_locked_out(env, register, member, browser_of):
    application, secret = register()
    given = exchange(application, secret, code_from(browser_of(member()), wish_of(application))).json()
    admin = member("admin")
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        application_delete(application=OAuthApplication.objects.get(), by=admin)
        assert AuditEntry.objects.filter(act="application.deleted").exists()
    problem(bearer(given["access_token"]).get("/api/v1/me/"), 401)


def test_taking_back_what_one_gave(env, register, member, browser_of):
    application, secret = register()
    who, colleague = member(), member()
    given = [
        exchange(application, secret, code_from(browser_of(one), wish_of(application))).json()
        for one in (who, colleague)
    ]
    browser, address = browser_of(who), f"/developers/applications/{application.pk}/leave/"
    assert "Applications you let in" in browser.get("/developers/tokens/").content.decode()
    assert browser.post(address).status_code == 302
    assert "Applications you let in" not in browser.get("/developers/tokens/").content.decode()
    assert browser.post(address).status_code == 404
    problem(bearer(given[0]["access_token"]).get("/api/v1/me/"), 401)
    fields = {"grant_type": "refresh_token", "refresh_token": given[0]["refresh_token"]}
    assert token_for("alpha.localhost", application, secret, **fields).status_code == 400
    assert bearer(given[1]["access_token"]).get("/api/v1/me/").status_code == 200


def test_revoking_one(env, register, member, browser_of):
    application, secret = register()
    given = exchange(application, secret, code_from(browser_of(member()), wish_of(application))).json()
    data = {"client_id": application.client_id, "client_secret": secret, "token": given["access_token"]}
    assert Client(HTTP_HOST="alpha.localhost").post("/oauth/revoke/", data).status_code == 200
    problem(bearer(given["access_token"]).get("/api/v1/me/"), 401)


@pytest.mark.parametrize("uri", ["http://app.example.org/", "javascript:alert(1)", "app.example.org", "https://"])
def test_addresses_to_come_back_to(env, member, uri):
    admin = member("admin")
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        with pytest.raises(ApiError):
            application_create(name="App", kind="server", scopes=["read"], redirect_uris=[uri], by=admin)
        application_create(
            name="App", kind="device", scopes=["read"], redirect_uris=["http://127.0.0.1:8123/"], by=admin
        )


def test_only_administrators_register(env, member):
    manager = member("manager")
    with open_scope(environment_id=env.pk), pytest.raises(ApiError):
        application_create(name="App", kind="machine", scopes=["read"], by=manager)


def test_what_applications_read_first(env):
    found = Client(HTTP_HOST="alpha.localhost").get("/.well-known/oauth-authorization-server").json()
    assert found["token_endpoint"] == "http://alpha.localhost/oauth/token/"
    assert found["code_challenge_methods_supported"] == ["S256"]
