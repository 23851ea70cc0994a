"""The engine without a database: derivative, fit, folds, correction, planning, days."""

import json
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import retention
from bench.review_logs import LogError, read_log
from memotrainer.engine.correction import Correction
from memotrainer.engine.evidence import SIZE, Offset, Tally, logit
from memotrainer.engine.fitting import fit, log_loss
from memotrainer.engine.gradient import loss_and_gradient, run
from memotrainer.engine.lives import lives_of
from memotrainer.engine.logs import gaps_of, quietest_hour
from memotrainer.engine.scores import auc, group_folds, rmse_bins, time_folds
from memotrainer.enums import Mode
from memotrainer.fsrs import DEFAULT_WEIGHTS, HIGHEST_WEIGHTS, LOWEST_WEIGHTS, step
from memotrainer.planning import Cards, answers_within, maintain, prepare, reach
from memotrainer.scheduling import NEVER, Way, balanced, days_until_next, fuzz_window, streak_percent
from tests.memotrainer.invented import invented_log

DATA = Path(__file__).parent.parent / "data"


def some_log(seed: int, *, memories: int = 40, answers: int = 12):
    rng = np.random.default_rng(seed)
    memory = np.tile(np.arange(memories), answers)
    days = np.floor(rng.exponential(6.0, len(memory)) * rng.choice([0, 1, 3], len(memory)))
    rating = rng.choice([1, 2, 3, 4], p=[0.25, 0.1, 0.5, 0.15], size=len(memory))
    return memory, rating, days


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_derivative_is_the_slope_of_the_loss(seed):
    memory, rating, days = some_log(seed)
    lives = lives_of(memory=memory, rating=rating, days=days)
    right = (lives.rating > 1).astype(float)
    worth = ((lives.days >= 1) & (np.arange(len(lives)) >= 40)).astype(float)
    rng = np.random.default_rng(seed)
    w = np.clip(np.array(DEFAULT_WEIGHTS) * rng.uniform(0.8, 1.25, 21), LOWEST_WEIGHTS, HIGHEST_WEIGHTS)
    _loss, slopes = loss_and_gradient(lives, w, right=right, worth=worth)
    for place in range(21):
        move = np.zeros(21)
        move[place] = 1e-6 * max(1.0, abs(w[place]))
        high = loss_and_gradient(lives, w + move, right=right, worth=worth)[0]
        low = loss_and_gradient(lives, w - move, right=right, worth=worth)[0]
        assert slopes[place] == pytest.approx((high - low) / (2 * move[place]), rel=2e-4, abs=2e-4), place


def test_lives_go_the_way_of_single_steps():
    memory, rating, days = some_log(5)
    lives = lives_of(memory=memory, rating=rating, days=days)
    lived = run(lives, np.array(DEFAULT_WEIGHTS))
    stability = lives.back(lived.stability)
    for one in range(3):
        s = d = np.nan
        for row in np.flatnonzero(memory == one):
            s, d = step(stability=s, difficulty=d, elapsed_days=days[row], rating=rating[row])
            assert float(s) == pytest.approx(stability[row], rel=1e-12)


def test_a_fit_comes_nearer_to_the_truth_and_ten_answers_hardly_move_it():
    rng = np.random.default_rng(4)
    truth = np.array(DEFAULT_WEIGHTS)
    truth[[2, 8, 20]] = 6.0, 1.2, 0.4
    memory, rating, days = some_log(4, memories=300, answers=10)
    days = np.maximum(days, 1.0)
    for _turn in range(10):  # answers that follow from the truth, place by place
        lives = lives_of(memory=memory, rating=rating, days=days)
        recall = np.nan_to_num(lives.back(run(lives, truth).recall), nan=0.7)
        rating = np.where(np.random.default_rng(9).random(len(memory)) < recall, 3, 1)
    lives = lives_of(memory=memory, rating=rating, days=days)
    right = (lives.rating > 1).astype(float)
    worth = np.ones(len(lives))
    worth[: lives.places[0].rows.stop] = 0.0
    found = fit(lives, right=right, worth=worth)
    before = log_loss(lives, DEFAULT_WEIGHTS, right=right, worth=worth)
    assert log_loss(lives, found, right=right, worth=worth) < before - 0.005
    assert (found >= LOWEST_WEIGHTS).all()
    assert (found <= HIGHEST_WEIGHTS).all()
    few = worth * (rng.random(len(worth)) < 10 / worth.sum())
    assert np.abs(fit(lives, right=right, worth=few) / DEFAULT_WEIGHTS - 1)[4:].max() < 2.5
    assert fit(lives, right=right, worth=worth * 0).tolist() == list(DEFAULT_WEIGHTS)


