"""The figures of item analysis against the standard library's own, against another way to the same, and by hand."""

import statistics

import numpy as np
import pytest

from assessments.models import Analysis, Answer, ItemFigures
from assessments.services import attempt_finish, attempt_start
from assessments.services.analysing import analyses_run_due, analysis_run
from assessments.statistics import (
    Answers,
    ItemFigure,
    Option,
    cronbach_alpha,
    flags_of,
    item_figures,
    standard_error,
    test_figure,
)
from ecosystem.scope import open_scope
from tests.assessments import attitude
from tests.assessments.answering import make_assessment

test_figure.__test__ = False  # a function of ours, no test


def invented(people: int = 60, items: int = 7, seed: int = 3) -> tuple[Answers, np.ndarray]:
    """Answers by a Rasch-like model, as a matrix and as arrays in no order."""
    random = np.random.default_rng(seed)
    chance = 1 / (1 + np.exp(random.normal(size=(1, items)) - random.normal(size=(people, 1))))
    matrix = (random.random((people, items)) < chance).astype(float)
    attempt, item = (one.ravel() for one in np.indices(matrix.shape))
    order = random.permutation(len(attempt))
    attempt, item = attempt[order], item[order]
    earned = matrix[attempt, item]
    seconds = random.integers(1, 90, len(attempt)).astype(float)
    return Answers(attempt, item, earned, np.ones_like(earned), seconds, np.where(earned > 0, 0, 1)), matrix


def test_facility_and_discrimination_are_those_of_the_standard_library():
    answers, matrix = invented()
    figures = item_figures(answers)
    for i, figure in enumerate(figures):
        x, total = matrix[:, i].tolist(), matrix.sum(axis=1)
        rest = (total - matrix[:, i]).tolist()
        assert figure.facility == pytest.approx(statistics.mean(x))
        assert figure.spread == pytest.approx(statistics.pstdev(x))
        assert figure.point_biserial == pytest.approx(statistics.correlation(x, total.tolist()))
        assert figure.discrimination == pytest.approx(statistics.correlation(x, rest))
        assert figure.seconds == statistics.median(answers.seconds[answers.item == i].tolist())
        assert figure.exposure == 1
        assert sum(option.share for option in figure.options) == pytest.approx(1)
        half = len(x) // 2
        assert figure.drift == pytest.approx(statistics.mean(x[half:]) - statistics.mean(x[:half]))


def test_point_biserial_is_that_of_scipy():
    from scipy.stats import pointbiserialr  # half a second of each process that loads the tests

    answers, matrix = invented(seed=11)
    total = matrix.sum(axis=1)
    for i, figure in enumerate(item_figures(answers)):
        assert figure.point_biserial == pytest.approx(pointbiserialr(matrix[:, i], total).statistic)
        assert figure.discrimination == pytest.approx(pointbiserialr(matrix[:, i], total - matrix[:, i]).statistic)


def test_alpha_and_correlations_are_those_that_package_psych_prints():
    matrix = np.array([line.split() for line in attitude.ITEMS.values()], dtype=float).T / 100
    attempt, item = (one.ravel() for one in np.indices(matrix.shape))
    none = np.zeros(matrix.size)
    answers = Answers(attempt, item, matrix.ravel(), none + 1, none, none.astype(np.int64))
    figures, whole = item_figures(answers), test_figure(answers)
    assert round(whole.alpha, 2) == attitude.ALPHA
    assert tuple(round(figure.point_biserial, 2) for figure in figures) == attitude.WITH_ALL
    assert tuple(round(figure.discrimination, 2) for figure in figures) == attitude.WITH_OTHERS
    assert whole.error == pytest.approx(matrix.mean(axis=1).std(ddof=1) * (1 - whole.alpha) ** 0.5)


def test_alpha_is_that_of_hoyts_analysis_of_variance():
    """C. J. Hoyt, Psychometrika 6 (1941) 153-160: 1 - MS(residual) / MS(people) is the same number by another way."""
    answers, matrix = invented()
    people, items = matrix.shape
    grand = matrix.mean()
    between = items * ((matrix.mean(axis=1) - grand) ** 2).sum() / (people - 1)
    fitted = matrix.mean(axis=1, keepdims=True) + matrix.mean(axis=0, keepdims=True) - grand
    residual = ((matrix - fitted) ** 2).sum() / ((people - 1) * (items - 1))
    whole = test_figure(answers)
    assert whole.alpha == pytest.approx(1 - residual / between)
    assert whole.error == pytest.approx(whole.spread * (1 - whole.alpha) ** 0.5)
    # His error of a score, from the residual alone; ours comes from the spread and alpha.
    assert whole.error == pytest.approx((residual / items) ** 0.5)
    assert cronbach_alpha(np.ones((5, 3))) is None
    fewer = Answers(
        *(getattr(answers, name)[1:] for name in ("attempt", "item", "earned", "points", "seconds", "option"))
    )
    assert test_figure(fewer).alpha is None, "not where somebody was not asked everything"


