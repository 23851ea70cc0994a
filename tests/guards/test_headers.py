"""Settings of production, and what every answer carries, whatever the address."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from ecosystem.middleware.headers import POLICY
from tests.guards.test_abuse_everywhere import addresses
from tests.remembering import Memory

NEVER_SAID = {"Server", "X-Powered-By", "Access-Control-Allow-Origin"}
PROMISED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
}
# Beside the strict policy, the only ones that a view may set: each is stricter.
SCRIPT = "script-src 'self'"


@pytest.mark.django_db
def test_every_address_carries_the_headers(env, browser_of, settings):
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_PRELOAD = 31536000, True
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    client = browser_of(env)
    client.raise_request_exception = False
    wrong, asked, memory = [], 0, Memory()
    for template, path in addresses():
        with memory.undone():
            response = client.get(path, secure=True)
        asked += 1
        policy = response.headers.get("Content-Security-Policy", "")
        found = {name: response.headers.get(name) for name in PROMISED}
        fine = (
            found == PROMISED
            and NEVER_SAID.isdisjoint(response.headers)
            and response.status_code < 500
            and "unsafe" not in policy
            and (policy == POLICY or "default-src 'none'" in policy or SCRIPT in policy)
            and response.headers.get("X-Request-ID")
        )
        if not fine:
            wrong.append((template, response.status_code, policy, found))
    assert wrong == []
    assert asked > 200


def production(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **{name: value for name, value in os.environ.items() if name != "GROVE_PLAIN_STATIC"},
        "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_",
        "GROVE_HTTPS": "1",
        "GROVE_DEBUG": "0",
        "EMAIL_URL": "smtp://localhost:25",
        "PYTHONWARNINGS": "ignore",
        **more,
    }
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def test_djangos_own_list_for_production_is_clean():
    done = production("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_the_check_would_complain():
    """Control: as the tests run, without HTTPS, it is not clean. Only what is about security: the rest looks the whole API
    through."""
    with pytest.raises(SystemCheckError, match=r"security\.W004"):
        call_command("check", deploy=True, tags=["security"], fail_level="WARNING")


def test_cookies_of_production():
    words = "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE, s.CSRF_COOKIE_SAMESITE, s.DEBUG)"
    done = production("-c", words)
    assert done.stdout.split() == [
        "__Host-session",
        "__Host-csrf",
        "True",
        "True",
        "True",
        "True",
        "Lax",
        "Lax",
        "False",
    ]
