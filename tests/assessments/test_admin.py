"""Gardeners look at questions, whoever may see results at attempts; nobody edits them there."""

import pytest

from assessments.models import Question
from assessments.services import attempt_finish, attempt_start, override_save
from assessments.services.analysing import analysis_run
from assessments.services.bank_imports import import_ask
from ecosystem.models import Element
from ecosystem.scope import open_scope
from tests.assessments.answering import make_assessment

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", ["question", "objective", "assessment", "attempt"])
def test_lists_and_forms_open(env, member, browser_of, model):
    who = member("manager" if model == "attempt" else "gardener")
    with open_scope(environment_id=env.pk):
        assessment = make_assessment("single")
        attempt = attempt_start(assessment=assessment, person_id=who.person_id)
        question = Question.objects.select_related("objective").get()
    keys = {
        "question": question.pk, "objective": question.objective_id, "assessment": assessment.pk, "attempt": attempt.pk
    }  # fmt: skip
    browser = browser_of(who)
    assert browser.get(f"/admin/assessments/{model}/").status_code == 200
    assert browser.get(f"/admin/assessments/{model}/{keys[model]}/change/").status_code == 200
    assert browser.get(f"/admin/assessments/{model}/add/").status_code in (403, 404)
    assert browser_of(member("learner")).get(f"/admin/assessments/{model}/").status_code != 200


def test_gardeners_see_and_take_away_no_results(env, member, browser_of):
    """As over the API: a garden is no reason to know how anybody did."""
    gardener, learner = browser_of(member("gardener")), member(name="Lee Learner")
    with open_scope(environment_id=env.pk):
        attempt = attempt_start(assessment=make_assessment("single"), person_id=learner.person_id)
    lists = ("assessments/attempt", "courses/enrolment")
    for path in (*lists, f"assessments/attempt/{attempt.pk}/change"):
        assert gardener.get(f"/admin/{path}/").status_code in (403, 404), path
    taken = gardener.post("/admin/assessments/attempt/", {"action": "export_csv", "_selected_action": attempt.pk})
    assert taken.status_code in (403, 404)
    for path in lists:
        assert browser_of(member("manager")).get(f"/admin/{path}/").status_code == 200, path
    both = browser_of(member("gardener", "instructor"))
    assert "Lee Learner" in both.get("/admin/assessments/attempt/").text


def test_exceptions_and_results_are_seen_by_who_sees_results_flags_by_gardeners(env, member, browser_of):
    learner, manager, gardener = member(name="Lee Learner"), member("manager"), member("gardener")
    with open_scope(environment_id=env.pk):
        quiz = make_assessment("single")
        override_save(assessment=quiz, person=learner.person, extra_minutes=5, because="Dyslexia", by=manager.person)
        attempt = attempt_start(assessment=quiz, person_id=learner.person_id)
        attempt_finish(attempt_uid=attempt.uid, person_id=learner.person_id)
        import_ask(
            bank=Element.objects.get(slug="quiz-bank"), filename="mine.gift", data=b"Two? {=a ~b}", by=gardener.person
        )
        analysis_run(assessment=quiz)
    shown = {
        "override": ("Dyslexia", manager, gardener),
        "result": ("Lee Learner", manager, gardener),
        "bankimport": ("mine.gift", member("admin"), gardener),
        "itemfigures": ("A bank", gardener, manager),
    }
    for model, (words, sees, sees_not) in shown.items():
        assert words in browser_of(sees).get(f"/admin/assessments/{model}/?q=").text
        assert browser_of(sees).get(f"/admin/assessments/{model}/add/").status_code == 403
        assert browser_of(sees_not).get(f"/admin/assessments/{model}/").status_code in (403, 404)


def test_an_address_made_by_hand_that_postgresql_cannot_read_is_no_error(env, member, browser_of):
    answer = browser_of(member("admin", environment=env)).get("/admin/ecosystem/membership/?roles__contains=x")
    assert answer.status_code == 302
    assert answer.url.endswith("?e=1")
