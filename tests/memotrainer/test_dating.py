"""Days of cards: moved by what answers teach, alike for siblings, and the same in SQL as in NumPy.

Worth it: without these a card could come back on any day and every other test would still pass.
"""

from datetime import timedelta

import numpy as np
import pytest
from django.db import connection

from assessments.models import Objective, Question
from ecosystem.scope import open_scope
from memotrainer.engine.correction import Correction
from memotrainer.engine.evidence import FEATURES, Asked, CardEvidence, PersonEvidence
from memotrainer.engine.forecaster import Forecaster
from memotrainer.enums import FitScope, Mode
from memotrainer.forecasting import forecaster_kept
from memotrainer.fsrs import DEFAULT_WEIGHTS, HIGHEST_WEIGHTS, LOWEST_WEIGHTS, interval_days, retrievability, step
from memotrainer.models import Card, Fit, Profile
from memotrainer.recall import days_since, expected_recall
from memotrainer.scheduling import Way, days_until_next, fuzz_window
from memotrainer.selectors import recall_now
from memotrainer.services import course_cards_reschedule, people_catch_up, training_save
from tests.memotrainer.scene import cards_of, local, make_quiz, take_quiz
from tests.memotrainer.test_learning import answer, course_of


def shift_of(forecaster, **more):
    asked = {"card": CardEvidence(), "asked": Asked(), "topic": None, "weights": DEFAULT_WEIGHTS} | more
    return lambda days: forecaster.shift(stability=30.0, difficulty=5.0, days=days, **asked)


def test_who_forgets_more_than_foretold_is_asked_sooner_and_nobody_before_something_is_known():
    way = Way()
    plain = days_until_next(way=way, stability=30.0, run=2)
    fresh = Forecaster()
    assert days_until_next(way=way, stability=30.0, run=2, shift=shift_of(fresh)) == plain == 30
    found = {}
    for rate in (0.6, 0.99):
        forecaster, rng = Forecaster(), np.random.default_rng(1)
        for day in range(1, 80):
            forecaster.begin(day)
            row, base = forecaster.inputs(
                recall=0.9, stability=30.0, difficulty=5.0, gap=30, card=CardEvidence(), asked=Asked()
            )
            for _answer in range(6):
                forecaster.correction.answered(row, recall=base, right=bool(rng.random() < rate), day=day)
        found[rate] = days_until_next(way=way, stability=30.0, run=2, shift=shift_of(forecaster))
    assert plain / 2 <= found[0.6] < 25 < 35 < found[0.99] <= 2 * plain


def test_siblings_tell_from_the_next_day_on_and_a_card_tells_nothing_about_itself():
    person, mine, other = PersonEvidence(), CardEvidence(), CardEvidence()
    person.begin(5)
    person.answered(right=False, asked=Asked(), foretold=0.9, topic=7)
    other.answered(rating=1, day=5, foretold=0.9)
    assert person.siblings(7, mine) == 0.0
    assert person.siblings(7, mine, now=True) == pytest.approx(-0.6)
    person.begin(6)
    assert person.siblings(7, mine) == pytest.approx(-0.6)
    assert person.siblings(7, other) == person.siblings(8, mine) == person.siblings(None, mine) == 0.0


@pytest.fixture
def learner(env, member, clock):
    """Two cards of one objective and one of none, from a quiz on Monday 1 March; it is Thursday the 4th."""
    clock(2027, 3, 1, 10)
    who = member()
    take_quiz(make_quiz("single", "single", "true_false", environment=env), who)
    with open_scope(environment_id=env.pk):
        first, second, _third = Question.objects.order_by("pk")
        topic = Objective.objects.create(environment=env, element_id=first.element_id, text="Look", slug="look")
        Question.objects.filter(pk__in=[first.pk, second.pk]).update(objective=topic)
    clock(2027, 3, 4, 9)
    return who


@pytest.mark.django_db
def test_a_wrong_answer_brings_the_other_cards_of_its_objective_sooner(learner, env):
    first, _second, _third = cards_of(learner)
    correction = Correction()
    correction.mean[:, FEATURES.index("siblings")] = 3.0
    correction.trust[0] = -50.0  # this person's answers have shown that siblings tell
    evidence, kept = forecaster_kept(Forecaster(correction=correction))
    with open_scope(environment_id=env.pk):
        Profile.objects.update(evidence=evidence, correction=kept)
        due = local(2027, 3, 31)
        Card.objects.exclude(pk=first.pk).update(stability=30.0, due_at=due, last_reviewed_at=local(2027, 3, 1, 10))
        assert recall_now(person_id=learner.person_id).recall > 0.9
    answer(learner, first, right=False)
    _first, sibling, stranger = cards_of(learner)
    assert sibling.due_at < due - timedelta(days=5)
    assert sibling.shift < -0.5
    assert (stranger.due_at, stranger.shift) == (due, 0.0)
    plain = float(retrievability(stability=30.0, elapsed_days=10.0))
    shifted = float(expected_recall(stability=30.0, days=10.0, shift=sibling.shift))
    assert np.log(shifted / (1 - shifted)) == pytest.approx(np.log(plain / (1 - plain)) + sibling.shift)
    assert days_since(local(2027, 3, 1), local(2027, 3, 2)) == 1.0


