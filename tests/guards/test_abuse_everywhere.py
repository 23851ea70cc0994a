"""Abuse cases that are tried on every address the resolver knows, so that a new page is tried the day it is written.

Each test is named by its number in the list of abuse cases.
"""

from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from ecosystem.sealing import seal
from tests.guards.cross_routes import ABSENT, routes
from tests.guards.hostile import PASSWORD, sign_in
from tests.remembering import Memory

pytestmark = pytest.mark.django_db
# What is posted without a page of ours before it, each with its reason.
WITHOUT_TOKEN = {
    "notices/unsubscribe/<str:token>/": "RFC 8058: a mail program posts; the signed token is what lets it",
    "accounts/organisation/<slug:provider_id>/answer/": "SAML: the identity provider posts; its signature is what counts",
    "oauth/token/": "software without a session proves itself by its secret",
    "oauth/revoke/": "software without a session proves itself by its secret",
    "lti/auth": "LTI: a tool may post its question; it is only sent on as one that is asked by GET",
    "lti/token": "LTI: a tool without a session proves itself by its signature",
    "lti/items/<uuid:uid>/scores": "LTI: a tool without a session proves itself by its token",
}
# What a visitor gets a page from. None of it tells of anybody.
PUBLIC = {
    "", "catalogue/", "verify/", "ui/", "healthz", "readyz", "api/schema/", "api/docs/", "memo/sw.js", "notices/sw.js", "support/sw.js", "organise/sw.js", "manifest.webmanifest",
    ".well-known/oauth-authorization-server", "accounts/login/", "accounts/password/reset/", "accounts/password/reset/done/",
    "accounts/password/reset/key/done/", "accounts/password/reset/key/<str:uidb36>-<str:key>/", "accounts/inactive/",
    "accounts/login/code/", "accounts/login/passkey/", "admin/login/", "admin/jsi18n/",
    "lti/jwks",
}  # fmt: skip
FILES = ("csv", "pdf", "zip", "calendar", "octet-stream", "spreadsheet")
# What the same for everybody is, and says when it may be kept.
MAY_BE_KEPT = {"manifest.webmanifest", "healthz", "readyz"}
# Where somebody may go whose second factor is still to come.
HALF_WAY = {"accounts/2fa/authenticate/", "accounts/login/"}
DOORS = ("/accounts/2fa/authenticate/", "/accounts/login/")  # and where they may be sent from anywhere


def addresses(*, verb: str = "") -> list[tuple[str, str]]:
    """(template, address with ids that nobody has); of the admin the pages of one model stand for those of all. With
    ``verb`` only those that have that method at all."""
    return [
        (route.template, route.path({name: ABSENT.get(converter, "nothing/") for name, converter in route.parameters}))
        for route in routes()
        if not route.template.startswith("admin/") or "/element/" in route.template or route.template.count("/") < 3
        if not verb or verb in route.verbs
    ]


