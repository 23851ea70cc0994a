"""Adaptive tests: the ability that is found, the question that comes next, when it ends, and what it scores."""

import math

import numpy as np
import pytest

from assessments.adaptive import StopRules, difficulty_of, estimate, expected_share, next_place
from assessments.exceptions import AssessmentError
from assessments.models import Answer, Attempt
from assessments.services import assessment_create, assessment_set, attempt_finish, attempt_start, question_save
from ecosystem.scope import open_scope
from records.models import Statement
from tests.assessments.answering import make_bank, right_form

BODY = {"choices": [{"text": "yes", "correct": True}, {"text": "no", "correct": False}]}


def chance(ability, difficulty):
    return 1 / (1 + np.exp(difficulty - ability))


def test_ability_and_error_are_those_of_an_independent_search():
    from scipy.optimize import minimize_scalar  # half a second of each process that loads the tests

    random = np.random.default_rng(5)
    for _round in range(5):
        difficulties = random.normal(size=15)
        right = random.random(15) < chance(0.4, difficulties)
        right[:2] = True, False

        def unlikely(ability, difficulties=difficulties, right=right):
            p = chance(ability, difficulties)
            return -np.log(np.where(right, p, 1 - p)).sum()

        found = estimate(difficulties=difficulties.tolist(), right=right.tolist())
        wanted = minimize_scalar(unlikely, bounds=(-6, 6), method="bounded", options={"xatol": 1e-9}).x
        p = chance(wanted, difficulties)
        assert found.ability == pytest.approx(wanted, abs=1e-3)
        assert found.error == pytest.approx(1 / math.sqrt((p * (1 - p)).sum()), rel=1e-3)


def test_all_right_or_all_wrong_is_a_number_that_moves_on():
    up = [estimate(difficulties=[0.0] * n, right=[True] * n).ability for n in (1, 2, 3)]
    down = [estimate(difficulties=[0.0] * n, right=[False] * n).ability for n in (1, 2, 3)]
    assert up == sorted(up)
    assert down == [-ability for ability in up]
    assert estimate(difficulties=[], right=[]).error == math.inf


def test_twenty_fitting_questions_say_more_than_twenty_others():
    random = np.random.default_rng(3)
    pool = random.normal(0, 1.5, 150)
    missed: dict[bool, list[float]] = {True: [], False: []}
    for true in (-2.0, -1.0, 0.0, 1.0, 2.0) * 3:
        for adaptive in (True, False):
            asked, right, ability = [], [], 0.0
            for turn in range(20):
                place = (
                    next_place(difficulties=pool, asked=asked, ability=ability, spread=True, lot=turn)
                    if adaptive
                    else turn
                )
                asked.append(place)
                right.append(bool(random.random() < chance(true, pool[place])))
                ability = (
                    estimate(difficulties=[float(pool[one]) for one in asked], right=right).ability if adaptive else 0
                )
            assert len(set(asked)) == 20
            missed[adaptive].append(estimate(difficulties=[float(pool[one]) for one in asked], right=right).error)
    assert np.mean(missed[True]) < np.mean(missed[False]) * 0.95
    assert np.mean(missed[True]) < 0.55


def test_rules_and_scales():
    rules = StopRules(error=0.4, least=5, most=20)
    assert not rules.is_enough(asked=4, error=0.1, left=9)
    assert rules.is_enough(asked=5, error=0.4, left=9)
    assert not rules.is_enough(asked=19, error=0.5, left=9)
    assert rules.is_enough(asked=20, error=9, left=9)
    assert rules.is_enough(asked=2, error=9, left=0)
    hard, easy = difficulty_of(facility=0.2, answers=500), difficulty_of(facility=0.8, answers=500)
    assert hard == pytest.approx(-easy)
    assert hard > 1.3
    assert difficulty_of(facility=1, answers=50) == -4
    assert expected_share(difficulties=[0.0], ability=0.0) == pytest.approx(0.5)


