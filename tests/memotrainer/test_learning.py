"""Fits, replays, what is taken back or reported, breaks, and how a course is trained."""

import json
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from uuid import uuid4

import numpy as np
import pytest
from django.core.management import call_command

from assessments.models import AssessmentQuestion, Question, QuestionVersion
from ecosystem.models import AuditEntry
from ecosystem.scope import open_scope
from memotrainer.badge import due_count
from memotrainer.daily import due_ids
from memotrainer.engine.logs import ReviewLog, gaps_of
from memotrainer.enums import FitScope, Mode, ReviewKind
from memotrainer.exceptions import CardError
from memotrainer.forecasting import guess_of, in_force
from memotrainer.fsrs import DEFAULT_WEIGHTS
from memotrainer.models import Card, Ease, Fit, Profile, QuestionReport, Review, Trainer, Withdrawal
from memotrainer.services import (
    AnswerGiven,
    answer_withdraw,
    answers_take,
    environment_fit,
    person_replay,
    reports_settle,
    trainer_pause,
    training_save,
)
from memotrainer.services.fitting import global_weights, judged
from tests.assessments.answering import right_form, wrong_form
from tests.memotrainer.scene import cards_of, item, local, make_quiz, take_quiz

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner(env, member, clock):
    """Three cards from a quiz on Monday 1 March; it is Thursday the 4th."""
    clock(2027, 3, 1, 10)
    who = member()
    take_quiz(make_quiz("single", "single", "true_false", environment=env), who)
    clock(2027, 3, 4, 9)
    return who


def answer(who, card, *, right=True, uid=None, at=None):
    with open_scope(environment_id=who.environment_id, person_id=who.person_id):
        version = QuestionVersion.objects.get(question_id=card.question_id)
        given = AnswerGiven(
            uid=uid or uuid4(),
            card_id=card.pk,
            answered_at=at or local(2027, 3, 4, 9),
            data=right_form(version) if right else wrong_form(version),
        )
        taken = answers_take(person_id=who.person_id, items=[given])
        assert taken.accepted == [given.uid]
    return given.uid


def states(who):
    return [(c.question_id, c.stability, c.difficulty, c.due_at, c.reviews, c.lapses, c.run) for c in cards_of(who)]


def test_an_answer_teaches_about_question_person_and_forecast(learner):
    card = cards_of(learner)[0]
    uid = answer(learner, card, right=False)
    with open_scope(environment_id=learner.environment_id):
        review = Review.objects.get(uid=uid)
        ease = Ease.objects.get(question_id=card.question_id)
        profile = Profile.objects.get(person_id=learner.person_id)
    assert review.foretold == pytest.approx(0.88, abs=0.05)
    assert (ease.answers, ease.late_answers) == (2, 1)
    assert ease.late_surprise < 0
    assert profile.evidence["answers"] == 4
    assert len(profile.correction["waiting"]) == 1
    assert [guess_of("single", 4), guess_of("true_false", 2), guess_of("numeric", 0)] == [0.25, 0.5, 0.0]


def test_a_replay_twice_changes_nothing_and_mends_what_was_spoilt(learner):
    for n, card in enumerate(cards_of(learner)):
        answer(learner, card, right=n != 1)
    before = states(learner)
    with open_scope(environment_id=learner.environment_id):
        Card.objects.update(stability=1.0, difficulty=1.0, reviews=9, run=5)
    out = StringIO()
    call_command("memotrainer_replay", environment=learner.environment.slug, stdout=out)
    assert "1 people, 6 answers replayed" in out.getvalue()
    assert states(learner) == before
    with open_scope(environment_id=learner.environment_id):
        assert person_replay(person_id=learner.person_id) == 6
    assert states(learner) == before


def test_the_last_answer_can_be_taken_back_once_and_is_asked_again(learner, browser_of, member, clock):
    first, second, _third = cards_of(learner)
    kept = states(learner)[0]
    older, uid = answer(learner, second), answer(learner, first, right=False)
    with open_scope(environment_id=learner.environment_id, person_id=learner.person_id):
        with pytest.raises(CardError):
            answer_withdraw(person_id=learner.person_id, uid=older)
        assert first.pk not in due_ids(person_id=learner.person_id)
    assert browser_of(member()).post("/memo/undo/", {"uid": str(uid)}).status_code == 404
    for _turn in range(2):
        assert browser_of(learner).post("/memo/undo/", {"uid": str(uid)}).status_code == 302
    with open_scope(environment_id=learner.environment_id, person_id=learner.person_id):
        assert Withdrawal.objects.count() == 1
        assert Review.objects.filter(uid=uid).exists(), "the log keeps it"
        assert first.pk in due_ids(person_id=learner.person_id)
    now = states(learner)[0]
    assert (now[1], now[2], now[4]) == (kept[1], kept[2], kept[4])
    clock(2027, 3, 4, 10)
    late = answer(learner, first)
    clock(2027, 3, 4, 12)
    assert (
        browser_of(learner).post("/memo/undo/", {"uid": str(late)}, headers={"accept": "application/json"}).status_code
        == 409
    )


