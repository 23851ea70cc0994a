"""Banks, attempts, answers: what is promised and what is refused."""

import uuid
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.exceptions import (
    AnswerError,
    AssessmentError,
    AttemptFinishedError,
    AttemptLimitError,
    QuestionError,
)
from assessments.models import Answer, Assessment, Attempt, QuestionVersion
from assessments.selectors import answered_questions, questions_of
from assessments.services import (
    answer_save,
    assessment_create,
    attempt_finish,
    attempt_start,
    objective_save,
    question_save,
)
from ecosystem.registry import activity_types, element_kinds
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_closure, element_offer
from records.models import Statement
from tests.assessments.answering import BODIES, make_assessment, make_bank, right_form, wrong_form

pytestmark = pytest.mark.django_db
TYPES = ("single", "multiple", "true_false", "short_text", "numeric", "single", "true_false")


def asked(attempt: Attempt) -> list[Answer]:
    return list(Answer.objects.filter(attempt=attempt).select_related("version").order_by("position"))


def save(attempt: Attempt, position: int, form: dict[str, list[str]] | None, flagged: bool | None = None) -> Answer:
    return answer_save(
        attempt_uid=attempt.uid, person_id=attempt.person_id, position=position, response=form, flagged=flagged
    )


def finish(attempt: Attempt) -> Attempt:
    return attempt_finish(attempt_uid=attempt.uid, person_id=attempt.person_id)


@pytest.mark.scoped
def test_same_content_is_no_new_version(env):
    bank = make_bank()
    facts = {"bank": bank, "identifier": "q", "type": "single", "stem": "<p>Why?</p>", "body": BODIES["single"]}
    first = question_save(**facts)
    assert question_save(**facts) == first
    second = question_save(**{**facts, "stem": "<p>Why not?</p>"})
    assert (second.number, second.question_id) == (2, first.question_id)
    assert question_save(**facts).number == 3, "going back is a change too"


@pytest.mark.scoped
@pytest.mark.parametrize(
    ("type_", "stem", "body"),
    [
        ("single", "<p>Why?</p>", {"choices": []}),
        ("single", "<p> </p>", BODIES["single"]),
        ("single", "<script>alert(1)</script>", BODIES["single"]),
        ("riddle", "<p>Why?</p>", {}),
    ],
)
def test_question_that_cannot_be_asked_is_refused(env, type_, stem, body):
    with pytest.raises(QuestionError, match="q1:"):
        question_save(bank=make_bank(), identifier="q1", type=type_, stem=stem, body=body)
    assert not QuestionVersion.objects.exists()


@pytest.mark.scoped
def test_stem_is_cleaned(env):
    version = question_save(
        bank=make_bank(), identifier="q", type="single", stem="<p>Hi<script>x</script></p>", body=BODIES["single"]
    )
    assert version.stem == "<p>Hi</p>"


@pytest.mark.scoped
def test_objective_is_reworded(env):
    bank = make_bank()
    first = objective_save(bank=bank, slug="o", text="Old")
    again = objective_save(bank=bank, slug="o", text="New")
    assert (again.pk, again.text) == (first.pk, "New")


@pytest.mark.scoped
def test_assessment_refusals(env):
    essay = make_assessment("single", "essay")
    questions = questions_of(essay)
    with pytest.raises(AssessmentError, match="at least one"):
        assessment_create(title="T", creators=["A"], questions=[], pass_mark=0.5)
    with pytest.raises(AssessmentError, match="share"):
        assessment_create(title="T", creators=["A"], questions=questions, pass_mark=70)
    with pytest.raises(AssessmentError, match="Long texts"):
        assessment_create(title="T", creators=["A"], questions=questions[1:], pass_mark=0.5)


@pytest.mark.scoped
def test_an_open_attempt_is_resumed(env, member):
    assessment, person = make_assessment(), member()
    first = attempt_start(assessment=assessment, person_id=person.person_id, onward="/courses/a/")
    again = attempt_start(assessment=assessment, person_id=person.person_id, onward="/courses/b/")
    assert (again.pk, again.onward) == (first.pk, "/courses/b/")
    assert Statement.objects.filter(verb="attempted").count() == 1


