"""The pages on which authors hold a quiz: settings, questions and draws, exceptions, preview, analysis."""

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Assessment, Attempt, Draw, ItemFigures, Override, Section
from assessments.services import assessment_set, attempt_finish, attempt_start, draw_add
from assessments.services.analysing import analysis_run
from assessments.services.drawing import _places
from ecosystem.models import AuditEntry
from ecosystem.scope import open_scope
from records.models import Statement
from tests.assessments.answering import SECRET, make_assessment

pytestmark = pytest.mark.django_db
FORM = {
    "mode": "quiz", "pass_percent": "65", "minimum_group": "5", "minutes_allowed": "20", "grace_seconds": "30",
    "attempts_allowed": "2", "wait_minutes": "0", "show_right_after": ["given", "correct"], "forward_only": "on",
    "target_error": "0.5", "least_questions": "5", "most_questions": "20",
}  # fmt: skip


@pytest.fixture
def quiz(env):
    with open_scope(environment_id=env.pk):
        return make_assessment("single", "essay", "single")


def test_settings_are_saved_refused_and_written_down(env, member, browser_of, quiz):
    browser = browser_of(member("author"))
    assert "What learners see of it" in browser.get("/quizzes/quiz/").text
    for wrong in (
        {"pass_percent": "101"},
        {"mode": "riddle"},
        {"opens_at": "2027-01-02T10:00", "closes_at": "2027-01-01T10:00"},
        {"minimum_group": "2"},
        {"show_during": ["the key"]},
    ):
        assert browser.post("/quizzes/quiz/", {**FORM, **wrong}).status_code == 200
    assert browser.post("/quizzes/quiz/", {**FORM, "password": "sesame"}).url == "/quizzes/quiz/"
    with open_scope(environment_id=env.pk):
        row = Assessment.objects.get()
        assert (row.pass_mark, row.minutes_allowed, row.forward_only, row.shuffle_choices) == (0.65, 20, True, False)
        assert row.review == {"during": [], "right_after": ["given", "correct"], "while_open": [], "after_close": []}
        assert row.password_hash.startswith("argon2")
        entry = AuditEntry.objects.get(act="assessment.set")
        assert "sesame" not in str(entry.after)
    page = browser.get("/quizzes/quiz/").text
    assert "sesame" not in page
    assert 'value="65.0"' in page
    browser.post("/quizzes/quiz/", {**FORM, "without_password": "on"})
    with open_scope(environment_id=env.pk):
        assert Assessment.objects.get().password_hash == ""


def test_only_authors_of_this_environment(env, other, member, browser_of, quiz):
    for who in (member(), member("instructor"), member("author", environment=other)):
        browser = browser_of(who)
        for tail in ("", "questions/", "exceptions/", "preview/", "analysis/", "survey/"):
            assert browser.get(f"/quizzes/quiz/{tail}").status_code == 404
        assert browser.post("/quizzes/quiz/", FORM).status_code == 404
    assert browser_of(env).get("/quizzes/").url.startswith("/accounts/login/")


def test_sections_draws_and_exceptions_come_and_go(env, member, browser_of, quiz):
    author, learner = member("author"), member()
    browser = browser_of(author)
    browser.post("/quizzes/quiz/questions/", {"add": "section", "section-title": "Second part"})
    with open_scope(environment_id=env.pk):
        section, bank = Section.objects.get(), quiz.questions.first().question.element_id
    draw = {"add": "draw", "draw-bank": bank, "draw-count": "9", "draw-section": section.pk}
    assert "3 questions fit" in browser.post("/quizzes/quiz/questions/", draw).text
    browser.post("/quizzes/quiz/questions/", {**draw, "draw-count": "1"})
    page = browser.get("/quizzes/quiz/questions/").text
    assert "Second part" in page
    assert "1 question drawn from A bank" in page
    with open_scope(environment_id=env.pk):
        rows = [f"section:{section.pk}", f"draw:{Draw.objects.get().pk}", f"row:{quiz.questions.first().pk}"]
    for row in [*rows, "row:9999999", "other:1", "row:x", ""]:
        assert browser.post("/quizzes/quiz/questions/take-out/", {"row": row}).status_code in (302, 404)
    with open_scope(environment_id=env.pk):
        assert (Section.objects.count(), Draw.objects.count(), quiz.questions.count()) == (0, 0, 2)
    facts = {"email": learner.person.email.upper(), "extra_minutes": "15", "because": "Dyslexia"}
    assert "Nobody here" in browser.post("/quizzes/quiz/exceptions/", {**facts, "email": "x@example.org"}).text
    assert browser.post("/quizzes/quiz/exceptions/", facts).status_code == 302
    assert learner.person.name in browser.get("/quizzes/quiz/exceptions/").text
    with open_scope(environment_id=env.pk):
        override = Override.objects.get()
    browser.post(f"/quizzes/quiz/exceptions/{override.pk}/end/")
    with open_scope(environment_id=env.pk):
        assert not Override.objects.exists()


