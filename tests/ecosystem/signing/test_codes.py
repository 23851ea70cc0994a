"""A code by e-mail: members of this host only, the same answer and the same work for everybody else."""

import re
import smtplib

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ecosystem.models import AccountLetter, Membership
from ecosystem.scope import open_scope
from ecosystem.services.account_letters import account_letters_send_due
from tests.ecosystem.signing.conftest import code_in, is_in, letters

ASK, CONFIRM = "/accounts/login/code/", "/accounts/login/code/confirm/"


def test_the_code_lets_a_member_in_once(ada, env, browser_of):
    browser = browser_of(env)
    asked = browser.post(ASK, {"email": "ADA@example.org", "next": "/courses/"})
    assert asked.headers["Location"] == f"{CONFIRM}?next=%2Fcourses%2F"
    page = browser.get(asked.headers["Location"]).text
    assert 'name="next" value="/courses/"' in page
    assert f'name="next" value="{ASK}?next=%2Fcourses%2F"' in page  # for another code
    (letter,) = letters()
    assert letter.to == ["ada@example.org"]
    assert "Alpha" in letter.alternatives[0][0]
    assert "http://alpha.localhost" in letter.body
    assert f"{CONFIRM}?next=%2Fcourses%2F\n" in letter.body
    assert browser.post(CONFIRM, {"code": "AAAA-AAAA"}).status_code == 200
    code = code_in(letter)
    assert browser.post(CONFIRM, {"code": code, "next": "/courses/"}).headers["Location"] == "/courses/"
    assert is_in(browser)
    assert browser_of(env).post(CONFIRM, {"code": code}).headers["Location"] != "/"


def test_the_letter_speaks_the_language_of_the_person(ada, env, browser_of):
    ada.person.language = "nl"
    ada.person.save()
    browser_of(env).post(ASK, {"email": "ada@example.org"})
    assert "Je code is" in letters()[0].body


def test_another_code_can_be_asked_for(ada, env, browser_of):
    browser = browser_of(env)
    browser.post(ASK, {"email": "ada@example.org"})
    first = code_in(letters()[0])
    assert browser.get(ASK).headers["Location"] == CONFIRM
    assert browser.post("/accounts/logout/", {"next": ASK}).headers["Location"] == ASK
    assert browser.get(ASK).status_code == 200
    browser.post(ASK, {"email": "ada@example.org"})
    browser.post(CONFIRM, {"code": first})
    assert not is_in(browser)
    browser.post(CONFIRM, {"code": code_in(letters()[0])})
    assert is_in(browser)


def test_three_wrong_codes_end_it(ada, env, browser_of):
    browser = browser_of(env)
    browser.post(ASK, {"email": "ada@example.org"})
    code = code_in(letters()[0])
    for _ in range(3):
        browser.post(CONFIRM, {"code": "AAAA-AAAA"})
    browser.post(CONFIRM, {"code": code})
    assert not is_in(browser)


@pytest.mark.parametrize("state", ["nobody", "stranger", "left", "locked"])
def test_who_is_no_member_gets_the_same_answer_and_no_mail(ada, env, other, browser_of, state):
    known = browser_of(env)
    with CaptureQueriesContext(
        connection,
    ) as expected:
        first = known.post(ASK, {"email": "ada@example.org"})
    assert len(letters()) == 1
    there, email = env, "ada@example.org"
    if state == "nobody":
        email = "eve@example.org"
    elif state == "stranger":
        there = other
    elif state == "left":
        with open_scope(environment_id=env.pk):
            Membership.objects.update(ended_at=timezone.now())
    else:
        ada.person.is_active = False
        ada.person.save()
    browser = browser_of(there)
    with CaptureQueriesContext(connection) as found:
        answer = browser.post(ASK, {"email": email})
    assert (answer.status_code, answer.headers["Location"]) == (first.status_code, first.headers["Location"])
    shapes = [
        [re.sub(r"'[^']*'|\d+", "?", query["sql"])[:60] for query in run if "ecosystem_host" not in query["sql"]]
        for run in (expected, found)
    ]
    assert shapes[0] == shapes[1]  # the same work, so the same time
    pages = [
        re.sub(r'value="\w{64}"', "", one.get(CONFIRM).text).replace(typed, "")
        for one, typed in ((known, "ada@example.org"), (browser, email))
    ]
    if there is env:
        assert pages[0] == pages[1]
    assert letters() == []
    assert "Location" not in browser.post(CONFIRM, {"code": ""}).headers
    assert not is_in(browser)


def test_asking_ends_after_some_times(ada, env, browser_of):
    for _ in range(4):
        answer = browser_of(env).post(ASK, {"email": "ada@example.org"})
    assert answer.status_code != 302
    assert len(letters()) == 3


@pytest.mark.usefixtures("ada")
def test_a_code_waits_sealed_is_tried_again_and_forgotten(env, browser_of, monkeypatch):
    browser_of(env).post(ASK, {"email": "ada@example.org"})

    def away(*_: object, **__: object) -> None:
        raise smtplib.SMTPServerDisconnected

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMultiAlternatives.send", away)
        assert account_letters_send_due() == 0
    with open_scope(environment_id=env.pk):
        row = AccountLetter.objects.get()
        assert "code" not in row.sealed
        assert row.attempts == 1
        AccountLetter.objects.update(due_at=timezone.now())
    assert account_letters_send_due() == 1
    assert account_letters_send_due() == 0
    assert len(mail.outbox) == 1
    with open_scope(environment_id=env.pk):
        assert not AccountLetter.objects.exists()
