"""The page of notices and the badge, the preferences, and stopping letters."""

from datetime import time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ecosystem.scope import open_scope
from notifications.models import Channel, ChannelChoice, Mail, Notice, Preference
from notifications.selectors import channels_wanted, stop_path
from notifications.selectors.notices import PAGE
from notifications.services import choices_save, notify
from tests.notifications.test_mail import KIND, tell

pytestmark = pytest.mark.django_db


def test_notices_are_mine_and_can_be_read(env, member, browser_of):
    mine, theirs = member(), member()
    tell(mine, key="mine", mail=False)
    tell(theirs, key="theirs", mail=False, title="Not for you")
    browser = browser_of(mine)
    page = browser.get("/notices/")
    assert "Tea &amp; cake" in page.text
    assert "Not for you" not in page.text
    assert "<span data-unread>1</span>" in page.text
    assert browser.get("/notices/seen/").status_code == 405
    assert "<span data-unread></span>" in browser.post("/notices/seen/", follow=True).text
    with open_scope(environment_id=env.pk):
        assert list(Notice.objects.filter(seen_at=None).values_list("key", flat=True)) == ["theirs"]


def test_one_notice_is_read_without_a_script(env, member, browser_of):
    mine, theirs = member(), member()
    first, _second = tell(mine, key="1", mail=False), tell(mine, key="2", mail=False)
    foreign = tell(theirs, key="3", mail=False)
    browser = browser_of(mine)
    answer = browser.post(f"/notices/{first.pk}/seen/", {"next": "/notices/?kind=test-reminder"})
    assert answer.headers["Location"] == "/notices/?kind=test-reminder"
    assert browser.post(f"/notices/{first.pk}/seen/", {"next": "//evil.example"}).headers["Location"] == "/notices/"
    browser.post(f"/notices/{foreign.pk}/seen/")
    with open_scope(environment_id=env.pk):
        assert set(Notice.objects.filter(seen_at=None).values_list("key", flat=True)) == {"2", "3"}


def test_unread_first_by_day_and_page_by_page(env, member, browser_of):
    who = member()
    now = timezone.now()
    with open_scope(environment_id=env.pk):
        Notice.objects.bulk_create(
            Notice(
                environment_id=env.pk,
                person_id=who.person_id,
                key=str(number),
                kind=KIND,
                title=f"Notice {number:03}.",
                created_at=now - timedelta(hours=number),
                seen_at=now if number % 2 else None,
            )
            for number in range(PAGE * 3)
        )
    browser, found, address = browser_of(who), [], "/notices/"
    for _page in range(4):
        page = browser.get(address).context["page"]
        for is_read, days in ((False, page.unread), (True, page.read)):
            found += [(is_read, notice.created_at) for day in days for notice in (line.notice for line in day.lines)]
        if not page.after:
            break
        address = f"/notices/?after={page.after}"
    assert len(found) == PAGE * 3
    assert found == sorted(found, key=lambda one: (one[0], now - one[1])), "unread before read, newest first"
    labels = [day.label for day in browser.get("/notices/").context["page"].unread]
    assert len(labels) == len(set(labels)) > 1


def test_the_number_of_queries_does_not_grow(env, member, browser_of, settings):
    settings.PREPARE_ON_SERVER = False  # else a query is only a name
    counts = []
    for amount in (1, 20):
        who = member()
        for number in range(amount):
            tell(who, key=f"{amount}-{number}", mail=False)
        browser = browser_of(who)
        browser.get("/notices/")
        with CaptureQueriesContext(
            connection,
        ) as caught:
            browser.get("/notices/")
        counts.append(len(caught))
        with CaptureQueriesContext(connection) as caught:
            assert browser.get("/notices/unread/").json() == {"unread": amount}
        asked = [query["sql"] for query in caught if "notifications_notice" in query["sql"]]
        assert len(asked) == 1
        assert "LIMIT 100" in asked[0]
    assert counts[0] == counts[1]


def test_only_one_kind_and_a_cursor_of_others(env, member, browser_of):
    who, neighbour = member(), member()
    tell(who, key="a", mail=False, title="Reminder")
    tell(who, key="b", mail=False, title="Proof", kind="certificate")
    foreign = tell(neighbour, key="c", mail=False)
    browser = browser_of(who)
    page = browser.get("/notices/?kind=certificate").text
    assert "Proof" in page
    assert "Reminder" not in page
    assert 'href="?kind=certificate" aria-current="true"' in page
    assert "Nothing new" in browser.get("/notices/?kind=nothing").text
    for cursor in (foreign.pk, "x", "9" * 30, "-1", "²"):
        assert "Reminder" in browser.get("/notices/", {"after": cursor}).text


def test_nothing_yet(member, browser_of):
    assert b"Nothing new" in browser_of(member()).get("/notices/").content


