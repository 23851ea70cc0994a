"""From a quiz to the pool: when cards come back, and that twice is once."""

import pytest

from assessments.models import Answer
from ecosystem.scope import open_scope
from memotrainer.memory import start_of_day
from memotrainer.models import Card, Review, Trainer
from memotrainer.services import cards_first_seen
from records.models import Statement
from tests.memotrainer.scene import AMSTERDAM, cards_of, local, make_quiz, take_quiz

pytestmark = pytest.mark.django_db
TYPES = ("single", "true_false", "multiple", "short_text", "numeric")


def reviews(who):
    with open_scope(environment_id=who.environment_id):
        return list(Review.objects.filter(person_id=who.person_id).order_by("answered_at", "uid"))


def test_right_answers_come_back_in_two_days_wrong_ones_tomorrow(env, member, clock):
    clock(2027, 3, 1, 22)
    good, bad = member(), member()
    quiz = make_quiz(*TYPES, environment=env)
    take_quiz(quiz, good)
    take_quiz(quiz, bad, right=False)

    known, missed = cards_of(good), cards_of(bad)
    assert [len(known), len(missed)] == [5, 5]
    assert {card.due_at for card in known} == {start_of_day(local(2027, 3, 3).date(), zone=AMSTERDAM)}
    assert {card.due_at for card in missed} == {start_of_day(local(2027, 3, 2).date(), zone=AMSTERDAM)}
    assert {card.due_at.astimezone(AMSTERDAM).hour for card in known} == {0}
    assert {(card.reviews, card.lapses, card.source_id) for card in missed} == {(1, 0, quiz.element_id)}
    assert {review.kind for review in reviews(good)} == {"first"}


def test_the_reaction_twice_is_once(env, member, clock):
    clock(2027, 3, 1, 10)
    who = member()
    attempt = take_quiz(make_quiz(*TYPES, environment=env), who)
    before = [(card.pk, card.stability, card.due_at, card.reviews) for card in cards_of(who)]
    with open_scope(environment_id=env.pk):
        element_id = Statement.objects.get(verb="passed").element_id
        assert cards_first_seen(person_id=who.person_id, attempt_id=attempt, source_id=element_id) == 0
    assert [(card.pk, card.stability, card.due_at, card.reviews) for card in cards_of(who)] == before
    assert len(reviews(who)) == 5


def test_the_next_day_is_a_review_the_same_day_is_short_term(env, member, clock):
    who, quiz = member(), make_quiz(environment=env)
    clock(2027, 3, 1, 9)
    take_quiz(quiz, who)
    first = cards_of(who)[0].stability
    clock(2027, 3, 1, 9, 5)
    take_quiz(quiz, who)
    same_day = cards_of(who)[0].stability
    clock(2027, 3, 2, 8)
    take_quiz(quiz, who)
    card = cards_of(who)[0]

    assert first == pytest.approx(2.3065)
    assert first <= same_day < first * 1.2
    assert card.stability > same_day * 1.5
    assert [review.elapsed_days for review in reviews(who)] == [0, 0, 1]
    assert [review.kind for review in reviews(who)] == ["first", "review", "review"]
    assert card.reviews == 3


def test_questions_left_open_make_no_card(env, member, clock):
    clock(2027, 3, 1, 9)
    who, quiz = member(), make_quiz("single", "numeric", environment=env)
    from assessments.services import answer_save, attempt_finish, attempt_start
    from tests.assessments.answering import right_form
    from tests.settle import settle

    with open_scope(environment_id=env.pk, person_id=who.person_id):
        attempt = attempt_start(assessment=quiz, person_id=who.person_id)
        version = Answer.objects.select_related("version").get(attempt=attempt, position=1).version
        answer_save(attempt_uid=attempt.uid, person_id=who.person_id, position=1, response=right_form(version))
        attempt_finish(attempt_uid=attempt.uid, person_id=who.person_id)
    settle(env)
    assert [card.question_id for card in cards_of(who)] == [version.question_id]


def test_a_quiz_plans_the_first_reminder(env, member, clock):
    clock(2027, 3, 5, 9)  # Friday; the cards are due on Sunday, reminders come on working days
    who = member()
    take_quiz(make_quiz(environment=env), who)
    with open_scope(environment_id=env.pk):
        trainer = Trainer.objects.get(person_id=who.person_id)
        assert Card.objects.get().due_at == start_of_day(local(2027, 3, 7).date(), zone=AMSTERDAM)
    assert trainer.next_reminder_at == local(2027, 3, 8, 8)
