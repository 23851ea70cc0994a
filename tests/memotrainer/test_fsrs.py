"""Our step against the `fsrs` package, over random lives of random cards."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from fsrs import Card, Rating, Scheduler

from memotrainer import fsrs
from memotrainer.fsrs import (
    DEFAULT_WEIGHTS,
    HIGHEST_WEIGHTS,
    LOWEST_WEIGHTS,
    interval_days,
    retrievability,
    step,
)

CARDS, ANSWERS = 16_000, 10
START = datetime(2026, 1, 1, tzinfo=UTC)


def random_lives(*, cards: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Days since the answer before, and ratings: both (cards, ANSWERS), with same-day answers and long absences."""
    rng = np.random.default_rng(seed)
    gaps = np.floor(
        rng.exponential(20.0, size=(cards, ANSWERS)) * rng.choice([0.0, 0.1, 1.0, 15.0], size=(cards, ANSWERS))
    )
    ratings = rng.choice([1, 2, 3, 4], p=[0.2, 0.15, 0.5, 0.15], size=(cards, ANSWERS))
    return gaps, ratings


def package_lives(scheduler: Scheduler, gaps: np.ndarray, ratings: np.ndarray) -> np.ndarray:
    """(cards, ANSWERS, 3): stability, difficulty and interval in days that the package gives."""
    results = np.empty((*gaps.shape, 3))
    grades = {int(rating): rating for rating in Rating}
    for row, (days, given) in enumerate(zip(gaps.tolist(), ratings.tolist(), strict=True)):
        card, now = Card(card_id=row + 1), START
        for column, (gap, rating) in enumerate(zip(days, given, strict=True)):
            now += timedelta(days=gap)
            card, _ = scheduler.review_card(card, grades[rating], now)
            results[row, column] = card.stability, card.difficulty, (card.due - now).days
    return results


def our_lives(gaps: np.ndarray, ratings: np.ndarray, *, weights: tuple[float, ...], retention: float) -> np.ndarray:
    stability, difficulty = np.full(len(gaps), np.nan), np.full(len(gaps), np.nan)
    results = np.empty((*gaps.shape, 3))
    for column in range(gaps.shape[1]):
        stability, difficulty = step(
            stability=stability,
            difficulty=difficulty,
            elapsed_days=gaps[:, column],
            rating=ratings[:, column],
            weights=weights,
        )
        days = interval_days(stability=stability, desired_retention=retention, weights=weights)
        results[:, column] = np.stack([stability, difficulty, days], axis=1)
    return results


def scheduler_with(weights: tuple[float, ...], retention: float) -> Scheduler:
    return Scheduler(
        parameters=weights, desired_retention=retention, learning_steps=(), relearning_steps=(), enable_fuzzing=False
    )


def test_160_000_answers_agree_with_the_package() -> None:
    gaps, ratings = random_lives(cards=CARDS, seed=6)
    theirs = package_lives(scheduler_with(DEFAULT_WEIGHTS, 0.9), gaps, ratings)
    ours = our_lives(gaps, ratings, weights=DEFAULT_WEIGHTS, retention=0.9)

    error = np.abs(ours[..., :2] / theirs[..., :2] - 1.0).max(axis=(0, 1))
    mismatches = int((ours[..., 2] != theirs[..., 2]).sum())
    print(f"{gaps.size} answers: {mismatches} intervals differ, relative error S {error[0]:.1e}, D {error[1]:.1e}")
    assert gaps.size == 160_000
    assert mismatches == 0
    assert error[0] <= 1e-12
    assert error[1] <= 1e-12


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_other_weights_and_retentions_agree_with_the_package(seed: int) -> None:
    rng = np.random.default_rng(seed)
    spread = np.array(DEFAULT_WEIGHTS) * rng.uniform(0.5, 1.6, size=21)
    weights = tuple(np.clip(spread, LOWEST_WEIGHTS, HIGHEST_WEIGHTS).tolist())
    retention = float(rng.uniform(0.7, 0.97))
    gaps, ratings = random_lives(cards=250, seed=seed)

    theirs = package_lives(scheduler_with(weights, retention), gaps, ratings)
    ours = our_lives(gaps, ratings, weights=weights, retention=retention)

    assert (ours[..., 2] == theirs[..., 2]).all()
    np.testing.assert_allclose(ours[..., :2], theirs[..., :2], rtol=1e-12)


