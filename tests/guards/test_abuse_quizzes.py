"""Quizzes and certificates: answers, scores and proofs that somebody did not earn.

Each test is named by its number in the list of abuse cases.
"""

import json
import re

from django.test import Client

from assessments.models import Answer, Attempt
from assessments.services import answer_save, attempt_finish, attempt_start, override_save
from assessments.showing import THINGS
from courses.services import PlannedActivity, PlannedBlock, course_publish, enrolment_create, run_open
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create
from ecosystem.services.exports import data_of_person
from records.models import Statement
from tests.assessments.answering import SECRET, WHY, right_form
from tests.conftest import session_of
from tests.memotrainer.scene import cards_of, local, make_quiz
from tests.settle import settle


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


def test_a39_a_score_and_right_answers_stay_hidden_until_the_quiz_has_closed(env, member, browser_of, clock):
    """On pages, over REST, in the transcript, the copy of one's data and the daily cards; whoever marks sees it all along."""
    clock(2027, 3, 1, 10)
    who, marker = member(), member("instructor")
    quiz = make_quiz("single", "true_false", "short_text", environment=env)
    with open_scope(environment_id=env.pk):
        shown = {"during": [], "right_after": [], "while_open": [], "after_close": sorted(THINGS)}
        quiz.review, quiz.pass_mark, quiz.closes_at = shown, 0.5, local(2027, 3, 10)
        quiz.save()
        course = element_create(kind="course", title="A course", creators=["Ada"])
        course_publish(element=course, blocks=[PlannedBlock("One", [PlannedActivity(target=quiz.element)])])
        enrolled = enrolment_create(run=run_open(element=course), person=who.person)
    with open_scope(environment_id=env.pk, person_id=who.person_id):
        attempt = attempt_start(assessment=quiz, person_id=who.person_id)
        for answer in Answer.objects.filter(attempt=attempt, position__lt=3).select_related("version"):
            form = right_form(answer.version)
            answer_save(attempt_uid=attempt.uid, person_id=who.person_id, position=answer.position, response=form)
        attempt_finish(attempt_uid=attempt.uid, person_id=who.person_id)
    settle(env)

    def told(to) -> set[str]:
        """Where two thirds, or an answer that is right, can be read."""
        browser = browser_of(to)
        rest = ("records", "changes", "attempts", f"enrolments/{enrolled.pk}", "me/transcript", "cards")
        paths = ["/", "/quiz/quiz/", f"/attempts/{attempt.uid}/review/", f"/courses/{course.slug}/", "/me/transcript/"]
        paths += [
            "/memo/session/",
            *(f"/memo/card/{card.pk}/" for card in cards),
            *(f"/api/v1/{name}/" for name in rest),
        ]
        pages = {path: browser.get(path).text for path in paths}
        with open_scope(environment_id=env.pk, person_id=to.person_id):
            pages["copy"] = json.dumps(data_of_person(person=to.person), default=str)
        return {path for path, text in pages.items() if SECRET in text or re.search(r"66%|0\.666|1\.0{5}", text)}

    cards = cards_of(who)
    rest = {f"/api/v1/{name}/" for name in ("records", "attempts", f"enrolments/{enrolled.pk}")}
    late = {"/api/v1/changes/"}  # waits for what other connections have begun, so it may be empty
    clock(2027, 3, 4, 10)  # three days later the cards are due
    assert [len(cards), told(who), told(marker) - late] == [2, set(), rest]
    with open_scope(environment_id=env.pk):
        override_save(assessment=quiz, person=who.person, closes_at=local(2027, 3, 20), by=marker.person)
    clock(2027, 3, 11, 10)  # closed for all others
    assert told(who) == set()
    clock(2027, 3, 21, 10)
    later = {"/quiz/quiz/", f"/attempts/{attempt.uid}/review/", f"/courses/{course.slug}/", "/me/transcript/", "copy"}
    assert told(who) - late == {*later, *rest, "/api/v1/me/transcript/", "/api/v1/cards/", "/memo/session/"}