@pytest.mark.scoped
def test_attempt_limit(env, member):
    assessment, person = make_assessment(attempts_allowed=2), member()
    for number in (1, 2):
        attempt = attempt_start(assessment=assessment, person_id=person.person_id)
        assert attempt.number == number
        finish(attempt)
    with pytest.raises(AttemptLimitError):
        attempt_start(assessment=assessment, person_id=person.person_id)
    assert attempt_start(assessment=assessment, person_id=member().person_id).number == 1, "others have their own"


@pytest.mark.scoped
def test_attempt_keeps_the_version_it_began_with(env, member):
    assessment, person = make_assessment(), member()
    attempt = attempt_start(assessment=assessment, person_id=person.person_id)
    question = questions_of(assessment)[0]
    question_save(
        bank=question.element, identifier=question.identifier, type="single", stem="<p>New?</p>", body=BODIES["single"]
    )
    assert [answer.version.number for answer in asked(attempt)] == [1]
    finish(attempt)
    later = attempt_start(assessment=assessment, person_id=person.person_id)
    assert [answer.version.number for answer in asked(later)] == [2]


@pytest.mark.scoped
def test_order_of_choices_is_kept(env, member):
    attempt = attempt_start(assessment=make_assessment("multiple", "numeric"), person_id=member().person_id)
    multiple, numeric = asked(attempt)
    assert sorted(multiple.order) == [0, 1, 2]
    assert numeric.order is None
    plain = attempt_start(
        assessment=make_assessment("multiple", slug="plain", shuffle_choices=False), person_id=member().person_id
    )
    assert asked(plain)[0].order is None


@pytest.mark.scoped
def test_saving_twice_is_once_and_takes_two_statements(env, member, django_assert_num_queries):
    attempt = attempt_start(assessment=make_assessment(), person_id=member().person_id)
    form = right_form(asked(attempt)[0].version)
    with django_assert_num_queries(2):
        save(attempt, 1, form)
    save(attempt, 1, form)
    assert [answer.response for answer in asked(attempt)] == [{"choice": 0}]


@pytest.mark.scoped
def test_flag_and_answer_are_separate(env, member):
    attempt = attempt_start(assessment=make_assessment(), person_id=member().person_id)
    save(attempt, 1, right_form(asked(attempt)[0].version))
    flagged = save(attempt, 1, None, flagged=True)
    assert (flagged.response, flagged.flagged) == ({"choice": 0}, True)
    cleared = save(attempt, 1, {})
    assert (cleared.response, cleared.flagged) == (None, True)


@pytest.mark.scoped
def test_what_makes_no_sense_is_no_answer(env, member):
    attempt = attempt_start(assessment=make_assessment("single", "matching"), person_id=member().person_id)
    for form in ({"answer": ["made-up"]}, {"answer": ["a", "b"]}, {"answer-0": ["\x00"], "x": ["y"]}):
        assert save(attempt, 1, form).response is None
        assert save(attempt, 2, form).response is None


@pytest.mark.scoped
def test_too_long_an_answer_is_refused(env, member):
    attempt = attempt_start(assessment=make_assessment("short_text"), person_id=member().person_id)
    with pytest.raises(AnswerError):
        save(attempt, 1, {"answer": ["x" * 100_001]})


@pytest.mark.scoped
def test_only_ones_own_attempt(env, member):
    attempt = attempt_start(assessment=make_assessment(), person_id=member().person_id)
    stranger = member().person_id
    with pytest.raises(Answer.DoesNotExist):
        answer_save(attempt_uid=attempt.uid, person_id=stranger, position=1, response={})
    with pytest.raises(Answer.DoesNotExist):
        answer_save(attempt_uid=uuid.uuid4(), person_id=attempt.person_id, position=1, response={})
    with pytest.raises(Answer.DoesNotExist):
        save(attempt, 2, {})
    with pytest.raises(Attempt.DoesNotExist):
        attempt_finish(attempt_uid=attempt.uid, person_id=stranger)


@pytest.mark.scoped
def test_finishing_twice_is_once(env, member):
    attempt = attempt_start(assessment=make_assessment("single", "true_false"), person_id=member().person_id)
    for answer in asked(attempt):
        save(attempt, answer.position, right_form(answer.version))
    first = finish(attempt)
    assert (first.score, first.passed) == (1.0, True)
    again = finish(attempt)
    assert again.finished_at == first.finished_at
    said = Statement.objects.get(verb="passed")
    assert (said.result, said.context) == ({"scaled": 1.0, "success": True}, {"attempt": attempt.pk})
    assert said.element_id == attempt.element_id
    assert said.person_id == attempt.person_id


