"""Signing in: guessing, finding out who is here, ways round the second factor.

Each test is named by its number in the list of abuse cases.
"""

import re

import pytest
from django.test import Client

from api.models import OAuthApplication, Token, WebhookEndpoint, WebhookSecret
from api.services.applications import application_create
from ecosystem.models import Person
from ecosystem.scope import open_scope
from ecosystem.services.account_letters import account_letters_send_due
from ecosystem.services.invitation_mail import invitations_send_due
from ecosystem.services.invitations import Invited, invitation_create
from tests.guards.hostile import PASSWORD, sign_in


def test_a77_sign_in_says_the_same_of_everybody(env, other, person_with_password, member):
    member("learner", environment=other, email="there@example.org")
    answers = []
    for email in ("known@example.org", "there@example.org", "nobody@example.org"):
        page = sign_in(Client(HTTP_HOST="alpha.localhost"), email, "wrong password").text.replace(email, "")
        answers.append(re.sub(r'value="\w{64}"', "", page))
    assert answers[0] == answers[1] == answers[2]


def test_a77_password_reset_says_the_same_of_everybody(person_with_password, settings):
    answers = []
    for email in ("known@example.org", "nobody@example.org"):
        client = Client(HTTP_HOST="alpha.localhost", raise_request_exception=False)
        answer = client.post("/accounts/password/reset/", {"email": email})
        answers.append((answer.status_code, answer.headers.get("Location")))
    assert answers[0] == answers[1] == (302, "/accounts/password/reset/done/")


def test_a75_guessing_passwords_ends(person_with_password):
    client = Client(HTTP_HOST="alpha.localhost")
    for _ in range(12):
        sign_in(client, "known@example.org", "wrong password")
    assert sign_in(client, "known@example.org", PASSWORD).status_code != 302
    assert client.get("/courses/").status_code == 302


def test_a75_a_forged_address_does_not_start_the_count_again(person_with_password):
    statuses = [
        sign_in(
            Client(HTTP_HOST="alpha.localhost", HTTP_X_FORWARDED_FOR=f"10.0.0.{n}"), "known@example.org", "wrong"
        ).status_code
        for n in range(12)
    ]
    assert (
        sign_in(
            Client(HTTP_HOST="alpha.localhost", HTTP_X_FORWARDED_FOR="10.9.9.9"), "known@example.org", PASSWORD
        ).status_code
        != 302
    ), statuses


def test_there_is_no_sign_up(env):
    for address in ("/accounts/signup/", "/accounts/email/", "/accounts/social/signup/"):
        assert Client(HTTP_HOST="alpha.localhost").get(address).status_code == 404


@pytest.mark.django_db
def test_a52_asking_again_and_again_sends_one_letter(env, person_with_password, member, browser_of, mailoutbox):
    """Forgotten passwords, codes and invitations, each asked for again and again."""
    admin = member("admin")
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        invitation = invitation_create(invited=Invited("new@example.org", ("learner",)), by=admin)
    invitations_send_due()
    manager = browser_of(admin)
    for _time in range(20):
        manager.post("/people/invitations/act/", {"act": "resend", "chosen": invitation.pk})
    for _time in range(3):
        invitations_send_due()
    assert [letter.to for letter in mailoutbox].count(["new@example.org"]) == 1
    learner = browser_of(member("learner"))
    for path in ("/people/invite/", "/people/invitations/act/"):
        answer = learner.post(
            path, {"email": "x@example.org", "roles": ["learner"], "act": "resend", "chosen": invitation.pk}
        )
        assert answer.status_code in {403, 404}, path
    mailoutbox.clear()
    for path in ("/accounts/password/reset/", "/accounts/login/code/"):
        for _time in range(12):
            Client(HTTP_HOST="alpha.localhost").post(path, {"email": person_with_password.person.email})
        for _time in range(3):
            account_letters_send_due()
    assert len(mailoutbox) <= 10


