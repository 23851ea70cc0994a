"""Gardeners look at questions and attempts; nobody edits them there."""

import pytest

from assessments.models import Question
from assessments.services import attempt_start
from ecosystem.scope import open_scope
from tests.assessments.answering import make_assessment

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", ["question", "objective", "assessment", "attempt"])
def test_lists_and_forms_open(env, member, browser_of, model):
    who = member("gardener")
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
