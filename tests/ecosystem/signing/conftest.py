"""People with passwords, and what they do to come in."""

import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import make_password
from django.core import mail

from ecosystem.models import Environment, Membership
from ecosystem.scope import open_scope
from ecosystem.services.account_letters import account_letters_send_due
from ecosystem.services.people import member_add
from tests.ecosystem.signing.issuer import Issuer

PASSWORD = "a-long-enough-secret"
HASH = make_password(PASSWORD)


@pytest.fixture
def ada(env) -> Membership:
    return with_password(env)


@pytest.fixture
def issuer(settings) -> Iterator[Issuer]:
    found = Issuer()
    found.claims = {"sub": "a1", "email": "ada@example.org", "email_verified": True, "name": "Ada"}
    settings.ISSUERS_INSIDE = [f"127.0.0.1:{found.port}"]
    yield found
    found.server.shutdown()
    found.server.server_close()


def with_password(environment: Environment, email: str = "ada@example.org", role: str = "learner") -> Membership:
    with open_scope(environment_id=environment.pk):
        row = member_add(email=email, name="Ada", password_hash=HASH, roles=[role])
    row.environment = environment
    return row


def sign_in(browser, email: str = "ada@example.org", password: str = PASSWORD):
    return browser.post("/accounts/login/", {"login": email, "password": password})


def prove(browser, password: str = PASSWORD):
    return browser.post("/accounts/reauthenticate/?next=/accounts/2fa/", {"password": password})


def letters() -> list:
    """What the queue of sign-in letters sends now."""
    mail.outbox.clear()
    account_letters_send_due()
    return list(mail.outbox)


def code_in(letter) -> str:
    return re.search(r"[A-Z0-9]{3,4}-[A-Z0-9]{3,4}", letter.body)[0]


def is_in(browser) -> bool:
    return browser.get("/courses/").status_code == 200
