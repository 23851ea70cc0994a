"""Weights of reviewers: against an example worked out by hand, and in classes with lazy and malicious reviewers."""

import random
from math import log, sqrt

import pytest

from handins.computations import weights as weighing
from handins.computations.weights import FLOOR, LEAST, MOST, Given, calibrated


def mean_of(rows: list[Given]) -> dict[int, float]:
    """The control: every word counts the same."""
    found: dict[int, list[float]] = {}
    for row in rows:
        found.setdefault(row.work, []).append(row.score)
    return {work: sum(scores) / len(scores) for work, scores in found.items()}


def error(found: dict[int, float], truth: dict[int, float]) -> float:
    return sqrt(sum((found[work] - truth[work]) ** 2 for work in truth) / len(truth))


def test_one_step_by_hand():
    """Three reviewers of one work say 0.8, 0.8 and 0.2. Others' means: 0.5, 0.5, 0.8; squares 0.09, 0.09, 0.36; mean 0.18.

    Shrunk by two average ones: (0.09 + 0.36) / 3 = 0.15 and (0.36 + 0.36) / 3 = 0.24; ratios 1.2 and 0.75.
    """
    rows = [Given(1, 1, 0.8), Given(1, 2, 0.8), Given(1, 3, 0.2)]
    equal = {1: 1.0, 2: 1.0, 3: 1.0}
    errors = weighing._errors({1: rows}, equal)
    assert {who: pytest.approx(found) for who, found in errors.items()} == {1: [0.09], 2: [0.09], 3: [0.36]}
    weights = weighing._weights(errors, {}, equal)
    assert weights == {1: pytest.approx(1.2), 2: pytest.approx(1.2), 3: pytest.approx(0.75)}
    assert weighing._mean(rows, weights) == pytest.approx((1.2 * 1.6 + 0.75 * 0.2) / 3.15)
    assert weighing._damped(3.0) == pytest.approx(min(MOST, 2 + log(2)))
    assert weighing._damped(0.001) == LEAST


def test_samples_tell_who_is_near_to_the_teacher():
    """Two disagree about a work; on the sample one was exact and the other 40 points off.

    Squares: 0.36 each of the others; samples 0 and 0.16, twice each; mean (0.72 + 0.32) / 6.
    """
    found = calibrated([Given(1, 1, 0.9), Given(1, 2, 0.3)], {1: [0.0], 2: [0.4]})
    mean = (0.72 + 0.32) / 6
    good, bad = (0.36 + 2 * mean) / 5, (0.36 + 0.32 + 2 * mean) / 5
    assert found.weights[1].weight == pytest.approx(mean / good)
    assert found.weights[2].weight == pytest.approx(mean / bad)
    assert found.scores[1] > 0.6
    assert (found.weights[1].apart_samples, round(found.weights[2].apart_samples)) == (0.0, 40)
    assert round(found.weights[1].apart) == 60


def test_with_few_data_all_count_nearly_the_same():
    assert calibrated([Given(1, 1, 0.5)]).weights[1].weight == 1.0
    found = calibrated([Given(1, 1, 0.5), Given(1, 2, 0.7)])
    assert [one.weight for one in found.weights.values()] == [1.0, 1.0]
    assert found.scores == {1: pytest.approx(0.6)}
    assert calibrated([]).scores == {}


def test_weights_stay_in_their_bounds():
    rows = [Given(work, who, 1.0 if who == 9 else 0.0) for work in range(40) for who in (1, 2, 9)]
    found = calibrated(rows)
    assert all(LEAST <= one.weight <= MOST for one in found.weights.values())
    assert found.weights[9].weight < 0.5 < found.weights[1].weight
    assert FLOOR > 0


def class_of(
    kinds: dict[int, str], seed: int, *, people: int = 30, each: int = 4
) -> tuple[list[Given], dict[int, float]]:
    """A class in a ring. ``lazy`` says 90% of everything, ``hostile`` turns it upside down, ``pair`` (0 and 1) praises each
    other and is hard on the rest; honest ones are ten points off by chance."""
    lot = random.Random(seed)
    truth = {work: lot.uniform(0.3, 0.95) for work in range(people)}
    rows = []
    for who in range(people):
        for step in range(1, each + 1):
            work = (who + step) % people
            match kinds.get(who, "honest"):
                case "lazy":
                    said = 0.9
                case "hostile":
                    said = 1 - truth[work]
                case "pair":
                    said = 1.0 if kinds.get(work) == "pair" else truth[work] - 0.3
                case _:
                    said = truth[work] + lot.gauss(0, 0.1)
            rows.append(Given(work, who, min(1.0, max(0.0, said))))
    if kinds.get(0) == "pair":
        rows.append(Given(0, 1, 1.0))
    return rows, truth


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("lazy", dict.fromkeys(range(0, 30, 4), "lazy")),
        ("hostile", dict.fromkeys(range(0, 30, 6), "hostile")),
        ("both", {**dict.fromkeys(range(0, 30, 6), "hostile"), **dict.fromkeys(range(3, 30, 6), "lazy")}),
        ("pair", {0: "pair", 1: "pair"}),
    ],
)
def test_it_beats_the_plain_mean(name, kinds):
    """Over twenty classes, and by clearly more with two practice reviews each."""
    plain, weighted, practised = [], [], []
    for seed in range(20):
        rows, truth = class_of(kinds, seed)
        lot = random.Random(seed + 1000)
        bad = {"lazy": 0.3, "hostile": 0.5, "pair": 0.2}
        samples = {who: [bad.get(kinds.get(who, ""), abs(lot.gauss(0, 0.1))) for _n in range(2)] for who in range(30)}
        plain.append(error(mean_of(rows), truth))
        weighted.append(error(calibrated(rows).scores, truth))
        practised.append(error(calibrated(rows, samples).scores, truth))
    assert sum(weighted) < sum(plain) * 0.97, name
    assert sum(practised) < sum(weighted), name


def test_a_pair_that_praises_each_other_gains_less():
    gain_plain, gain_weighted, weights = [], [], []
    for seed in range(20):
        rows, truth = class_of({0: "pair", 1: "pair"}, seed)
        found = calibrated(rows)
        gain_plain.append(mean_of(rows)[1] - truth[1])
        gain_weighted.append(found.scores[1] - truth[1])
        weights += [found.weights[0].weight, found.weights[1].weight]
    assert 0 < sum(gain_weighted) < sum(gain_plain) * 0.8
    assert sum(weights) / len(weights) < 0.6


def test_among_honest_reviewers_it_does_no_harm():
    plain = weighted = 0.0
    for seed in range(20):
        rows, truth = class_of({}, seed)
        plain += error(mean_of(rows), truth)
        weighted += error(calibrated(rows).scores, truth)
    assert weighted < plain * 1.1
