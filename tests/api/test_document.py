"""Each line of docs/api.md that asks something is asked here, as it stands there: what people copy works."""

import re
import shlex
from collections.abc import Iterator
from string import Template
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from api.services.tokens import token_create
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create
from tests.api.test_oauth import BACK, VERIFIER, code_from, register, wish_of

__all__ = ["register"]  # the fixture

pytestmark = pytest.mark.django_db
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
ASSIGNED = re.compile(r'(\w+)=("[^"]*"|\S+)')


def lines() -> Iterator[str]:
    """The commands, one a line; loops are left out."""
    for block in BLOCK.findall((settings.BASE_DIR / "docs/api.md").read_text()):
        if "while " not in block:
            yield from block.replace("\\\n", " ").strip().split("\n")


def curl(line: str, known: dict[str, str]):
    """What curl would ask, of the flags that the document uses."""
    words = shlex.split(Template(line).substitute(known))
    headers, data, method, address = {}, [], "", ""
    rest = iter(words[1:])
    for word in rest:
        if word == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name] = value
        elif word == "-d":
            data.append(next(rest))
        elif word == "-X":
            method = next(rest)
        else:
            assert not word.startswith("-"), word
            address = word
    place = urlsplit(address)
    kind = headers.pop("Content-Type", "application/x-www-form-urlencoded")
    client = Client(HTTP_HOST=place.netloc, headers=headers)
    path = f"{place.path}?{place.query}" if place.query else place.path
    return client.generic(method or ("POST" if data else "GET"), path, "&".join(data), content_type=kind)


def test_every_line_works(env, here, member, register, browser_of):
    admin = member("admin")
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        element_create(kind="external", title="First aid", creators=["Ada"], url="https://example.org/")
        _token, secret = token_create(person=admin.person, name="document", scopes=["read", "write"])
    application, application_secret = register("server")
    machine, machine_secret = register("machine", scopes=["read", "write"])
    known = {
        "TOKEN": secret,
        "BACK": BACK,
        "VERIFIER": VERIFIER,
        "CODE": code_from(browser_of(admin), wish_of(application)),
    }
    asked = 0
    for line in lines():
        if not line.startswith("curl"):
            found = dict(ASSIGNED.findall(line.removeprefix("export ")))
            known.update(
                {
                    name: Template(value.strip('"')).safe_substitute(known)
                    for name, value in found.items()
                    if name != "TOKEN"
                }
            )
            known["GROVE"] = f"http://{env.slug}.localhost"
            continue
        is_machine = "client_credentials" in line
        known["ID"] = (machine if is_machine else application).client_id
        known["SECRET"] = machine_secret if is_machine else application_secret
        answer = curl(line.replace("/pfa-at-work/", "/course/"), known)  # what the demo has, and what is here
        assert 200 <= answer.status_code < 300, (line, answer.status_code, answer.content)
        if "authorization_code" in line:
            known["REFRESH"] = answer.json()["refresh_token"]
        asked += 1
    assert asked > 8