def test_a_kind_not_wanted_on_the_site_is_not_shown(env, member, browser_of):
    who = member()
    with open_scope(environment_id=env.pk):
        choices_save(person_id=who.person_id, wanted={KIND: {Channel.MAIL}})
    tell(who)
    page = browser_of(who).get("/notices/")
    assert "Nothing new" in page.text
    assert "<span data-unread></span>" in page.text
    with open_scope(environment_id=env.pk):
        assert Mail.objects.count() == 1


# --- preferences ---------------------------------------------------------------------------------------------------
HOURS = {"quiet": "on", "quiet_from": "21:00", "quiet_until": "06:30", "time_zone": "Asia/Tokyo", "digest": "daily"}


def wanted(who, kind):
    with open_scope(environment_id=who.environment_id):
        return channels_wanted(person_id=who.person_id, kind=kind)


def test_choosing_channels_and_hours(env, member, browser_of):
    who, neighbour = member(), member()
    browser = browser_of(who)
    page = browser.get("/notices/preferences/").text
    assert 'name="kind-certificate" value="mail" checked disabled' in page
    assert "It is your proof" in page
    answer = browser.post("/notices/preferences/", HOURS | {f"kind-{KIND}": ["app", "push"]}, follow=True)
    assert "It holds from now on" in answer.text
    assert wanted(who, KIND) == {"app", "push"}
    assert wanted(who, "certificate") == {"mail"}, "all was unticked; this stays"
    assert wanted(neighbour, KIND) == {"app", "mail"}
    with open_scope(environment_id=env.pk):
        mine = Preference.objects.get()
    assert (mine.quiet_from, mine.quiet_until, mine.quiet_weekends) == (time(21), time(6, 30), False)
    assert (mine.time_zone, mine.digest) == ("Asia/Tokyo", "daily")
    browser.post("/notices/preferences/", {"digest": "weekly", f"kind-{KIND}": ["app", "mail"]})
    with open_scope(environment_id=env.pk):
        assert Preference.objects.get().quiet_from is None
        assert not ChannelChoice.objects.filter(kind=KIND).exists(), "what is usual needs no row"


@pytest.mark.parametrize(
    "wrong",
    [
        {"quiet_until": ""},
        {"quiet_from": "25:00"},
        {"time_zone": "Mars/Olympus"},
        {"digest": "hourly"},
        {"digest": ""},
        {f"kind-{KIND}": ["pigeon"]},
        {"kind-digest": ["push"]},
    ],
)
def test_what_cannot_be_chosen_is_said_and_changes_nothing(env, member, browser_of, wrong):
    answer = browser_of(member()).post("/notices/preferences/", HOURS | wrong)
    assert answer.status_code == 200
    assert "needs your attention" in answer.text
    with open_scope(environment_id=env.pk):
        assert not Preference.objects.exists()
        assert not ChannelChoice.objects.exists()


def test_the_page_costs_the_same_whatever_was_chosen(env, member, browser_of, settings):
    counts = []
    for _time in range(2):
        who = member()
        browser = browser_of(who)
        if counts:
            browser.post("/notices/preferences/", HOURS)
        browser.get("/notices/preferences/")
        with CaptureQueriesContext(connection) as caught:
            browser.get("/notices/preferences/")
        counts.append(len(caught))
    # Without a choice of one's own the default of the environment is read as well.
    assert counts[1] <= counts[0] <= counts[1] + 1


# --- stopping by a letter ------------------------------------------------------------------------------------------
def stop_of(who, kind=KIND):
    with open_scope(environment_id=who.environment_id):
        return stop_path(person_id=who.person_id, kind=kind)


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
    who = member()
    strict = Client(HTTP_HOST="alpha.localhost", enforce_csrf_checks=True)
    for _twice in range(2):
        answer = strict.post(
            stop_of(who), "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code == 200
    with open_scope(environment_id=env.pk):
        assert ChannelChoice.objects.get().person_id == who.person_id


def test_a_token_of_a_neighbour_or_a_forged_one_is_nothing(env, other, member, browser_of):
    address = stop_of(member(environment=other))
    for path in (address, "/notices/unsubscribe/abc/", address[:-3] + "x/", stop_of(member(), "certificate")):
        assert browser_of(env).get(path).status_code == 404
        assert browser_of(env).post(path).status_code == 404


@pytest.mark.scoped
def test_the_same_key_in_another_environment_is_another_thing(env, other, member):
    tell(member(), mail=False)
    tell(member(environment=other), mail=False)
    notify(person_id=member().person_id, key="second", kind="certificate", title="Done")
    assert Notice.objects.count() == 2


def test_another_way_in_makes_other_links(env, member, monkeypatch):
    from ecosystem.registry import Registry

    ways = Registry()
    ways.register("lms", lambda person, path: f"https://lms.example.org/launch?to={path}" if person else None)
    monkeypatch.setattr("notifications.links.ways_in", ways)
    tell(member())
    with open_scope(environment_id=env.pk):
        mail = Mail.objects.get()
    assert "https://lms.example.org/launch?to=/memo/" in mail.text
    assert mail.stop_href.startswith("http://alpha.localhost:8000/notices/unsubscribe/")