def test_taken_back_on_the_train_it_never_counted(learner, browser_of):
    card = cards_of(learner)[0]
    with open_scope(environment_id=learner.environment_id):
        version = QuestionVersion.objects.get(question_id=card.question_id)
    given = item(card, wrong_form(version), version=version.pk, at=local(2027, 3, 4, 8))
    undo = {"id": str(uuid4()), "undo": given["id"], "at": local(2027, 3, 4, 8, 1).isoformat()}
    again = item(card, right_form(version), version=version.pk, at=local(2027, 3, 4, 8, 2)) | {"extra": True}
    body = json.dumps({"items": [undo, again, given]})
    for _turn in range(2):
        reply = browser_of(learner).post("/memo/answers/", body, content_type="application/json").json()
        assert (len(reply["accepted"]), reply["refused"]) == (3, [])
    with open_scope(environment_id=learner.environment_id):
        found = Card.objects.get(pk=card.pk)
        assert (found.reviews, found.lapses) == (2, 0)
        assert Review.objects.get(uid=again["id"]).kind == ReviewKind.EXTRA


def test_a_bad_question_is_reported_once_and_settled(learner, browser_of, member):
    card, browser = cards_of(learner)[0], browser_of(learner)
    assert browser_of(member()).post(f"/memo/card/{card.pk}/report/", {"text": "x"}).status_code == 404
    for text in ("unclear", "both are right"):
        assert browser.post(f"/memo/card/{card.pk}/report/", {"text": text}).status_code == 302
    with open_scope(environment_id=learner.environment_id):
        (report,) = QuestionReport.objects.all()
        assert report.text == "both are right"
        author = member("author")
        question = Question.objects.get(pk=card.question_id)
        assert [reports_settle(question=question, by=author.person) for _turn in range(2)] == [1, 0]


def test_a_break_brings_no_cards_and_no_reminder_until_its_end(learner, browser_of, env):
    browser = browser_of(learner)
    assert browser.post("/memo/pause/", {"until": "2027-03-15"}).status_code == 302
    with open_scope(environment_id=env.pk, person_id=learner.person_id):
        trainer = Trainer.objects.get(person_id=learner.person_id)
        assert trainer.next_reminder_at == local(2027, 3, 15, 8)
        assert due_ids(person_id=learner.person_id) == []
        assert due_count(learner) == 0
        assert len(due_ids(person_id=learner.person_id, at=local(2027, 3, 15, 9))) == 3
        with pytest.raises(CardError):
            trainer_pause(person_id=learner.person_id, until=date(2027, 3, 4))
    assert "taking a break" in browser.get("/memo/").content.decode()
    browser.post("/memo/pause/", {})
    with open_scope(environment_id=env.pk, person_id=learner.person_id):
        assert len(due_ids(person_id=learner.person_id)) == due_count(learner) == 3


def test_extra_practice_is_there_when_nothing_is_due(learner, browser_of):
    for card in cards_of(learner):
        answer(learner, card)
    browser = browser_of(learner)
    assert browser.get("/memo/").templates[0].name == "memotrainer/rest.html"
    assert browser.get("/memo/extra/").context["count"] == 3
    assert len(browser.get("/memo/session/?extra=1").json()["cards"]) == 3


def course_of(env, who, clock):
    """A published course with the quiz of ``who`` in it."""
    from courses.models import Activity, Block, CourseVersion
    from ecosystem.services.elements import element_create

    with open_scope(environment_id=env.pk):
        course = element_create(kind="course", title="Safety", slug="safety", creators=["Ada"])
        version = CourseVersion.objects.create(
            element=course, environment=env, number=1, state="published", published_at=local(2027, 2, 1, 9)
        )
        block = Block.objects.create(element=course, environment=env, version=version, title="One", position=1)
        Activity.objects.create(
            element=course, environment=env, version=version, block=block, title="Quiz", position=1, type="assessment",
            target_id=cards_of(who)[0].source_id,
        )  # fmt: skip
    return course


