"""How much is asked on a day, how somebody begins again, and how people stand before a test or in a streak.

Worth it: the only tests of the daily maximum, the gentle restart, the advice before a test and the figure of a streak.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from ecosystem.scope import open_scope
from memotrainer.badge import due_count
from memotrainer.choosing import GENTLE, Due, chosen
from memotrainer.daily import due_ids
from memotrainer.enums import Mode
from memotrainer.models import Card, Trainer
from memotrainer.services import answer_withdraw, training_save
from memotrainer.standing import outlooks_of, reach_of, streaks_of
from tests.memotrainer.scene import cards_of, local, make_quiz, take_quiz
from tests.memotrainer.test_learning import answer, course_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner(env, member, clock):
    """Five cards from a quiz on Monday 1 March, all due; it is Monday the 8th."""
    clock(2027, 3, 1, 10)
    who = member()
    take_quiz(make_quiz(*["single"] * 5, environment=env), who)
    clock(2027, 3, 8, 9)
    return who


def test_what_is_asked_on_a_day_ends_with_the_daily_maximum(learner, env):
    with open_scope(environment_id=env.pk, person_id=learner.person_id):
        Trainer.objects.filter(person_id=learner.person_id).update(session_size=3)
        Card.objects.filter(person_id=learner.person_id).update(due_at=local(2027, 3, 7))

    def waiting():
        with open_scope(environment_id=env.pk, person_id=learner.person_id):
            ids = due_ids(person_id=learner.person_id)
            assert due_count(learner) == len(ids)
            return len(ids)

    assert waiting() == 3
    cards = cards_of(learner)
    last = [answer(learner, card, at=local(2027, 3, 8, 9)) for card in cards[:2]][-1]
    assert waiting() == 1
    with open_scope(environment_id=env.pk, person_id=learner.person_id):
        answer_withdraw(person_id=learner.person_id, uid=last)
    assert waiting() == 2, "what was taken back is not done"
    for card in cards[1:3]:
        answer(learner, card, at=local(2027, 3, 8, 9))
    assert waiting() == 0
    with open_scope(environment_id=env.pk, person_id=learner.person_id):
        assert len(due_ids(person_id=learner.person_id, at=local(2027, 3, 9, 9))) == 2, "the others wait for tomorrow"


def test_who_was_away_begins_with_what_is_known_best():
    now = local(2027, 3, 8, 9)

    def due(pk, stability, days):
        return Due(pk, stability, 5.0, now - timedelta(days=days), None)

    away = [due(pk, float(pk), 20) for pk in range(1, 11)]
    assert chosen(away, now=now, size=5)[:GENTLE] == [10, 9, 8]
    assert len(set(chosen(away, now=now, size=5))) == 5
    here = [*away, due(11, 0.5, 2)]
    assert chosen(here, now=now, size=5)[:GENTLE] != [10, 9, 8]
    assert sorted(chosen(away[:4], now=now, size=5)) == [1, 2, 3, 4]
    assert chosen(away, now=now, size=0) == []


def test_a_streak_is_the_mean_of_its_questions_and_a_test_says_what_would_do(
    learner, env, other, member, clock, browser_of
):
    course, boss = course_of(env, learner, clock), member("instructor")
    with open_scope(environment_id=env.pk):
        training_save(course=course, by=boss, mode=Mode.STREAK, streak_level=2)
    first, second, *_others = cards_of(learner)
    answer(learner, first, at=local(2027, 3, 8, 9))
    answer(learner, second, right=False, at=local(2027, 3, 8, 9))
    with open_scope(environment_id=env.pk, person_id=learner.person_id):
        (streak,) = streaks_of(person_id=learner.person_id)
        assert (streak.percent, streak.done, streak.cards, streak.level) == (50, 1, 5, 2)  # 100, 0 and three of 50
        assert outlooks_of(person_id=learner.person_id) == []
    told = browser_of(boss).get(f"/memo/courses/{course.slug}/")
    assert told.context["streak"] == 50
    assert "done after 2 right answers" in browser_of(learner).get("/memo/progress/").content.decode()
    people = [learner, *(member() for _n in range(11))]
    with open_scope(environment_id=env.pk):
        rows = list(Card.objects.filter(person_id=learner.person_id))
        for who in people[1:]:
            for row in rows:
                row.pk, row.person_id = None, who.person_id
            Card.objects.bulk_create(rows)
        Card.objects.update(stability=0.2, difficulty=9.0)
        wishes = {
            "mode": Mode.TEST,
            "test_on": local(2027, 3, 12).date(),
            "minutes_a_day": 1,
            "desired_retention": 0.95,
        }
        training = training_save(course=course, by=boss, **wishes)
        (alone,) = outlooks_of(person_id=learner.person_id)
        together = reach_of(training, Card.objects.all(), people=len(people))
        assert streaks_of(person_id=learner.person_id) == []
        assert reach_of(training, Card.objects.none(), people=0) is None
    for told in (alone, together):
        assert not told.reach.reached
        assert 1 < told.reach.minutes_needed < 10, "of one learner, however many there are"
    assert abs(alone.reach.recall - together.reach.recall) < 0.05
    page = browser_of(learner).get("/memo/progress/").content.decode()
    assert f"{alone.reach.minutes_needed} minutes a day" in page
    assert "less than the 95%" in page
    with open_scope(environment_id=other.pk):
        assert outlooks_of(person_id=learner.person_id) == []
    clock(2027, 3, 12, 9)
    with open_scope(environment_id=env.pk):
        assert outlooks_of(person_id=learner.person_id) == [], "the day is there"
        assert timezone.localdate() == training.test_on