def test_arithmetic_leaves_the_other_cores_alone():
    """A fit costs what its own thread does: threads that wait for each other took more than half of it."""
    matrix = np.random.default_rng(1).random((700, 700))
    process, thread = time.process_time(), time.thread_time()
    for _turn in range(4):
        matrix = matrix @ matrix / 700
    own = time.thread_time() - thread
    assert time.process_time() - process < 1.5 * own


def test_folds_are_those_of_the_usual_library():
    assert [(a.stop, b.start, b.stop) for a, b in time_folds(20)] == [
        (5, 5, 8), (8, 8, 11), (11, 11, 14), (14, 14, 17), (17, 17, 20),
    ]  # fmt: skip
    groups = np.repeat(np.arange(7), [9, 8, 7, 3, 3, 2, 1])
    folds = group_folds(groups, 3)
    assert all(len(set(folds[groups == one])) == 1 for one in range(7))
    assert np.bincount(folds).tolist() == [11, 11, 11]


def test_scores_of_a_sure_model_and_of_one_class():
    right = np.array([1.0, 0.0, 1.0, 1.0])
    assert auc(right, np.array([0.9, 0.1, 0.8, 0.7])) == 1.0
    assert auc(right, np.full(4, 0.5)) == 0.5
    assert np.isnan(auc(np.ones(3), np.full(3, 0.5)))
    ones = np.ones(4, dtype=int)
    assert rmse_bins(right, np.full(4, 0.75), gap=ones, place=ones, lapses=ones * 0) == pytest.approx(0.0)


def test_days_end_when_the_learner_sleeps():
    assert quietest_hour([h * 3600 for h in (*range(7), *range(12, 24))]) == 9
    memory = np.array([0, 1, 0, 0])
    assert gaps_of(memory=memory, day=np.array([3, 3, 3, 9])).tolist() == [-1, -1, 0, 6]


def test_a_correction_learns_what_is_off_and_only_the_next_day():
    correction, rng = Correction(), np.random.default_rng(1)
    row = np.zeros(SIZE)
    row[0], row[1] = 1.0, logit(0.9)
    first = correction.foretell(row, recall=0.9)
    for day in range(1, 60):
        correction.begin(day)
        told = correction.foretell(row, recall=0.9)
        for _answer in range(8):
            correction.answered(row, recall=0.9, right=bool(rng.random() < 0.6), day=day)
        assert correction.foretell(row, recall=0.9) == told
    assert first == pytest.approx(0.9, abs=0.02)
    assert told == pytest.approx(0.6, abs=0.08)


def test_ease_and_ability_account_for_guessing():
    sure, lucky, tally = Offset(), Offset(), Tally()
    sure.answered(right=1)
    lucky.answered(right=1, guess=0.5)
    assert sure.mean > lucky.mean > 0
    for _answer in range(30):
        tally.answered(right=0, foretold=0.7)
    assert -3 <= tally.ease < -1


@settings(max_examples=60, deadline=None)
@given(days=st.integers(1, 400), load=st.lists(st.integers(0, 30), min_size=60, max_size=60), seed=st.integers(0, 9))
def test_balancing_stays_within_the_window_and_is_always_the_same(days, load, seed):
    today = date(2027, 3, 1)
    first, last = fuzz_window(days)
    loads = {today + timedelta(days=first + n): count for n, count in enumerate(load)}
    found = balanced(days, today=today, load=loads, weekdays=[1, 2, 3, 4, 5], easy_days=[3], seed=seed)
    assert first <= found <= last
    assert found == balanced(days, today=today, load=loads, weekdays=[1, 2, 3, 4, 5], easy_days=[3], seed=seed)
    open_days = [d for d in range(first, last + 1) if (today + timedelta(days=d)).isoweekday() <= 5]
    if open_days and first != last:
        assert (today + timedelta(days=found)).isoweekday() <= 5


