"""Files of answers: over the API, opened by their learner and whoever marks, and two at the same moment."""

import threading
import time
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections

from assessments.models import Answer, AnswerFile
from assessments.question_types.file_upload import files_in
from assessments.services import Sent, answer_files, answer_save, assessment_set, attempt_finish, attempt_start
from assessments.services.answer_files import answer_file_add
from ecosystem.scope import open_scope
from tests.assessments.answering import BODIES, make_assessment
from tests.assessments.sample_questions import BODIES as SAMPLES
from tests.handins.test_anonymous import NAME, a_pdf

pytestmark = pytest.mark.usefixtures("own_media")
PDF = a_pdf()


def pdf(name: str = "ada.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def quiz(monkeypatch):
    monkeypatch.setitem(BODIES, "file_upload", SAMPLES["file_upload"])

    def make(by, **settings):
        return assessment_set(
            assessment=make_assessment("file_upload", "single"), by=by.person, people_mark=True, **settings
        )

    return make


@pytest.mark.django_db
def test_other_software_hands_in_and_whoever_marks_opens_it(env, other, quiz, member, browser_of, monkeypatch):
    learner, marker = member(), member("instructor")
    with open_scope(environment_id=env.pk, person_id=learner.person_id):
        attempt = attempt_start(assessment=quiz(marker), person_id=learner.person_id)
    api, path = browser_of(learner), f"/api/v1/attempts/{attempt.uid}/"

    def send(upload, position=1, browser=api):
        return browser.post(f"{path}files/", {"position": position, "upload": upload} if upload else {})

    first = send(pdf())
    assert (first.status_code, first.json()["name"], first.json()["size"]) == (201, "ada.pdf", len(PDF))
    for refused in (
        send(pdf(content=b"<script>")),
        send(pdf("x.html", b"<p>x")),
        send(pdf(content=b"")),
        send(pdf("../../etc/" + "x" * 400 + ".pdf")),
        send(pdf(), position=2),
        send(pdf(), position="one"),
        send(None),
    ):
        assert 400 <= refused.status_code < 410, refused.content
        assert refused["Content-Type"] == "application/problem+json"
    assert send(pdf(), position=9).status_code == 404
    assert send(pdf("two.pdf")).status_code == 201
    assert "No more files" in send(pdf("three.pdf")).json()["detail"]
    asked = api.get(f"{path}questions/").json()["results"][0]
    assert ([one["name"] for one in asked["files"]], asked["most_files"], asked["endings"]) == (
        ["ada.pdf", "two.pdf"],
        2,
        ["pdf"],
    )
    kept, taken_back = (one["path"] for one in asked["files"])
    strangers = [browser_of(member()), browser_of(member("instructor", environment=other))]
    for stranger in strangers:
        assert send(pdf(), browser=stranger).status_code == 404
        assert stranger.get(kept).status_code == 404
    marking = browser_of(marker)
    assert marking.get(kept).status_code == 404  # it still runs
    api.post(
        f"{path}answers/",
        {"items": [{"position": 1, "fields": {"answer": [asked["files"][0]["uid"]]}}]},
        content_type="application/json",
    )
    monkeypatch.setattr(answer_files, "KEPT_PER_PLACE", 1)  # what was taken back is kept, so it counts
    assert "too many files" in send(pdf()).json()["detail"]
    assert api.post(f"{path}finish/").status_code == 200
    assert "finished" in send(pdf()).json()["detail"]
    opened = marking.get(kept)
    assert (opened.status_code, b"".join(opened.streaming_content)) == (200, PDF)
    assert opened["Content-Disposition"] == 'attachment; filename="ada.pdf"'
    assert "sandbox" in opened["Content-Security-Policy"]
    assert marking.get(taken_back).status_code == 404
    assert {browser.get(kept).status_code for browser in strangers} == {404}
    (waits,) = marking.get("/api/v1/marking/").json()["results"]
    assert [one["path"] for one in waits["files"]] == [kept]
    for page in (marking.get(f"/marking/{waits['id']}/"), api.get(f"/attempts/{attempt.uid}/review/")):
        assert f'href="{kept}"' in page.text
        assert "ada.pdf" in page.text
    with open_scope(environment_id=env.pk):
        assessment_set(assessment=attempt.assessment, by=marker.person, anonymous_marking=True)
    nameless = marking.get(kept)
    assert nameless["Content-Disposition"] == 'attachment; filename="1.pdf"'
    assert (NAME in PDF, NAME in nameless.content) == (True, False)
    assert b"".join(api.get(kept).streaming_content) == PDF
    assert "ada.pdf" not in marking.get(f"/marking/{waits['id']}/").text


@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize("naive", [False, True])
def test_of_two_files_at_the_same_moment_both_are_named(env, quiz, member, monkeypatch, naive):
    """The naive control reads what is named before the other is: it names one."""
    learner, author = member(), member("author")
    with open_scope(environment_id=env.pk, person_id=learner.person_id):
        attempt = attempt_start(assessment=quiz(author), person_id=learner.person_id)
    facts = {"attempt_uid": attempt.uid, "person_id": learner.person_id, "position": 1}
    if naive:
        monkeypatch.setattr("assessments.services.answer_files._answer", _unheld(threading.Barrier(2)))

    def hand_in(name: str) -> None:
        with open_scope(environment_id=env.pk, person_id=learner.person_id):
            answer_file_add(**facts, upload=pdf(name))

    both(lambda: hand_in("a.pdf"), lambda: hand_in("b.pdf"))
    with open_scope(environment_id=env.pk, person_id=learner.person_id):
        named = files_in(Answer.objects.get(attempt=attempt, position=1).response)
        assert AnswerFile.objects.count() == 2
        assert len(named) == (1 if naive else 2)
        assert attempt_finish(attempt_uid=attempt.uid, person_id=learner.person_id).waiting == 1


def _unheld(barrier: threading.Barrier):
    def answer(attempt_uid, person_id, position, *, hold=False):
        rows = Answer.objects.select_related("version", "attempt", "attempt__assessment")
        found = rows.get(attempt__uid=attempt_uid, attempt__person_id=person_id, position=position)
        if hold:
            barrier.wait(60)
        return found

    return answer


@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize("naive", [False, True])
def test_who_waited_for_another_window_knows_what_it_saved(env, member, monkeypatch, naive):
    """The naive control goes by what it read before it waited: the answer of the other window is gone."""
    learner = member()
    with open_scope(environment_id=env.pk, person_id=learner.person_id):
        attempt = attempt_start(assessment=make_assessment("short_text", "single"), person_id=learner.person_id)
    if naive:
        monkeypatch.setattr(
            "assessments.services.attempts._as_read", lambda answer: Answer.objects.filter(pk=answer.pk)
        )
    first_is_in = threading.Event()

    def save(client: str) -> None:
        sent = Sent(client=client, seq=1, base=0)
        facts = {"attempt_uid": attempt.uid, "person_id": learner.person_id, "position": 1}
        answer_save(**facts, response={"answer": [client]}, sent=sent)

    def first() -> None:
        with open_scope(environment_id=env.pk, person_id=learner.person_id):
            save("first")
            first_is_in.set()
            until_somebody_waits()

    def second() -> None:
        first_is_in.wait(60)
        with open_scope(environment_id=env.pk, person_id=learner.person_id):
            save("second")

    both(first, second)
    with open_scope(environment_id=env.pk, person_id=learner.person_id):
        answer = Answer.objects.get(attempt=attempt, position=1)
        aside = [row.response for row in answer.asides.all()]
    assert answer.response == {"text": "second"}
    assert (answer.revision, dict(answer.seen), aside) == (
        (1, {"second": 1}, []) if naive else (2, {"first": 1, "second": 1}, [{"text": "first"}])
    )


def until_somebody_waits() -> None:
    for _look in range(600):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.1)
    pytest.fail("Nobody waited.")


def both(*acts: Callable[[], None]) -> None:
    barrier, failed = threading.Barrier(len(acts)), []

    def run(act: Callable[[], None]) -> None:
        try:
            barrier.wait(60)
            act()
        except Exception as error:  # noqa: BLE001 -- told by the test below
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not failed
