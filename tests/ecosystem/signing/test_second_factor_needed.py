"""Who must have a second factor sets one up before anything else, whichever way they come."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from api.services import token_create
from ecosystem.hosts import forget_hosts
from ecosystem.models import Environment, Membership
from ecosystem.scope import open_scope
from ecosystem.services.settings import setting_save
from ecosystem.setting_tree import Own
from tests.ecosystem.signing.conftest import sign_in, with_password

NEEDED = "/accounts/2fa/needed/"


def wanted(environment, value: str, *, locked: bool = False) -> None:
    with open_scope(environment_id=environment.pk):
        admin = Membership.objects.filter(roles__contains=["admin"]).first()
        setting_save(key="second_factor", own=Own(value, locked=locked), by=admin)
    forget_hosts()  # other processes see it within five seconds


def held(person_id: int) -> None:
    Authenticator.objects.create(user_id=person_id, type="totp", data={"secret": "x"})


@pytest.fixture
def admin(env) -> Membership:
    return with_password(env, "boss@example.org", "admin")


@pytest.mark.parametrize(
    ("value", "learner", "boss"), [("nobody", 0, 0), ("administrators", 0, 1), ("everybody", 1, 1)]
)
def test_whom_it_asks(ada, admin, env, browser_of, value, learner, boss):
    wanted(env, value)
    for row, is_asked in ((ada, learner), (admin, boss)):
        browser = browser_of(env)
        sign_in(browser, row.person.email)
        answer = browser.get("/")
        assert (answer.status_code == 302 and answer.headers["Location"] == NEEDED) == bool(is_asked)
        assert browser.get(NEEDED).status_code == (200 if is_asked else 302)


def test_no_way_round_it(admin, env, browser_of):
    with open_scope(environment_id=env.pk):
        _token, secret = token_create(person=admin.person, name="Old", scopes=("read", "write"))
    key = Client(HTTP_HOST="alpha.localhost", HTTP_AUTHORIZATION=f"Bearer {secret}")
    browser = browser_of(env)
    sign_in(browser, "boss@example.org")
    assert key.get("/api/v1/me/").status_code == 200
    wanted(env, "administrators")
    for path in ("/", "/people/", "/admin/", "/settings/", "/developers/tokens/", "/me/profile/", "/delegations/"):
        assert browser.get(path).headers["Location"] == NEEDED, path
        assert browser.post(path).headers["Location"] == NEEDED, path
    for client in (browser, key):
        refused = client.get("/api/v1/me/")
        assert (refused.status_code, refused.headers["Content-Type"]) == (403, "application/problem+json")
        assert NEEDED in refused.json()["detail"]
        assert client.post("/api/v1/elements/", {}, "application/json").status_code == 403
    page = browser.get(NEEDED).text
    assert "/accounts/2fa/totp/activate/" in page
    assert browser.get("/accounts/2fa/totp/activate/").headers["Location"].startswith("/accounts/reauthenticate/")
    held(admin.person_id)
    assert browser.get("/people/").status_code == 200
    assert key.get("/api/v1/me/").status_code == 200
    Authenticator.objects.all().delete()
    assert browser.get("/people/").headers["Location"] == NEEDED


def test_recovery_codes_alone_are_no_second_factor(admin, env, browser_of):
    wanted(env, "everybody")
    Authenticator.objects.create(user_id=admin.person_id, type="recovery_codes", data={"seed": "x", "used_mask": 0})
    browser = browser_of(env)
    sign_in(browser, "boss@example.org")
    assert browser.get("/people/").headers["Location"] == NEEDED


def test_it_is_inherited_locked_and_counts_for_who_comes_from_above(admin, env, other, make_environment, browser_of):
    wanted(env, "administrators", locked=True)
    below = make_environment("part", parent=env)
    west = with_password(below, "west@example.org", "admin")
    browser = browser_of(below)
    sign_in(browser, west.person.email)
    assert browser.get("/").headers["Location"] == NEEDED
    guest = browser_of(below)
    sign_in(guest, "boss@example.org")
    assert guest.get("/people/").headers["Location"] == NEEDED
    with_password(other, "free@example.org", "admin")
    free = browser_of(other)
    sign_in(free, "free@example.org")
    assert free.get("/people/").status_code == 200
    with open_scope(environment_id=below.pk):
        assert Environment.objects.get(pk=below.pk).resolved["second_factor"] == "administrators"


def test_it_costs_nothing_where_nobody_must(ada, env, browser_of, django_assert_max_num_queries):
    browser = browser_of(env)
    sign_in(browser)
    browser.get("/courses/")
    with django_assert_max_num_queries(60) as asked:
        browser.get("/courses/")
    assert not any("mfa_authenticator" in query["sql"] for query in asked.captured_queries)
    assert ada.person_id
