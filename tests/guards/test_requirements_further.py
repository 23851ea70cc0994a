"""Requirements of OWASP ASVS 5.0 that no other test shows; tools/security_proofs.py says which is which."""

import re
from pathlib import Path

import pytest
from allauth.account.adapter import get_adapter
from allauth.mfa import app_settings as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.test import Client
from django.utils.module_loading import import_string

from ecosystem.models import Person
from tests.ecosystem.signing.conftest import PASSWORD, is_in, letters, sign_in, with_password

SCRIPTS = sorted((Path(settings.BASE_DIR) / "static" / "js").rglob("*.js"))
# What may put HTML into a page, with the reason.
AS_HTML = {
    "memo-trainer.js": "stems of questions, cleaned by the server",
    "editor.js": "the preview of a text, cleaned by the server",
}


def test_scripts_show_text_as_text():
    """No script of ours makes HTML out of what it was given, but for what the server has cleaned."""
    makers = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|setHTMLUnsafe|\beval\(|new Function")
    assert {path.name for path in SCRIPTS if makers.search(path.read_text())} == set(AS_HTML)


def test_scripts_change_no_prototype():
    """Nothing that came from outside names what is written: objects are made of named keys only, never merged."""
    writers = re.compile(
        r"__proto__|\.prototype\b|Object\.assign\((?!this, \{|window\.htmx\.config, \{)|constructor\[|setPrototypeOf"
    )
    assert [path.name for path in SCRIPTS if writers.search(path.read_text())] == []


@pytest.mark.django_db
def test_a_form_is_not_filled_by_its_address(env, browser_of):
    """Parameters of the address are never taken for fields of a form, and of two with one name the last holds."""
    with_password(env)
    browser = browser_of(env)
    browser.post(f"/accounts/login/?login=ada@example.org&password={PASSWORD}", {})
    assert not is_in(browser)
    browser.post("/accounts/login/", {"login": ["eve@example.org", "ada@example.org"], "password": ["x", PASSWORD]})
    assert is_in(browser)


@pytest.mark.django_db
def test_what_comes_in_is_decoded_once(member, browser_of):
    client = browser_of(member("admin"))
    assert 'value="%3Cb%3Ecanary"' in client.get("/catalogue/?q=%253Cb%253Ecanary").text
    assert "&amp;lt;b&amp;gt;canary" in client.get("/catalogue/?q=%26lt;b%26gt;canary").text
    assert client.get("/people/").status_code == 200
    for twice in ("/%2570eople/", "/people%252F", "/catalogue/%252e%252e/people/"):
        assert client.get(twice).status_code == 404, twice
    client.post("/me/profile/", {"name": "&lt;i&gt;Canary %3Cb%3E", "language": "en", "time_zone": ""})
    assert Person.objects.filter(name="&lt;i&gt;Canary %3Cb%3E").exists()
    assert "&amp;lt;i&amp;gt;Canary %3Cb%3E" in client.get("/me/profile/").text


def test_browsers_keep_no_secret_and_only_what_is_known():
    """Without keys: answers, cards, drafts and recordings on their way (store.js), job aids (support.js) and pages of who was
    there (attendance-kept.js) that somebody chose to keep, and whether somebody writes pages as they look (main.js). What is
    typed for a mark lies in the window until its page is there again (review-kept.js), and goes when one signs out (store.js)."""
    kept = re.compile(r"\b(localStorage|sessionStorage|indexedDB|caches|document\.cookie|cookieStore)\b")
    found = {path.name: set(kept.findall(path.read_text())) for path in SCRIPTS}
    assert {name: places for name, places in found.items() if places} == {
        "attendance-kept.js": {"caches"},
        "main.js": {"localStorage"},
        "review-kept.js": {"sessionStorage"},
        "store.js": {"indexedDB", "caches", "sessionStorage"},
        "support.js": {"caches"},
    }
    stores = {path.name: re.findall(r"openStore\(`(\w+)-", path.read_text()) for path in SCRIPTS}
    assert {name: names for name, names in stores.items() if names} == {
        "attendance.js": ["attendance"],
        "hand-in.js": ["handin"],
        "memo-trainer.js": ["memo"],
        "peer-review.js": ["peer"],
        "post.js": ["post"],
        "quiz-player.js": ["attempt"],
        "record.js": ["recording"],
    }
    assert not [path.name for path in SCRIPTS if re.search(r"store\.(set|queue)\([^)]*(csrf|token)", path.read_text())]


@pytest.mark.django_db
def test_production_holds_nothing_of_development(member, browser_of):
    """No mailbox of development, no tests and tools in the image, no libraries for them."""
    assert not settings.DEBUG
    client = browser_of(member("admin"))
    for path in ("/dev/mail/", "/dev/mail/x/", "/dev/mail/x/html/", "/__debug__/", "/silk/"):
        assert client.get(path).status_code == 404, path
    isolated = Client(HTTP_HOST="packages.alpha.localhost")
    for name in ("login", "start", "say"):
        for ask in (isolated.get, isolated.post):
            answer = ask(f"/dev/tool/{name}", {"visit": "x", "iss": "http://alpha.localhost:8000"})
            assert (answer.status_code, answer.content) == (404, b"There is nothing here."), name
    root = Path(settings.BASE_DIR)
    assert {"tests", "tools", "docs"} <= set((root / ".dockerignore").read_text().split())
    libraries = set(re.findall(r"^([\w.-]+)==", (root / "requirements/run.txt").read_text(), re.MULTILINE))
    assert not libraries & {
        "pytest",
        "playwright",
        "hypothesis",
        "schemathesis",
        "django-debug-toolbar",
        "ipdb",
        "mypy",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "DEBUG"])
