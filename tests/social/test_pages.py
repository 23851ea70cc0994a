"""Discussions on pages: built in passing, taken on a phone without JavaScript, moderated; strangers get 404, lists cost the same."""

import html
import re
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import courses.selectors.circles
from courses.models import Enrolment, RunRole
from courses.services.many import enrolment_withdraw
from courses.services.runs import run_guide_add
from notifications.models import Notice
from social.models import Discussion, Post, Thread, ThreadSeen
from social.selectors import rooms
from social.services import post_withdraw
from tests.social.conftest import within

pytestmark = pytest.mark.django_db
ROUNDS = "/discussions/night-rounds/"
FIELDS = {
    "title": "What to do", "markdown": "## Talk\n<script>x</script>", "threads_asked": "1", "replies_asked": "2", "posts_first": "on",
}  # fmt: skip


def test_an_author_makes_and_changes_one(author, member, browser_of):
    desk = browser_of(author)
    assert desk.post("/prompts/new/", {**FIELDS, "threads_asked": "0", "replies_asked": "0"}).status_code == 400
    assert desk.post("/prompts/new/", FIELDS).headers["Location"] == "/prompts/what-to-do/"
    assert b"What to do" in desk.get("/prompts/").content
    assert desk.post("/prompts/what-to-do/", {**FIELDS, "replies_asked": "99"}).status_code == 400
    assert desk.post("/prompts/what-to-do/", {**FIELDS, "title": "Else", "replies_asked": "1"}).status_code == 302
    with within(author):
        row = Discussion.objects.select_related("element").get()
    assert (row.element.title, row.replies_asked, row.posts_first) == ("Else", 1, True)
    page = desk.get("/discussions/what-to-do/")
    assert b"<script>x" not in page.content
    assert b"You are in none of them" in page.content
    learner = browser_of(member())
    assert learner.get("/prompts/what-to-do/").status_code == 404
    assert learner.get("/discussions/nothing/").status_code == 404


def test_people_of_a_run_talk_and_nobody_else_reads_it(stage, browser_of, member, other):
    it = stage()
    lea, tom, eva = (browser_of(one) for one in it.learners)
    page = lea.get("/discussions/night-rounds/?next=/courses/nights/")
    assert b"Begin 1 thread (0 so far)" in page.content
    here = {"circle": str(it.run.uid)}
    assert lea.post("/discussions/night-rounds/", {**here, "title": "", "text": "x"}).status_code == 400
    said = {**here, "title": "Who <b>sleeps</b>?", "text": "<script>alert(1)</script>\nhttps://example.org/a?b=1"}
    at = lea.post("/discussions/night-rounds/", said).headers["Location"].partition("?")[0]
    shown = tom.get(at).content
    assert b"<script>alert" not in shown
    assert b"<b>sleeps" not in shown
    assert b'<a href="https://example.org/a?b=1" rel="nofollow">' in shown
    assert b"Who &lt;b&gt;sleeps" in shown
    assert b"sleeps" not in eva.get("/discussions/night-rounds/").content
    stranger = browser_of(member("learner", environment=other))
    with within(it.guide):
        post = Post.objects.get()
    for who in (eva, stranger, browser_of(member("learner"))):
        assert who.get(at).status_code == 404
        assert who.post(at, {"text": "x"}).status_code == 404
        for act in ("", "withdraw/", "hide/", "show/", "helpful/"):
            assert who.post(f"/discussions/posts/{post.uid}/{act}", {"text": "x", "why": "x"}).status_code == 404
        assert who.post(f"{at}pin/", {"is": "yes"}).status_code == 404
    for act in ("", "withdraw/", "hide/", "show/", "helpful/"):
        assert tom.post(f"/discussions/posts/{post.uid}/{act}", {"text": "x", "why": "x"}).status_code == 404
    assert b">New<" in browser_of(it.guide).get("/discussions/night-rounds/").content
    assert b">New<" not in tom.get("/discussions/night-rounds/").content
    assert tom.post(at, {"text": "Nobody."}).status_code == 302
    assert b">New<" in lea.get("/discussions/night-rounds/").content
    onward = lea.post(f"{at}?next=/courses/nights/", {"text": "Really?"}).headers["Location"]
    assert "next=%2Fcourses%2Fnights%2F" in onward
    assert b'href="/courses/nights/"' in lea.get(onward.partition("#")[0]).content
    page = lea.get("/discussions/night-rounds/?next=/courses/nights/").content
    assert b"You have done this" in page
    assert b'href="/courses/nights/"' in page


