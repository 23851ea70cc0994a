"""What the page of a course adds up in the database, against the same card by card in NumPy.

Worth it: no other test looks at these numbers, and SQL and NumPy write them in different ways.
"""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from assessments.models import Objective, Question
from ecosystem.scope import open_scope
from memotrainer import course_cards
from memotrainer.course_cards import audience_of, costs_of_course, readiness_of_questions
from memotrainer.insight import FORETOLD, IN_A_WHILE, readiness_of_person
from memotrainer.models import Card
from memotrainer.planning import RETENTIONS, Cards, maintain
from memotrainer.preparing import SECONDS_PER_CARD
from memotrainer.recall import days_since, expected_recall
from tests.memotrainer.scene import make_quiz, take_quiz

pytestmark = pytest.mark.django_db


@pytest.fixture
def cards(env, member, clock):
    """Twelve cards of four people, no two alike; the first two of three questions have an objective."""
    clock(2027, 3, 1, 10)
    quiz = make_quiz("single", "single", "single", environment=env)
    for _n in range(4):
        take_quiz(quiz, member())
    rng = np.random.default_rng(5)
    with open_scope(environment_id=env.pk):
        first, second, _third = Question.objects.order_by("pk")
        topic = Objective.objects.create(environment=env, element_id=first.element_id, text="Look", slug="look")
        Question.objects.filter(pk__in=[first.pk, second.pk]).update(objective=topic)
        rows = list(Card.objects.order_by("question_id", "person_id"))
        for n, card in enumerate(rows):
            card.stability, card.difficulty, card.shift = rng.uniform(1, 30), rng.uniform(1, 10), rng.normal()
            card.reviews, card.last_reviewed_at = 1 + n % 4, timezone.now() - timedelta(hours=17 * n)
            card.due_at = card.last_reviewed_at + timedelta(days=1 + n % 2)
        Card.objects.bulk_update(rows, ["stability", "difficulty", "shift", "reviews", "last_reviewed_at", "due_at"])
    clock(2027, 3, 4, 9)
    return rows


def recall_of(cards, at):
    return expected_recall(
        stability=[card.stability for card in cards],
        days=[days_since(card.last_reviewed_at, at) for card in cards],
        shift=[card.shift for card in cards],
    )


def test_objectives_fade_as_their_cards_do(env, cards):
    questions = sorted({card.question_id for card in cards})
    asked = [card for card in cards if card.question_id in questions[:2]]
    with open_scope(environment_id=env.pk):
        (found,) = readiness_of_questions(questions)
        (mine,) = readiness_of_person(cards[0].person_id)
    now = timezone.now()
    recall, reviews = recall_of(asked, now), np.array([card.reviews for card in asked])
    unsure = (recall * (1 - recall) / (1 + reviews)).sum() + (recall * (1 - recall)).mean()
    half = 1.645 * unsure**0.5 / len(asked)
    assert (found.text, found.cards, found.recall) == ("Look", 8, round(100 * recall.mean()))
    assert found.low == round(100 * (recall.mean() - half))
    assert found.high == round(100 * min(1.0, recall.mean() + half))
    assert found.in_thirty_days == round(100 * recall_of(asked, now + IN_A_WHILE).mean())
    own = [card for card in asked if card.person_id == cards[0].person_id]
    assert (mine.cards, mine.recall) == (2, round(100 * recall_of(own, now).mean()))


@pytest.mark.parametrize("most", [5_000, 6])
def test_a_workload_is_that_of_the_cards_or_of_every_second_one(env, cards, monkeypatch, most):
    monkeypatch.setattr(course_cards, "MOST_CARDS", most)
    questions = sorted({card.question_id for card in cards})
    with open_scope(environment_id=env.pk):
        audience = audience_of(questions)
        found = [cost.minutes_a_week for cost in costs_of_course(questions, audience)]
    late = timezone.now() - course_cards.LATE
    waiting = [card.person_id for card in cards if card.due_at <= late]
    assert (audience.people, audience.cards) == (4, 12)
    assert {one.person_id: one.waiting for one in audience.behind} == {pk: waiting.count(pk) for pk in waiting}
    some = cards if most > len(cards) else cards[::2]
    states = Cards(
        np.array([card.stability for card in some]),
        np.array([card.difficulty for card in some]),
        np.floor([days_since(card.last_reviewed_at, timezone.now()) for card in some]),
    )
    answers = [maintain(states, desired_retention=one, days=FORETOLD).answers.sum() for one in RETENTIONS]
    minutes = [count * len(cards) / len(some) / 4 / FORETOLD * 7 * SECONDS_PER_CARD / 60 for count in answers]
    assert found == pytest.approx(minutes)
