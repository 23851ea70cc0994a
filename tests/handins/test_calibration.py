"""How markers compare: formulas held against published figures, and pages that say nothing where there is too little."""

import random
from datetime import timedelta
from statistics import fmean, stdev

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecosystem import clock
from handins.computations.reliability import ENOUGH, difference, icc_single, paired_difference
from handins.models import Round
from handins.selectors.calibration import calibrations_of
from handins.services import mark_give, rounds_release
from handins.services.double import independent_mark_give, marks_agree, marks_average
from handins.services.moderating import verdict_give
from tests.handins.conftest import within

# Shrout and Fleiss 1979, table 2: six targets, four judges; table 4 gives ICC(1,1) as .17.
SHROUT_FLEISS = [(9, 2, 5, 8), (6, 1, 3, 2), (8, 4, 6, 8), (7, 1, 2, 6), (10, 5, 6, 9), (6, 2, 4, 7)]


def test_the_agreement_is_that_of_the_published_example():
    assert icc_single(SHROUT_FLEISS) == pytest.approx(
        (11.24 - 6.26) / (11.24 + 3 * 6.26), abs=0.001
    )  # BMS, WMS printed
    assert round(icc_single(SHROUT_FLEISS), 2) == 0.17


def test_the_agreement_has_the_ends_it_should_have():
    assert icc_single([(50, 50), (60, 60), (90, 90)]) == 1
    assert icc_single([(50, 50), (50, 50)]) is None
    assert icc_single([(50, 60)]) is None
    assert icc_single([(0, 100), (100, 0), (0, 100), (100, 0)]) == -1
    lots = random.Random(7)
    unlike = [(lots.gauss(60, 10), lots.gauss(60, 10)) for _pair in range(4_000)]
    assert abs(icc_single(unlike)) < 0.05
    alike = [(true + lots.gauss(0, 5), true + lots.gauss(0, 5)) for true in (lots.gauss(60, 10) for _n in range(4_000))]
    assert icc_single(alike) == pytest.approx(100 / 125, abs=0.03)  # variance of the work over that and the error's
    assert icc_single([(a + 10, b + 10) for a, b in alike]) == pytest.approx(icc_single(alike))
    with pytest.raises(ValueError, match="same number"):
        icc_single([(1, 2), (1, 2, 3)])


def test_a_margin_holds_the_truth_in_about_95_of_100_samples():
    lots, held, paired = random.Random(11), 0, 0
    for _sample in range(1_000):
        own, others = [lots.gauss(65, 8) for _n in range(30)], [lots.gauss(60, 12) for _n in range(60)]
        mean, margin = difference(own, others)
        held += abs(mean - 5) <= margin
        mean, margin = paired_difference([(score + 3 + lots.gauss(0, 4), score) for score in own])
        paired += abs(mean - 3) <= margin
    assert 920 < held < 975
    assert 920 < paired < 975
    assert difference([1] * (ENOUGH - 1), [1] * 50) is None
    assert difference([1] * 50, [1] * (ENOUGH - 1)) is None
    assert paired_difference([(1, 2)] * (ENOUGH - 1)) is None


@pytest.fixture
def second(member):
    return member("instructor", name="Max")


@pytest.fixture
def boss(member):
    return member("manager", name="Bo")


def marked(plan, member, handed_in, who, *percents, hours=5, **said):
    rounds = []
    for percent in percents:
        round = handed_in(plan, member())
        with within(who):
            since = Round.objects.get(pk=round.pk).submitted_at
            with clock.at(since + timedelta(hours=hours)):
                mark_give(round=round, percent=percent, by=who, **said)
        rounds.append(round)
    return rounds