def test_a_streak_is_complete_after_n_and_one_wrong_answer_begins_again():
    streak = Way(Mode.STREAK, streak_level=3)
    waits = [days_until_next(way=streak, stability=5.0, run=run) for run in (-1, 1, 2, 3)]
    assert waits == [1, 1, 3, NEVER]
    assert [streak_percent(run=run, level=3) for run in (-2, 0, 1, 2, 3, 9)] == [0, 0, 33, 67, 100, 100]


def test_a_forecast_costs_more_for_more_and_says_what_is_out_of_reach():
    rng = np.random.default_rng(2)
    cards = Cards(rng.uniform(1, 30, 80), rng.uniform(3, 8, 80), np.floor(rng.uniform(0, 20, 80)))
    costs = [maintain(cards, desired_retention=r, days=40) for r in (0.8, 0.9, 0.95)]
    assert costs[0].answers.sum() < costs[1].answers.sum() < costs[2].answers.sum()
    assert costs[0].recall[-1] < costs[2].recall[-1]
    assert maintain(cards, desired_retention=0.9, days=5, cap=3).answers.max() == 3
    little, much = (prepare(cards, days=14, seconds_a_day=n) for n in (60, 600))
    assert little.recall[-1] < much.recall[-1]
    far = reach(cards, days=5, minutes=1, goal=0.95)
    assert not far.reached
    assert far.minutes_needed is not None
    assert far.minutes_needed > 1
    assert reach(cards, days=5, minutes=far.minutes_needed, goal=0.95).reached
    new = Cards(np.full(3, np.nan), np.full(3, np.nan), np.zeros(3))
    assert maintain(new, desired_retention=0.9, days=3).answers[0] == 3


def test_answers_are_as_many_followed_card_by_card_as_lived_day_by_day():
    rng, of = np.random.default_rng(4), (0.8, 0.95)
    s, d, days = rng.uniform(0.5, 60, 80), rng.uniform(1, 10, 80), np.floor(rng.uniform(0, 40, 80))
    twice = rng.integers(1, 3, 80)
    never = np.full(5, np.nan)
    for cards, times in (
        (Cards(s, d, days), 1.0),
        (Cards(np.r_[s, never], np.r_[d, never], np.r_[days, np.zeros(5)]), 1.0),
        (Cards(s, d, days), twice),
    ):
        alone = Cards(*(np.repeat(part, times) for part in (s, d, days))) if times is twice else cards
        lived = [maintain(alone, desired_retention=one, days=56).answers.sum() for one in of]
        assert answers_within(cards, retentions=of, days=56, times=times) == lived
    assert answers_within(Cards(s[:0], d[:0], days[:0]), days=56) == [0.0] * 4


def write(tmp_path, text, name="log.csv"):
    path = tmp_path / name
    path.write_text(text)
    return path


def test_logs_are_read_as_they_come(tmp_path):
    seconds = read_log(write(tmp_path, "card_id,rating,review_time\na,3,1700000000\na,1,1700090000\n"))
    millis = read_log(write(tmp_path, "Item ID;correct;timestamp\na;true;1700000000000\na;0;1700090000000\n"))
    iso = read_log(
        write(
            tmp_path,
            "user_id\tquestion_id\tis_correct\tanswered_at\n9\ta\t1\t2023-11-14T22:13:20Z\n9\ta\t0\t2023-11-15T23:13:20Z\n",
        )
    )
    for read in (seconds, millis, iso):
        assert read.log.rating.tolist()[-1] == 1
        assert read.log.gap.tolist() == [-1, 1]
    many = read_log(
        write(
            tmp_path, "student,skill,problem,correct,time\n1,x,p,1,1700000000\n1,x,q,0,1700090000\n2,x,p,1,1700000001\n"
        )
    )
    assert many.log.memory.tolist() == [0, 1, 0]
    assert many.log.has_skills