def test_a_thread_goes_to_those_whom_the_page_named_or_nowhere(stage, browser_of, monkeypatch):
    it = stage()
    with within(it.manager):
        run_guide_add(run=it.other_run, person=it.guide.person, role=RunRole.INSTRUCTOR, by=it.manager)
    desk = browser_of(it.guide)
    it.asks(it.learners[0], title="In March")
    # The list of runs ends somewhere; one that is named is found all the same.
    monkeypatch.setattr(courses.selectors.circles, "MOST", 1)
    page = desk.get(f"{ROUNDS}?in={it.run.uid}&next=/courses/nights/").content.decode()
    assert "In March" in page
    assert f'name="circle" value="{it.run.uid}"' in page
    assert f'href="?in={it.run.uid}&amp;next=%2Fcourses%2Fnights%2F"' in page
    said = {"title": "T", "text": "For March only"}
    for wrong in ({}, {"circle": "x", "title": ""}, {"circle": str(UUID(int=1))}):
        refused = desk.post(f"{ROUNDS}?in={it.run.uid}", {**said, **wrong})
        assert (refused.status_code, b"Look who would see it" in refused.content) == (400, True)
        assert b"For March only" in refused.content
    # The page was opened for March; May is what was last written in by now.
    it.asks(it.learners[2], title="In May", run=it.other_run)
    at = desk.post(ROUNDS, {**said, "circle": str(it.run.uid)}).headers["Location"].partition("?")[0]
    with within(it.guide):
        assert Post.objects.select_related("thread__room").get(text=said["text"]).thread.room.circle == it.run.uid
    assert browser_of(it.learners[0]).get(at).status_code == 200
    assert browser_of(it.learners[2]).get(at).status_code == 404


def test_own_words_are_changed_and_withdrawn_and_who_guides_hides(stage, browser_of):
    it = stage()
    lea, tom = it.learners[:2]
    asked = it.asks(lea)
    answer = it.replies(tom, asked)
    at, mine = f"/discussions/threads/{asked.thread.uid}/", browser_of(lea)
    assert mine.post(f"/discussions/posts/{asked.uid}/", {"title": "", "text": "x"}).status_code == 400
    assert mine.post(f"/discussions/posts/{asked.uid}/", {"title": "Other", "text": "Words"}).status_code == 302
    assert b"Words" in mine.get(at).content
    desk = browser_of(it.guide)
    assert desk.post(f"/discussions/posts/{answer.uid}/helpful/", {"is": "yes"}).status_code == 302
    assert desk.post(f"{at}pin/", {"is": "yes"}).status_code == 302
    assert b"Helpful" in mine.get(at).content
    assert b"At the top" in mine.get("/discussions/night-rounds/").content
    assert desk.post(f"/discussions/posts/{answer.uid}/hide/", {"why": ""}).status_code == 400
    assert b"Because." in desk.get(f"/discussions/posts/{answer.uid}/hide/").content
    assert desk.post(f"/discussions/posts/{answer.uid}/hide/", {"why": "It names a patient."}).status_code == 302
    assert b"Because." not in mine.get(at).content
    assert b"names a patient" in browser_of(tom).get(at).content
    assert desk.post(f"/discussions/posts/{answer.uid}/show/").status_code == 302
    assert mine.post(f"/discussions/posts/{asked.uid}/withdraw/").status_code == 302
    page = browser_of(tom).get(at).content
    assert b"Withdrawn by its author" in page
    assert b"takes no more replies" in page


