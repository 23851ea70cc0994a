"""What people mark: alone and in pairs, by rubric, again when a question was wrong. Nothing is ever overwritten."""

from decimal import Decimal

import pytest
from django.db import ProgrammingError, transaction

from assessments.exceptions import MarkError
from assessments.models import Answer, Attempt, Mark, Question, Result
from assessments.selectors import review_of
from assessments.selectors.marking import answers_to_mark, learners_waiting, questions_waiting
from assessments.services import (
    answer_mark,
    answer_save,
    assessment_set,
    attempt_finish,
    attempt_start,
    question_save,
    remark_apply,
    remark_preview,
    rubric_save,
)
from ecosystem.models import AuditEntry
from ecosystem.scope import open_scope
from records.models import Statement
from tests.assessments.answering import BODIES, make_assessment, right_form, wrong_form

pytestmark = pytest.mark.django_db
HALF = Decimal("0.5")
RUBRIC = [
    {"title": "Structure", "levels": [{"title": "missing", "points": 0}, {"title": "clear", "points": 2}]},
    {"title": "Facts", "levels": [{"title": "wrong", "points": 0}, {"title": "right", "points": 2}]},
]


def hand_in(quiz, who, *, form=right_form) -> Attempt:
    attempt = attempt_start(assessment=quiz, person_id=who.person_id)
    for answer in Answer.objects.filter(attempt=attempt).select_related("version"):
        answer_save(
            attempt_uid=attempt.uid, person_id=who.person_id, position=answer.position, response=form(answer.version)
        )
    return attempt_finish(attempt_uid=attempt.uid, person_id=who.person_id)


def with_essay(by, *types, **settings):
    return assessment_set(
        assessment=make_assessment(*types or ("single", "essay")), by=by.person, people_mark=True, **settings
    )


@pytest.mark.scoped
def test_a_score_waits_for_the_marker_and_then_moves_people_on(env, member):
    marker, learner = member("instructor"), member()
    attempt = hand_in(with_essay(marker), learner)
    assert (attempt.score, attempt.passed, attempt.waiting) == (None, None, 1)
    assert not Statement.objects.filter(verb__in=["passed", "failed"]).exists()
    assert review_of(attempt=attempt).answers[1].state == "waiting"
    (answer,) = answers_to_mark(marker)
    assert list(answers_to_mark(learner)) == []
    assert [row.answers for row in questions_waiting(marker)] == [1]
    assert [row.who for row in learners_waiting(marker)] == [learner.person.name]
    for wrong in (Decimal("1.1"), Decimal("-0.1")):
        with pytest.raises(MarkError):
            answer_mark(answer=answer, fraction=wrong, by=marker)
    answer_mark(answer=answer, fraction=HALF, by=marker, comment="Half of it is there.")
    attempt.refresh_from_db()
    assert (attempt.score, attempt.passed, attempt.waiting) == (0.75, True, 0)
    assert Statement.objects.get(verb="passed").result == {"scaled": 0.75, "success": True}
    assert list(answers_to_mark(marker)) == []
    answer_mark(answer=answer, fraction=Decimal(0), by=marker)
    attempt.refresh_from_db()
    assert (attempt.score, attempt.passed) == (0.5, False)
    assert [mark.fraction for mark in Mark.objects.order_by("pk")] == [HALF, 0]
    assert [(one.number, one.score, one.waiting) for one in Result.objects.order_by("number")] == [
        (1, None, 1), (2, 0.75, 0), (3, 0.5, 0),
    ]  # fmt: skip
    assert review_of(attempt=attempt).answers[1].comments == ["Half of it is there."]
    assert AuditEntry.objects.filter(act="answer.marked").count() == 2


@pytest.mark.scoped
def test_marks_and_results_cannot_be_changed(env, member):
    marker = member("instructor")
    hand_in(with_essay(marker), member())
    answer_mark(answer=answers_to_mark(marker).get(), fraction=HALF, by=marker)
    for act in (
        lambda: Mark.objects.update(fraction=1), lambda: Mark.objects.all()._raw_delete("default"),
        lambda: Result.objects.update(score=1), lambda: Result.objects.all()._raw_delete("default"),
    ):  # fmt: skip
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            act()


@pytest.mark.scoped
def test_nobody_marks_their_own_work_or_beyond_their_powers(env, member):
    marker, other_marker = member("instructor"), member("instructor")
    quiz = with_essay(marker)
    hand_in(quiz, marker)
    (answer,) = Answer.objects.filter(version__type="essay")
    assert list(answers_to_mark(marker)) == []
    assert list(answers_to_mark(other_marker)) == [answer]
    for who in (marker, member(), member("author"), member("manager")):
        with pytest.raises(MarkError):
            answer_mark(answer=answer, fraction=HALF, by=who)
    running = attempt_start(assessment=quiz, person_id=member().person_id)
    with pytest.raises(MarkError, match="still runs"):
        answer_mark(answer=Answer.objects.get(attempt=running, position=2), fraction=HALF, by=marker)