def test_recall_agrees_with_the_package() -> None:
    scheduler = scheduler_with(DEFAULT_WEIGHTS, 0.9)
    card = Card(card_id=1, stability=12.5, difficulty=5.0, last_review=START)
    days = np.arange(0, 400, 7)
    theirs = [scheduler.get_card_retrievability(card, START + timedelta(days=int(day))) for day in days]
    np.testing.assert_allclose(retrievability(stability=12.5, elapsed_days=days), theirs, rtol=1e-14)


def test_recall_is_nine_tenths_after_one_stability_and_nothing_when_never_answered() -> None:
    recall = retrievability(stability=[10.0, np.nan], elapsed_days=10.0)
    np.testing.assert_allclose(recall, [0.9, 0.0])


def test_one_answer_has_no_axes_and_equals_the_same_answer_among_many() -> None:
    alone = step(stability=10.0, difficulty=5.0, elapsed_days=8, rating=3)
    among = step(stability=[np.nan, 10.0], difficulty=[np.nan, 5.0], elapsed_days=[0, 8], rating=[1, 3])
    assert alone[0].shape == ()
    assert [float(part[1]) for part in among] == [float(part) for part in alone]


def test_weights_per_item_equal_weights_one_by_one() -> None:
    other = (*DEFAULT_WEIGHTS[:20], 0.3)
    together = step(
        stability=[10.0, 10.0], difficulty=5.0, elapsed_days=8, rating=3, weights=np.array([DEFAULT_WEIGHTS, other])
    )
    alone = [
        float(step(stability=10.0, difficulty=5.0, elapsed_days=8, rating=3, weights=weights)[0])
        for weights in (DEFAULT_WEIGHTS, other)
    ]
    assert together[0].tolist() == alone


def test_part_days_round_down_and_clocks_that_ran_backwards_count_as_the_same_day() -> None:
    days = np.array([0.99, 0.0, -3.0])
    stability, _ = step(stability=10.0, difficulty=5.0, elapsed_days=days, rating=1)
    assert len(set(stability.tolist())) == 1


def test_intervals_stay_between_a_day_and_the_maximum() -> None:
    days = interval_days(stability=[0.001, 50.0, 1e9], desired_retention=0.9, maximum=365)
    assert days.tolist() == [1, 50, 365]


@pytest.mark.parametrize(
    "wrong",
    [
        {"rating": 0},
        {"rating": 5},
        {"rating": 2.5},
        {"rating": np.nan},
        {"stability": 0.0},
        {"difficulty": 0.5},
        {"difficulty": np.nan},
        {"elapsed_days": np.nan},
        {"weights": DEFAULT_WEIGHTS[:19]},
        {"weights": (*DEFAULT_WEIGHTS[:20], 5.0)},
        {"weights": (np.nan, *DEFAULT_WEIGHTS[1:])},
    ],
)
def test_impossible_input_is_refused(wrong: dict[str, object]) -> None:
    right: dict[str, object] = {"stability": 10.0, "difficulty": 5.0, "elapsed_days": 1, "rating": 3}
    with pytest.raises(ValueError, match=r"\w"):
        step(**(right | wrong))  # type: ignore[arg-type]


@pytest.mark.parametrize(("stability", "retention"), [(np.nan, 0.9), (0.0, 0.9), (5.0, 0.0), (5.0, 1.0), (5.0, np.nan)])
def test_an_interval_needs_a_state_and_a_goal(stability: float, retention: float) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        interval_days(stability=stability, desired_retention=retention)


def test_an_expected_step_is_the_mean_of_both_answers():
    generator = np.random.default_rng(7)
    s, d, days = np.exp(generator.uniform(-6, 7, 500)), generator.uniform(1, 10, 500), generator.uniform(0, 400, 500)
    right = fsrs.retrievability(stability=s, elapsed_days=days)
    good, again = (
        fsrs.step(stability=s, difficulty=d, elapsed_days=np.maximum(days, 1.0), rating=rating)
        for rating in (fsrs.GOOD, fsrs.AGAIN)
    )
    found = fsrs.expected_step(stability=s, difficulty=d, elapsed_days=days)
    assert found[0] == pytest.approx(np.exp(right * np.log(good[0]) + (1 - right) * np.log(again[0])), rel=1e-12)
    assert found[1] == pytest.approx(right * good[1] + (1 - right) * again[1], rel=1e-12)
