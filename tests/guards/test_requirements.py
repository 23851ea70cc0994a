"""Requirements of OWASP ASVS that no test of an app shows; `docs/security.md` says which by their numbers."""

import re

import pytest
import requests
from django.conf import settings as configured
from django.contrib.auth.hashers import get_hasher, identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.test.utils import override_settings

from ecosystem.models import Person
from ecosystem.outbound import GuardedSession, post
from ecosystem.sealing import seal, unseal
from tests.guards.hostile import PASSWORD, code_of_ours, sign_in

# As in production; the tests themselves hash quickly.
PRODUCTION = ["ecosystem.hashing.PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
WEAK_HASHES = re.compile(r"hashlib\.(?:md5|sha1)\(|\bMD5\(|\bSHA1\(|modes\.ECB|PKCS1v15\(|DES3?\(|ARC4\(")


@pytest.mark.parametrize("password", ["short", "elevenchars", "password1234", "qwertyuiop12"])
def test_passwords_that_are_short_or_common_are_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize(
    "password",
    [
        "only small letters here",
        "ÅÄÖ 日本語 пароль x",
        "1" * 6 + " " + "2" * 6,
        "x" + "yz" * 64,
        "  spaces at both ends  ",
    ],
)
def test_passwords_of_any_kind_and_length_are_taken(password):
    validate_password(password)


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [PASSWORD.upper(), PASSWORD + " ", " " + PASSWORD, PASSWORD[:-1], PASSWORD + "x"])
def test_a_password_is_taken_exactly_as_it_is(person_with_password, wrong):
    client = Client(HTTP_HOST="alpha.localhost")
    sign_in(client, person_with_password.person.email, wrong)
    assert client.get("/courses/").status_code == 302


@pytest.mark.django_db
def test_a_new_password_needs_the_one_before(person_with_password):
    client = Client(HTTP_HOST="alpha.localhost")
    sign_in(client, person_with_password.person.email, PASSWORD)
    new = {"password1": "another long password", "password2": "another long password"}
    client.post("/accounts/password/change/", {"oldpassword": "not the one before", **new})
    assert Person.objects.get(pk=person_with_password.person_id).check_password(PASSWORD)
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, **new})
    assert Person.objects.get(pk=person_with_password.person_id).check_password("another long password")


@pytest.mark.django_db
def test_fields_for_passwords_hide_them_and_help_password_managers(env, browser_of):
    page = browser_of(env).get("/accounts/login/").text
    (field,) = [tag for tag in re.findall(r"<input[^>]*>", page) if 'name="password"' in tag]
    assert 'type="password"' in field
    assert 'autocomplete="current-password"' in field
    for path in (configured.BASE_DIR / "static").rglob("*.js"):
        if "vendor" not in path.parts:
            assert not re.search(r"addEventListener\(['\"]paste|\.onpaste", path.read_text()), path


def test_passwords_are_stored_by_argon2id_with_todays_costs():
    with override_settings(PASSWORD_HASHERS=PRODUCTION):
        stored = make_password("some long password")
        hasher = get_hasher()
        assert identify_hasher(stored).algorithm == "argon2"
    assert stored.startswith("argon2$argon2id$")
    assert (hasher.memory_cost, hasher.time_cost, hasher.parallelism) >= (19 * 1024, 2, 1)


def test_what_is_sealed_cannot_be_changed():
    """Encrypted and authenticated: one letter changed anywhere, and it does not open."""
    sealed = seal("a secret")
    assert unseal(sealed) == "a secret"
    assert seal("a secret") != sealed
    for place in range(10, len(sealed) - 2, 7):
        other = "A" if sealed[place] != "A" else "B"
        with pytest.raises(ValueError, match="another SECRET_KEY"):
            unseal(sealed[:place] + other + sealed[place + 1 :])


def test_no_weak_hash_or_cipher_in_the_code():
    assert [(str(path), words) for path, text in code_of_ours() if (words := WEAK_HASHES.findall(text))] == []


@pytest.mark.django_db
def test_a_session_key_cannot_be_guessed(person_with_password):
    """32 letters and digits by the secrets module of Python are 165 bits; each sign-in has its own."""
    keys = set()
    for _time in range(5):
        client = Client(HTTP_HOST="alpha.localhost")
        sign_in(client, person_with_password.person.email, PASSWORD)
        keys.add(client.cookies["session"].value)
    assert len(keys) == 5
    assert all(re.fullmatch(r"[a-z0-9]{32}", key) for key in keys)


def test_a_server_that_nobody_vouches_for_is_told_nothing(imposter, settings):
    settings.WEBHOOKS_TO_THIS_MACHINE = True
    settings.ISSUERS_INSIDE = [f"localhost:{imposter.server_port}"]
    url = f"https://localhost:{imposter.server_port}/"
    outcome = post(url=url, body=b"secret", headers={})
    assert outcome.status == 0
    assert "CERTIFICATE_VERIFY_FAILED" in outcome.error
    with pytest.raises(requests.exceptions.SSLError):
        GuardedSession().get(url)
    assert imposter.heard == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/.git/HEAD",
        "/.git/config",
        "/.env",
        "/static/",
        "/media/",
        "/static/../manage.py",
        "/manage.py",
        "/.svn/entries",
    ],
)
def test_no_folder_and_no_file_of_the_code_is_served(env, browser_of, path):
    assert browser_of(env).get(path).status_code == 404


def test_the_image_holds_no_history_of_the_code():
    ignored = (configured.BASE_DIR / ".dockerignore").read_text().split()
    assert ".git" in ignored or ".git/" in ignored


@pytest.mark.django_db
def test_every_text_says_its_characters(member, browser_of):
    client = browser_of(member("admin"))
    for path in (
        "/",
        "/courses/",
        "/garden/",
        "/people/",
        "/reports/ecosystem.csv",
        "/memo/sw.js",
        "/nowhere/",
        "/people/import/sample.csv",
    ):
        kind = client.get(path).headers["Content-Type"]
        assert not kind.startswith("text/") or "charset=utf-8" in kind, (path, kind)
    assert client.get("/api/v1/me/").headers["Content-Type"] == "application/json"


@pytest.mark.django_db
def test_the_way_out_is_on_every_page(member, browser_of):
    client = browser_of(member("admin"))
    for path in (
        "/",
        "/courses/",
        "/catalogue/",
        "/memo/",
        "/notices/",
        "/garden/",
        "/people/",
        "/settings/",
        "/developers/tokens/",
    ):
        assert "/accounts/logout/" in client.get(path).text, path