def test_methods_that_nobody_needs_are_refused(env, method):
    for path in ("/", "/accounts/login/", "/api/v1/me/", "/healthz"):
        answer = Client(HTTP_HOST=f"{env.slug}.localhost").generic(method, path, HTTP_X_SECRET="canary")
        assert b"canary" not in answer.content
        assert path == "/healthz" or answer.status_code == 405


def test_codes_are_long_enough_and_short_lived():
    """20 bits at least; ten minutes for what is mailed, half a minute for what an app shows."""
    letters_of_codes = {
        letter for _try in range(200) for letter in get_adapter().generate_login_code() if letter.isalnum()
    }
    length = len([letter for letter in get_adapter().generate_login_code() if letter.isalnum()])
    assert len(letters_of_codes) ** length > 2**20
    assert 10**mfa.RECOVERY_CODE_DIGITS > 2**20
    assert settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT <= 600
    assert mfa.TOTP_PERIOD == 30


def test_no_form_of_sign_in_asks_for_a_secret_question():
    fields = set()
    for path in [*settings.ACCOUNT_FORMS.values(), *settings.MFA_FORMS.values()]:
        fields |= set(import_string(path).base_fields)
    assert not [name for name in fields if re.search("question|hint|maiden|pet", name)]
    assert fields <= {"login", "password", "remember", "email", "phone", "code", "name", "passwordless", "credential"}
    assert not [field.name for field in Person._meta.get_fields() if re.search("question|hint", field.name)]


@pytest.mark.django_db
def test_a_forgotten_password_is_no_way_round_the_second_factor(env, browser_of):
    ada = with_password(env)
    TOTP.activate(ada.person, generate_totp_secret())
    browser = browser_of(env)
    browser.post("/accounts/password/reset/", {"email": "ada@example.org"})
    link = re.search(r"/accounts/password/reset/key/\S+", letters()[-1].body)[0]
    form = browser.get(link, follow=True)
    fields = dict.fromkeys(form.context["form"].fields, "another-long-secret")
    answer = browser.post(form.request["PATH_INFO"], fields)
    assert answer.status_code == 302, answer.context["form"].errors
    assert not is_in(browser)
    assert sign_in(browser, password="another-long-secret")["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_in(browser)
    assert Authenticator.objects.filter(user=ada.person, type="totp").exists()


def test_lines_go_to_one_place():
    assert list(settings.LOGGING["handlers"]) == ["out"]
    assert settings.LOGGING["handlers"]["out"]["class"] == "logging.StreamHandler"
    assert settings.LOGGING["root"]["handlers"] == ["out"]
    assert not any("handlers" in logger for logger in settings.LOGGING["loggers"].values())
