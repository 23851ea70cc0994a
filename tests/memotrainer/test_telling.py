"""What learners say about questions, what software may do for them, and what a sponsor sees of what is remembered.

Worth it: the only tests of the author's page, of three routes of the API, and of recall where others show it: the report, the
analysis of a quiz, the garden and certificates.
"""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from rest_framework.test import APIClient

from api.services import token_create
from assessments.models import Objective, Question, QuestionVersion
from assessments.selectors.analysing import analysis_of, flagged_by_element
from assessments.services import question_save
from assessments.services.analysing import analysis_run
from certificates.services import certificate_issue, template_save
from ecosystem.models import AuditEntry
from ecosystem.scope import open_scope
from gardening.selectors.inventory import inventory
from memotrainer.insight import readiness_of_environment
from memotrainer.watching import FEWEST_ANSWERS
from reporting.selectors import ecosystem_report
from tests.memotrainer.scene import cards_of, local, make_quiz, take_quiz
from tests.memotrainer.test_learning import answer, course_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner(env, member, clock):
    """Two cards from a quiz on Monday 1 March; it is Thursday the 4th."""
    clock(2027, 3, 1, 10)
    who = member()
    take_quiz(make_quiz("single", "single", environment=env), who)
    clock(2027, 3, 4, 9)
    return who


def test_what_learners_report_waits_for_its_author_until_it_is_settled(learner, env, other, browser_of, member):
    card = cards_of(learner)[0]
    browser_of(learner).post(f"/memo/card/{card.pk}/report/", {"text": "Both are right."})
    author = browser_of(member("author"))
    assert browser_of(learner).get("/memo/questions/").status_code == 404
    assert (
        "Both are right."
        not in browser_of(member("author", environment=other)).get("/memo/questions/").content.decode()
    )
    page = author.get("/memo/questions/")
    assert [(row.question_id, row.reports) for row in page.context["rows"]] == [(card.question_id, 1)]
    assert "Both are right." in page.content.decode()
    assert "1 question was reported" in author.get("/").content.decode()
    address = f"/memo/questions/{card.question_id}/settle/"
    assert browser_of(learner).post(address).status_code == 404
    assert browser_of(member("author", environment=other)).post(address).status_code == 404
    assert author.post(address).status_code == 302
    assert author.get("/memo/questions/").context["rows"] == []
    with open_scope(environment_id=env.pk):
        assert AuditEntry.objects.filter(act="memotrainer.reports_settled").count() == 1


def test_software_can_undo_report_and_pause_for_its_person(learner, env, member):
    def client_of(who):
        with open_scope(environment_id=env.pk, person_id=who.person_id):
            _row, token = token_create(
                person=who.person, name="A key", scopes=("read", "write"), valid_for=timedelta(days=1)
            )
        client = APIClient(HTTP_HOST="alpha.localhost")
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return client

    mine, stranger = client_of(learner), client_of(member())
    card = cards_of(learner)[0]
    uid = answer(learner, card, right=False)
    assert stranger.post("/api/v1/cards/undo/", {"id": str(uid)}, format="json").status_code == 404
    for _turn in range(2):
        assert mine.post("/api/v1/cards/undo/", {"id": str(uid)}, format="json").json() == {"card": card.pk}
    assert stranger.post(f"/api/v1/cards/{card.pk}/report/", {"text": "x"}, format="json").status_code == 404
    assert mine.post(f"/api/v1/cards/{card.pk}/report/", {"text": "x"}, format="json").status_code == 204
    pause, none = "/api/v1/cards/pause/", {"holidays": []}
    assert mine.put(pause, {"until": "2027-03-15"}, format="json").json() == {"until": "2027-03-15", **none}
    assert mine.put(pause, {"until": "2026-03-15"}, format="json").status_code == 400
    planned = {"holidays": [["2027-07-01", "2027-07-14"]]}
    assert mine.put(pause, {"until": None, **planned}, format="json").json() == {"until": None, **planned}
    assert mine.put(pause, {"until": None, "holidays": [["2027-07-02"]]}, format="json").status_code == 400
    assert (
        mine.put(pause, {"until": None, "holidays": [["2027-07-02", "2027-07-01"]]}, format="json").status_code == 400
    )
    assert mine.get(pause).json() == {"until": None, **planned}


