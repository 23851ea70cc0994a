"""A goal that is there already: asks for something else, ends, counts again; on its page and over REST."""

import json

import pytest

from assessments.models import Objective, Question
from ecosystem.models import AuditEntry
from ecosystem.scope import open_scope
from memotrainer.exceptions import CardError
from memotrainer.models import Card, Goal, GoalReached, Training
from memotrainer.services import goal_change, goal_end, goal_look, goal_look_again, goal_make, goal_resume
from tests.api.conftest import calling, secret_of  # noqa: F401 -- fixtures
from tests.memotrainer.scene import make_quiz, take_quiz
from tests.memotrainer.test_goals import course, states  # noqa: F401 -- a fixture

pytestmark = pytest.mark.django_db
FIELDS = ("recall", "coverage", "days")


def known(course, env, *, stability):  # noqa: F811
    take_quiz(course["quiz"], course["learner"])
    with open_scope(environment_id=env.pk):
        Card.objects.update(stability=stability)


def test_an_easier_goal_is_reached_by_who_knows_enough_already(course, env, browser_of):  # noqa: F811
    known(course, env, stability=2.0)
    goal, address = course["goal"], "/memo/goals/both-stay/settings/"
    with open_scope(environment_id=env.pk):
        assert not goal_look(goal=goal, person_id=course["learner"].person_id)
    browser = browser_of(course["boss"])
    page = browser.get(address)
    assert [element.title for element in page.context["courses"]] == ["Safety"]
    asked = {"title": "Both stay a while", "summary": "Two things.", "quizzes": [course["quiz"].element_id]}
    assert browser.post(address, {**asked, "recall": 50, "coverage": 100, "days": 0}).status_code == 302
    assert goal_look_again(environment_id=env.pk, goal_id=goal.pk) == 1
    assert goal_look_again(environment_id=env.pk, goal_id=goal.pk) == 0, "twice is once"
    assert states(course) == ["completed", "open"], "the step is done, and what waits for it opens"
    with open_scope(environment_id=env.pk):
        goal.refresh_from_db()
        assert [getattr(goal, name) for name in FIELDS] == [50, 100, 0]
        assert (goal.element.title, goal.element.slug) == ("Both stay a while", "both-stay")
        entry = AuditEntry.objects.get(act="memotrainer.goal_changed")
        assert (entry.before["recall"], entry.after["recall"]) == (80, 50)


def test_what_was_reached_stays_when_more_is_asked(course, env):  # noqa: F811
    boss, goal, person_id = course["boss"], course["goal"], course["learner"].person_id
    known(course, env, stability=90.0)
    with open_scope(environment_id=env.pk, person_id=boss.person_id):
        assert goal_look(goal=goal, person_id=person_id)
        goal_change(goal=goal, by=boss, recall=99, days=365)
        assert goal_look(goal=goal, person_id=person_id)
        assert GoalReached.objects.count() == 1
        goal_change(goal=goal, by=boss, recall=99, days=365)
        assert AuditEntry.objects.filter(act="memotrainer.goal_changed").count() == 1, "the same again is no change"
    assert states(course)[0] == "completed"


def test_it_can_be_about_other_questions(course, env):  # noqa: F811
    boss = course["boss"]
    other = make_quiz("single", environment=env, slug="other")
    with open_scope(environment_id=env.pk, person_id=boss.person_id):
        question = Question.objects.order_by("pk")[0]
        aim = Objective.objects.create(environment=env, element_id=question.element_id, text="Look", slug="look")
        goal = goal_change(goal=course["goal"], by=boss, quizzes=[other.element], objectives=[aim])
        parts = set(goal.parts.values_list("of_id", "objective_id"))
        assert parts == {(other.element_id, None), (aim.element_id, aim.pk)}
        goal = goal_change(goal=goal, by=boss, quizzes=[])
        assert set(goal.parts.values_list("of_id", "objective_id")) == {(aim.element_id, aim.pk)}
        for wrong in ({"objectives": []}, {"recall": 100}, {"days": 366}, {"quizzes": [goal.element]}):
            with pytest.raises(CardError):
                goal_change(goal=goal, by=boss, **wrong)
        with pytest.raises(CardError):
            goal_change(goal=goal, by=course["learner"], recall=1)


