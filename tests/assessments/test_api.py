"""Who sees which attempts through the API."""

import pytest
from rest_framework.test import APIRequestFactory, force_authenticate

from assessments.api import AssessmentViewSet, AttemptViewSet, BankViewSet, MarkingViewSet, QuizViewSet
from assessments.models import Question
from assessments.services import answer_save, assessment_set, attempt_finish, attempt_start
from ecosystem.models import Membership
from ecosystem.scope import open_scope
from tests.assessments.answering import make_assessment, right_form

pytestmark = pytest.mark.django_db


def ask(viewset, who: Membership | None, action: str, **kwargs):
    request = APIRequestFactory().get("/")
    request.membership, request.undo = who, False
    request.environment = who.environment if who else None
    if who:
        force_authenticate(request, user=who.person)
    with open_scope(environment_id=who.environment_id if who else 0, person_id=who.person_id if who else None):
        return viewset.as_view({"get": action})(request, **kwargs)


def attempt_by(who: Membership, assessment):
    with open_scope(environment_id=who.environment_id, person_id=who.person_id):
        attempt = attempt_start(assessment=assessment, person_id=who.person_id)
        return attempt_finish(attempt_uid=attempt.uid, person_id=who.person_id)


@pytest.fixture
def assessment(env):
    with open_scope(environment_id=env.pk):
        return make_assessment("single", "true_false")


def test_learners_see_their_own_attempts_and_instructors_all(member, assessment):
    mine, neighbour = member(), member()
    attempts = [attempt_by(person, assessment) for person in (mine, neighbour)]
    listed = ask(AttemptViewSet, mine, "list").data["results"]
    assert [row["uid"] for row in listed] == [str(attempts[0].uid)]
    assert ask(AttemptViewSet, mine, "retrieve", uid=attempts[1].uid).status_code == 404
    assert len(ask(AttemptViewSet, member("instructor"), "list").data["results"]) == 2


def test_strangers_see_nothing(member, other, assessment):
    attempt_by(member(), assessment)
    stranger = member("admin", environment=other)
    assert ask(AttemptViewSet, stranger, "list").data["results"] == []
    assert ask(AssessmentViewSet, stranger, "list").data["results"] == []
    assert ask(AttemptViewSet, None, "list").status_code in (401, 403)


def test_assessment_tells_facts_and_no_answers(member, assessment):
    (row,) = ask(AssessmentViewSet, member(), "list").data["results"]
    assert (row["slug"], row["questions"], row["pass_mark"]) == ("quiz", 2, 0.7)
    assert ask(AssessmentViewSet, member(), "retrieve", slug="quiz").data == row


def send(viewset, who: Membership, act: dict[str, str], data: dict, **kwargs):
    ((method, _action),) = act.items()
    request = getattr(APIRequestFactory(), method)("/", data, format="json")
    request.membership, request.undo, request.environment = who, False, who.environment
    force_authenticate(request, user=who.person)
    with open_scope(environment_id=who.environment_id, person_id=who.person_id):
        return viewset.as_view(act)(request, **kwargs)


def test_a_quiz_is_made_held_and_filled(env, other, member, assessment):
    author, learner, stranger = member("author"), member(), member("author", environment=other)
    made = send(QuizViewSet, author, {"post": "create"}, {"title": "By software", "bank": "quiz-bank", "count": 1})
    assert (made.status_code, made.data["slug"]) == (201, "by-software")
    changed = send(
        QuizViewSet, author, {"patch": "partial_update"}, {"pass_mark": 0.25, "password": "x"}, slug="by-software"
    )
    assert (changed.data["pass_mark"], changed.data["password"]) == (0.25, True)
    with open_scope(environment_id=env.pk):
        ids = list(Question.objects.order_by("pk").values_list("pk", flat=True))
    put = {"post": "questions"}
    assert send(QuizViewSet, author, put, {"questions": [*ids, 10**9]}, slug="by-software").data == {"changed": 2}
    assert send(QuizViewSet, author, put, {"questions": ids}, slug="by-software").data == {"changed": 0}
    assert send(QuizViewSet, author, put, {"questions": ids[:1], "remove": True}, slug="by-software").data == {
        "changed": 1
    }
    terms = {"person": learner.person.email, "extra_minutes": 7}
    row = send(QuizViewSet, author, {"post": "exceptions"}, terms, slug="by-software").data
    assert row["extra_minutes"] == 7
    end = {"exception": row["id"]}
    assert send(QuizViewSet, author, {"post": "end_exception"}, end, slug="by-software").status_code == 204
    assert send(QuizViewSet, author, {"post": "end_exception"}, end, slug="by-software").status_code == 404
    assert send(QuizViewSet, stranger, put, {"questions": ids}, slug="by-software").status_code == 404
    assert send(QuizViewSet, learner, {"post": "create"}, {"title": "x", "bank": "quiz-bank"}).status_code == 403


