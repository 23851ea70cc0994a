"""Sessions: whose they are, when they end, and what other sites can do with them.

Each test is named by its number in the list of abuse cases.
"""

import pytest
from django.test import Client
from django.utils import timezone

from ecosystem.models import Membership, Person
from ecosystem.scope import open_scope
from tests.guards.hostile import PASSWORD, sign_in


def test_a72_sign_in_gives_a_new_session_and_signing_out_ends_it(person_with_password):
    client = Client(HTTP_HOST="alpha.localhost")
    client.cookies["session"] = "f" * 32  # fixed by an attacker
    assert sign_in(client, "known@example.org", PASSWORD).status_code == 302
    key = client.cookies["session"].value
    assert key != "f" * 32
    assert client.get("/courses/").status_code == 200
    client.post("/accounts/logout/")
    client.cookies["session"] = key
    assert client.get("/courses/").status_code == 302


def test_a72_a_session_is_good_on_its_own_host_only(env, other, person_with_password, member):
    member("admin", environment=other, email="known@example.org")
    client = Client(HTTP_HOST="alpha.localhost")
    sign_in(client, "known@example.org", PASSWORD)
    assert client.get("/courses/").status_code == 200
    assert client.get("/courses/", HTTP_HOST="beta.localhost").status_code == 302
    assert client.get("/admin/", HTTP_HOST="beta.localhost").status_code == 302


@pytest.mark.parametrize("end", ["leave", "lock", "password"])
def test_a27_a73_what_is_taken_away_is_gone_at_once(env, learner, browser_of, end):
    client = browser_of(learner)
    assert client.get("/courses/").status_code == 200
    with open_scope(environment_id=env.pk):
        if end == "leave":
            Membership.objects.filter(pk=learner.pk).update(ended_at=timezone.now())
        elif end == "lock":
            Person.objects.filter(pk=learner.person_id).update(is_active=False)
        else:
            person = Person.objects.get(pk=learner.person_id)
            person.set_password("another long password")
            person.save()
    assert client.get("/courses/").status_code == 302


def test_a68_every_form_needs_its_token(env, learner, browser_of):
    client = browser_of(learner)
    client.handler.enforce_csrf_checks = True
    for address in ("/me/appearance/", "/notices/seen/", "/memo/settings/", "/memo/answers/", "/api/v1/tokens/"):
        assert client.post(address, {}, content_type="application/json").status_code == 403, address


def test_a74_pages_of_a_person_are_not_kept_by_shared_caches(env, learner, browser_of):
    for address in ("/", "/courses/", "/certificates/", "/notices/"):
        answer = browser_of(learner).get(address)
        assert "public" not in answer.headers.get("Cache-Control", ""), address
        assert "Cookie" in answer.headers.get("Vary", ""), address


def test_a87_a99_no_foreign_page_reads_or_frames_us(env, learner, browser_of):
    answer = browser_of(learner).get("/api/v1/me/", HTTP_ORIGIN="https://evil.example")
    assert not [name for name in answer.headers if name.startswith("Access-Control")]
    page = browser_of(learner).get("/")
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"
