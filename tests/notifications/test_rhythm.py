"""When somebody may be written to, on their own clock."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.rhythm import Rhythm

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
USUAL = Rhythm(AMSTERDAM, time(20), time(7), quiet_weekends=True)
ZONES = st.sampled_from(["Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"])
HOURS = st.none() | st.times(max_value=time(23, 59)).map(lambda clock: clock.replace(second=0, microsecond=0))
MOMENTS = st.datetimes(datetime(2027, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def here(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ((2027, 3, 1, 12), (2027, 3, 1, 12)),  # Monday noon
        ((2027, 3, 1, 20), (2027, 3, 2, 7)),
        ((2027, 3, 2, 6, 59), (2027, 3, 2, 7)),
        ((2027, 3, 2, 7), (2027, 3, 2, 7)),
        ((2027, 3, 5, 21), (2027, 3, 8, 7)),  # Friday evening
        ((2027, 3, 6, 12), (2027, 3, 8, 7)),  # Saturday
        ((2027, 3, 7, 23, 30), (2027, 3, 8, 7)),
    ],
)
def test_evenings_and_weekends_are_quiet(moment, opens):
    assert USUAL.next_open(here(*moment)) == here(*opens)


def test_quiet_hours_within_a_day_and_none():
    noon = Rhythm(AMSTERDAM, time(12), time(14))
    assert noon.next_open(here(2027, 3, 6, 13)) == here(2027, 3, 6, 14)
    assert noon.next_open(here(2027, 3, 6, 11)) == here(2027, 3, 6, 11)
    for none in (Rhythm(AMSTERDAM), Rhythm(AMSTERDAM, time(8), time(8))):
        assert none.next_open(here(2027, 3, 6, 3)) == here(2027, 3, 6, 3)


@given(ZONES, HOURS, HOURS, st.booleans(), MOMENTS)
@settings(max_examples=150, deadline=None)
def test_the_first_open_moment_is_open_and_not_long_away(zone, start, end, weekends, moment):
    rhythm = Rhythm(ZoneInfo(zone), start, end, weekends)
    opens = rhythm.next_open(moment)
    assert moment <= opens <= moment + timedelta(days=4, hours=2)
    assert rhythm.next_open(opens) == opens
    if opens > moment:
        assert rhythm.next_open(opens - timedelta(minutes=1)) == opens, "not later than it must be"


@pytest.mark.parametrize("change", [(2027, 3, 28), (2027, 10, 31)])
def test_one_digest_a_day_over_the_nights_when_clocks_change(change):
    rhythm, moment, found = Rhythm(AMSTERDAM, time(22), time(2, 30), daily=True), here(*change) - timedelta(days=2), []
    while len(found) < 5:
        moment = rhythm.next_digest(moment)
        found.append(moment.astimezone(AMSTERDAM))
    assert [one.date() - found[0].date() for one in found] == [timedelta(days=n) for n in range(5)]
    assert {one.time() for one in found} == {time(7, 30)}
    assert rhythm.next_open(here(*change, 2, 10)).astimezone(AMSTERDAM).date() == here(*change).date()


def test_weekly_is_monday_daily_spares_a_quiet_weekend():
    assert USUAL.next_digest(here(2027, 3, 1, 7, 29)) == here(2027, 3, 1, 7, 30)
    assert USUAL.next_digest(here(2027, 3, 1, 7, 30)) == here(2027, 3, 8, 7, 30)
    daily = Rhythm(AMSTERDAM, time(20), time(9), quiet_weekends=True, daily=True)
    assert daily.next_digest(here(2027, 3, 5, 10)) == here(2027, 3, 8, 9), "after the weekend and the quiet hours"