def undoing(asked: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Each of these; what was done at one is undone before the next."""
    memory = Memory()
    for one in asked:
        with memory.undone():
            yield one


def test_a42_a68_nothing_is_written_without_the_token_of_the_form(member, browser_of):
    """As an administrator, for whom every page is there."""
    client = browser_of(member("admin"))
    client.handler.enforce_csrf_checks = True
    json = {"data": "{}", "content_type": "application/json"}
    taken = []
    for template, address in undoing(addresses(verb="POST")):
        answer = client.post(address, **(json if template.startswith("api/") else {}))
        if answer.status_code == 415:  # it takes files only
            answer = client.post(address, {})
        if answer.status_code not in {403, 405}:
            taken.append(template)
    nowhere = {"api/", "api/<anything:rest>", "api/schema/", "healthz", "readyz"}
    assert set(taken) - set(WITHOUT_TOKEN) - nowhere == set()


def test_a42_a68_another_site_is_refused_even_with_a_token(member, browser_of):
    client = browser_of(member("learner"))
    client.handler.enforce_csrf_checks = True
    client.get("/me/profile/")
    token = {"csrfmiddlewaretoken": client.cookies["csrf"].value}
    assert client.post("/me/appearance/", token).status_code == 302
    for origin in ("https://evil.example", "null", "http://beta.localhost"):
        assert client.post("/me/appearance/", token, HTTP_ORIGIN=origin).status_code == 403, origin


def test_a14_a86_visitors_get_what_is_public_and_never_a_file(env, browser_of):
    """And what has no GET, for which no other test asks, has none."""
    client = browser_of(env)
    open_to_all, has_get = set(), {template for template, _address in addresses(verb="GET")}
    for template, address in undoing(addresses()):
        answer = client.get(address)
        assert template in has_get or answer.status_code >= 300, template
        if answer.status_code != 200:
            continue
        open_to_all.add(template)
        assert not any(kind in answer.headers["Content-Type"] for kind in FILES), template
        assert "attachment" not in answer.headers.get("Content-Disposition", ""), template
    assert open_to_all - PUBLIC == set()


def test_a76_before_the_second_factor_one_is_a_visitor(env, person_with_password, browser_of, settings):
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"  # some pages end the session; that is undone too
    person = person_with_password.person
    Authenticator.objects.create(user=person, type="totp", data={"secret": seal("JBSWY3DPEHPK3PXP")})
    half, visitor = browser_of(env), browser_of(env)
    assert sign_in(half, person.email, PASSWORD).headers["Location"] == "/accounts/2fa/authenticate/"
    seen, told, written = 0, [], ("accounts/", "me/", "api/v1/tokens")
    asked = {
        "get": addresses(verb="GET"),
        "post": [one for one in addresses(verb="POST") if one[0].startswith(written)],
    }
    session = half.cookies["session"].value
    for verb, some in asked.items():
        for template, address in undoing([one for one in some if one[0] not in HALF_WAY]):
            half.cookies["session"] = session
            answers = [getattr(client, verb)(address) for client in (half, visitor)]
            ours, theirs = [(answer.status_code, answer.headers.get("Location")) for answer in answers]
            is_sent_to_the_door = (ours[1] or "").startswith(DOORS)
            told += [(verb, template, ours, theirs)] if ours != theirs and not is_sent_to_the_door else []
            seen += 1
    assert told == []
    assert seen > 150
    assert half.get("/courses/").status_code == 302
    assert half.get("/accounts/2fa/authenticate/").status_code == 200, "and they were half way all along"


def test_a69_a74_a98_no_page_of_a_person_is_kept_or_given_to_another_or_holds_a_secret(
    env, person_with_password, member, browser_of
):
    """Each address by one person, then by another and by a visitor: nobody is met who was not there.

    No link, no form and no address we are sent to holds what signs one in; other sites see no referrer with a path.
    """
    first, second = Client(HTTP_HOST="alpha.localhost"), browser_of(member("learner", name="Second"))
    answer = sign_in(first, person_with_password.person.email, PASSWORD)
    name = person_with_password.person.name
    secrets = [first.cookies["session"].value, first.cookies["csrf"].value]
    assert not any(secret in answer.headers["Location"] for secret in secrets)
    visitor, found = browser_of(env), 0
    for template, address in undoing(addresses(verb="GET")):
        answer = first.get(address)
        kind = answer.headers["Content-Type"]
        text = answer.headers.get("Location", "") + (answer.text if "html" in kind else "")
        assert not any(secret in text for secret in secrets), template
        assert answer.headers["Referrer-Policy"] == "same-origin", template
        sent_by_get = text.split('method="get"')[1].split("</form>")[0] if 'method="get"' in text else ""
        assert "csrfmiddlewaretoken" not in sent_by_get, template
        if answer.status_code != 200 or ("text/html" not in kind and "json" not in kind):
            continue
        kept = answer.headers.get("Cache-Control", "")
        assert "no-store" in kept or template in MAY_BE_KEPT, template
        assert "public" not in kept or template in MAY_BE_KEPT, template
        if "text/html" not in kind:
            continue
        assert "Cookie" in answer.headers.get("Vary", "") or "private" in kept, template
        found += name in answer.text
        assert name not in second.get(address).text, template
        assert name not in visitor.get(address).text, template
    assert found > 10, "the name stands on most pages"
