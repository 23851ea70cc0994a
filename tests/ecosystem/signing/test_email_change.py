"""Another e-mail address: by a link in the new mailbox, once, told to the old one, and silent about who else is there."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecosystem.models import AuditEntry, Person, SignIn
from ecosystem.scope import open_scope
from tests.ecosystem.signing.conftest import is_in, letters, prove, sign_in, with_password

FORM, NEW = "/accounts/address/", "ada@new.example.org"


def ask(browser, email: str = NEW):
    sign_in(browser)
    prove(browser)
    letters()
    return browser.post(FORM, {"email": email})


def link_in(letter) -> str:
    return re.search(r"http://[^/]+(/accounts/address/\S+)", letter.body)[1]


def test_the_link_changes_it_everywhere_and_once(ada, env, other, browser_of):
    with_password(other)  # the same person, in another environment too
    browser, elsewhere, visitor = browser_of(env), browser_of(other), browser_of(env)
    sign_in(elsewhere)
    assert ask(browser, " ADA@new.example.org ").status_code == 302
    to_new, to_old = sorted(letters(), key=lambda letter: letter.to != [NEW])
    assert (to_new.to, to_old.to) == ([NEW], ["ada@example.org"])
    assert NEW in to_old.body
    link = link_in(to_new)
    assert "ada@example.org" in visitor.get(link).text  # a scanner that opens it changes nothing
    assert Person.objects.get(pk=ada.person_id).email == "ada@example.org"
    EmailAddress.objects.create(user_id=ada.person_id, email="ada@example.org", verified=True)
    assert visitor.post(link).headers["Location"] == "/accounts/login/"
    assert [letter.to for letter in letters()] == [["ada@example.org"]]
    assert Person.objects.get(pk=ada.person_id).email == NEW
    assert not is_in(browser)
    assert not is_in(elsewhere)
    for place in (env, other):
        assert sign_in(browser_of(place)).status_code == 200
        assert sign_in(browser_of(place), email=NEW).status_code == 302
        with open_scope(environment_id=place.pk):
            entry = AuditEntry.objects.get(act="email.changed")
            assert "example.org" not in str([entry.before, entry.after])
    letters()
    browser_of(env).post("/accounts/password/reset/", {"email": "ada@example.org"})
    assert letters() == []
    assert visitor.post(link).status_code == 404
    Person.objects.filter(pk=ada.person_id).update(email="ada@example.org")
    assert visitor.post(link).status_code == 404  # also not once more, after a change back


def test_who_is_a_guest_from_above_is_signed_out_there_too(env, make_environment, browser_of):
    """They are no member below: their membership there ended as it began, and their sign-in runs."""
    below = make_environment("part", parent=env)
    with_password(env, role="admin")
    browser, guest, visitor = browser_of(env), browser_of(below), browser_of(env)
    sign_in(guest)
    assert guest.get("/people/").status_code == 200
    ask(browser)
    link = link_in(next(letter for letter in letters() if letter.to == [NEW]))
    assert visitor.post(link).status_code == 302
    assert guest.get("/people/").status_code == 302
    with open_scope(environment_id=below.pk):
        assert not SignIn.objects.filter(ended_at=None).exists()
        assert AuditEntry.objects.filter(act="email.changed").count() == 1


def test_who_opens_it_signed_in_stays_signed_in(ada, env, browser_of):
    browser = browser_of(env)
    ask(browser)
    assert browser.post(link_in(letters()[0])).headers["Location"] == "/accounts/2fa/"
    assert is_in(browser)
    assert ada.person_id


def test_it_needs_proof_and_a_sign_in(ada, env, browser_of):
    browser = browser_of(env)
    assert browser.post(FORM, {"email": NEW}).headers["Location"].startswith("/accounts/login/")
    sign_in(browser)
    for answer in (browser.get(FORM), browser.post(FORM, {"email": NEW})):
        assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    assert all(letter.to != [NEW] for letter in letters())
    assert ada.person_id


def test_an_address_of_somebody_else_looks_the_same_and_goes_nowhere(ada, env, other, browser_of):
    with_password(other, email="eve@example.org")
    first, second = browser_of(env), browser_of(env)
    ask(first, "warm@example.org")
    letters()
    with CaptureQueriesContext(connection) as free:
        told = first.post(FORM, {"email": NEW})
    assert len(letters()) == 2
    sign_in(second)
    prove(second)
    letters()
    second.post(FORM, {"email": "warm2@example.org"})
    letters()
    with CaptureQueriesContext(connection) as taken:
        same = second.post(FORM, {"email": "eve@example.org"})
    assert [letter.to for letter in letters()] == [["ada@example.org"]]
    assert (told.status_code, told.headers["Location"]) == (same.status_code, same.headers["Location"])
    shape = [
        [re.sub(r"'[^']*'|\d+", "?", query["sql"])[:60] for query in asked.captured_queries] for asked in (free, taken)
    ]
    assert shape[0] == shape[1]
    assert Person.objects.get(pk=ada.person_id).email == "ada@example.org"


@pytest.mark.parametrize("what", ["taken meanwhile", "password changed", "locked", "altered", "nonsense"])
def test_a_link_that_is_no_longer_true(ada, env, other, browser_of, what):
    browser = browser_of(env)
    ask(browser)
    link = link_in(letters()[0])
    person = Person.objects.get(pk=ada.person_id)
    if what == "taken meanwhile":
        with_password(other, email=NEW)
    elif what == "password changed":
        person.set_password("another-long-secret")
        person.save()
    elif what == "locked":
        Person.objects.filter(pk=person.pk).update(is_active=False)
    elif what == "altered":
        link = link[:-3] + ("AA/" if not link.endswith("AA/") else "BB/")
    else:
        link = "/accounts/address/xy:z/"
    assert browser_of(env).post(link).status_code == 404
    assert Person.objects.get(pk=ada.person_id).email == "ada@example.org"


def test_bad_input_and_too_many_tries(ada, env, browser_of):
    browser = browser_of(env)
    assert "already" in ask(browser, "ada@example.org").text
    assert browser.post(FORM, {"email": "no address"}).status_code == 200
    assert letters() == []
    answers = [browser.post(FORM, {"email": f"n{number}@example.org"}) for number in range(15)]
    assert "Too many tries" in answers[-1].text
    assert ada.person_id