@pytest.mark.django_db
def test_a_mild_and_a_strict_marker_are_told_apart(
    make_assignment, handed_in, member, marker, second, boss, browser_of
):
    plan = make_assignment(criteria=None, moderation="failing", moderation_active=False)
    mild, strict = (70, 80, 90, 75, 85), (40, 50, 60, 45, 55, 52)
    rounds = marked(plan, member, handed_in, marker, *mild, hours=5)
    failing = marked(plan, member, handed_in, second, *strict, hours=50)
    with within(marker):
        verdict_give(round=failing[0], is_upheld=False, words="Look again.", by=marker)
        verdict_give(round=failing[1], is_upheld=True, by=marker)
        rounds_release(rounds=rounds, by=marker)
        mark_give(round=rounds[0], percent=10, because="A slip", by=marker)  # a correction is no first judgement
        found = {row.marker.name: row for row in calibrations_of(plan).rows}
    mia, max_ = found["Mia"], found["Max"]
    assert (mia.marks, mia.mean, mia.spread) == (5, fmean(mild), pytest.approx(stdev(mild)))
    assert mia.leniency[0] == pytest.approx(fmean(mild) - fmean(strict))
    assert max_.leniency[0] == pytest.approx(fmean(strict) - fmean(mild))
    assert (max_.moderated, max_.not_upheld, mia.moderated) == (2, 1, 0)
    assert (mia.median_hours, max_.median_hours) == (pytest.approx(5, abs=0.01), pytest.approx(50, abs=0.01))
    assert (mia.passed_share, mia.agreement, mia.double_marks) == (100, None, 0)
    page = browser_of(boss).get("/reviewing/my-plan/calibration/").text
    assert "+30 ± 9 points" in page
    assert "1 of 2" in page
    lines = (
        b"".join(browser_of(boss).get("/reviewing/my-plan/calibration/file/").streaming_content).decode().splitlines()
    )
    assert lines[0].lstrip("\ufeff").startswith("marker,marks,mean,spread")
    assert lines[1].startswith("Max,6,50.3,")
    api = browser_of(boss).get("/api/v1/assignments/my-plan/calibration/").json()
    assert [row["marker"] for row in api["markers"]] == ["Max", "Mia"]
    assert api["markers"][1]["leniency"] == pytest.approx(29.7)


@pytest.mark.django_db
def test_two_on_the_same_work_and_nothing_before_both_are_in(make_assignment, handed_in, member, marker, second, boss):
    plan = make_assignment(criteria=None, is_double=True, tolerance=100, pass_mark=None)
    pairs = [(60, 55), (70, 66), (80, 74), (90, 87), (50, 44)]
    for own, other in pairs:
        round = handed_in(plan, member())
        for who, percent in ((marker, own), (second, other)):
            with within(who):
                independent_mark_give(round=round, percent=percent, passed=True, by=who)
        with within(marker):
            if own == 60:
                marks_agree(round=round, percent=100, passed=True, by=marker)  # what was agreed is nobody's own
            else:
                marks_average(round=round, by=marker)
    waiting = handed_in(plan, member())
    with within(marker):
        independent_mark_give(round=waiting, percent=1, passed=False, by=marker)
        found = calibrations_of(plan)
    rows = {row.marker.name: row for row in found.rows}
    assert found.pairs == 5
    assert found.agreement == pytest.approx(icc_single(pairs))
    assert [rows[name].marks for name in ("Mia", "Max")] == [5, 5]
    assert rows["Mia"].same_work[0] == pytest.approx(4.8)
    assert rows["Max"].same_work[0] == pytest.approx(-4.8)
    assert rows["Mia"].mean == 70


@pytest.mark.django_db
def test_few_marks_say_nothing_and_only_whoever_looks_after_people_sees_them(
    make_assignment, handed_in, member, marker, second, boss, browser_of
):
    plan = make_assignment(criteria=None)
    marked(plan, member, handed_in, marker, 70)
    marked(plan, member, handed_in, second, 10, 20, 30, 40, 50, 60)
    desk = browser_of(boss)
    assert b"My plan" in desk.get("/reviewing/calibration/").content
    page = desk.get("/reviewing/my-plan/calibration/").text
    assert page.count("too few to say") == 2
    assert page.count("few marks") == 1
    doors = ("/reviewing/calibration/", "/reviewing/my-plan/calibration/", "/reviewing/my-plan/calibration/file/")
    for who in (marker, member("author"), member()):
        assert all(browser_of(who).get(door).status_code == 404 for door in doors)
        assert browser_of(who).get("/api/v1/assignments/my-plan/calibration/").status_code == 403
    assert desk.get("/reviewing/nobody/calibration/").status_code == 404
    counts = []
    for _time in range(2):
        with CaptureQueriesContext(connection) as captured:
            desk.get("/reviewing/my-plan/calibration/")
        counts.append(len(captured))
        marked(plan, member, handed_in, marker, 70, 80)
        marked(plan, member, handed_in, member("instructor"), 60)
    assert counts[0] == counts[1]


@pytest.mark.django_db
def test_work_without_scores_has_a_share_that_passes_and_no_mean(make_assignment, handed_in, member, marker, boss):
    plan = make_assignment(criteria=None, pass_mark=None)
    marked(plan, member, handed_in, marker, None, None, passed=True)
    with within(marker):
        row = calibrations_of(plan).rows[0]
    assert (row.marks, row.mean, row.spread, row.passed_share, row.leniency) == (2, None, None, 100, None)