def test_a_streak_of_two_is_done_and_one_wrong_answer_begins_again(learner, env, member, clock):
    course, boss = course_of(env, learner, clock), member("instructor")
    with open_scope(environment_id=env.pk):
        training_save(course=course, by=boss, mode=Mode.STREAK, streak_level=3)
        assert AuditEntry.objects.filter(act="memotrainer.training_changed").count() == 1
    first, second, _third = cards_of(learner)
    answer(learner, first)
    answer(learner, second, right=False)
    clock(2027, 3, 5, 9)
    answer(learner, first, at=local(2027, 3, 5, 8))
    first, second, _third = cards_of(learner)
    assert (first.run, first.due_at.year) == (3, 2127)
    assert second.run == -1
    with open_scope(environment_id=env.pk):
        Trainer.objects.filter(person_id=learner.person_id).update(streak_level=6)
    clock(2027, 3, 6, 9)
    answer(learner, first, at=local(2027, 3, 6, 8))
    assert cards_of(learner)[0].due_at == local(2027, 3, 20), "the learner asks for six"


def test_questions_are_there_from_day_one_or_as_extras_and_are_not_known_before_they_are_asked(
    learner, env, member, browser_of, clock
):
    from memotrainer.services import course_cards_release, extras_release

    course, boss, new = course_of(env, learner, clock), member("instructor"), member()
    quiz_id = cards_of(learner)[0].source_id
    with open_scope(environment_id=env.pk):
        assert course_cards_release(person_id=new.person_id, course_id=course.pk) == 0
        training_save(course=course, by=boss, mode=Mode.MAINTAIN, from_day_one=True, with_extras=True)
        assert [course_cards_release(person_id=new.person_id, course_id=course.pk) for _turn in range(2)] == [3, 0]
        old = Question.objects.get(pk=cards_of(learner)[0].question_id)
        Question.objects.create(environment=env, element_id=old.element_id, identifier="extra")
        assert [extras_release(person_id=learner.person_id, quiz_id=quiz_id) for _turn in range(2)] == [1, 0]
    assert {card.reviews for card in cards_of(new)} == {0}
    assert browser_of(new).get("/memo/progress/").context["recall"].met == 0
    answer(new, cards_of(new)[0])
    assert cards_of(new)[0].stability == pytest.approx(DEFAULT_WEIGHTS[2])
    assert cards_of(new)[0].reviews == 1


def test_the_page_of_a_course_is_for_who_may_see_results(learner, env, member, other, browser_of, clock):
    course_of(env, learner, clock)
    boss, stranger = member("instructor"), member("instructor", environment=other)
    assert browser_of(learner).get("/memo/courses/safety/").status_code == 404
    assert browser_of(stranger).get("/memo/courses/safety/").status_code == 404
    browser = browser_of(boss)
    assert "Safety" in browser.get("/memo/courses/").content.decode()
    clock(2027, 3, 9, 9)
    page = browser.get("/memo/courses/safety/")
    assert [(row.name, row.waiting) for row in page.context["behind"]] == [(learner.person.name, 3)]
    assert [cost.percent for cost in page.context["costs"]] == [80, 85, 90, 95]
    wishes = {"mode": "test", "desired_retention": "0.95", "test_on": "", "minutes_a_day": "5", "streak_level": "3"}
    assert browser.post("/memo/courses/safety/", wishes).context["form"].errors["test_on"]
    assert browser.post("/memo/courses/safety/", wishes | {"test_on": "2027-03-12"}).status_code == 302
    page = browser.get("/memo/courses/safety/")
    assert page.context["test"] is not None
    assert page.context["training"].mode == "test"


def test_the_page_of_a_course_asks_the_same_for_one_and_many(
    env, member, browser_of, clock, django_assert_max_num_queries
):
    clock(2027, 3, 1, 10)
    quiz = make_quiz("single", environment=env)
    first = member()
    take_quiz(quiz, first)
    course_of(env, first, clock)
    boss = browser_of(member("instructor"))
    for _more in range(2):
        clock(2027, 3, 1, 10)
        take_quiz(quiz, member())
        clock(2027, 3, 9, 9)
        with django_assert_max_num_queries(26):
            boss.get("/memo/courses/safety/")


