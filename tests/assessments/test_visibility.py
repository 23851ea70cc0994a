"""Which quiz opens for whom, on the pages and in the API, and which one an address means."""

import pytest

from assessments.models import Attempt
from courses.services import PlannedActivity, PlannedBlock, course_publish, enrolment_create, run_open
from ecosystem.models import Visibility
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create, element_offer
from tests.assessments.answering import make_assessment

pytestmark = pytest.mark.django_db


def quiz(env, **facts):
    with open_scope(environment_id=env.pk):
        return make_assessment("single", **facts).element


def hide(env, element, **facts):
    with open_scope(environment_id=env.pk):
        element.visibility = Visibility.PRIVATE
        for name, value in facts.items():
            setattr(element, name, value)
        element.save()


def test_a_private_quiz_opens_for_its_owner_and_those_who_make_things(env, member, browser_of):
    owner, learner = member(), member()
    hide(env, quiz(env), owner=owner.person)
    browser = browser_of(learner)
    assert browser.get("/quiz/quiz/").status_code == 404
    assert browser.post("/quiz/quiz/").status_code == 404
    with open_scope(environment_id=env.pk):
        assert not Attempt.objects.exists()
    for who in (owner, member("author"), member("gardener"), member("admin")):
        assert browser_of(who).get("/quiz/quiz/").status_code == 200


def test_a_private_quiz_opens_for_those_whose_course_asks_for_it(env, member, browser_of):
    element, inside, outside = quiz(env), member(), member()
    hide(env, element)
    with open_scope(environment_id=env.pk):
        course = element_create(kind="course", title="A course", creators=["Ada"])
        course_publish(element=course, blocks=[PlannedBlock("One", [PlannedActivity(target=element)])])
        enrolment_create(run=run_open(element=course), person=inside.person)
    assert browser_of(outside).get("/quiz/quiz/").status_code == 404
    browser = browser_of(inside)
    assert browser.get("/quiz/quiz/").status_code == 200
    assert browser.post("/quiz/quiz/", follow=True).status_code == 200


def test_our_own_quiz_goes_before_one_from_above_with_the_same_address(env, member, browser_of, make_environment):
    below = make_environment("below", parent=env)
    shared = quiz(env)
    with open_scope(environment_id=env.pk):
        element_offer(element=shared, to=below)
    ours = quiz(below)
    browser = browser_of(member(environment=below))
    browser.post("/quiz/quiz/")
    with open_scope(environment_id=below.pk):
        assert Attempt.objects.get().element_id == ours.pk


def test_our_own_bank_goes_before_one_from_above_with_the_same_address(env, member, browser_of, make_environment):
    below = make_environment("below", parent=env)
    shared = quiz(env)
    with open_scope(environment_id=env.pk):
        element_offer(element=shared, to=below)
    browser = browser_of(member("author", environment=below))
    assert browser.get("/banks/quiz-bank/").status_code == 200
    assert browser.get("/banks/quiz-bank/import/").status_code == 404, "a bank from above is changed above"
    quiz(below)
    assert browser.get("/banks/quiz-bank/").status_code == 200
    assert browser.get("/banks/quiz-bank/import/").status_code == 200
