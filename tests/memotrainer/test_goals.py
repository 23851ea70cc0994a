"""A goal as a step of a course: reached with the answer that does it, explained, made while building.

Worth it: the only tests of this activity type; that it goes along with a course is in tests/guards/test_course_package.py.
"""

import pytest

from assessments.models import AssessmentQuestion, Objective, Question
from content.services import page_create
from courses.models import Activity
from courses.services import PlannedActivity, PlannedBlock, course_publish, enrolment_create, run_open
from ecosystem.models import AuditEntry, Element
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create
from memotrainer.exceptions import CardError
from memotrainer.goals import standing_of
from memotrainer.models import Card, Goal, GoalReached
from memotrainer.services import goal_look, goal_make
from records.models import Statement
from tests.memotrainer.scene import cards_of, local, make_quiz, take_quiz
from tests.memotrainer.test_learning import answer

pytestmark = pytest.mark.django_db
ASKS = {"recall": 80, "coverage": 100, "days": 14}


@pytest.fixture
def course(env, member, clock):
    """A quiz of two questions, the goal to keep both, and a step that opens when it is reached; the learner is in it."""
    clock(2027, 3, 1, 10)
    boss, learner = member("author"), member("learner")
    quiz = make_quiz("single", "single", environment=env)
    with open_scope(environment_id=env.pk, person_id=boss.person_id):
        goal = goal_make(title="Both stay", quizzes=[quiz.element], by=boss, **ASKS)
        assert AuditEntry.objects.filter(act="memotrainer.goal_made").count() == 1
        after = page_create(title="After", markdown="Tea.", creators=["Ada"]).element
        element = element_create(kind="course", title="Safety", creators=["Ada"])
        steps = [
            PlannedActivity(target=goal.element),
            PlannedActivity(target=after, condition={"completed": goal.element_id}),
        ]
        course_publish(element=element, blocks=[PlannedBlock("One", steps)])
        enrolment = enrolment_create(run=run_open(element=element), person=learner.person)
    return {"boss": boss, "learner": learner, "quiz": quiz, "goal": goal, "enrolment": enrolment}


def states(course):
    with open_scope(environment_id=course["boss"].environment_id):
        rows = course["enrolment"].states.select_related("activity").order_by("activity__position")
        return [row.state for row in rows]


def standing(course):
    with open_scope(environment_id=course["boss"].environment_id):
        return standing_of(course["goal"], person_id=course["learner"].person_id)


def test_it_is_completed_with_the_answer_that_reaches_it_once_and_for_all(course, env, other, clock, browser_of):
    learner, goal = course["learner"], course["goal"]
    assert states(course) == ["open", "locked"]
    page = browser_of(learner).get("/memo/goals/both-stay/?next=/courses/safety/")
    assert (page.context["standing"].missing, page.context["standing"].recall) == (2, None)
    assert "still know 80% after 14 days" in page.text
    take_quiz(course["quiz"], learner, right=False)
    assert standing(course).covers
    assert not standing(course).reached
    days, cards = [(3, 2), (3, 4), (3, 8), (3, 16), (4, 2), (5, 2)], cards_of(learner)
    answers = [(day, card) for day in days for card in cards]
    while not standing(course).reached:
        assert states(course) == ["open", "locked"]
        day, card = answers.pop(0)
        clock(2027, *day, 9)
        answer(learner, card, right=day != days[0], at=local(2027, *day, 9))
    # No reaction was run since: the step is done, and the next is open, in the transaction of the answer.
    assert states(course) == ["completed", "open"]
    with open_scope(environment_id=env.pk):
        reached = GoalReached.objects.get()
        assert (reached.person_id, reached.coverage, reached.recall >= 80) == (learner.person_id, 100, True)
        assert Statement.objects.filter(verb="completed", element=goal.element).count() == 1
    clock(2027, 9, 20, 9)
    for right in (False, True):
        answer(learner, cards_of(learner)[0], right=right, at=local(2027, 9, 20, 9))
    with open_scope(environment_id=env.pk):
        assert Statement.objects.filter(verb="completed", element=goal.element).count() == 1
    assert states(course)[0] == "completed"
    assert "Reached on" in browser_of(learner).get("/memo/goals/both-stay/").text
    with open_scope(environment_id=other.pk):
        assert not Goal.objects.exists()


