"""Sentences follow from figures, and small groups stay hidden."""

from datetime import date

import pytest

from ecosystem.registry import Figure
from reporting.findings import finished_title, funnel_title, months_between, number, signal_of, verdict_of
from reporting.small_groups import CourseRow, protected


def kpi(last: float, *, direction: str = "down", baseline: float = 31.0, target: float = 24.0) -> Figure:
    return Figure(
        value=last,
        series=[("2026-01", baseline), ("2026-02", last)],
        target=target,
        details={
            "name": "Days",
            "unit": "days",
            "direction": direction,
            "baseline": baseline,
            "target_on": date(2026, 8, 31),
        },
    )


def figures(**changes: Figure) -> dict[str, Figure]:
    steps = [("Enrolled", 20), ("Started", 18), ("Half way", 15), ("Finished", 12)]
    usual = {
        "enrolled": Figure(value=20),
        "finished": Figure(value=12, of=20),
        "funnel": Figure(value=12, of=20, series=steps),
        "pass_rate": Figure(value=80),
        "reached": Figure(value=15, of=20),
    }
    return {**usual, **changes}


def test_the_plan_is_a_straight_line_from_baseline_to_target():
    signal = signal_of(kpi(29.0))
    assert signal.plan == [31.0, 30.0, 29.0, 28.0, 27.0, 26.0, 25.0, 24.0]
    assert (signal.first, signal.last, signal.planned_now, signal.on_plan) == (31.0, 29.0, 30.0, True)
    assert signal.title == "Days: down from 31 to 29; the target is 24"


@pytest.mark.parametrize(
    ("last", "direction", "baseline", "target", "on_plan"),
    [
        (30.0, "down", 31.0, 24.0, True),
        (30.5, "down", 31.0, 24.0, False),
        (62.0, "up", 60.0, 74.0, True),
        (61.0, "up", 60.0, 74.0, False),
    ],
)
def test_on_plan_depends_on_the_direction(last, direction, baseline, target, on_plan):
    assert signal_of(kpi(last, direction=direction, baseline=baseline, target=target)).on_plan is on_plan


def test_a_signal_needs_a_value():
    assert signal_of(None) is None
    assert signal_of(Figure(value=None)) is None


def test_when_all_is_well_nothing_is_called_slow():
    verdict = verdict_of(figures(), signal_of(kpi(29.0)))
    assert (verdict.say, verdict.tone) == ("On course.", "ok")
    assert verdict.text == "12 of 20 enrolments are finished."


def test_the_thing_furthest_behind_is_named():
    steps = [("Enrolled", 20), ("Started", 18), ("Half way", 4), ("Finished", 4)]
    slow = figures(funnel=Figure(value=4, series=steps), pass_rate=Figure(value=55))
    verdict = verdict_of(slow, signal_of(kpi(29.0)))
    assert verdict.text.endswith("One thing is slow: 4 of 18 come from started to half way.")
    assert "55" not in verdict.text


def test_behind_plan_is_said_with_both_numbers():
    verdict = verdict_of(figures(), signal_of(kpi(30.5)))
    assert (verdict.say, verdict.tone) == ("Behind plan.", "warn")
    assert "The signal is at 30.5, planned was 30." in verdict.text


def test_before_anybody_is_enrolled_there_is_no_verdict():
    empty = figures(enrolled=Figure(value=0), funnel=Figure(value=0, series=[("Enrolled", 0), ("Started", 0)]))
    assert verdict_of(empty, None).tone == "info"


def test_titles_are_findings():
    steps = [("Enrolled", 20), ("Started", 18), ("Half way", 15), ("Finished", 12)]
    assert funnel_title(steps) == "Most are lost between half way and finished: 3 of 15"
    assert funnel_title([("Enrolled", 3), ("Started", 3)]) == "Nobody is lost on the way"
    assert funnel_title([("Enrolled", 0), ("Started", 0)]) == "Nobody is enrolled yet"
    months = [(f"2026-{month:02}", value) for month, value in zip(range(1, 7), [0, 1, 1, 2, 3, 4], strict=True)]
    assert finished_title(Figure(value=11, series=months)).startswith("More is finished: 9 in the last three months")


def test_numbers_and_months():
    assert [number(value) for value in (None, 3, 3.0, 26.84, "few")] == ["–", "3", "3", "26.84", "few"]
    assert months_between("2026-11", "2027-02") == ["2026-11", "2026-12", "2027-01", "2027-02"]


def row(title: str, people: int, *, finished: int = 1, tried_by: int = 9) -> CourseRow:
    return CourseRow(title, people, people, finished, 50, tried_by)


def test_a_group_under_five_shows_no_number():
    assert protected([row("Small", 4), row("Also", 3), row("Big", 9)])[0].cells == ["Small", *["fewer than 5"] * 3]


def test_one_hidden_group_cannot_be_found_by_subtraction():
    rows = protected([row("Small", 4), row("Mid", 6), row("Big", 9)])
    assert rows[1].cells == ["Mid", 6, "not shown", "not shown"]
    assert rows[2].cells == ["Big", 9, 1, 50]


def test_hidden_groups_of_five_together_hide_no_other():
    rows = protected([row("Small", 4), row("Tiny", 2), row("Big", 9)])
    assert rows[2].cells == ["Big", 9, 1, 50]


def test_a_pass_rate_of_few_people_is_hidden_alone():
    assert protected([row("Big", 9, tried_by=4)])[0].cells == ["Big", 9, 1, "fewer than 5"]