def test_a_question_that_misleads_is_named_with_its_distractor(learner, env, browser_of, member, clock):
    course_of(env, learner, clock)
    card = cards_of(learner)[0]
    with open_scope(environment_id=env.pk):
        version = QuestionVersion.objects.get(question_id=card.question_id)
        from assessments.question_types.registry import question_type

        wrong = question_type(version.type).parse(version.body, wrong_form(version))
        Review.objects.bulk_create(
            Review(
                environment=env, person=learner.person, bank_id=card.bank_id, question_id=card.question_id, version=version,
                kind="review", rating=1, fraction=Decimal(0), response=wrong, answered_at=local(2027, 3, 2, 9, n),
                received_at=local(2027, 3, 2, 9, n), elapsed_days=1, foretold=0.8, stability=1.0, difficulty=5.0,
            )
            for n in range(10)
        )  # fmt: skip
    (leech,) = browser_of(member("instructor")).get("/memo/courses/safety/").context["leeches"]
    assert (leech.answers, leech.right, leech.expected) == (10, 0, 80)
    assert leech.distractor


def many_answers(env, people, quiz, *, rate, per_person=60):
    """Answers that follow another rate of forgetting than the published weights, over three months."""
    rng = np.random.default_rng(3)
    with open_scope(environment_id=env.pk):
        asked = list(AssessmentQuestion.objects.filter(assessment=quiz).values_list("question_id", flat=True))
        versions = {v.question_id: v for v in QuestionVersion.objects.filter(question_id__in=asked)}
        rows = []
        for who in people:
            for n in range(per_person):
                version = versions[asked[n % len(asked)]]
                at = local(2026, 11, 1, 9) + timedelta(days=3 * (n // len(asked)), minutes=n)
                right = n < len(asked) or rng.random() < rate
                rows.append(
                    Review(
                        environment=env, person=who.person, bank_id=version.element_id, question_id=version.question_id,
                        version=version, kind="review", rating=3 if right else 1, fraction=Decimal(int(right)), answered_at=at,
                        received_at=at, elapsed_days=3, stability=1.0, difficulty=5.0,
                    )
                )  # fmt: skip
        Review.objects.bulk_create(rows)


def test_an_environment_is_fitted_once_and_its_weights_count_from_then_on(env, other, member, clock):
    clock(2027, 3, 1, 10)
    quiz = make_quiz("single", "single", "single", "single", environment=env)
    people = [member() for _n in range(6)]
    many_answers(env, people, quiz, rate=0.45)
    assert environment_fit(environment_id=other.pk) == 0, "no answers of a neighbour are read"
    accepted = environment_fit(environment_id=env.pk)
    assert accepted >= 1
    clock(2027, 3, 1, 11)
    assert environment_fit(environment_id=env.pk) == 0, "no news"
    with open_scope(environment_id=env.pk):
        fitted = Fit.objects.get(scope=FitScope.ENVIRONMENT)
        assert fitted.loss_after < fitted.loss_before
        assert (fitted.reviews, fitted.model_version) == (360, "fsrs-6")
        known = in_force(person_id=people[0].person_id)
        assert list(known.weights()) == fitted.weights != list(DEFAULT_WEIGHTS)
        assert global_weights() == pytest.approx(DEFAULT_WEIGHTS)
    with open_scope(environment_id=other.pk):
        mean = (3 * np.array(DEFAULT_WEIGHTS) + np.array(fitted.weights)) / 4
        assert global_weights() == pytest.approx(tuple(mean)), "weights are shared, answers are not"


def test_a_fit_that_foretells_later_days_worse_is_not_used(env, member):
    rng, memory = np.random.default_rng(1), np.tile(np.arange(40), 10)
    day = np.repeat(np.arange(10) * 3, 40)
    rating = np.where(day < 24, np.where(rng.random(400) < 0.15, 3, 1), 3)  # the last days are another story
    zeros = np.zeros(400, dtype=np.int64)
    log = ReviewLog(zeros, memory, zeros, zeros, day, rating, gaps_of(memory=memory, day=day))
    found = judged(log, parent=DEFAULT_WEIGHTS)
    assert found.after > found.before
    who = member()
    with open_scope(environment_id=env.pk):
        kept = {"environment": env, "weights": found.weights.tolist(), "reviews": 400, "fitted_at": local(2027, 3, 1)}
        Fit.objects.create(**kept, scope=FitScope.PERSON, person=who.person, accepted=False)
        assert in_force(person_id=who.person_id).weights() == DEFAULT_WEIGHTS
        Fit.objects.create(**kept, scope=FitScope.PERSON, person=who.person, accepted=True)
        assert list(in_force(person_id=who.person_id).weights()) == found.weights.tolist()