@pytest.mark.django_db
def test_new_weights_reach_everybody_once(learner, env, other):
    with open_scope(environment_id=env.pk):
        Fit.objects.create(
            environment=env, scope=FitScope.ENVIRONMENT, weights=[*DEFAULT_WEIGHTS[:2], 9.0, *DEFAULT_WEIGHTS[3:]],
            reviews=400, accepted=True, fitted_at=local(2027, 3, 4, 8),
        )  # fmt: skip
    assert people_catch_up(environment_id=other.pk) == 0
    assert [people_catch_up(environment_id=env.pk) for _turn in range(2)] == [1, 0]
    assert {card.stability for card in cards_of(learner)} == {9.0}


@pytest.mark.django_db
def test_sql_says_what_numpy_says():
    rng, count = np.random.default_rng(5), 2_000
    weights = [DEFAULT_WEIGHTS, tuple((0.7 * np.array(LOWEST_WEIGHTS) + 0.3 * np.array(HIGHEST_WEIGHTS)).tolist())]
    s, d = rng.uniform(0.01, 400, count), rng.uniform(1, 10, count)
    s[:50] = np.nan
    t, g = rng.integers(0, 200, count), rng.integers(1, 5, count)
    for w in weights:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT memotrainer_stability(s, d, t, g, %(w)s), memotrainer_difficulty(CASE WHEN s IS NULL THEN NULL ELSE d END,"
                " g, %(w)s), memotrainer_interval(coalesce(s, 1), 0.87, %(w)s), memotrainer_recall(coalesce(s, 1), t, %(w)s)"
                " FROM unnest(%(s)s::float8[], %(d)s::float8[], %(t)s::float8[], %(g)s::int[]) AS x (s, d, t, g)",
                {"w": list(w), "s": [None if np.isnan(one) else one for one in s.tolist()], "d": d.tolist(), "t": t.tolist(), "g": g.tolist()},
            )  # fmt: skip
            found = np.array(cursor.fetchall(), dtype=np.float64)
        stability, difficulty = step(stability=s, difficulty=d, elapsed_days=t, rating=g, weights=w)
        known = np.where(np.isnan(s), 1.0, s)
        assert np.abs(found[:, 0] / stability - 1).max() <= 1e-12
        assert np.abs(found[:, 1] / difficulty - 1).max() <= 1e-12
        assert (found[:, 2] == interval_days(stability=known, desired_retention=0.87, weights=w)).all()
        assert np.abs(found[:, 3] / retrievability(stability=known, elapsed_days=t, weights=w) - 1).max() <= 1e-12


@pytest.mark.django_db
def test_a_change_of_how_a_course_is_trained_moves_its_cards_at_once(learner, env, other, member, clock):
    course, boss = course_of(env, learner, clock), member("instructor")
    with open_scope(environment_id=env.pk):
        Card.objects.update(stability=40.0, due_at=local(2027, 4, 10), last_reviewed_at=local(2027, 3, 1, 10))
        training_save(course=course, by=boss, mode=Mode.MAINTAIN, desired_retention=0.8)
        assert [course_cards_reschedule(course_id=course.pk) for _turn in range(2)] == [3, 0]
    days = int(interval_days(stability=40.0, desired_retention=0.8))
    first, last = fuzz_window(days)
    for card in cards_of(learner):
        assert first <= (card.due_at - local(2027, 3, 1)).days <= last
        assert card.due_at.astimezone(local(2027, 3, 1).tzinfo).hour == 0
    with open_scope(environment_id=env.pk):
        Card.objects.update(run=3)
        training_save(course=course, by=boss, mode=Mode.STREAK, streak_level=6)
        course_cards_reschedule(course_id=course.pk)
        assert {card.due_at for card in Card.objects.all()} == {local(2027, 3, 8)}
    with open_scope(environment_id=other.pk):
        assert course_cards_reschedule(course_id=course.pk) == 0
