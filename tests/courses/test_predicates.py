"""Each predicate: when it holds, to the bound; what it says to the learner; when time alone turns it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.conditions import holds, missing, next_change, problems
from courses.conditions.wording import condition_sentence, lock_sentence
from ecosystem.periods import end_of
from ecosystem.predicates import Facts, Known, Names
from memotrainer.predicates import Remembers

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NAMES = Names({7: "Quiz", 8: "Page"})


def facts(
    at=NOW, *, zone=UTC, groups=(), roles=(), released=False, begins_at=None, enrolled_at=None, **records
) -> Facts:
    known = {("attempted" if verb == "tries" else verb, 7): value for verb, value in records.items()}
    return Facts(
        at, zone, begins_at, enrolled_at, released,
        {"records": known, "groups": frozenset(groups), "roles": frozenset(roles)},
    )  # fmt: skip


def result(percent, times=1) -> Known:
    return Known(times, NOW, NOW, percent / 100)


@pytest.mark.parametrize(
    ("tree", "known", "expected"),
    [
        ({"score": {"of": 7, "least": 40, "most": 70}}, facts(failed=result(40)), True),
        ({"score": {"of": 7, "least": 40, "most": 70}}, facts(failed=result(39.99)), False),
        ({"score": {"of": 7, "least": 40, "most": 70}}, facts(passed=result(70)), True),
        ({"score": {"of": 7, "least": 40, "most": 70}}, facts(passed=result(70.01)), False),
        ({"score": {"of": 7, "least": 57}}, facts(failed=Known(1, NOW, NOW, 0.57)), True),
        ({"score": {"of": 7, "most": 70}}, facts(failed=result(50), passed=result(80)), False),
        ({"score": {"of": 7, "least": 0}}, facts(), False),
        ({"attempts": {"of": 7, "least": 3}}, facts(tries=Known(3)), True),
        ({"attempts": {"of": 7, "least": 3}}, facts(tries=Known(2)), False),
        ({"recorded": {"verb": "reviewed", "of": 7, "least": 2}}, facts(reviewed=Known(2)), True),
        ({"recorded": {"verb": "reviewed", "of": 7}}, facts(), False),
        ({"used": 7}, facts(launched=Known()), True),
        ({"used": 7}, facts(), False),
        ({"group": "Night  Shift"}, facts(groups=["night shift"]), True),
        ({"group": "Night shift"}, facts(groups=["day shift"]), False),
        ({"role": "instructor"}, facts(roles=["learner", "instructor"]), True),
        ({"role": "instructor"}, facts(roles=["learner"]), False),
        ({"released": True}, facts(released=True), True),
        ({"released": True}, facts(), False),
    ],
)
def test_bounds_are_inclusive_and_unknown_is_no(tree, known, expected):
    assert problems(tree) == []
    assert holds(tree, facts=known) is expected
    assert (missing(tree, facts=known) is None) is expected


@pytest.mark.parametrize(
    ("tree", "last_closed", "first_open"),
    [
        ({"from": "2026-03-29"}, "2026-03-28T22:59:59", "2026-03-28T23:00:00"),  # midnight in Amsterdam, winter time
        ({"from": "2026-03-30"}, "2026-03-29T21:59:59", "2026-03-29T22:00:00"),  # the day after, summer time
        ({"from": "2026-07-01T09:00"}, "2026-07-01T06:59:59", "2026-07-01T07:00:00"),
        ({"not": {"until": "2026-03-29"}}, "2026-03-29T21:59:59", "2026-03-29T22:00:00"),  # a day of 23 hours
        ({"not": {"until": "2026-07-01T17:00"}}, "2026-07-01T15:00:59", "2026-07-01T15:01:00"),
    ],
)
def test_days_are_those_of_the_environment(tree, last_closed, first_open):
    before, after = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (last_closed, first_open))
    assert not holds(tree, facts=facts(before, zone=AMSTERDAM))
    assert holds(tree, facts=facts(after, zone=AMSTERDAM))
    assert next_change(tree, facts=facts(before, zone=AMSTERDAM)) == after
    assert next_change(tree, facts=facts(after, zone=AMSTERDAM)) is None


def test_a_week_after_the_start_is_the_same_hour_when_clocks_change():
    begins = datetime(2026, 3, 25, 23, tzinfo=UTC)  # Thursday 00:00 in Amsterdam
    opens = datetime(2026, 4, 1, 22, tzinfo=UTC)
    tree = {"after_start": {"weeks": 1}}
    assert next_change(tree, facts=facts(NOW, zone=AMSTERDAM, begins_at=begins)) == opens
    assert holds(tree, facts=facts(opens, zone=AMSTERDAM, begins_at=begins))
    assert next_change(tree, facts=facts(NOW, zone=AMSTERDAM, enrolled_at=begins)) == opens, "no start: the enrolment"
    assert next_change({"after_enrolment": {"hours": 2}}, facts=facts(NOW, enrolled_at=NOW)) == NOW + timedelta(hours=2)


def test_days_after_something_count_from_the_first_time():
    done = Known(2, NOW, NOW + timedelta(days=9))
    tree = {"after": {"of": 7, "wait": {"days": 3}}}
    assert next_change(tree, facts=facts(NOW, completed=done)) == NOW + timedelta(days=3)
    assert next_change(tree, facts=facts(NOW)) is None
    assert holds(tree, facts=facts(NOW + timedelta(days=3), passed=done))
    assert not holds(tree, facts=facts(NOW + timedelta(days=3) - SECOND, passed=done))


def test_what_is_forgotten_turns_at_the_moment_that_was_foretold():
    known = {3: Remembers((10.0, 20.0), (NOW, NOW - timedelta(days=1)))}
    for tree in ({"recall": {"of": 3, "below": 70}}, {"recall": {"of": 3, "least": 70}}):
        assert problems(tree) == []
        now = Facts(NOW, known={"recall": known})
        turn = next_change(tree, facts=now)
        assert turn is not None
        before, after = (Facts(at, known={"recall": known}) for at in (turn - SECOND, turn))
        assert holds(tree, facts=before) == holds(tree, facts=now) != holds(tree, facts=after)
        assert not holds(tree, facts=Facts(NOW)), "who never answered has not forgotten"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001 -- local, the zone comes with the test
    st.sampled_from(["minutes", "hours", "days", "weeks"]),
    st.integers(0, 400),
)
def test_a_longer_period_never_ends_earlier(begin, unit, count):
    begin = begin.replace(tzinfo=AMSTERDAM)
    assert end_of(begin, {unit: count}, zone=AMSTERDAM) <= end_of(begin, {unit: count + 1}, zone=AMSTERDAM)


def said(tree, known=None) -> str:
    if known is None:
        return condition_sentence(tree, names=NAMES)
    return lock_sentence(missing(tree, facts=known), names=NAMES, facts=known)


@pytest.mark.parametrize(
    ("tree", "known", "english", "dutch"),
    [
        (
            {"score": {"of": 7, "least": 70}},
            facts(failed=result(55)),
            "Opens when your best result of “Quiz” is at least 70% (now it is 55%).",
            "Gaat open als je beste resultaat voor “Quiz” minstens 70% is (nu is het 55%).",
        ),
        (
            {"attempts": {"of": 7, "least": 3}},
            facts(tries=Known(2)),
            "Opens when you have tried “Quiz” 3 times (once more).",
            "Gaat open als je “Quiz” 3 keer hebt geprobeerd (nog één keer).",
        ),
        (
            {"attempts": {"of": 7, "least": 3}},
            facts(tries=Known(1)),
            "Opens when you have tried “Quiz” 3 times (2 more times).",
            "Gaat open als je “Quiz” 3 keer hebt geprobeerd (nog 2 keer).",
        ),
        (
            {"attempts": {"of": 7, "least": 1}},
            facts(),
            "Opens when you have tried “Quiz” once.",
            "Gaat open als je “Quiz” één keer hebt geprobeerd.",
        ),
        (
            {"from": "2026-04-01"},
            facts(),
            "Opens when it is 1 April 2026 or later.",
            "Gaat open als het 1 april 2026 of later is.",
        ),
        (
            {"all": [{"until": "2026-02-01T17:00"}, {"passed": 7}]},
            facts(),
            "It was open until 1 February 2026, 17:00.",
            "Dit was open tot en met 1 februari 2026, 17:00.",
        ),
        (
            {"any": [{"until": "2026-02-01"}, {"passed": 7}]},
            facts(),
            "Opens when you have passed “Quiz”.",
            "Gaat open als je “Quiz” hebt gehaald.",
        ),
        (
            {"after_enrolment": {"days": 1}},
            facts(enrolled_at=NOW),
            "Opens when it is 2 March 2026, 12:00, 1 day after you enrolled.",
            "Gaat open als het 2 maart 2026, 12:00 is, 1 dag na je inschrijving.",
        ),
        (
            {"after": {"of": 8, "wait": {"weeks": 2}}},
            None,
            "Opens when 2 weeks have passed since you finished “Page”.",
            "Gaat open als je “Page” 2 weken geleden hebt afgerond.",
        ),
        (
            {"group": "Night shift"},
            None,
            "Opens when you are in the group “Night shift”.",
            "Gaat open als je in de groep “Night shift” zit.",
        ),
        (
            {"released": True},
            None,
            "Opens when your instructor opens it for you.",
            "Gaat open als je begeleider het voor je opent.",
        ),
        (
            {"used": 8},
            None,
            "Opens when you have used “Page”.",
            "Gaat open als je “Page” hebt gebruikt.",
        ),
        (
            {"certificate": 8},
            None,
            "Opens when you hold a valid certificate of “Page”.",
            "Gaat open als je een geldig certificaat van “Page” hebt.",
        ),
    ],
)  # fmt: skip
def test_the_learner_reads_what_is_missing(tree, known, english, dutch):
    assert said(tree, known) == english
    with translation.override("nl"):
        assert said(tree, known) == dutch


def test_nothing_to_wait_for_is_said_to_the_author_too():
    assert said(None) == "Open from the start."
