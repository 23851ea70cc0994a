"""Before a test: what is asked fits the minutes, and on the day more is known than with the same minutes of keeping up.

Worth it: the only tests of how the set of a day is picked before a test.
"""

from datetime import timedelta

import numpy as np
import pytest
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st

from assessments.models import Objective, Question
from ecosystem.scope import open_scope
from memotrainer.badge import due_count
from memotrainer.choosing import Due, chosen
from memotrainer.daily import due_ids, today_of
from memotrainer.enums import Mode
from memotrainer.exceptions import CardError
from memotrainer.fsrs import AGAIN, GOOD, interval_days, retrievability, step
from memotrainer.models import Card, Review, Trainer
from memotrainer.planning import Cards, prepare
from memotrainer.preparing import SECONDS, chosen_for_test, seconds_of
from memotrainer.selectors import session_of
from memotrainer.services import course_cards_reschedule, trainer_remind, training_save
from tests.memotrainer.scene import cards_of, local, make_quiz, take_quiz
from tests.memotrainer.test_learning import answer, course_of

NOW = local(2027, 3, 8, 9)
cards_due = st.builds(
    Due,
    id=st.integers(1, 10_000),
    stability=st.floats(0.05, 400),
    difficulty=st.floats(1, 10),
    last_reviewed_at=st.integers(-2, 400).map(lambda days: NOW - timedelta(days=days)),
    objective_id=st.none() | st.integers(1, 5),
    shift=st.floats(-4, 4),
    seconds=st.sampled_from(sorted(SECONDS.values())),
    left=st.integers(1, 200).map(float),
)


@given(
    st.lists(cards_due, max_size=40, unique_by=lambda card: card.id), st.integers(0, 1200), st.sets(st.integers(1, 5))
)
def test_never_more_than_the_minutes_and_one_of_each_objective(cards, seconds, but):
    picked = chosen_for_test(cards, now=NOW, seconds=seconds, but=but)
    by_id = {card.id: card for card in cards}
    assert len(picked) == len(set(picked))
    assert sum(by_id[pk].seconds for pk in picked) <= seconds
    objectives = [by_id[pk].objective_id for pk in picked if by_id[pk].objective_id]
    assert len(objectives) == len(set(objectives))
    assert not but & set(objectives)


def lives(rng, *, cards, days, seconds, prepares):
    """Recall on the day of the test of somebody who has so many seconds a day; the truth has the shape of the model."""
    s, d = np.exp(rng.normal(1.0, 1.0, cards)), rng.uniform(2, 9, cards)
    since = rng.integers(0, 15, cards).astype(float)
    takes, draws = rng.choice(sorted(set(SECONDS.values())), cards), rng.random((days, cards))
    for day in range(days):
        due = [
            Due(n, s[n], d[n], NOW - timedelta(days=since[n]), None, 0.0, int(takes[n]), float(days - day))
            for n in range(cards)
            if prepares or since[n] >= interval_days(stability=s[n], desired_retention=0.9)
        ]
        if prepares:
            picked = chosen_for_test(due, now=NOW, seconds=seconds)
        else:
            first = chosen(due, now=NOW, size=cards)
            spent = np.cumsum([takes[n] for n in first])
            picked = [n for n, until in zip(first, spent, strict=True) if until <= seconds]
        for n in picked:
            right = draws[day, n] < retrievability(stability=s[n], elapsed_days=since[n])
            s[n], d[n] = step(
                stability=s[n], difficulty=d[n], elapsed_days=max(since[n], 1.0), rating=GOOD if right else AGAIN
            )
            since[n] = 0.0
        since += 1.0
    return float(retrievability(stability=s, elapsed_days=since).mean())


@pytest.mark.parametrize(("cards", "days", "seconds"), [(20, 4, 120), (40, 12, 60), (30, 20, 180)])
def test_a_population_knows_at_least_as_much_on_the_day_as_with_the_same_minutes_of_keeping_up(cards, days, seconds):
    known = {
        way: np.mean(
            [lives(np.random.default_rng(n), cards=cards, days=days, seconds=seconds, prepares=way) for n in range(12)]
        )
        for way in (True, False)
    }
    assert known[True] >= known[False]


def test_the_forecast_asks_as_the_set_of_a_day_does():
    rng = np.random.default_rng(5)
    states = np.exp(rng.normal(1, 1, 30)), rng.uniform(2, 9, 30), np.floor(rng.uniform(0, 15, 30))
    seconds, topics = rng.choice([20.0, 30.0, 60.0], 30), rng.integers(0, 6, 30)
    alone = prepare(Cards(*states, seconds), days=10, seconds_a_day=240)
    together = prepare(Cards(*states, seconds, topics), days=10, seconds_a_day=240)
    assert together.answers.max() <= 6 < alone.answers.max()
    assert together.recall[-1] < alone.recall[-1]
    assert prepare(Cards(*states, seconds), days=3, seconds_a_day=19).answers.sum() == 0


