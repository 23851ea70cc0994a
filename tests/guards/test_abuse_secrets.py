"""Secrets: how they are made, and where they must not turn up.

Each test is named by its number in the list of abuse cases.
"""

import io
import json
import logging
import re
from collections import Counter

import pytest
from celery import signals
from django.conf import settings
from django.test import Client

from api.models import Token, new_token
from certificates.models import new_serial
from ecosystem.scope import open_scope
from ecosystem.services.account_letters import account_letters_send_due
from ecosystem.services.invitations import Invited, invitation_create
from ecosystem.telemetry.lines import JsonLine, PlainLine, WithoutPeople
from tests.guards.hostile import PASSWORD, code_of_ours, sign_in

FORESEEABLE = re.compile(r"(?<![\w.])random\.(?!SystemRandom\b|Random\b)\w+|from random import \w+")
HOSTILE_AGENT = "Mozilla\r\nERROR root forged line\x1b[2J <script>alert(1)</script>"


@pytest.fixture(params=[JsonLine(), PlainLine("%(levelname)s %(name)s %(message)s")], ids=["json", "plain"])
def log(request):
    """Everything that any logger says from now on, in the layouts of production."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(request.param)
    handler.addFilter(WithoutPeople())
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def test_a84_ten_thousand_tokens_are_all_different_and_nothing_but_chance():
    """Of each place of the random part, all letters come up about as often: 62 letters at 40 places are 238 bits."""
    tokens = {new_token() for _number in range(10_000)}
    assert len(tokens) == 10_000
    bodies = [token.removeprefix("grove_")[:40] for token in tokens]
    for place in range(40):
        counts = Counter(body[place] for body in bodies)
        assert len(counts) == 62
        assert 80 < min(counts.values()) <= max(counts.values()) < 250  # 161 each, give or take six deviations
    assert len({new_serial() for _number in range(10_000)}) == 10_000


@pytest.mark.django_db
def test_a84_a78_a_token_is_kept_as_a_hash_and_shown_once(env, member, browser_of):
    client = browser_of(member("learner"))
    secret = client.post("/api/v1/tokens/", {"name": "x", "scopes": ["read"]}, content_type="application/json").json()[
        "token"
    ]
    with open_scope(environment_id=env.pk):
        assert secret not in str(list(Token.objects.values()))
    for address in ("/api/v1/tokens/", "/developers/tokens/", "/api/v1/me/"):
        assert secret.removeprefix("grove_")[:12] not in client.get(address).text, address


def test_a84_only_random_numbers_that_cannot_be_foreseen():
    """`random` without SystemRandom would make tokens that can be computed from a few others."""
    found = [f"{path.name}: {word}" for path, text in code_of_ours() for word in FORESEEABLE.findall(text)]
    assert found == []


@pytest.mark.django_db
def test_a96_a_line_is_a_line_whatever_is_sent(log, env, person_with_password):
    client = Client(HTTP_HOST="alpha.localhost", HTTP_USER_AGENT=HOSTILE_AGENT, HTTP_X_REQUEST_ID="ab\r\nERROR forged")
    client.get("/nowhere%0d%0aERROR%20forged%1b%5b2J/")
    client.get("/catalogue/", {"q": "x\r\nERROR forged"})
    sign_in(client, "x\r\nERROR forged@example.org", "\r\nERROR forged")
    sign_in(client, person_with_password.person.email, PASSWORD)
    said = [line for line in log.getvalue().splitlines() if "grove.request" in line]
    assert len(said) == 4
    assert "forged" not in log.getvalue()
    assert "\x1b" not in log.getvalue()


@pytest.mark.django_db
def test_a97_no_secret_is_written_into_a_line_or_a_message(log, env, member, person_with_password, mailoutbox):
    """Passwords right and wrong, tokens, cookies, links of letters: in use, and in nothing that is kept beside the rows."""
    messages: list[str] = []

    def note(body: object = None, headers: object = None, **_more: object) -> None:
        messages.append(repr((body, headers)))

    signals.before_task_publish.connect(note, weak=False)
    email, client = person_with_password.person.email, Client(HTTP_HOST="alpha.localhost")
    try:
        sign_in(client, email, "Wrong-Canary-Password")
        sign_in(client, email, PASSWORD)
        client.post("/accounts/password/reset/", {"email": email})
        account_letters_send_due()
        link = next(word for word in mailoutbox[-1].body.split() if "/password/reset/key/" in word)
        client.get("/" + link.split("/", 3)[3], follow=True)
        client.post("/accounts/reauthenticate/?next=/", {"password": PASSWORD})
        secret = client.post(
            "/api/v1/tokens/", {"name": "x", "scopes": ["read"]}, content_type="application/json"
        ).json()["token"]
        Client(HTTP_HOST="alpha.localhost", HTTP_AUTHORIZATION=f"Bearer {secret}").get("/api/v1/me/")
        Client(HTTP_HOST="alpha.localhost", HTTP_AUTHORIZATION="Bearer grove_WrongCanary").get("/api/v1/me/")
        with open_scope(environment_id=env.pk):
            invited = invitation_create(invited=Invited("in@example.org", ("learner",)), by=member("admin"))
        client.get(f"/invitations/{invited.token}/")
    finally:
        signals.before_task_publish.disconnect(note)
    everything = log.getvalue() + json.dumps(messages)
    secrets = [
        "Wrong-Canary-Password",
        PASSWORD,
        secret,
        "WrongCanary",
        invited.token,
        link.rstrip("/").rsplit("-", 1)[-1],
    ]
    secrets += [client.cookies["session"].value, client.cookies["csrf"].value, settings.SECRET_KEY]
    assert [word for word in secrets if word in everything] == []
    assert "grove.request" in everything