@pytest.mark.scoped
def test_answers_after_the_end_are_refused(env, member):
    attempt = attempt_start(assessment=make_assessment(), person_id=member().person_id)
    finish(attempt)
    with pytest.raises(AttemptFinishedError):
        save(attempt, 1, right_form(asked(attempt)[0].version))
    with pytest.raises(AttemptFinishedError):
        save(attempt, 1, None, flagged=True)
    assert asked(attempt)[0].response is None
    assert Statement.objects.get(verb="failed").result == {"scaled": 0.0, "success": False}


@pytest.mark.scoped
def test_long_texts_do_not_count(env, member):
    attempt = attempt_start(assessment=make_assessment("essay", "single"), person_id=member().person_id)
    for answer in asked(attempt):
        save(attempt, answer.position, right_form(answer.version))
    assert finish(attempt).score == 1.0
    fractions = [row.fraction for row in answered_questions(attempt_id=attempt.pk)]
    assert fractions == [None, Decimal(1)]


@pytest.mark.scoped
def test_an_unanswered_long_text_does_not_count_either(env, member):
    attempt = attempt_start(assessment=make_assessment("essay", "single"), person_id=member().person_id)
    save(attempt, 2, right_form(asked(attempt)[1].version))
    assert finish(attempt).score == 1.0


@pytest.mark.scoped
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(1, len(TYPES)), st.sampled_from(["right", "wrong", "none"])), max_size=20))
def test_the_last_answer_counts_in_whatever_order(env, member, steps):
    """Score equals the share of the questions whose last saved answer was right."""
    with open_scope(environment_id=env.pk):
        attempt = attempt_start(assessment=_shared_assessment(), person_id=member().person_id)
        versions = {answer.position: answer.version for answer in asked(attempt)}
        last: dict[int, str] = {}
        for position, how in steps:
            version = versions[position]
            form = {"right": right_form, "wrong": wrong_form, "none": lambda _version: {}}[how](version)
            save(attempt, position, form)
            last[position] = how
        finished = finish(attempt)
        right = sum(how == "right" for how in last.values())
        assert finished.score == pytest.approx(right / len(TYPES), abs=0.0001)
        assert finished.passed == (right / len(TYPES) >= 0.7)
        given = sorted(position for position, how in last.items() if how != "none")
        rows = answered_questions(attempt_id=attempt.pk)
        assert [row.version_id for row in rows] == [versions[position].pk for position in given]


def _shared_assessment() -> Assessment:
    return Assessment.objects.filter(element__slug="shared").first() or make_assessment(*TYPES, slug="shared")


@pytest.mark.scoped
@pytest.mark.parametrize(("mark", "right", "passed"), [(0.7, 7, True), (0.7, 6, False), (0.67, 7, True)])
def test_pass_mark_is_met_exactly(env, member, mark, right, passed):
    attempt = attempt_start(assessment=make_assessment(*["single"] * 10, pass_mark=mark), person_id=member().person_id)
    for answer in asked(attempt)[:right]:
        save(attempt, answer.position, right_form(answer.version))
    assert finish(attempt).passed is passed


@pytest.mark.scoped
def test_bank_comes_along_when_a_quiz_is_offered_below(env, make_environment, member):
    assessment = make_assessment("single")
    bank = questions_of(assessment)[0].element
    assert element_closure(element=assessment.element) == {assessment.element_id, bank.pk}
    below = make_environment("below", parent=env)
    assert element_offer(element=assessment.element, to=below) == 2
    person = member(environment=below)
    with open_scope(environment_id=below.pk):
        attempt = attempt_start(assessment=Assessment.objects.get(), person_id=person.person_id)
        save(attempt, 1, right_form(asked(attempt)[0].version))
        assert finish(attempt).passed


def test_kinds_are_registered():
    assert element_kinds["assessment"].label
    kind = activity_types["assessment"]
    assert (kind.passes, kind.fails, kind.completes) == ({"passed"}, {"failed"}, {"passed"})