@pytest.fixture
def learner(env, member, clock):
    """Six cards from a quiz on Monday 1 March, well known: none is due on Monday the 8th."""
    clock(2027, 3, 1, 10)
    who = member()
    take_quiz(make_quiz(*["single"] * 6, environment=env), who)
    with open_scope(environment_id=env.pk):
        Card.objects.update(stability=30.0, due_at=local(2027, 3, 31))
    clock(2027, 3, 8, 9)
    return who


def set_of(who, at=None):
    with open_scope(environment_id=who.environment_id, person_id=who.person_id):
        found = today_of(person_id=who.person_id, at=at)
        if at is None:
            assert due_count(who) == len(found.ids)
            assert session_of(membership=who).minutes == found.minutes
        return found


@pytest.mark.django_db
def test_before_a_test_the_day_has_its_minutes_and_after_it_knowledge_is_kept(learner, env, other, member, clock):
    course, boss = course_of(env, learner, clock), member("instructor")
    clock(2027, 3, 8, 6)
    assert set_of(learner).ids == []
    with open_scope(environment_id=env.pk):
        with pytest.raises(CardError, match="still to come"):
            training_save(course=course, by=boss, mode=Mode.TEST, test_on=local(2027, 3, 8).date(), minutes_a_day=1)
        training_save(course=course, by=boss, mode=Mode.TEST, test_on=local(2027, 3, 31).date(), minutes_a_day=1)
        course_cards_reschedule(course_id=course.pk)
        planned = set(Card.objects.values_list("due_at", flat=True))
        assert Trainer.objects.get(person_id=learner.person_id).next_reminder_at == local(2027, 3, 8, 8)
    assert min(planned) > local(2027, 3, 20), "the test moves no day on which something would be forgotten"
    first = set_of(learner)
    assert (len(first.ids), first.seconds, first.minutes) == (2, 2 * seconds_of("single"), 1)
    with open_scope(environment_id=other.pk):
        assert due_ids(person_id=learner.person_id) == []
    clock(2027, 3, 8, 8)
    assert [trainer_remind(), trainer_remind()] == [1, 0]
    card = next(card for card in cards_of(learner) if card.pk == first.ids[0])
    answer(learner, card, at=local(2027, 3, 8, 8))
    assert len(set_of(learner).ids) == 1, "what was answered today is spent"
    with open_scope(environment_id=env.pk):
        Trainer.objects.update(test_minutes=2)
    left = set_of(learner)
    assert len(left.ids) == 3
    assert card.pk not in left.ids
    with open_scope(environment_id=env.pk):  # one of each objective, also over the answers of the day
        objective = Objective.objects.create(environment=env, element_id=card.bank_id, text="Look", slug="look")
        Question.objects.update(objective=objective)
    cache.clear()  # the badge is counted again after ten minutes, or an answer
    assert set_of(learner).ids == []
    with open_scope(environment_id=env.pk):
        Question.objects.update(objective=None)
    cache.clear()
    clock(2027, 3, 30, 9)
    assert len(set_of(learner).ids) == 4
    clock(2027, 3, 31, 9)
    with open_scope(environment_id=env.pk):
        waits = Card.objects.filter(due_at__lte=local(2027, 3, 31, 9)).count()
    assert len(set_of(learner).ids) == waits, "from the day of the test on, what is due and nothing else"


@pytest.mark.django_db
def test_the_badge_follows_each_answer_also_beyond_the_daily_maximum(learner, env, member, clock):
    with open_scope(environment_id=env.pk):
        course = course_of(env, learner, clock)
        clock(2027, 3, 8, 9)
        day = local(2027, 3, 31).date()
        training_save(course=course, by=member("instructor"), mode=Mode.TEST, test_on=day, minutes_a_day=5)
        Trainer.objects.update(session_size=3)
    left = [len(set_of(learner).ids)]  # it compares the badge with the session
    for card in cards_of(learner)[:5]:
        answer(learner, card, at=local(2027, 3, 8, 9))
        left.append(len(set_of(learner).ids))
    assert left == [6, 5, 4, 3, 2, 1]


@pytest.mark.django_db
def test_a_first_answer_here_is_one_of_the_day_and_one_in_a_quiz_is_not(learner, env):
    with open_scope(environment_id=env.pk):
        Card.objects.update(due_at=local(2027, 3, 7))
        Trainer.objects.update(session_size=3)
        pk = Card.objects.order_by("pk").first().pk
        assert Review.objects.count() == 6, "the quiz of the week before"
        Review.objects.all().delete()
        Card.objects.filter(pk=pk).update(reviews=0)
    answer(learner, next(card for card in cards_of(learner) if card.pk == pk), at=local(2027, 3, 8, 9))
    assert len(set_of(learner).ids) == 2