def test_questions_of_a_quiz_are_arranged(env, member, browser_of, quiz):
    browser, path = browser_of(member("author")), "/quizzes/quiz/questions/"
    with open_scope(environment_id=env.pk):
        first, second, third = list(quiz.questions.order_by("position"))
        bank = first.question.element_id
    browser.post(path, {"add": "section", "section-title": "Second part"})
    browser.post(path, {"add": "draw", "draw-bank": bank, "draw-count": "1"})
    assert browser.post(path, {"up": first.pk}).url == f"{path}#q-{first.pk}"
    browser.post(path, {"down": first.pk})
    with open_scope(environment_id=env.pk):
        section, draw = Section.objects.get(), Draw.objects.get()
        assert list(quiz.questions.order_by("position")) == [second, first, third]
    assert "Tick at least one" in browser.post(path, {"section": section.pk}, follow=True).text
    browser.post(path, {"section": section.pk, "picked": [f"row:{second.pk}", f"draw:{draw.pk}", "row:x", "x"]})
    with open_scope(environment_id=env.pk):
        places = [place.pk for place in _places(quiz)]
        assert places == [first.pk, third.pk, second.pk, draw.pk]
    assert browser.post(path, {"up": "999999"}).status_code == 404
    assert browser.post(path, {"up": "x"}).status_code == 404
    for button in ("up", "down"):  # alone in its section: nothing to pass
        browser.post(path, {button: second.pk})
    with open_scope(environment_id=env.pk):
        assert [place.pk for place in _places(quiz)] == places


def test_preview_leaves_nothing_behind(env, member, browser_of, quiz):
    browser = browser_of(member("author"))
    path = browser.get("/quizzes/quiz/preview/").url
    page = browser.get(path)
    assert SECRET not in page.text, "before answering, an author sees what learners see"
    value = page.text.split('name="answer" value="')[1].split('"')[0]
    assert (
        "Right answer" in browser.post(path, {"answer": value}).text
        or SECRET in browser.post(path, {"answer": value}).text
    )
    for forged in ("x", signing.dumps([1], salt="other")):
        assert browser.get("/quizzes/quiz/preview/", {"asked": forged}).url == "/quizzes/quiz/questions/"
    with open_scope(environment_id=env.pk):
        assert not Attempt.objects.exists()
        assert not Statement.objects.exists()


def test_analysis_and_marking_again_pages(env, member, browser_of, quiz):
    browser = browser_of(member("admin"))
    with open_scope(environment_id=env.pk):
        for _n in range(3):
            attempt = attempt_start(assessment=quiz, person_id=member().person_id)
            attempt_finish(attempt_uid=attempt.uid, person_id=attempt.person_id)
        question = quiz.questions.first().question_id
    assert "Not computed yet" in browser.get("/quizzes/quiz/analysis/").text
    browser.post("/quizzes/quiz/analysis/")
    assert "3 attempts" in browser.get("/quizzes/quiz/analysis/").text
    path = f"/quizzes/quiz/again/{question}/"
    assert "3 attempts change" in browser.get(path, {"way": "everybody"}).text
    assert browser.post(path, {"way": "everybody", "because": ""}).status_code == 200
    assert browser.post(path, {"way": "everybody", "because": "Two are right"}).url == "/quizzes/quiz/analysis/"
    with open_scope(environment_id=env.pk):
        assert {row.score for row in Attempt.objects.all()} == {0.5}
    assert browser.get("/quizzes/quiz/survey/").status_code == 404


def test_gardeners_see_questions_that_stand_out(env, member, browser_of, quiz):
    with open_scope(environment_id=env.pk):
        attempt = attempt_start(assessment=quiz, person_id=member().person_id)
        attempt_finish(attempt_uid=attempt.uid, person_id=attempt.person_id)
        analysis_run(assessment=quiz)
        ItemFigures.objects.filter(question=quiz.questions.first().question).update(flags=["guessed"])
    page = browser_of(member("gardener")).get("/garden/").text
    assert "Answers say that 1 question needs a look." in page
    assert "/quizzes/quiz/analysis/" in page
    assert "Guessed" in browser_of(member("author")).get("/quizzes/quiz/analysis/").text


@pytest.mark.parametrize("path", ["/quizzes/", "/quizzes/quiz/questions/", "/quizzes/quiz/analysis/"])
def test_more_cost_no_more_queries(env, member, browser_of, quiz, path):
    browser = browser_of(member("author"))

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(path).status_code == 200
        return len(queries)

    cost()
    few = cost()
    with open_scope(environment_id=env.pk):
        author = member("author").person
        bank = quiz.questions.first().question.element
        for n in range(3):
            make_assessment("single", slug=f"other-{n}")
            draw_add(assessment=quiz, bank=bank, count=1, by=author)
        assessment_set(assessment=quiz, by=author, shuffle_choices=True)
    assert cost() == few
