"""Hand-ins on pages and over the API: two rounds, bad input is told, strangers get nothing, lists cost the same."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.services import token_create
from ecosystem.personal_data import declarations
from handins.models import Assignment, HandinFile, Mark, Round, Submission
from handins.selectors import queue_pages as queue_of
from handins.services import mark_give
from tests.handins.conftest import levels, pdf, within

pytestmark = pytest.mark.django_db
FIELDS = {
    "title": "Night plan", "markdown": "## Plan\n<script>x</script>", "ways": ["text", "files"], "most_files": "3",
    "most_mb": "20", "most_rounds": "3", "pass_mark": "50", "completed_by": "passed", "honour": "My own work",
}  # fmt: skip


def test_a_whole_hand_in_with_two_rounds_on_pages(author, member, marker, browser_of):
    desk, learner = browser_of(author), browser_of(member(name="Lea"))
    bad = {**FIELDS, "endings": "exe", "due_at": "2031-05-05T10:00", "closes_at": "2031-05-04T10:00"}
    assert desk.post("/assignments/new/", bad).status_code == 400
    assert not Assignment._base_manager.exists()
    assert desk.post("/assignments/new/", FIELDS).headers["Location"] == "/assignments/night-plan/"
    assert desk.post("/assignments/night-plan/rubric/", {"text": "Care: only one 1"}).status_code == 400
    twice = desk.post("/assignments/night-plan/rubric/", {"text": "Care: no 0, yes 1\ncare: low 0, high 1"})
    assert (twice.status_code, "Give each criterion another name." in twice.text) == (400, True)
    rubric = {"text": "Care (2): no 0, yes 1\nClarity: no 0, yes 1"}
    assert desk.post("/assignments/night-plan/rubric/", rubric).status_code == 302
    assert b"Care (2): no 0, yes 1" in desk.get("/assignments/night-plan/").content

    page = learner.get("/handins/night-plan/").content
    assert b"<script>x" not in page
    learner.post("/handins/night-plan/", {"do": "begin"})
    refused = learner.post("/handins/night-plan/", {"do": "submit", "text": "I will", "files": pdf("a.exe")})
    assert refused.status_code == 400
    assert b"I will" in refused.content
    learner.post("/handins/night-plan/", {"do": "save", "text": "I will walk", "files": pdf()})
    page = learner.get("/handins/night-plan/").content
    assert b"I will walk" in page
    assert b"plan.pdf" in page
    assert b"You have begun it." in learner.get("/").content
    assert (
        learner.post("/handins/night-plan/", {"do": "submit", "text": "I will walk"}).status_code == 400
    )  # no declaration
    done = learner.post("/handins/night-plan/", {"do": "submit", "text": "I will walk", "declares": "yes"}, follow=True)
    assert b"Take it back" in done.content
    with within(author):
        round, file = Round.objects.get(), HandinFile.objects.get()
    answer = learner.get(f"/handins/files/{file.uid}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert (answer["Content-Security-Policy"], answer["Content-Type"]) == (
        "default-src 'none'; sandbox", "application/pdf",
    )  # fmt: skip

    review = browser_of(marker)
    assert b"1 hand-in to review" in review.get("/").content
    assert b"Lea" in review.get("/reviewing/").content
    path = f"/reviewing/{round.uid}/"
    review.post(path, {"do": "begin"})
    assert b"Take it back" not in learner.get("/handins/night-plan/").content
    assert review.post(path, {"do": "mark", "level_0": "0"}).status_code == 400
    review.post(path, {"do": "mark", "level_0": "0", "level_1": "1", "comment_0": "For whom?"})
    assert b"For whom?" not in learner.get("/handins/night-plan/").content
    assert b"<span>being marked</span>" in learner.get("/handins/").content  # not that it has its mark
    assert str(round.uid).encode() in review.get("/reviewing/?state=marked").content
    asked = review.post("/reviewing/release/", {"round": [str(round.uid), "nonsense"]})
    assert b"This cannot be undone" in asked.content
    assert b"For whom?" not in learner.get("/handins/night-plan/").content
    review.post("/reviewing/release/", {"round": [str(round.uid), "nonsense"], "sure": "yes"})
    assert b"For whom?" in learner.get("/handins/night-plan/").content
    learner.post("/handins/night-plan/", {"do": "begin"})
    learner.post("/handins/night-plan/", {"do": "submit", "text": "I walk for Ann", "declares": "yes"})
    with within(author):
        second = Round.objects.get(number=2)
    path = f"/reviewing/{second.uid}/"
    assert b"For whom?" in review.get(path).content  # the round before stands beside it
    review.post(path, {"do": "release", "level_0": "1", "level_1": "1"})
    page = learner.get("/handins/night-plan/").content
    assert b"Round 2 improved on 1 of 2." in page
    assert b"You have passed this." in page
    assert b"Night plan" in learner.get("/me/transcript/").content
    assert review.post(path, {"do": "mark", "level_0": "0", "level_1": "1"}).status_code == 400  # says not why
    review.post(path, {"do": "mark", "level_0": "0", "level_1": "1", "because": "Mixed up"})
    assert b"Mixed up" in learner.get("/handins/night-plan/").content
    assert b"Open it again" in review.get(path).content
    review.post(f"{path}reopen/", {"because": "Once more"})
    with within(author):
        assert Submission.objects.get().is_open


def test_strangers_find_nothing(make_assignment, handed_in, member, browser_of, other):
    round = handed_in(make_assignment(), member())
    for who in (member(), member("admin", environment=other)):
        browser = browser_of(who)
        for path in (f"/reviewing/{round.uid}/", "/assignments/my-plan/", "/reviewing/my-plan/extensions/"):
            assert browser.get(path).status_code == 404, path
    assert browser.get("/handins/my-plan/").status_code == 404


def test_a_file_is_for_its_learner_and_whoever_marks_it_once_it_is_handed_in(
    make_assignment, member, marker, browser_of, other
):
    learner = member()
    make_assignment(title="Mine")
    own = browser_of(learner)
    own.post("/handins/mine/", {"do": "begin"})
    own.post("/handins/mine/", {"do": "save", "text": "", "files": pdf()})
    with within(learner):
        path = f"/handins/files/{HandinFile.objects.get().uid}/"
    assert own.get(path).status_code == 200
    others = [member(), marker, member("admin", environment=other)]
    assert [browser_of(who).get(path).status_code for who in others] == [404, 404, 404]
    own.post("/handins/mine/", {"do": "submit", "text": ""})
    assert [browser_of(who).get(path).status_code for who in others] == [404, 200, 404]


def test_the_queue_costs_the_same_for_one_and_many_and_goes_on_where_it_ended(
    make_assignment, handed_in, member, marker, browser_of, monkeypatch
):
    assignment, desk = make_assignment(), browser_of(marker)
    first = handed_in(assignment, member())

    def costs() -> list[int]:
        found = []
        for path in ("/reviewing/", f"/reviewing/{first.uid}/"):
            desk.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert desk.get(path).status_code == 200
            found.append(len(queries))
        return found

    one = costs()
    rounds = [first, *(handed_in(assignment, member()) for _number in range(4))]
    assert costs() == one
    for state in (*queue_of.STATES, queue_of.MODERATE):
        for whose in queue_of.WHOSE:
            page = desk.get(f"/reviewing/?state={state}&whose={whose}&of=my-plan&after={first.uid}").text
            seen = [f"/reviewing/{row.uid}/" in page for row in rounds[:2]]
            assert seen == [False, state == "waiting" and whose != "mine"]
    monkeypatch.setattr(queue_of, "PER_PAGE", 2)
    with within(marker):
        seen, after = [], None
        while True:
            page = queue_of.queue_page(queue_of.Part(marker), after=after)
            seen += [row.uid for row in page.rows]
            if page.after is None:
                break
            after = page.after
    assert seen == [round.uid for round in rounds]


def test_over_the_api(author, marker, member, env, client):
    learner = member()

    def call(who, method, path, body=None):
        with within(who):
            secret = token_create(person=who.person, name="t", scopes=["read", "write"])[1]
        return client.generic(
            method, f"/api/v1/{path}", data=json.dumps(body or {}), content_type="application/json",
            headers={"host": f"{env.slug}.localhost", "authorization": f"Bearer {secret}"},
        )  # fmt: skip

    made = call(author, "POST", "assignments/", {"title": "Plan", "markdown": "Write", "completed_by": "submitted"})
    assert made.status_code == 201, made.content
    assert call(learner, "POST", "assignments/", {"title": "Plan", "markdown": "Write"}).status_code == 403
    criteria = [{"title": "Care", "levels": [{"title": "no", "points": 0}, {"title": "yes", "points": 1}]}]
    rubric = call(author, "POST", "assignments/plan/rubric/", {"criteria": criteria}).json()["rubric"]
    assert (rubric["version"], rubric["criteria"][0]["weight"]) == (1, 1)
    draft = call(learner, "POST", "handins/", {"assignment": "plan", "text": "One"})
    uid = draft.json()["uid"]
    assert call(marker, "GET", f"handins/{uid}/").status_code == 404  # a draft is nobody else's
    assert call(learner, "PATCH", f"handins/{uid}/", {"link": "javascript:alert(1)"}).status_code == 400
    assert call(learner, "PATCH", f"handins/{uid}/", {"text": "Two"}).json()["text"] == "Two"
    assert call(learner, "POST", f"handins/{uid}/submit/").json()["state"] == "submitted"
    assert call(learner, "POST", f"handins/{uid}/withdraw/").json()["state"] == "draft"
    call(learner, "POST", f"handins/{uid}/submit/")
    assert call(learner, "POST", f"handins/{uid}/mark/", {"levels": {"0": 1}, "passed": True}).status_code == 403
    assert call(marker, "POST", f"handins/{uid}/review/").json()["state"] == "reviewing"
    mark = call(marker, "POST", f"handins/{uid}/mark/", {"levels": {"0": 1}, "passed": True})
    assert mark.json()["score"] == 1, mark.content
    assert call(learner, "GET", f"handins/{uid}/").json()["marks"] == []
    assert call(learner, "POST", "handins/release/", {"rounds": [uid]}).status_code == 403
    assert call(marker, "POST", "handins/release/", {"rounds": [uid]}).json() == {"released": 1}
    assert call(learner, "GET", f"handins/{uid}/").json()["marks"][0]["passed"] is True
    assert call(marker, "POST", f"handins/{uid}/reopen/", {"because": "More"}).status_code == 200
    assert call(member(), "GET", f"handins/{uid}/").status_code == 404


def test_what_was_written_goes_when_somebody_is_erased(make_assignment, handed_in, member, marker):
    round = handed_in(make_assignment(), member())
    with within(marker):
        mark_give(round=round, levels=levels(1, 1, 1, 1), comment="Good", by=marker)
        known = {one.model: one for one in declarations()}
        Mark.objects.filter(known[Mark].rows(round.person)).update(**known[Mark].blank)
        Round.objects.filter(known[Round].rows(round.person)).update(**known[Round].blank)
        assert (Mark.objects.get().comment, Round.objects.get().text) == ("", "")
