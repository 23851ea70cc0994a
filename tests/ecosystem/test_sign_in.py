"""Signing in: members only, the same answer for everybody else, a session for one host."""

import re
from io import StringIO

import pytest
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.core.management import CommandError, call_command

from ecosystem.models import Host, Membership, Role
from ecosystem.scope import open_scope
from ecosystem.services.account_letters import account_letters_send_due
from ecosystem.services.people import member_add

PASSWORD = "a-long-enough-secret"
HASH = make_password(PASSWORD)


@pytest.fixture
def ada(env):
    with open_scope(environment_id=env.pk):
        member = member_add(email="ada@example.org", name="Ada", password_hash=HASH)
    member.environment = env
    return member


def post(browser, **fields):
    return browser.post("/accounts/login/", {"login": "ada@example.org", "password": PASSWORD, **fields})


def test_a_member_comes_in_and_stays_on_this_host(ada, env, other, browser_of):
    browser = browser_of(env)
    assert post(browser).status_code == 302
    assert "Ada" in browser.get("/").content.decode()
    elsewhere = browser.get("/", headers={"host": "beta.localhost"})
    assert "Ada" not in elsewhere.content.decode()


def test_a_stranger_a_wrong_password_and_nobody_get_the_same_answer(ada, env, other, browser_of):
    answers = {
        re.sub(r'value="[^"]*"|value=\S+', "", answer.content.decode())
        for answer in (
            post(browser_of(env), password="wrong"),
            post(browser_of(env), login="nobody@example.org"),
        )
    }
    stranger = post(browser_of(other))  # a true account and password, of another environment
    assert stranger.status_code == 200
    assert len(answers) == 1
    assert "Ada" not in stranger.content.decode()


def test_who_has_left_does_not_come_in(ada, env, browser_of):
    from django.utils import timezone

    with open_scope(environment_id=env.pk):
        Membership.objects.filter(pk=ada.pk).update(ended_at=timezone.now())
    assert post(browser_of(env)).status_code == 200


def test_a_reset_is_mailed_to_members_only_and_says_the_same_to_all(ada, env, other, browser_of):
    places = [
        browser_of(where).post("/accounts/password/reset/", {"email": email}).headers["Location"]
        for where, email in ((env, "ada@example.org"), (other, "ada@example.org"), (env, "nobody@example.org"))
    ]
    assert len(set(places)) == 1
    assert account_letters_send_due() == 1
    assert [letter.to for letter in mail.outbox] == [["ada@example.org"]]
    assert "alpha.localhost" in mail.outbox[0].body


def test_the_link_of_a_reset_sets_another_password_once(ada, env, browser_of):
    browser_of(env).post("/accounts/password/reset/", {"email": "ada@example.org"})
    account_letters_send_due()
    link = re.search(r"/accounts/password/reset/key/\S+", mail.outbox[-1].body)[0]
    browser = browser_of(env)
    page = browser.get(link, follow=True)
    assert "Choose a new password" in page.text
    words = dict.fromkeys(page.context["form"].fields, "quite another secret")
    assert browser.post(page.request["PATH_INFO"], words).headers["Location"] == "/accounts/password/reset/key/done/"
    assert "This link no longer works" in browser_of(env).get(link, follow=True).text
    fresh = browser_of(env)
    assert (
        fresh.post("/accounts/login/", {"login": "ada@example.org", "password": "quite another secret"}).status_code
        == 302
    )


def test_the_first_environment_is_made_by_a_command(db):
    said = StringIO()
    call_command("create_environment", "linden", "Linden", "learn.example.org", "you@example.org", stdout=said)
    host = Host.objects.select_related("environment").get(name="learn.example.org")
    with open_scope(environment_id=host.environment_id):
        assert Membership.objects.get().roles == [Role.ADMIN]
    call_command("add_host", "linden", "other.example.org", stdout=said)
    assert host.environment.hosts.count() == 2
    for wrong, said_of_it in (
        (("linden", "Again", "third.example.org", "you@example.org"), "an environment 'linden' already"),
        (("second", "Second", "Learn.Example.org", "you@example.org"), "a host of 'linden'"),
        (("second", "Second", "third.example.org", "no address"), "valid email"),
        (("second", "Second", "not a host", "you@example.org"), "host name"),
    ):
        with pytest.raises(CommandError, match=said_of_it):
            call_command("create_environment", *wrong)
    with pytest.raises(CommandError, match="a host of 'linden'"):
        call_command("add_host", "linden", "learn.example.org")
    assert Host.objects.count() == 2