@pytest.mark.scoped
@pytest.mark.parametrize(("second", "who"), [(HALF, None), (Decimal(1), 2), (Decimal(1), 1)])
def test_two_markers_agree_or_somebody_decides(env, member, second, who):
    one, two, three = people = [member("instructor") for _n in range(3)]
    attempt = hand_in(with_essay(one, second_marker=True), member())
    answer = answers_to_mark(one).get()
    answer_mark(answer=answer, fraction=HALF, by=one)
    assert list(answers_to_mark(one)) == []
    with pytest.raises(MarkError, match="Somebody else"):
        answer_mark(answer=answer, fraction=HALF, by=one)
    answer_mark(answer=answers_to_mark(two).get(), fraction=second, by=two)
    attempt.refresh_from_db()
    if second != HALF:
        assert attempt.score is None
        assert list(answers_to_mark(three)) == [answer]
        for person, said in ((one, HALF), (two, second), (one, Decimal(0))):
            with pytest.raises(MarkError, match="differ"):
                answer_mark(answer=answer, fraction=said, by=person)
        answer_mark(answer=answer, fraction=HALF, by=people[who])  # a third, or one who comes round to the other's
        attempt.refresh_from_db()
    assert attempt.score == 0.75
    assert [mark.step for mark in Mark.objects.order_by("pk")] == ["first", "second", "final"]
    for person in (one, two):
        with pytest.raises(MarkError, match="stand for this mark"):
            answer_mark(answer=answer, fraction=Decimal(0), by=person)
    answer_mark(answer=answer, fraction=Decimal(0), by=three)


@pytest.mark.scoped
def test_a_rubric_makes_the_mark(env, member):
    author = member("admin")
    attempt = hand_in(with_essay(author), member())
    question = Question.objects.get(versions__type="essay")
    with pytest.raises(MarkError):
        rubric_save(question=question, criteria=[{"title": "x", "levels": []}], by=author.person)
    rubric_save(question=question, criteria=RUBRIC, by=author.person)
    answer = answers_to_mark(author).get()
    for missing in ({}, {"0": 1}, {"0": 1, "1": 7}):
        with pytest.raises(MarkError, match="Choose a level"):
            answer_mark(answer=answer, fraction=Decimal(0), rubric=missing, by=author)
    mark = answer_mark(answer=answer, fraction=Decimal(0), rubric={"0": 1, "1": 0}, by=author)
    attempt.refresh_from_db()
    assert (mark.fraction, mark.rubric, attempt.score) == (HALF, {"0": 1, "1": 0}, 0.75)


@pytest.mark.scoped
def test_marking_again_shows_its_effects_then_does_just_that_once(env, member):
    author = member("admin")
    quiz = make_assessment("single", "single")
    people = [hand_in(quiz, member(), form=wrong_form), hand_in(quiz, member(), form=right_form)]
    question = Question.objects.get(identifier="q1")
    facts = {"bank": question.element, "identifier": "q1", "type": "single", "stem": "<p>Question 1?</p>"}
    yes, no = BODIES["single"]["choices"]
    question_save(**facts, body={"choices": [{**yes, "correct": False}, {**no, "correct": True}]})
    effects = remark_preview(question=question, way="key")
    assert (effects.answers, effects.unlike, effects.now_pass, effects.no_longer_pass) == (2, 0, 0, 1)
    assert {(one.before, one.after) for one in effects.changed} == {(0.0, 0.5), (1.0, 0.5)}
    assert not Mark.objects.exists(), "looking changes nothing"
    with pytest.raises(MarkError, match="why"):
        remark_apply(question=question, way="key", because=" ", by=author.person)
    remark_apply(question=question, way="key", because="The key was wrong", by=author.person)
    assert [row.score for row in Attempt.objects.order_by("pk")] == [0.5, 0.5]
    assert {(mark.before, mark.fraction, mark.step) for mark in Mark.objects.all()} == {
        (0, 1, "again"),
        (1, 0, "again"),
    }
    again = remark_apply(question=question, way="key", because="Once more", by=author.person)
    assert (again.changed, Mark.objects.count(), Result.objects.count()) == ([], 2, 4)
    question_save(**facts, body={"choices": [no, {"text": "Maybe", "correct": True}]})
    assert remark_preview(question=question, way="key").unlike == 2, "another question was asked then"
    remark_apply(question=question, way="everybody", because="It was unfair", by=author.person)
    assert [row.score for row in Attempt.objects.filter(pk__in=[one.pk for one in people]).order_by("pk")] == [0.5, 1.0]


def test_pages_of_markers(env, other, member, browser_of):
    marker, learner = member("instructor"), member()
    with open_scope(environment_id=env.pk):
        attempt = hand_in(with_essay(marker, anonymous_marking=True), learner)
        answer = answers_to_mark(marker).get()
        question = answer.version.question_id
    paths = ["/marking/", "/marking/?by=learner", f"/marking/question/{question}/", f"/marking/attempt/{attempt.uid}/"]
    browser = browser_of(marker)
    for path in [*paths, f"/marking/{answer.pk}/"]:
        page = browser.get(path)
        assert page.status_code == 200
        assert learner.person.name not in page.text, "no names where markers see none"
    assert "The answer" in browser.get(f"/marking/{answer.pk}/").text
    assert "less than or equal to 1" in browser.post(f"/marking/{answer.pk}/", {"points": "7"}).text
    for stranger in (learner, member("author"), member("instructor", environment=other)):
        assert browser_of(stranger).get(f"/marking/{answer.pk}/").status_code == 404
        assert browser_of(stranger).post(f"/marking/{answer.pk}/", {"points": "1"}).status_code == 404
    assert browser.post(f"/marking/{answer.pk}/", {"points": "1", "comment": "Fine"}).url == "/marking/"
    with open_scope(environment_id=env.pk):
        assert Attempt.objects.get().score == 1.0
