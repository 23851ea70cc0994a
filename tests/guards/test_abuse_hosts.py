"""Hosts, redirects and addresses that somebody forged.

Each test is named by its number in the list of abuse cases.
"""

import pytest
from django.test import Client

from ecosystem.navigation import own_path
from ecosystem.services.account_letters import account_letters_send_due
from tests.guards.hostile import ELSEWHERE, PASSWORD


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_X_FORWARDED_HOST": "beta.localhost"},
        {"HTTP_FORWARDED": "host=beta.localhost"},
        {"HTTP_X_HOST": "beta.localhost"},
        {"HTTP_X_ORIGINAL_HOST": "beta.localhost"},
    ],
)
def test_a11_only_the_host_header_names_the_environment(env, other, headers):
    page = Client(HTTP_HOST="alpha.localhost", **headers).get("/")
    assert "Alpha" in page.text
    assert "Beta" not in page.text


@pytest.mark.parametrize(
    "host", ["beta.localhost.evil.example", "evil.example", "alpha.localhost.", "x" * 300, "127.0.0.1"]
)
def test_a11_other_hosts_have_nothing(env, host):
    assert Client(HTTP_HOST=host, raise_request_exception=False).get("/").status_code in {400, 404}


def test_a11_password_letters_link_to_the_host_of_the_environment(env, person_with_password, mailoutbox):
    client = Client(HTTP_HOST="alpha.localhost", HTTP_X_FORWARDED_HOST="evil.example")
    client.post("/accounts/password/reset/", {"email": "known@example.org"})
    account_letters_send_due()
    assert mailoutbox
    assert all("evil.example" not in letter.body for letter in mailoutbox)


@pytest.mark.parametrize("wish", ELSEWHERE)
def test_a46_a71_next_stays_on_this_host(env, rf, wish):
    assert own_path(rf.get("/", {"next": wish}, HTTP_HOST="alpha.localhost")) in {"/", wish if wish == "/" else "/"}


@pytest.mark.parametrize("wish", ELSEWHERE)
def test_a46_every_redirect_of_the_small_forms_stays(env, learner, browser_of, wish):
    client = browser_of(learner)
    for address in ("/me/appearance/", "/i18n/setlang/"):
        assert client.post(address, {"next": wish}).headers["Location"] == "/"
    assert "evil" not in client.post("/accounts/logout/", {"next": wish}).headers.get("Location", "")


@pytest.mark.parametrize("wish", ELSEWHERE)
def test_a46_sign_in_goes_nowhere_else(person_with_password, wish):
    client = Client(HTTP_HOST="alpha.localhost")
    answer = client.post("/accounts/login/", {"login": "known@example.org", "password": PASSWORD, "next": wish})
    assert "evil" not in answer.headers.get("Location", "")
    assert "javascript" not in answer.headers.get("Location", "")
