"""The page of notices, the badge, and stopping letters."""

import pytest

from ecosystem.scope import open_scope
from notifications.models import ChannelChoice, Mail, Notice
from notifications.selectors import stop_path
from notifications.services import notify
from tests.notifications.test_mail import KIND, tell

pytestmark = pytest.mark.django_db


def test_notices_are_mine_and_can_be_read(env, member, browser_of):
    mine, theirs = member(), member()
    tell(mine, key="mine", mail=False)
    tell(theirs, key="theirs", mail=False, title="Not for you")
    browser = browser_of(mine)
    page = browser.get("/notices/")
    assert "Tea &amp; cake" in page.content.decode()
    assert "Not for you" not in page.content.decode()
    assert page.context["unread"] == 1
    assert browser.get("/notices/seen/").status_code == 405
    assert browser.post("/notices/seen/", follow=True).context["unread"] == 0
    with open_scope(environment_id=env.pk):
        assert list(Notice.objects.filter(seen_at=None).values_list("key", flat=True)) == ["theirs"]


def test_nothing_yet(member, browser_of):
    assert b"Nothing new" in browser_of(member()).get("/notices/").content


def stop_of(who):
    with open_scope(environment_id=who.environment_id):
        return stop_path(person_id=who.person_id, kind=KIND)


def test_stopping_by_page_needs_a_button(env, member, browser_of):
    who, visitor = member(), browser_of(env)
    address = stop_of(who)
    page = visitor.get(address)
    assert b"Stop these letters" in page.content
    with open_scope(environment_id=env.pk):
        assert not ChannelChoice.objects.exists(), "looking stops nothing: scanners follow links"
    assert b"no more mail about tests" in visitor.post(address).content
    tell(who)
    with open_scope(environment_id=env.pk):
        assert not Mail.objects.exists()
        assert Notice.objects.count() == 1
    visitor.post(address, {"again": "1"})
    tell(who, key="again")
    with open_scope(environment_id=env.pk):
        assert Mail.objects.count() == 1


def test_one_click_by_a_mail_program(env, member):
    from django.test import Client

    who = member()
    strict = Client(HTTP_HOST="alpha.localhost", enforce_csrf_checks=True)
    answer = strict.post(stop_of(who), "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    with open_scope(environment_id=env.pk):
        assert ChannelChoice.objects.get().person_id == who.person_id


def test_a_token_of_a_neighbour_or_a_forged_one_is_nothing(env, other, member, browser_of):
    address = stop_of(member(environment=other))
    for path in (address, "/notices/unsubscribe/abc/", address[:-3] + "x/"):
        assert browser_of(env).get(path).status_code == 404
        assert browser_of(env).post(path).status_code == 404


@pytest.mark.scoped
def test_the_same_key_in_another_environment_is_another_thing(env, other, member):
    tell(member(), mail=False)
    tell(member(environment=other), mail=False)
    notify(person_id=member().person_id, key="second", kind="certificate", title="Done")
    assert Notice.objects.count() == 2
