"""Discussions for other software: the same rules as on the pages, lists by cursor, and the same request twice is once."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from api.services import token_create
from courses.models import Enrolment, EnrolmentState
from ecosystem.gates import closed_among, closed_to
from tests.social.conftest import within

pytestmark = pytest.mark.django_db


class Caller:
    def __init__(self, who) -> None:
        with within(who):
            self.key = token_create(person=who.person, name="Test", scopes=("read", "write"))[1]
        self.client = Client(HTTP_HOST="alpha.localhost", HTTP_AUTHORIZATION=f"Bearer {self.key}")

    def get(self, path):
        return self.client.get(f"/api/v1/{path}")

    def send(self, path, said=None, method="post", **headers):
        body = json.dumps(said or {})
        return getattr(self.client, method)(f"/api/v1/{path}", body, "application/json", headers=headers)


def test_threads_and_posts_are_written_read_and_moderated(stage, author):
    it = stage(posts_first=True)
    lea, tom, eva = (Caller(one) for one in it.learners)
    guide = Caller(it.guide)
    said = {"discussion": "night-rounds", "circle": str(it.run.uid), "title": "Why?", "text": "Why <b>so</b>?"}
    made = [lea.send("threads/", said, **{"Idempotency-Key": "once"}) for _twice in range(2)]
    assert [one.status_code for one in made] == [201, 201]
    thread, opening = made[0].json(), made[0].json()["opening"]
    assert made[1].json()["uid"] == thread["uid"]
    assert opening["text"] == "Why <b>so</b>?"
    assert lea.get("threads/?discussion=night-rounds").json()["results"] == [thread]
    # Tom has not posted yet, Eva is in another run, the author in none.
    for who in (tom, eva, Caller(author)):
        assert who.get("threads/").json()["results"] == []
        assert who.get(f"threads/{thread['uid']}/").status_code == 404
        assert who.get(f"posts/{opening['uid']}/").status_code == 404
        assert who.send("posts/", {"thread": thread["uid"], "text": "x"}).status_code == 400
        assert who.send(f"posts/{opening['uid']}/hide/", {"why": "x"}).status_code == 404
    assert eva.send("threads/", said).json()["errors"]
    assert tom.send("threads/", said).status_code == 201
    reply = tom.send("posts/", {"thread": thread["uid"], "text": "Because."}).json()
    assert [one["uid"] for one in guide.get(f"posts/?thread={thread['uid']}").json()["results"]] == [
        opening["uid"], reply["uid"],
    ]  # fmt: skip
    assert tom.send(f"posts/{opening['uid']}/", {"text": "x"}, "patch").status_code == 400
    assert lea.send(f"posts/{opening['uid']}/", {"text": "Other"}, "patch").json()["text"] == "Other"
    assert tom.send(f"posts/{reply['uid']}/helpful/", {"is_helpful": True}).status_code == 400
    assert guide.send(f"posts/{reply['uid']}/helpful/", {"is_helpful": True}).json()["is_helpful"]
    assert guide.send(f"threads/{thread['uid']}/pin/", {"is_pinned": True}).json()["is_pinned"]
    assert guide.send(f"posts/{reply['uid']}/hide/", {"why": "It names a patient."}).json()["hidden_why"]
    assert lea.get(f"posts/{reply['uid']}/").json()["text"] == ""
    assert guide.send(f"posts/{reply['uid']}/show/").json()["text"] == "Because."
    assert lea.send(f"posts/{opening['uid']}/withdraw/").json()["gone"]
    seen = lea.get("discussions/night-rounds/").json()
    assert [(one["title"], one["is_learner"], one["is_guide"]) for one in seen["circles"]] == [("March", True, False)]
    assert (seen["completed_at"], lea.send("discussions/", {"title": "T", "markdown": "M"}).status_code) == (None, 403)
    assert Caller(author).send("discussions/night-rounds/", {"replies_asked": 3}, "patch").json()["replies_asked"] == 3


def test_a_locked_step_of_a_course_is_locked_over_the_api_too(stage):
    """As its page is; who guides reads on."""
    it = stage()
    lea, guide = Caller(it.learners[0]), Caller(it.guide)
    post = it.asks(it.learners[0])
    places = ("discussions/night-rounds/", f"threads/{post.thread.uid}/", f"posts/{post.uid}/")
    assert [lea.get(place).status_code for place in places] == [200] * 3
    with within(it.learners[0]):
        steps = [it.discussion.element, it.page]
        assert closed_among(it.learners[0], [one.pk for one in steps]) == {it.page.pk}
        assert [closed_to(it.learners[0], one) is None for one in steps] == [True, False]
    with within(it.manager):
        enrolments = Enrolment.objects.filter(person=it.learners[0].person)
        enrolments.update(state=EnrolmentState.PAUSED)
    assert [lea.get(place).status_code for place in places] == [403] * 3
    assert b"paused" in lea.get(places[0]).content
    for who, count in ((lea, 0), (guide, 1)):
        for place in ("threads/", "posts/"):
            assert len(who.get(place).json()["results"]) == count
    assert [one["slug"] for one in lea.get("discussions/").json()["results"]] == []
    assert [guide.get(place).status_code for place in places] == [200] * 3


def test_lists_cost_the_same_and_go_on_by_cursor(stage):
    it = stage()
    lea, tom = it.learners[:2]
    caller, counts = Caller(lea), []
    for number in range(2):
        for _some in range(1 + 2 * number):
            it.replies(tom, it.asks(lea))
        for path in ("threads/", "posts/"):
            caller.get(path)
            with CaptureQueriesContext(connection) as asked:
                assert caller.get(path).status_code == 200
            counts.append(len(asked))
    assert counts[:2] == counts[2:]
    page = caller.get("threads/?limit=3").json()
    onward = page["next"].partition("/api/v1/")[2]
    assert len({one["uid"] for one in page["results"] + caller.get(onward).json()["results"]}) == 4