def test_one_that_ended_is_reached_by_nobody_until_it_counts_again(course, env, browser_of):  # noqa: F811
    boss, learner = course["boss"], course["learner"]
    with open_scope(environment_id=env.pk, person_id=boss.person_id):
        with pytest.raises(CardError, match="Safety"):
            goal_end(goal=course["goal"], by=boss)
        free = goal_make(title="Free", quizzes=[course["quiz"].element], by=boss, recall=50, days=0)
    browser, address = browser_of(boss), "/memo/goals/free/end/"
    browser.post(address)
    take_quiz(course["quiz"], learner)
    with open_scope(environment_id=env.pk, person_id=boss.person_id):
        assert not GoalReached.objects.filter(element=free.element).exists()
        assert not goal_look(goal=free, person_id=learner.person_id)
    assert goal_look_again(environment_id=env.pk, goal_id=free.pk) == 0
    page = browser_of(learner).get("/memo/goals/free/")
    assert "Ended on" in page.text
    assert "Count it" not in page.text
    browser.post(address, {"again": "1"})
    assert goal_look_again(environment_id=env.pk, goal_id=free.pk) == 1
    browser.post(address)
    with open_scope(environment_id=env.pk, person_id=boss.person_id):
        assert goal_look(goal=free, person_id=learner.person_id), "who has reached it keeps it"
        assert goal_end(goal=goal_resume(goal=free, by=boss), by=boss).ended_at
    assert browser_of(learner).post(address).status_code == 404


def test_the_list_of_them_and_a_new_one(course, env, browser_of, django_assert_num_queries, member):  # noqa: F811
    browser = browser_of(course["boss"])
    facts = {"title": "Another", "quizzes": [course["quiz"].element_id], "recall": 70, "coverage": 90, "days": 7}
    assert browser.post("/memo/goals/", {**facts, "recall": 100}).status_code == 400
    browser.post("/memo/goals/", facts)
    page = browser.get("/memo/goals/")
    assert [row.element.title for row in page.context["page"]] == ["Another", "Both stay"]
    assert "reached by 0 people" in page.text
    assert browser_of(course["learner"]).get("/memo/goals/").status_code == 404


def test_over_rest(course, env, calling):  # noqa: F811
    boss, learner = course["boss"], course["learner"]
    both = {"scopes": ("read", "write")}
    author, other = calling(boss, **both), calling(learner, **both)

    def send(client, method, address, body=None):
        return getattr(client, method)(f"/api/v1/{address}", json.dumps(body or {}), content_type="application/json")

    made = send(author, "post", "goals/", {"title": "Mine", "quizzes": [course["quiz"].element.slug], "days": 3})
    assert made.status_code == 201, made.content
    assert (made.json()["slug"], made.json()["recall"], made.json()["days"]) == ("mine", 80, 3)
    changed = send(author, "patch", "goals/mine/", {"recall": 60})
    assert (changed.json()["recall"], changed.json()["days"]) == (60, 3)
    assert author.get("/api/v1/goals/mine/").json() == changed.json()
    assert [row["slug"] for row in author.get("/api/v1/goals/").json()["results"]] == ["mine", "both-stay"]
    assert send(author, "post", "goals/both-stay/end/").status_code == 400
    assert send(author, "post", "goals/mine/end/").json()["ended_at"]
    assert send(author, "post", "goals/mine/resume/").json()["ended_at"] is None
    wrong = send(author, "post", "goals/", {"title": "No", "quizzes": ["nothing"], "objectives": [7]})
    assert wrong.json()["errors"][0]["pointer"] == "#/quizzes/0"
    assert send(other, "patch", "goals/both-stay/", {"recall": 1}).status_code == 403
    assert send(other, "post", "goals/", {"title": "No", "quizzes": []}).status_code == 403
    with open_scope(environment_id=env.pk):
        assert Goal.objects.count() == 2


def test_how_a_course_is_trained_over_rest(course, env, calling, member):  # noqa: F811
    instructor = calling(member("instructor"), scopes=("read", "write"))
    address = "/api/v1/trainings/safety/"

    def patch(client, body):
        return client.patch(address, json.dumps(body), content_type="application/json")

    assert instructor.get(address).json()["mode"] == "maintain"
    assert patch(instructor, {"mode": "test"}).status_code == 400, "without a day"
    done = patch(instructor, {"mode": "test", "test_on": "2027-06-01", "minutes_a_day": 12, "desired_retention": 0.85})
    assert done.status_code == 200, done.content
    assert patch(instructor, {"minutes_a_day": 9}).json() == {**done.json(), "minutes_a_day": 9}
    assert [row["course"] for row in instructor.get("/api/v1/trainings/").json()["results"]] == ["safety"]
    assert calling(course["learner"], scopes=("read", "write")).get(address).status_code == 403
    with open_scope(environment_id=env.pk):
        kept = Training.objects.get()
        assert (kept.mode, kept.minutes_a_day, kept.desired_retention) == ("test", 9, 0.85)