def test_the_sponsor_sees_what_is_remembered_of_five_people_or_more(env, member, clock):
    clock(2027, 3, 1, 10)
    quiz = make_quiz("single", "single", environment=env)
    with open_scope(environment_id=env.pk):
        question = Question.objects.order_by("pk").first()
        topic = Objective.objects.create(environment=env, element_id=question.element_id, text="Look", slug="look")
        Question.objects.filter(pk=question.pk).update(objective=topic)
    for count in range(1, 6):
        clock(2027, 3, 1, 10)
        take_quiz(quiz, member())
        clock(2027, 3, 9, 9)
        with open_scope(environment_id=env.pk):
            assert bool(readiness_of_environment(timezone.now()).details) == (count == 5)
    with open_scope(environment_id=env.pk):
        table = ecosystem_report(at=timezone.now()).readiness
    ((text, people, recall, low, high, later),) = table.rows
    assert (text, people) == ("Look", 5)
    assert low < recall < high
    assert later < recall


def test_what_is_forgotten_soon_is_said_where_the_quiz_is_looked_after(env, other, member, clock):
    """Two questions, six people, two later days; the first is always wrong then, until it gets new words."""
    clock(2027, 3, 1, 10)
    quiz = make_quiz("single", "single", environment=env)
    people = [member() for _n in range(6)]
    for who in people:
        take_quiz(quiz, who)
    for day in (3, 5):
        clock(2027, 3, day, 9)
        for who in people:
            for place, card in enumerate(cards_of(who)):
                answer(who, card, right=place == 1, at=local(2027, 3, day, 9))
    clock(2027, 3, 9, 9)
    assert 2 * len(people) >= FEWEST_ANSWERS
    with open_scope(environment_id=env.pk):
        analysis_run(assessment=quiz)
        by_flags = {row.item.question_id: row for row in analysis_of(quiz)["items"]}
        bad, good = sorted(by_flags)
        said = {name: str(meaning) for name, _word, meaning in by_flags[bad].flags}["forgotten"]
        assert "right 0% of the time" in said
        assert "Most wrong answers" in said
        assert "forgotten" not in {name for name, _word, _meaning in by_flags[good].flags}
        assert by_flags[bad].remembered.recall < by_flags[good].remembered.recall
        facts = {item.pk: item.facts for item in inventory(now=timezone.now())}[quiz.element_id]
        assert facts.recall < 90
        flagged = flagged_by_element()[quiz.element_id]
        before = QuestionVersion.objects.get(question_id=bad)
        question_save(
            bank=before.element, identifier="q1", type="single", stem="<p>Which one?</p>", body=before.body, feedback=""
        )
        cache.clear()  # ten minutes later
        assert flagged_by_element()[quiz.element_id] == flagged - (not by_flags[bad].item.flags)
    with open_scope(environment_id=other.pk):
        assert flagged_by_element() == {}


def test_a_certificate_says_how_much_of_its_course_is_still_known(env, member, browser_of, clock):
    clock(2027, 3, 1, 10)
    quiz, holder, stranger = make_quiz("single", environment=env), member(), member()
    take_quiz(quiz, holder)
    course = course_of(env, holder, clock)
    with open_scope(environment_id=env.pk):
        template = template_save(course=course, title="Safe start")
        for who in (holder, stranger):
            certificate_issue(template=template, person=who.person, at=timezone.now())
    clock(2027, 4, 1, 9)
    said = "of its questions right today"
    assert said in browser_of(holder).get("/certificates/").content.decode()
    assert said not in browser_of(stranger).get("/certificates/").content.decode()