def test_the_way_on_goes_along_with_what_is_done_in_a_thread(stage, browser_of):
    it = stage()
    lea, tom = it.learners[:2]
    asked = it.asks(lea)
    answer = it.replies(tom, asked)
    onward = "?next=%2Fcourses%2Fnights%2F"
    at, desk, mine = f"/discussions/threads/{asked.thread.uid}/", browser_of(it.guide), browser_of(lea)
    shown = mine.get(at + onward).text
    assert f'/discussions/posts/{asked.uid}/{onward}"' in shown
    assert f'href="{at}{onward}"' in mine.get(f"/discussions/posts/{asked.uid}/{onward}").text
    done = [mine.post(f"/discussions/posts/{asked.uid}/{onward}", {"title": "Other", "text": "Words"})]
    for place, data in (
        (f"{at}pin/", {"is": "yes"}),
        (f"/discussions/posts/{answer.uid}/helpful/", {"is": "yes"}),
        (f"/discussions/posts/{answer.uid}/hide/", {"why": "x"}),
        (f"/discussions/posts/{answer.uid}/show/", {}),
    ):
        done.append(desk.post(place + onward, data))
    done.append(mine.post(f"/discussions/posts/{asked.uid}/withdraw/{onward}"))
    assert [one.headers["Location"].partition("#")[0] for one in done] == [at + onward] * 6
    elsewhere = desk.post(f"{at}pin/?next=https://evil.example/", {"is": "no"})
    assert elsewhere.headers["Location"] == at


def test_own_posts_and_what_waits_for_an_answer(stage, browser_of, monkeypatch):
    it = stage()
    lea, tom, eva = it.learners
    page, guide, where = browser_of(lea), browser_of(it.guide), "/discussions/posts/mine/"

    def costs(browser) -> int:
        browser.get(where)
        with CaptureQueriesContext(connection) as asked:
            browser.get(where)
        return len(asked)

    asked, waits = it.asks(lea, title="Mine"), it.asks(tom, title="Waits")
    it.asks(eva, title="Far", run=it.other_run)
    it.replies(lea, waits, "Words 1")
    shown = page.get(where).text
    assert [words in shown for words in ("Reply in “Waits”", "Every thread of the others")] == [True, True]
    it.asks(tom, title="Open 1")
    one = costs(page)
    for number in range(2, 5):
        it.replies(lea, waits, f"Words {number}")
        it.asks(tom, title=f"Open {number}", text="Secret")
    gone = it.asks(tom, title="Gone")
    with within(tom):
        post_withdraw(post=gone, by=tom)
    assert costs(page) == one
    shown = page.get(where).text
    assert re.findall(r">(Open \d|Mine|Waits|Gone|Far)</a>", shown) == ["Open 4", "Open 3", "Open 2", "Open 1", "Mine"]
    assert f'href="/discussions/threads/{asked.thread.uid}/"' in shown
    # Who guides has the same of their run; another run is somebody else's.
    shown = guide.get(where).text
    assert (re.findall(r">(Open \d|Mine|Waits|Gone|Far)</a>", shown), "Nothing so far" in shown) == (
        ["Open 4", "Open 3", "Open 2", "Open 1", "Mine"],
        True,
    )
    assert "Secret" not in browser_of(eva).get(where).text
    monkeypatch.setattr(rooms, "PER_PAGE", 2)
    assert _all_of(page, where, r"<p>(Words \d|Why so\?)</p>") == [
        "Words 4",
        "Words 3",
        "Words 2",
        "Words 1",
        "Why so?",
    ]
    with within(lea):
        last = Post.objects.get(text="Words 4")
    place = re.search(rf'href="([^"]+)#{last.uid}"', page.get(where).text)
    assert b"Words 4" in page.get(html.unescape(place[1])).content
    left = page.post(f"/discussions/posts/{last.uid}/withdraw/", {"from": "mine"})
    assert (left.headers["Location"], "Words 4" in page.get(where).text) == (where, False)
    # What is closed to somebody is no thread to answer, and words of one's own stay to be withdrawn where one has left.
    with within(it.manager):
        enrolment_withdraw(enrolment=Enrolment.objects.get(person=lea.person), by=it.manager)
    shown = page.get(where).text
    assert ("Open 4" in shown, "Words 3" in shown, "You take no part there any more" in shown) == (False, True, True)