def test_what_was_known_before_counts_when_they_say_so(course, env, browser_of, member):
    learner, browser = course["learner"], browser_of(course["learner"])
    browser.post("/memo/goals/both-stay/")
    assert states(course) == ["open", "locked"], "who knows nothing has reached nothing"
    take_quiz(course["quiz"], learner)
    with open_scope(environment_id=env.pk):
        Card.objects.update(stability=90.0)
    assert "Count it" in browser.get("/memo/goals/both-stay/").text
    for _turn in range(2):
        browser.post("/memo/goals/both-stay/")
    assert states(course) == ["completed", "open"]
    with open_scope(environment_id=env.pk):
        assert goal_look(goal=course["goal"], person_id=learner.person_id)
        assert GoalReached.objects.count() == 1
    stranger = browser_of(member()).get("/memo/goals/both-stay/")
    assert stranger.context["reached"] is None


def test_it_is_about_the_questions_of_its_quizzes_and_objectives_as_they_are(course, env, member):
    boss, learner = course["boss"], course["learner"]
    take_quiz(course["quiz"], learner)
    with open_scope(environment_id=env.pk, person_id=boss.person_id):
        first, second = Question.objects.order_by("pk")
        objective = Objective.objects.create(environment=env, element_id=first.element_id, text="Look", slug="look")
        Question.objects.filter(pk=second.pk).update(objective=objective)
        part = goal_make(title="One", quizzes=[], objectives=[objective], by=boss, days=0)
        half = goal_make(title="Half", quizzes=[course["quiz"].element], by=boss, coverage=50, days=0)
        Card.objects.filter(question=first).delete()
        assert [(s.met, s.of) for s in (standing_of(g, person_id=learner.person_id) for g in (part, half))] == [
            (1, 1), (1, 2),
        ]  # fmt: skip
        assert standing_of(half, person_id=learner.person_id).covers
        assert not standing_of(course["goal"], person_id=learner.person_id).covers
        Question.objects.filter(pk=first.pk).update(retired_at=local(2027, 3, 1, 9))
        assert standing_of(course["goal"], person_id=learner.person_id).covers
        assert AssessmentQuestion.objects.count() == 2


def test_nonsense_and_strangers_are_refused(course, env):
    boss, learner, quiz = course["boss"], course["learner"], course["quiz"].element
    with open_scope(environment_id=env.pk, person_id=boss.person_id):
        for wrong in ({"quizzes": []}, {"recall": 100}, {"coverage": 0}, {"days": 366}, {"by": learner}):
            with pytest.raises(CardError):
                goal_make(**{"title": "No", "quizzes": [quiz], "by": boss, **wrong})
        with pytest.raises(CardError):
            goal_make(title="No", quizzes=[course["goal"].element], by=boss)
        assert not Element.objects.filter(title="No").exists()


def test_it_is_made_while_a_course_is_built(course, env, browser_of):
    from courses.services import draft_of
    from tests.courses.conftest import uids

    boss = course["boss"]
    with open_scope(environment_id=env.pk, person_id=boss.person_id):
        element = Element.objects.get(kind="course")
        draft = draft_of(element=element, by=boss)
        chapter = uids(draft)["One"]
    browser = browser_of(boss)
    build = f"/courses/{element.slug}/build/"
    new = {"act": "activity_new", "block": chapter, "seen": 0, "kind": "recall_goal", "title": "For good"}
    wanted = {"quizzes": [course["quiz"].element_id], "recall": 90, "coverage": 75, "days": 30}
    assert "Choose a quiz or a learning objective." in browser.post(build, {**new, **wanted, "quizzes": []}).text
    browser.post(build, {**new, **wanted})
    with open_scope(environment_id=env.pk):
        made = Goal.objects.get(element__title="For good")
        assert (made.recall, made.coverage, made.days) == (90, 75, 30)
        assert Activity.objects.filter(target=made.element, type="recall_goal").exists()
