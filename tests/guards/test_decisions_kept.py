"""docs/security-decisions.md says what the code does: each section is there, and its numbers are the effective ones."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from api.services.tokens import LONGEST, MOST
from assessments.importers.detecting import LARGEST_FILE
from assessments.importers.pictures import LARGEST_PICTURE
from content import media
from ecosystem import archives, csv_reading, documents, logo, pictures
from ecosystem.hashing import PasswordHasher
from ecosystem.models import AuditEntry, Person, SignIn
from ecosystem.password_words import LEFT_AT_LEAST, PRODUCT
from ecosystem.scope import open_scope
from ecosystem.services import admissions, list_imports
from ecosystem.services.account_letters import CODE_GOOD_FOR
from ecosystem.services.invitations import NOT_AGAIN_WITHIN
from ecosystem.setting_kinds import setting_kinds
from handins.files.workbook import LARGEST_PARTS
from handins.files.worksheet import MOST_LINES
from tests.ecosystem.signing.conftest import is_in, sign_in, with_password

PAGE = (Path(settings.BASE_DIR) / "docs/security-decisions.md").read_text()
SECTIONS = dict(re.findall(r"^## (.+)\n\n((?:(?!^## ).*\n?)*)", PAGE, re.MULTILINE))
MB = 1024 * 1024
LIMITS = settings.ACCOUNT_RATE_LIMITS


def section(number: str) -> str:
    return next(text for heading, text in SECTIONS.items() if re.search(rf"\b{re.escape(number)}\b", heading))


DECIDED = {
    "V2.1.1": ["allow-list", "composite key"],
    "V2.1.2": ["constraint in the database"],
    "V2.1.3": [
        f"caller: {settings.API_PER_CALLER} a minute",
        f"environment: {settings.API_PER_ENVIRONMENT:,} a minute".replace(",", " "),
        f"person: {MOST}, at most a year",
        f"{admissions.MOST:,} at once".replace(",", " "),
        f"after {'five' if timedelta(minutes=5) == NOT_AGAIN_WITHIN else '?'} minutes",
    ],
    "V5.1.1": [
        f"{pictures.LARGEST // MB} MB, {pictures.MOST_PIXELS // 10**6} million pixels",
        f"{logo.LARGEST // 1000} kB",
        f"{LARGEST_FILE // MB} MB, {LARGEST_PICTURE // MB} MB a picture",
        f"{csv_reading.LARGEST // MB} MB, {csv_reading.MOST_LINES // 1000} 000 lines",
        f"{csv_reading.LARGEST // MB} MB, {list_imports.MOST // 1000} 000 lines",
        f"{csv_reading.LARGEST // MB} MB, {LARGEST_PARTS // MB} MB unpacked, {MOST_LINES} lines",
        *pictures.FORMATS[1:2],
        f"| {documents.LARGEST_DOCUMENT // MB} MB |",
        f"| {media.LARGEST_VIDEO // MB} MB |",
        f"{archives.LARGEST_ARCHIVE // MB} MB, {archives.LARGEST_UNPACKED // MB} MB unpacked, 1 {archives.MOST_FILES % 1000} files",
    ],
    "V6.1.1": [
        f"| sign-in | {LIMITS['login'].split('/')[0]} a minute",
        "10 a minute; 5 in five minutes" if LIMITS["login_failed"] == "10/m/ip,5/5m/key" else "?",
        f"{settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS} tries, {settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60} minutes",
        f"| passkey | {settings.MFA_RATE_LIMITS['webauthn_login'].split('/')[0]} a minute",
        f"| links of invitations | {LIMITS['invitation'].split('/')[0]} a minute",
    ],
    "V6.1.2": [f"`{PRODUCT}`", f"at least {LEFT_AT_LEAST} characters beside", "At least 12 characters"],
    "V6.1.3": ["password", "code by e-mail", "passkey", "OpenID Connect, SAML", "invitation"],
    "V7.1.1": [f"{setting_kinds['session_days'].default} days", "half of that after the last visit", "NIST"],
    "V7.1.2": ["Any number"],
    "V7.1.3": ["ends neither the provider's"],
    "V8.1.1": ["one rule"],
    "V8.1.2": ["Fields:"],
    "V11.1.1": ["replaced", "SECRET_KEY_FALLBACKS"],
    "V11.1.2": [
        f"Argon2id, {PasswordHasher.memory_cost // 1024} MiB, {PasswordHasher.time_cost} passes",
        "HMAC-SHA256",
    ],
    "V13.1.1": ["may people name it?", "ISSUERS_INSIDE"],
    "V14.1.1": ["secret", "personal", "inside", "public"],
    "V14.1.2": ["at rest", "kept", "in logs"],
    "V15.1.1": ["within 3 days"],
    "V15.1.3": [
        f"{settings.PDF_SECONDS} s and {settings.PDF_MEMORY_MB:,} MB".replace(",", " "),
        "a lock is waited for 3 s",
    ],
    "V16.1.1": ["grove.request", "audit log", "2 years"],
}


@pytest.mark.parametrize("number", DECIDED)
def test_the_page_says_what_is_so(number):
    text = section(number)
    assert [fact for fact in DECIDED[number] if fact not in text] == []


def test_what_the_page_says_of_time_is_so():
    assert timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT) == CODE_GOOD_FOR
    assert timedelta(days=365) <= LONGEST <= timedelta(days=366)
    assert "lock_timeout=3s" in settings.DATABASES["default"]["OPTIONS"]["options"]
    assert "statement_timeout=30s" in settings.DATABASES["default"]["OPTIONS"]["options"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "password", ["grovegrovegrove", "alphaalpha2026!", "Lovelace.1815!", "lovelace@example", "localhost.alpha1"]
)
def test_passwords_of_words_that_others_know_are_refused(env, password):
    person = Person(name="Ada Lovelace", email="ada.lovelace@example.org")
    with open_scope(environment_id=env.pk):
        with pytest.raises(ValidationError, match="too close to a name"):
            validate_password(password, person)
        validate_password(f"{password[:5]} correct horse", person)


@pytest.mark.django_db
@pytest.mark.parametrize(("began", "seen", "is_valid"), [(15, 0, False), (13, 8, False), (13, 6, True)])
def test_a_sign_in_ends_after_its_days_and_after_half_without_a_visit(env, browser_of, began, seen, is_valid):
    with_password(env)
    browser = browser_of(env)
    sign_in(browser)
    now = timezone.now()
    with open_scope(environment_id=env.pk):
        SignIn.objects.update(began_at=now - timedelta(days=began), seen_at=now - timedelta(days=seen))
    assert is_in(browser) is is_valid


@pytest.mark.django_db
def test_passwords_do_not_grow_old(env, browser_of):
    """Nothing asks for another, and nobody even knows when this one was set."""
    assert [field.name for field in Person._meta.get_fields() if "password" in field.name] == ["password"]
    with_password(env)
    browser = browser_of(env)
    assert sign_in(browser)["Location"] == "/"
    assert is_in(browser)


@pytest.mark.django_db
def test_an_administrator_signs_somebody_out(env, other, member, browser_of):
    """On every device here; nobody above them, and not next door."""
    ada, admin = with_password(env), member("admin")
    first, second = browser_of(env), browser_of(env)
    sign_in(first)
    sign_in(second)
    next_door = with_password(other)
    elsewhere = browser_of(other)
    sign_in(elsewhere)
    manager = browser_of(member("manager"))
    manager.post(f"/people/members/{admin.pk}/sign-out/")
    assert browser_of(member("learner")).post(f"/people/members/{ada.pk}/sign-out/").status_code == 404
    assert browser_of(admin).post(f"/people/members/{next_door.pk}/sign-out/").status_code == 404
    assert is_in(first)
    assert browser_of(admin).post(f"/people/members/{ada.pk}/sign-out/").status_code == 302
    assert [is_in(one) for one in (first, second, elsewhere)] == [False, False, True]
    with open_scope(environment_id=env.pk):
        assert AuditEntry.objects.get(act="member.signed_out").after == {"count": 2}


@pytest.mark.django_db
def test_each_sign_in_and_each_refusal_is_a_line(env, member, browser_of, caplog):
    with_password(env)
    with caplog.at_level("INFO", logger="grove.request"):
        sign_in(browser_of(env), password="wrong")
        sign_in(browser_of(env))
        browser_of(member("learner")).get("/people/")
    told = [(line.method, line.route, line.status) for line in caplog.records if line.name == "grove.request"]
    assert told == [("POST", "account_login", 200), ("POST", "account_login", 302), ("GET", "people:list", 404)]


@pytest.mark.django_db
def test_nobody_is_there_by_default():
    """No person, and so no password or token, comes with the tables."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ecosystem_person")
        assert cursor.fetchone() == (0,)
