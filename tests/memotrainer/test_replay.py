"""Days and replays, without a database."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memotrainer.choosing import Due, chosen
from memotrainer.memory import UTC, Given, due_at, replay, replay_all, start_of_day
from memotrainer.reminding import next_reminder
from tests.memotrainer.scene import AMSTERDAM, local

ZONES = ["Europe/Amsterdam", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "America/Santiago", "UTC"]
moments = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 -- hypothesis wants naive bounds
    max_value=datetime(2028, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
lives = st.lists(
    st.builds(Given, answered_at=moments, uid=st.uuids(), rating=st.integers(1, 4)),
    min_size=1,
    max_size=12,
    unique_by=lambda one: one.uid,
)


@settings(max_examples=60, deadline=None)
@given(life=lives, order=st.randoms(use_true_random=False), zone=st.sampled_from(ZONES))
def test_any_order_of_arrival_gives_the_same_memory(life, order, zone):
    other = life.copy()
    order.shuffle(other)
    assert replay(life, zone=ZoneInfo(zone)) == replay(other, zone=ZoneInfo(zone))


@settings(max_examples=40, deadline=None)
@given(logs=st.lists(lives, min_size=1, max_size=5), cut=st.integers(0, 5), zone=st.sampled_from(ZONES))
def test_any_batching_gives_the_same_memories(logs, cut, zone):
    here = ZoneInfo(zone)
    together = replay_all(logs, zone=here)
    assert together == [*replay_all(logs[:cut], zone=here), *replay_all(logs[cut:], zone=here)]
    assert together == [replay(log, zone=here) for log in logs]


@settings(max_examples=60, deadline=None)
@given(life=lives, zone=st.sampled_from(ZONES))
def test_a_card_is_due_when_a_later_day_begins(life, zone):
    here = ZoneInfo(zone)
    memory = replay(life, zone=here)[-1][1]
    due = due_at(memory, desired_retention=0.9, zone=here)
    assert due > memory.answered_at
    assert due.astimezone(here).date() > memory.answered_at.astimezone(here).date()
    assert (due - timedelta(seconds=1)).astimezone(here).date() < due.astimezone(here).date()


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("changes_on", [(2027, 3, 28), (2027, 10, 31)])
def test_one_reminder_a_day_when_clocks_change(hour, changes_on):
    day = local(*changes_on).date()
    after, found = start_of_day(day - timedelta(days=2), zone=AMSTERDAM), []
    for _ in range(5):
        after = next_reminder(after=after, due_at=after, hour=hour, weekdays=range(1, 8), zone=AMSTERDAM)
        found.append(after.astimezone(AMSTERDAM))
    assert [moment.date() for moment in found] == [found[0].date() + timedelta(days=n) for n in range(5)]
    skipped = changes_on[1] == 3 and hour == 2
    assert {moment.hour for moment in found} == ({2, 3} if skipped else {hour})


@settings(max_examples=60, deadline=None)
@given(
    start=moments,
    hour=st.integers(0, 23),
    weekdays=st.sets(st.integers(1, 7), min_size=1),
    zone=st.sampled_from([*ZONES, "Australia/Lord_Howe", "Africa/Cairo", "Atlantic/Azores"]),
)
def test_each_allowed_day_has_one_reminder_wherever_clocks_change(start, hour, weekdays, zone):
    here = ZoneInfo(zone)
    after, found = start, []
    while len(found) < 40:
        moment = next_reminder(after=after, due_at=start, hour=hour, weekdays=weekdays, zone=here)
        assert moment > after
        found.append(moment.astimezone(here).date())
        after = moment
    days = [found[0] + timedelta(days=n) for n in range((found[-1] - found[0]).days + 1)]
    assert found == [day for day in days if day.isoweekday() in weekdays]


@pytest.mark.parametrize(("changes_on", "hours"), [((2027, 3, 28), 23), ((2027, 10, 31), 25)])
def test_the_days_on_which_clocks_change_are_one_day(changes_on, hours):
    day = local(*changes_on).date()
    begins, ends = start_of_day(day, zone=AMSTERDAM), start_of_day(day + timedelta(days=1), zone=AMSTERDAM)
    assert ends - begins == timedelta(hours=hours)
    evening = Given(begins - timedelta(hours=1), UUID(int=1), 1)
    next_evening = Given(ends - timedelta(minutes=30), UUID(int=2), 3)
    lived = replay([evening, next_evening], zone=AMSTERDAM)
    assert [memory.elapsed_days for _given, memory in lived] == [0, 1]
    assert due_at(lived[0][1], desired_retention=0.9, zone=AMSTERDAM) == begins


def test_no_allowed_day_is_no_reminder():
    now = local(2027, 3, 1, 9)
    assert next_reminder(after=now, due_at=now, hour=8, weekdays=[], zone=AMSTERDAM) is None


def test_most_gain_first_and_one_card_per_objective():
    now = local(2027, 3, 10, 9)
    cards = [
        Due(1, 2.3, 5.0, now - timedelta(days=2), objective_id=7),
        Due(2, 2.3, 5.0, now - timedelta(days=20), objective_id=7),
        Due(3, 300.0, 5.0, now - timedelta(days=2)),
        Due(4, 2.3, 5.0, now - timedelta(days=2)),
    ]
    assert chosen(cards, now=now, size=9)[-1] == 3, "what is known for a year can wait"
    assert len({1, 2} & set(chosen(cards, now=now, size=9))) == 1
    assert len(chosen(cards, now=now, size=2)) == 2
    assert chosen([], now=now, size=3) == []
