"""Late work loses the points its assignment says, once, whoever marks it and however often."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ecosystem import clock
from handins.computations.lateness import days_late, late_off
from handins.models import Mark, Round
from handins.selectors.calibration import calibrations_of
from handins.services import extension_give, mark_give, round_save, round_start, round_submit, rounds_release
from tests.handins.conftest import within

pytestmark = pytest.mark.django_db


def test_each_day_that_has_begun_counts_and_nothing_goes_below_nothing():
    due = timezone.now()
    late = [days_late(handed_in=due + timedelta(seconds=after), due=due) for after in (-9, 0, 1)]
    assert late == [0, 0, 1]
    assert days_late(handed_in=due + timedelta(days=2, seconds=1), due=due) == 3
    assert late_off(score=0.8, days=2, per_day=5) == (pytest.approx(0.7), 10)
    assert late_off(score=0.08, days=3, per_day=50) == (0.0, 8)


def test_a_late_mark_loses_its_points_once_and_more_time_gives_them_back(
    make_assignment, member, marker, browser_of, author
):
    now, learner = timezone.now(), member()
    assignment = make_assignment(criteria=None, due_at=now - timedelta(days=2, hours=-1), late_points=10, pass_mark=60)

    def hand_in() -> Round:
        draft = round_start(assignment=assignment, by=learner)
        draft = round_save(round=draft, text="Mine", by=learner, seen=draft.saved_at)
        return round_submit(round=draft, by=learner)

    with within(learner):
        first = hand_in()
    with within(marker):
        mark_give(round=first, percent=75, by=marker)
        mark = Mark.objects.get()
        assert (mark.percent, mark.late_points, mark.passed) == (55, 20, False)
        (row,) = calibrations_of(assignment).rows
        assert (row.mean, row.passed_share) == (pytest.approx(75), 100), "late work makes nobody severe"
    desk, own = browser_of(marker), browser_of(learner)
    page = desk.get(f"/reviewing/{first.uid}/").text
    assert "20 points come off by themselves" in page
    assert 'value="75"' in page, "whoever goes on from it sees what they gave"
    with within(marker):
        rounds_release(rounds=[first], by=marker)
    page = own.get("/handins/my-plan/").text
    assert "20 points off, because it came late" in page
    assert "late: 10 points off for each day" in page
    with within(learner), clock.at(now + timedelta(days=5)):
        second = hand_in()
    with within(marker), clock.at(now + timedelta(days=5)):
        mark_give(round=second, percent=90, by=marker)
        assert Mark.objects.get(round=second).late_points == 20, "improving it later is not later than at first"
        extension_give(assignment=assignment, person=learner.person, until=now + timedelta(hours=2), by=marker)
        mark_give(round=second, percent=90, by=marker)
        assert Mark.objects.filter(round=second).latest("pk").late_points == 0


def test_whoever_comes_too_late_reads_it_before_they_begin(make_assignment, member, browser_of):
    learner = member()
    make_assignment(closes_at=timezone.now() - timedelta(hours=1))
    page = browser_of(learner).get("/handins/my-plan/")
    assert b"The time to hand in is over." in page.content
    assert b'value="begin"' in page.content, "more time may come"
