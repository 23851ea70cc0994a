"""Quizzes and certificates: answers, scores and proofs that somebody did not earn.

Each test is named by its number in the list of abuse cases.
"""

import json

from django.test import Client

from assessments.models import Answer, Attempt
from assessments.services import attempt_start
from ecosystem.scope import open_scope
from records.models import Statement
from tests.assessments.answering import SECRET, WHY
from tests.conftest import session_of


def test_a33_an_open_attempt_tells_no_answers(env, learner, quiz, browser_of):
    client = browser_of(learner)
    at = client.post("/quiz/quiz/").headers["Location"].rsplit("/", 2)[0]
    pages = [client.get(f"{at}/{position}/").text for position in (1, 2, 3)] + [client.get(f"{at}/").text]
    pages.append(client.get(f"{at}/review/", follow=True).text)
    pages += [client.get(f"/api/v1/{name}/").text for name in ("attempts", "assessments", "records")]
    for page in pages:
        assert SECRET not in page
        assert "424242" not in page
        assert WHY not in page


def test_a40_the_score_is_the_servers(env, learner, quiz, browser_of):
    client = browser_of(learner)
    at = client.post("/quiz/quiz/", {"score": 1, "passed": "true"}).headers["Location"].rsplit("/", 2)[0]
    client.post(f"{at}/1/", {"answer": "x", "score": "1", "fraction": "1", "passed": "1"})
    items = [{"id": "a", "position": 2, "fields": {"answer": ["x"]}, "score": 1, "fraction": 1}]
    client.post(f"{at}/answers/", json.dumps({"items": items}), content_type="application/json")
    client.post(f"{at}/finish/", {"score": "1", "passed": "true"})
    with open_scope(environment_id=env.pk):
        attempt = Attempt.objects.get()
        assert (attempt.score, attempt.passed) == (0, False)


def test_a38_after_finishing_nothing_is_kept(env, learner, quiz, browser_of):
    client = browser_of(learner)
    at = client.post("/quiz/quiz/").headers["Location"].rsplit("/", 2)[0]
    client.post(f"{at}/finish/")
    body = json.dumps({"items": [{"id": "a", "position": 1, "fields": {"answer": ["x"]}}]})
    assert client.post(f"{at}/answers/", body, content_type="application/json").status_code == 409


def test_a37_two_windows_hand_in_at_once(env, learner, quiz, browser_of):
    """The first counts; the second is told what is stored, and nothing is scored twice."""
    one, two = browser_of(learner), browser_of(learner)
    at = one.post("/quiz/quiz/").headers["Location"].rsplit("/", 2)[0]
    bodies = [
        {"items": [{"id": f"{word}", "position": 2, "fields": {"answer": [word]}, "client": word, "seq": 1, "base": 0}]}
        for word in ("first", "second")
    ]
    assert one.post(f"{at}/answers/", json.dumps(bodies[0]), content_type="application/json").status_code == 200
    assert one.post(f"{at}/finish/").status_code == 302
    sent = two.post(f"{at}/answers/", json.dumps(bodies[1]), content_type="application/json")
    assert sent.status_code == 409
    assert [answer["answered"] for answer in sent.json()["answers"]] == [False, True, False]
    assert two.post(f"{at}/finish/").headers["Location"] == f"{at}/review/"
    with open_scope(environment_id=env.pk):
        assert Statement.objects.filter(verb__in=["passed", "failed"]).count() == 1
        assert Answer.objects.get(position=2).response == {"text": "first"}


def test_a42_other_sites_cannot_finish_or_mark_again(env, learner, member, quiz):
    with open_scope(environment_id=env.pk):
        attempt = attempt_start(assessment=quiz, person_id=learner.person_id)
        question = quiz.questions.first().question_id
    for who, path in (
        (learner, f"/attempts/{attempt.uid}/finish/"),
        (learner, f"/attempts/{attempt.uid}/answers/"),
        (member("admin"), f"/quizzes/quiz/again/{question}/"),
        (member("admin"), "/quizzes/quiz/"),
    ):
        client = Client(HTTP_HOST="alpha.localhost", enforce_csrf_checks=True)
        client.force_login(who.person)
        session = client.session
        session.update(session_of(who, env))
        session.save()
        forged = client.post(path, {"way": "everybody", "because": "x"}, headers={"origin": "https://evil.example"})
        assert forged.status_code == 403
    with open_scope(environment_id=env.pk):
        assert Attempt.objects.get().finished_at is None


def test_a36_no_more_attempts_than_allowed(env, learner, quiz, browser_of):
    client = browser_of(learner)
    at = client.post("/quiz/quiz/").headers["Location"].rsplit("/", 2)[0]
    client.post(f"{at}/finish/")
    for _ in range(3):
        client.post("/quiz/quiz/")
    with open_scope(environment_id=env.pk):
        assert Attempt.objects.count() == 1


def test_a91_a_serial_cannot_be_walked(env, certificate):
    client = Client(HTTP_HOST="alpha.localhost")
    assert client.get(f"/verify/{certificate.serial}/").status_code == 200
    for wish in (
        certificate.serial[:-1],
        certificate.serial + "x",
        "%",
        "_" * 14,
        "' OR 1=1 --",
        "*",
        str(certificate.pk),
    ):
        assert client.get("/verify/", {"serial": wish}, follow=True).status_code == 404