@pytest.fixture
def quiz(env, member):
    author = member("author")
    with open_scope(environment_id=env.pk):
        bank = make_bank()
        made = [
            question_save(
                bank=bank, identifier=f"q{n}", type="single", stem=f"<p>{n}?</p>", body=BODY, difficulty=1 + n % 5
            ).question
            for n in range(30)
        ]
        quiz = assessment_create(title="Fits", slug="fits", creators=["A"], questions=made, pass_mark=0.6)
        return assessment_set(
            assessment=quiz, by=author.person, mode="adaptive", least_questions=4, most_questions=8, target_error=0.9,
            even_exposure=False,
        )  # fmt: skip


def taken(env, browser, member, *, right: bool) -> Attempt:
    """The whole test in the browser, every answer right, or every one wrong; each sent twice."""
    page = browser.post("/quiz/fits/", follow=True)
    for _turn in range(20):
        with open_scope(environment_id=env.pk):
            attempt = Attempt.objects.get(person_id=member.person_id, finished_at=None)
            answer = Answer.objects.select_related("version").get(attempt=attempt, position=attempt.reached)
            fields = right_form(answer.version)
        if not right:
            value = fields["answer"][0]
            fields = {
                "answer": next(
                    v for v in page.text.split('name="answer" value="')[1:] if not v.startswith(value)
                ).split('"')[0]
            }
        here = f"/attempts/{attempt.uid}/{answer.position}/"
        page = browser.post(here, {**fields, "go": "next"}, follow=True)
        browser.post(here, {**fields, "go": "next"})
        if "/review/" in page.request["PATH_INFO"]:
            break
    with open_scope(environment_id=env.pk):
        found: Attempt = Attempt.objects.get(pk=attempt.pk)
    return found


@pytest.mark.django_db
def test_each_question_fits_the_answers_before(env, quiz, member, browser_of):
    good, weak = member(), member()
    able, unable = (taken(env, browser_of(who), who, right=right) for who, right in ((good, True), (weak, False)))
    for attempt, sign in ((able, 1), (unable, -1)):
        with open_scope(environment_id=env.pk):
            asked = [row.difficulty * sign for row in Answer.objects.filter(attempt=attempt).order_by("position")]
        assert asked[0] == 0
        assert asked == sorted(asked), "right answers make it harder, wrong ones easier"
        assert 4 <= len(asked) <= 8
        assert attempt.ability * sign > 1
    assert able.passed
    assert not unable.passed
    assert able.score > 0.8
    assert unable.score < 0.2
    with open_scope(environment_id=env.pk):
        assert Statement.objects.filter(verb="passed", person_id=good.person_id).count() == 1


@pytest.mark.django_db
def test_who_stops_at_once_gets_a_part(env, quiz, member, browser_of):
    learner = member()
    browser = browser_of(learner)
    assert "Between 4 and 8 questions" in browser.get("/quiz/fits/").text
    with open_scope(environment_id=env.pk, person_id=learner.person_id):
        attempt = attempt_start(assessment=quiz, person_id=learner.person_id)
        row = Answer.objects.select_related("version").get(attempt=attempt)
    page = browser.get(f"/attempts/{attempt.uid}/1/").text
    assert "Question 1 of" not in page
    browser.post(f"/attempts/{attempt.uid}/1/", {**right_form(row.version), "go": "1"})
    with open_scope(environment_id=env.pk, person_id=learner.person_id):
        done = attempt_finish(attempt_uid=attempt.uid, person_id=learner.person_id)
    assert 0 < done.score < 0.25


@pytest.mark.django_db
def test_settings_that_make_no_sense_are_refused(env, quiz, member):
    author = member("author").person
    with open_scope(environment_id=env.pk):
        for wrong in ({"least_questions": 9}, {"target_error": 0}, {"least_questions": 0}):
            with pytest.raises(AssessmentError):
                assessment_set(assessment=quiz, by=author, **wrong)
        assert assessment_set(assessment=quiz, by=author, forward_only=False).forward_only
