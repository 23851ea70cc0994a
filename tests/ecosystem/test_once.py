"""A form that is sent twice does once what it does; the same form on a page that was loaded anew is another."""

import re
import threading
import time

import pytest
from django.core.cache import cache
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory

from ecosystem.middleware import once
from ecosystem.middleware.once import OnceMiddleware
from ecosystem.models import Element
from ecosystem.scope import open_scope

pytestmark = pytest.mark.usefixtures("db")  # which also begins each with an empty cache


class Site:
    """Counts what reaches it, and answers with the next of ``answers``."""

    def __init__(self, *answers):
        self.answers, self.reached = list(answers), []
        self.once = OnceMiddleware(self.answer)

    def answer(self, request):
        self.reached.append(request)
        found = self.answers[min(len(self.reached), len(self.answers)) - 1]
        return found() if callable(found) else found

    def post(self, path="/x/", *, session="s", **fields):
        request = RequestFactory().post(path, {"csrfmiddlewaretoken": "of-this-form", **fields})
        request.COOKIES["session"] = session
        return self.once(request)


def led_to(where="/done/"):
    return HttpResponseRedirect(where)


def test_a_form_of_a_page_makes_one_thing_however_often_it_is_sent(env, member, browser_of):
    browser = browser_of(member("author"))
    typed = {"title": "Knots", "language": "en"}
    answers = []
    for _page in range(2):
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get("/banks/new/").text)[1]
        answers += [browser.post("/banks/new/", {**typed, "csrfmiddlewaretoken": token}) for _twice in range(2)]
    assert [answer.status_code for answer in answers] == [302] * 4
    where = [answer.headers["Location"] for answer in answers]
    assert (where[0], where[2]) == (where[1], where[3])
    with open_scope(environment_id=env.pk):
        assert Element.objects.filter(kind="question_bank").count() == 2  # one for each page that was opened


def test_only_the_same_again_is_remembered():
    site = Site(led_to)
    for _twice in range(2):
        assert site.post(a="1").headers["Location"] == "/done/"
    assert len(site.reached) == 1
    site.post(a="2")  # other content, and then the first once more: what came in between counts
    site.post(a="1")
    assert len(site.reached) == 3
    site.post(a="1", session="of somebody else")
    site.post("/x/?y=1", a="1")
    assert len(site.reached) == 5


@pytest.mark.parametrize(
    "answer",
    [
        lambda: HttpResponse("a page with mistakes"),
        lambda: HttpResponse(status=503),
        lambda: with_cookie(led_to()),
    ],
)
def test_what_led_nowhere_is_done_again(answer):
    site = Site(answer)
    site.post()
    site.post()
    assert len(site.reached) == 2


def with_cookie(answer):
    answer.set_cookie("theme", "dark")
    return answer


def test_signing_in_is_left_alone_and_nothing_is_remembered_without_redis(monkeypatch):
    site = Site(led_to)
    site.post("/accounts/login/")
    site.post("/accounts/login/")
    assert len(site.reached) == 2
    monkeypatch.setattr(cache, "_cache", type(cache._cache)(["redis://127.0.0.1:1/0"], socket_connect_timeout=0.2))
    site.post()
    site.post()
    assert len(site.reached) == 4


def test_the_second_waits_for_the_first(monkeypatch):
    began, may_end, seen = threading.Event(), threading.Event(), []

    def slowly():
        began.set()
        assert may_end.wait(30)
        return led_to("/slow/")

    site = Site(slowly)
    first = threading.Thread(target=lambda: seen.append(site.post()), daemon=True)
    first.start()
    assert began.wait(30)
    # Once the second has found that it has to wait, the first may end.
    monkeypatch.setattr(once.time, "sleep", lambda seconds, real=time.sleep: (may_end.set(), real(seconds)))
    assert site.post().headers["Location"] == "/slow/"
    first.join(30)
    assert (len(site.reached), len(seen)) == (1, 1)