def test_who_posts_first_sees_only_their_own_until_then(stage, browser_of):
    it = stage(posts_first=True)
    lea, tom = it.learners[:2]
    asked = it.asks(lea, title="Secret answer")
    page = browser_of(tom)
    assert b"Secret answer" not in page.get("/discussions/night-rounds/").content
    assert page.get(f"/discussions/threads/{asked.thread.uid}/").status_code == 404
    it.asks(tom)
    assert b"Secret answer" in page.get("/discussions/night-rounds/").content


def test_pages_go_on_by_cursor_and_cost_the_same(stage, browser_of, monkeypatch):
    it = stage()
    lea, tom = it.learners[:2]
    first = it.asks(lea, title="Thread 0")
    it.replies(tom, first, "Reply 0")
    page, places = browser_of(lea), ("/discussions/night-rounds/", f"/discussions/threads/{first.thread.uid}/")

    def costs() -> list[int]:
        found = []
        for place in places:
            page.get(place)
            with CaptureQueriesContext(connection) as asked:
                page.get(place)
            found.append(len(asked))
        return found

    one = costs()
    for number in range(1, 5):
        it.asks(tom, title=f"Thread {number}")
        it.replies(tom, first, f"Reply {number}")
    assert costs() == one
    monkeypatch.setattr(rooms, "PER_PAGE", 2)
    # The last reply was in the first thread.
    assert _all_of(page, places[0], r">Thread (\d)</a>") == ["0", "4", "3", "2", "1"]
    assert b"&amp;next=%2Fcourses%2Fnights%2F" in page.get(f"{places[1]}?next=/courses/nights/").content
    assert _all_of(page, places[1], r"<p>Reply (\d)</p>") == ["0", "1", "2", "3", "4"]
    assert page.get(f"{places[0]}?after=nonsense").status_code == 200
    # A post is found on its part of the thread, and what was on later parts is not read yet.
    desk = browser_of(it.guide)
    assert b"Reply 1" not in desk.get(places[1]).content
    with within(it.guide):
        seen = ThreadSeen.objects.get(person=it.guide.person, thread=first.thread)
        assert seen.seen_at < Thread.objects.get(pk=first.thread_id).last_at
    at = desk.post(places[1], {"text": "Reply 5"}).headers["Location"]
    shown = page.get(at.partition("#")[0]).content
    assert (b"Reply 5" in shown, b"Reply 4" in shown, b"Reply 0" in shown) == (True, False, False)
    assert at.partition("#")[2].encode() in shown
    with within(lea):
        told = Notice.objects.filter(kind="discussion-reply", person=lea.person).latest("pk")
        seen_to = ThreadSeen.objects.get(person=lea.person, thread=first.thread).seen_at
    assert at.startswith(told.href.partition("#")[0])
    page.get(places[1])
    with within(lea):
        assert ThreadSeen.objects.get(person=lea.person, thread=first.thread).seen_at == seen_to


def test_own_words_are_withdrawn_also_where_one_takes_part_no_more(stage, browser_of):
    it = stage()
    lea = it.learners[0]
    posts = [it.asks(lea), it.asks(lea), it.asks(it.learners[1])]
    with within(it.manager):
        enrolment_withdraw(enrolment=Enrolment.objects.get(person=lea.person), by=it.manager)
    mine = browser_of(lea)
    assert mine.get(f"/discussions/threads/{posts[0].thread.uid}/").status_code == 404
    assert mine.post(f"/discussions/posts/{posts[0].uid}/withdraw/").headers["Location"] == "/"
    assert mine.post(f"/api/v1/posts/{posts[1].uid}/withdraw/").json()["gone"]
    assert mine.post(f"/discussions/posts/{posts[2].uid}/withdraw/").status_code == 404
    assert mine.post(f"/api/v1/posts/{posts[2].uid}/withdraw/").status_code == 404
    with within(lea):
        assert [Post.objects.get(pk=one.pk).text for one in posts] == ["", "", "Why so?"]


def _all_of(page, place, pattern) -> list[str]:
    """What matches on a page and those it goes on to."""
    found, address = [], place
    while address:
        shown = page.get(address).content.decode()
        found += re.findall(pattern, shown)
        onward = re.search(r'href="(\?after=[^"]+)"', shown)
        address = place + html.unescape(onward[1]) if onward else ""
    return found