def test_many_questions_and_objectives_at_once(env, member, assessment):
    author = member("author")
    with open_scope(environment_id=env.pk):
        ids = list(Question.objects.values_list("pk", flat=True))
    wish = {"questions": ids, "add_tags": ["new"], "difficulty": 4, "objective": None}
    foreseen = send(BankViewSet, author, {"post": "change"}, {**wish, "preview": True}, slug="quiz-bank").data
    assert foreseen == {"changed": 2, "already": 0}
    assert send(BankViewSet, author, {"post": "change"}, wish, slug="quiz-bank").data["changed"] == 2
    new = send(BankViewSet, author, {"post": "objectives"}, {"text": "Say hello"}, slug="quiz-bank").data
    again = {"slug": new["slug"], "text": "Say goodbye"}
    assert send(BankViewSet, author, {"post": "objectives"}, again, slug="quiz-bank").data["text"] == "Say goodbye"
    gone = {"slug": new["slug"], "remove": True}
    assert send(BankViewSet, author, {"post": "objectives"}, gone, slug="quiz-bank").status_code == 204
    with open_scope(environment_id=env.pk):
        assert set(Question.objects.values_list("difficulty", "objective")) == {(4, None)}
        assert all(row.tags == ["new"] for row in Question.objects.all())


def test_an_answer_is_marked_by_who_may(env, member):
    learner, marker = member(), member("instructor")
    with open_scope(environment_id=env.pk, person_id=learner.person_id):
        quiz = make_assessment("essay", people_mark=True)
        attempt = attempt_start(assessment=quiz, person_id=learner.person_id)
        answer_save(attempt_uid=attempt.uid, person_id=learner.person_id, position=1, response={"answer": ["Words"]})
        attempt_finish(attempt_uid=attempt.uid, person_id=learner.person_id)
    (row,) = ask(MarkingViewSet, marker, "list").data["results"]
    assert row["response"] == {"text": "Words"}
    act = {"post": "mark"}
    assert send(MarkingViewSet, marker, act, {}, pk=row["id"]).status_code == 400
    assert send(MarkingViewSet, learner, act, {"share": "1"}, pk=row["id"]).status_code == 403
    assert send(MarkingViewSet, marker, act, {"share": "0.5", "comment": "Half."}, pk=row["id"]).status_code == 201
    assert ask(MarkingViewSet, marker, "list").data["results"] == []
    assert ask(AttemptViewSet, learner, "retrieve", uid=attempt.uid).data["score"] == 0.5


def test_a_hidden_score_is_on_no_page_of_the_quiz_nor_among_ones_attempts(env, member, browser_of, assessment):
    learner, author = member(), member("author")
    with open_scope(environment_id=env.pk, person_id=learner.person_id):
        attempt = attempt_start(assessment=assessment, person_id=learner.person_id)
        right = right_form(attempt.answers.select_related("version").get(position=1).version)
        answer_save(attempt_uid=attempt.uid, person_id=learner.person_id, position=1, response=right)
        attempt_finish(attempt_uid=attempt.uid, person_id=learner.person_id)
    browser = browser_of(learner)
    pages = ("/quiz/quiz/", f"/attempts/{attempt.uid}/review/")
    assert ["50%" in browser.get(path).text for path in pages] == [True, True]
    with open_scope(environment_id=env.pk):
        hidden = {"right_after": ["given"], "while_open": ["given"]}
        assessment_set(assessment=assessment, by=author.person, review=hidden)
    assert ["50%" in browser.get(path).text for path in pages] == [False, False]
    assert ask(AttemptViewSet, learner, "retrieve", uid=attempt.uid).data["score"] is None
    assert ask(AttemptViewSet, member("instructor"), "retrieve", uid=attempt.uid).data["score"] == 0.5