@pytest.mark.django_db
def test_a70_no_other_site_signs_anybody_in_or_out(env, person_with_password):
    client = Client(HTTP_HOST="alpha.localhost", enforce_csrf_checks=True)
    wish = {"login": person_with_password.person.email, "password": PASSWORD}
    assert client.post("/accounts/login/", wish, HTTP_ORIGIN="https://evil.example").status_code == 403
    assert client.get("/courses/").status_code == 302
    client.get("/accounts/login/")
    answer = client.post("/accounts/login/", {**wish, "csrfmiddlewaretoken": client.cookies["csrf"].value})
    assert answer.status_code == 302
    assert client.get("/courses/").status_code == 200
    assert client.post("/accounts/logout/").status_code == 403
    client.get("/accounts/logout/")
    assert client.get("/courses/").status_code == 200, "looking at the page signs nobody out"


@pytest.mark.django_db
def test_a79_a_stolen_session_changes_no_way_in(env, person_with_password):
    """The old password is asked for, everything else asks who one is; and the owner is told."""
    client = Client(HTTP_HOST="alpha.localhost")
    sign_in(client, person_with_password.person.email, PASSWORD)
    wish = {
        "oldpassword": "a guess of the thief",
        "password1": "their own password 1",
        "password2": "their own password 1",
    }
    client.post("/accounts/password/change/", wish)
    person = Person.objects.get(pk=person_with_password.person_id)
    assert person.check_password(PASSWORD)
    for path in (
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/passkeys/add/",
        "/accounts/2fa/recovery-codes/generate/",
        "/me/data/",
    ):
        assert client.get(path).headers["Location"].startswith("/accounts/reauthenticate/"), path
        assert client.post(path).headers["Location"].startswith("/accounts/reauthenticate/"), path
    client.post("/me/profile/", {"name": "N", "email": "thief@example.org", "language": "en", "time_zone": ""})
    assert Person.objects.get(pk=person.pk).email == person.email, "nobody changes an address by themselves"


@pytest.mark.django_db
def test_a79_an_unproven_session_makes_no_key(env, member, browser_of):
    """A key outlives the session and counts as proof itself, so whoever makes one has just shown who they are."""
    admin = member("admin")
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        hook = WebhookEndpoint.objects.create(environment=env, name="CRM", url="https://crm.example.org/")
        application, _secret = application_create(
            by=admin, name="App", kind="server", scopes=["read"], redirect_uris=["https://app.example.org/"]
        )
    thief = browser_of(admin)
    session = thief.session
    del session["account_authentication_methods"]  # as after signing in: nothing was shown again
    session.save()
    keys = {"name": "Mine", "days": "30", "scopes": ["write"], "kind": "server", "url": "https://thief.example.org/"}
    consent = f"/oauth/authorize/?response_type=code&client_id={application.client_id}&approval_prompt=auto"
    paths = [
        "/developers/tokens/",
        "/developers/applications/",
        "/developers/webhooks/",
        f"/developers/webhooks/{hook.uid}/",
        f"/developers/webhooks/{hook.uid}/rotate/",
        consent,
    ]
    for path in paths:
        assert thief.post(path, keys).headers["Location"].startswith("/accounts/reauthenticate/"), path
    assert thief.get(consent).headers["Location"].startswith("/accounts/reauthenticate/")
    for path in ("tokens/", "webhooks/", f"webhooks/{hook.uid}/rotate/"):
        assert thief.post(f"/api/v1/{path}", keys, content_type="application/json").status_code == 403, path
    with open_scope(environment_id=env.pk):
        assert not Token.objects.exists()
        assert OAuthApplication.objects.count() == 1
        assert WebhookEndpoint.objects.get().url == "https://crm.example.org/"
        assert not WebhookSecret.objects.exists()
    assert thief.get("/developers/tokens/").status_code == 200, "looking is free"
