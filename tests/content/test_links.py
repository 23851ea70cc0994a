"""Links: looked at every week, never into our own network, the broken ones told of."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.utils import timezone

from content.exceptions import ContentError
from content.models import Link, LinkState
from content.services import (
    link_check,
    link_create,
    link_save,
    links_check_due,
)
from ecosystem.outbound import look
from ecosystem.scope import open_scope
from notifications.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(member):
    return member("author")


class Elsewhere(BaseHTTPRequestHandler):
    """Answers /<status>; /to/<n> leads n times further on."""

    def do_GET(self) -> None:
        last = self.path.rsplit("/", 1)[-1]
        if self.path.startswith("/to/"):
            left = int(last)
            self.send_response(302)
            self.send_header("Location", f"/to/{left - 1}" if left else "/200")
        else:
            self.send_response(int(last))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        return


@pytest.fixture
def elsewhere(settings):
    settings.WEBHOOKS_TO_THIS_MACHINE = True
    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def a_link(env, url, **other):
    with open_scope(environment_id=env.pk):
        return link_create(title="Elsewhere", url=url, creators=["Ada"], **other)


def looked(env, link) -> Link:
    with open_scope(environment_id=env.pk):
        Link.objects.filter(pk=link.pk).update(due_at=timezone.now())
    link_check(environment_id=env.pk, link_id=link.pk)
    with open_scope(environment_id=env.pk):
        return Link.objects.get(pk=link.pk)


def days(link: Link) -> float:
    return (link.due_at - link.checked_at).total_seconds() / 86400


def test_a_link_is_looked_at_every_week(env, elsewhere):
    link = looked(env, a_link(env, f"{elsewhere}/to/2"))
    assert (link.state, link.status) == ("fine", 200)
    assert 6 < days(link) < 8
    assert not link_check(environment_id=env.pk, link_id=link.pk), "it was looked at before its time"
    for status in (401, 403, 429):
        assert looked(env, a_link(env, f"{elsewhere}/{status}", slug=f"s{status}")).state == "fine"


def test_a_link_that_is_gone_is_broken_at_once_and_its_owner_hears_of_it_once(env, elsewhere, author):
    link = a_link(env, f"{elsewhere}/404", owner=author.person)
    for _again in range(2):
        found = looked(env, link)
    assert (found.state, found.status, found.failures) == ("broken", 404, 2)
    with open_scope(environment_id=env.pk):
        assert [row.person_id for row in Notice.objects.filter(kind="link-broken")] == [author.person_id]


def test_a_link_that_fails_is_asked_again_ever_more_seldom(env, elsewhere):
    link, waits, states = a_link(env, f"{elsewhere}/500"), [], []
    for _time in range(8):
        found = looked(env, link)
        waits.append(days(found))
        states.append(found.state)
    assert states == ["unsure"] * 3 + ["broken"] * 5
    assert [round(wait) for wait in waits[:3]] == [0, 0, 1]
    assert 6 < waits[3] < 8
    assert 25 < waits[-1] < 31


def test_another_address_is_looked_at_anew(env, elsewhere, author):
    link = looked(env, a_link(env, f"{elsewhere}/404"))
    with open_scope(environment_id=env.pk):
        link = Link.objects.select_related("element").get(pk=link.pk)
        link_save(link=link, by=author.person, url=f"{elsewhere}/200")
    assert links_check_due() == 1
    with open_scope(environment_id=env.pk):
        assert Link.objects.get().state == "fine"
    assert links_check_due() == 0


INSIDE = [
    "http://127.0.0.1/", "http://[::1]/", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://0/",
    "http://017700000001/", "http://[::ffff:127.0.0.1]/", "http://localhost/", "http://192.168.1.1/", "http://metadata.google.internal/",
]  # fmt: skip


@pytest.mark.parametrize("url", INSIDE)
def test_a54_nobody_looks_into_our_own_network(env, url, settings):
    settings.WEBHOOKS_TO_THIS_MACHINE = False
    assert look(url=url).status == 0


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "gopher://x/", "javascript:alert(1)", "https://a:b@x.example/", "", "x"]
)
def test_a54_only_addresses_of_the_web(env, url):
    with open_scope(environment_id=env.pk), pytest.raises(ContentError):
        link_create(title="x", url=url, creators=["Ada"])


def test_a55_a_redirect_into_our_network_is_not_followed(env, monkeypatch, elsewhere):
    asked = []

    def judge(target):
        asked.append(target.path)
        if len(asked) > 1:
            from ecosystem.outbound import UnsafeAddressError

            raise UnsafeAddressError("inside")
        return "127.0.0.1"

    monkeypatch.setattr("ecosystem.outbound.looking.resolve_target", judge)
    outcome = look(url=f"{elsewhere}/to/1")
    assert (outcome.status, outcome.error, asked) == (0, "unsafe", ["/to/1", "/to/0"])


def test_a56_redirects_end(elsewhere):
    assert look(url=f"{elsewhere}/to/3").error == "on and on"


@pytest.mark.parametrize("count", [1, 3])
def test_gardeners_see_broken_links_first(env, member, browser_of, elsewhere, count, django_assert_num_queries):
    for _number in range(count):
        a_link(env, f"{elsewhere}/200", slug=f"fine-{_number}")
    looked(env, a_link(env, f"{elsewhere}/410", slug="gone"))
    browser = browser_of(member("gardener"))
    browser.get("/content/links/")
    with django_assert_num_queries(9):
        page = browser.get("/content/links/")
    assert next(row.element.slug for row in page.context["page"].object_list) == "gone"
    assert browser.post("/content/gone/check/").status_code == 302
    learner = browser_of(member())
    assert learner.get("/content/links/").status_code == 404
    assert learner.post("/content/gone/check/").status_code == 404
    assert "may not work" in learner.get("/links/gone/").text


@pytest.mark.parametrize(
    ("error", "english", "dutch"),
    [
        ("no host", "no host of this name", "naam"),
        ("late", "No answer in time", "op tijd"),
        ("ConnectionError", "Nobody answers", "Niemand"),
    ],
)
def test_why_a_link_failed_is_said_in_the_language_of_the_reader(
    env, member, browser_of, elsewhere, error, english, dutch
):
    link = a_link(env, f"{elsewhere}/200")
    with open_scope(environment_id=env.pk):
        Link.objects.filter(pk=link.pk).update(error=error, state=LinkState.UNSURE, status=0)
    browser = browser_of(member("author"))
    assert english in browser.get("/content/links/").text
    browser.cookies["language"] = "nl"
    assert dutch in browser.get("/content/links/").text