def test_bad_lines_are_left_out_and_told_of(tmp_path):
    good = "".join(f"u,c{n % 5},{1_700_000_000 + n * 86_400},{1 + 2 * (n % 3 > 0)}\n" for n in range(60))
    bad = 'u,a,1700000000,9\nu,a,,1\nbroken\nu,a,1e40,1\nu,b,"17000","x\n'
    read = read_log(write(tmp_path, "user_id,card_id,timestamp,rating\n" + bad + good))
    assert len(read.log) == 60
    assert any("5 of 65 rows left out" in note and "line 2: u,a,1700000000,9" in note for note in read.notes)
    american = read_log(write(tmp_path, "card;when;correct\na;11/14/2023 22:13;1\na;11/15/2023 23:13;0\n"))
    assert american.log.gap.tolist() == [-1, 1]
    damaged = tmp_path / "log.csv.gz"
    damaged.write_bytes(b"\x1f\x8bnothing")
    with pytest.raises(LogError, match="damaged"):
        read_log(damaged)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no rows"),
        ("card_id,review_time\na,1700000000\n", "how it went"),
        ("card_id,rating\na,3\n", "when it was"),
        ("rating,review_time\n3,1700000000\n", "what was asked"),
        ("card_id,rating,review_time\na,9,1700000000\n", "in line 2; a rating is 1, 2, 3 or"),
        ("card_id,rating,review_time\n\na,3,yesterday\n", "can be read; the first is line 3"),
    ],
)
def test_what_is_missing_is_said(tmp_path, text, says):
    with pytest.raises(LogError, match=says):
        read_log(write(tmp_path, text))


def test_the_log_of_one_learner_is_the_one_we_know():
    read = read_log(DATA / "pyfsrs_josh_review_log.csv")
    count = int(read.log.scored.sum())
    assert (len(read.log), 5 * (count // 6)) == (12_580, 5_310)


def many_people(path, *, people=14, skills=6):
    """Skills differ much in how hard they are, people in how able: what a memory model alone does not know."""
    rng, rows = np.random.default_rng(3), ["user_id,skill_id,timestamp,correct"]
    hard, able = rng.normal(0, 1.5, skills), rng.normal(0, 1.2, people)
    for person in range(people):
        for turn in range(8):
            for skill in range(skills):
                at = 1_700_000_000 + (turn * 2 + person % 3) * 86_400 + skill * 60
                right = rng.random() < 1 / (1 + np.exp(hard[skill] - able[person] - 0.1 * turn))
                rows.append(f"{person},{skill},{at},{int(right)}")
    path.write_text("\n".join(rows))
    return path


def test_new_people_are_foretold_better_with_what_the_ecosystem_knows(tmp_path, capsys):
    assert retention.run(["--log", str(many_people(tmp_path / "many.csv")), "--out", str(tmp_path)]) == 0
    report = json.loads((tmp_path / "retention-many.json").read_text())
    losses = {row["model"]: row["log_loss"] for row in report["rows"]}
    assert report["split"].startswith("new people")
    assert losses[retention.NEW] < losses[retention.PEOPLE] - 0.005
    assert (tmp_path / "retention-many.svg").read_text().startswith("<svg")
    assert "better than fitted FSRS-6" in capsys.readouterr().out


@pytest.mark.parametrize("memory", ["fading traces (not FSRS)", "half-lives (not FSRS)", None])
def test_many_people_are_never_foretold_worse_than_by_fitted_fsrs(tmp_path, memory):
    """Two memories that are not of its shape, and coins, of which nothing can be learned."""
    path = tmp_path / "invented.csv"
    invented_log(path, memory=memory, people=15, items=16, skills=4, days=20, cap=5)
    assert retention.run(["--log", str(path), "--out", str(tmp_path)]) == 0
    report = json.loads((tmp_path / "retention-invented.json").read_text())
    (row,) = (row for row in report["rows"] if row["model"] == retention.NEW)
    assert row["better_by"] > -0.0005


def test_a_log_of_one_class_or_of_a_dozen_answers_is_scored_all_the_same(tmp_path, capsys):
    rows = "".join(f"{n % 4},3,{1_700_000_000 + 86_400 * (n // 4) + n}\n" for n in range(40))
    (tmp_path / "all-right.csv").write_text("card_id,rating,review_time\n" + rows)
    assert retention.run(["--log", str(tmp_path / "all-right.csv"), "--out", str(tmp_path)]) == 0
    (tmp_path / "few.csv").write_text("card_id,rating,review_time\na,3,1700000000\nb,3,1700090000\n")
    assert retention.run(["--log", str(tmp_path / "few.csv"), "--out", str(tmp_path)]) == 2
    assert "6 are needed" in capsys.readouterr().out