def test_standard_error_is_that_of_a_published_example_and_of_errors_that_are_known():
    """The scores, the reliability and the answer, 1.098, of a worked example (statisticalpoint.com, "standard error of
    measurement"); and, since the error is meant to be that of a single score, errors that we made ourselves."""
    scores = np.array([88, 90, 91, 94, 86, 88, 84, 90, 90, 94], dtype=float)
    assert round(scores.std(ddof=1), 2) == 3.17
    assert standard_error(scores.std(ddof=1), 0.88) == pytest.approx(1.098, abs=0.001)
    random = np.random.default_rng(20261127)
    people, items, noise = 4_000, 10, 0.2
    matrix = random.normal(0.5, 0.1, (people, 1)) + random.normal(0, noise, (people, items))
    attempt, item = (one.ravel() for one in np.indices(matrix.shape))
    none = np.zeros(matrix.size)
    whole = test_figure(Answers(attempt, item, matrix.ravel(), none + 1, none, none.astype(np.int64)))
    assert whole.error == pytest.approx(noise / items**0.5, rel=0.02)


def test_nothing_and_hardly_anything_have_no_figures():
    empty = np.empty(0)
    none = Answers(*(empty.astype(np.int64),) * 2, *(empty,) * 3, empty.astype(np.int64))
    assert item_figures(none) == []
    assert test_figure(none).attempts == 0
    one = Answers(np.array([0]), np.array([0]), np.ones(1), np.ones(1), np.zeros(1), np.array([-1]))
    (figure,) = item_figures(one)
    assert (figure.discrimination, figure.seconds, figure.options) == (None, None, [])


@pytest.mark.parametrize(
    ("changes", "flags"),
    [
        ({}, []),
        ({"facility": 0.97}, ["too_easy"]),
        ({"facility": 0.1}, ["too_hard"]),
        ({"facility": 0.27, "discrimination": 0.02}, ["guessed"]),
        ({"discrimination": -0.3}, ["wrong_key"]),
        ({"discrimination": 0.05}, ["weak"]),
        ({"options": [Option(0, 0.5, 0.6), Option(1, 0.3, 0.65)]}, ["misleading"]),
        ({"options": [Option(0, 0.5, 0.6), Option(1, 0.05, 0.9)]}, []),
        ({"drift": -0.2, "drift_z": -4}, ["drift"]),
        ({"facility": 0.97, "answers": 19}, []),
    ],
)
def test_flags(changes, flags):
    plain = {
        "answers": 50, "facility": 0.6, "spread": 0.5, "point_biserial": 0.4, "discrimination": 0.3, "exposure": 1,
        "seconds": 9, "curve": [], "drift": 0, "drift_z": 0, "options": [Option(0, 0.6, 0.7), Option(1, 0.4, 0.4)],
    }  # fmt: skip
    assert flags_of(ItemFigure(**{**plain, **changes}), guess=0.25, right=frozenset({0})) == flags


@pytest.mark.django_db
def test_figures_of_a_quiz_are_kept_and_come_anew(env, member):
    with open_scope(environment_id=env.pk):
        quiz = make_assessment("single", "numeric")
        for n in range(4):
            attempt = attempt_start(assessment=quiz, person_id=member().person_id)
            response = {"choice": 0 if n else 1}
            Answer.objects.filter(attempt=attempt, position=1).update(response=response, seconds=10 + n)
            attempt_finish(attempt_uid=attempt.uid, person_id=attempt.person_id)
    assert analyses_run_due() == 1
    assert analyses_run_due() == 0
    with open_scope(environment_id=env.pk):
        analysis = Analysis.objects.get()
        assert (analysis.attempts, analysis.mean) == (4, 0.375)
        first, second = ItemFigures.objects.order_by("question_id")
        assert (first.figures["facility"], first.figures["seconds"], second.figures["facility"]) == (0.75, 11.5, 0)
        assert {one["option"]: one["share"] for one in first.figures["options"]} == {0: 0.75, 1: 0.25}
        assert analysis_run(assessment=quiz).pk == analysis.pk
        assert ItemFigures.objects.count() == 2
