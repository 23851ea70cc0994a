"""Holidays that are planned ahead: nothing is asked in them, cards make room, and one begins again gently.

Worth it: the only tests of planned holidays, on the page, over REST and over both nights when clocks change.
"""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from ecosystem.scope import open_scope
from ecosystem.services.environments import environment_create
from ecosystem.services.people import member_add
from memotrainer.badge import due_count
from memotrainer.breaks import back_on, merged
from memotrainer.choosing import GENTLE
from memotrainer.daily import due_ids
from memotrainer.exceptions import CardError
from memotrainer.models import Card, Trainer
from memotrainer.planning import Cards, prepare
from memotrainer.scheduling import fuzz_window
from memotrainer.services import holiday_plan, holidays_save, trainer_remind
from tests.memotrainer.scene import AMSTERDAM, cards_of, local, make_quiz, take_quiz

DAY = timedelta(days=1)
START = date(2027, 1, 1)
spans = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 10)).map(
        lambda one: [START + one[0] * DAY, START + (one[0] + one[1]) * DAY]
    ),
    max_size=6,
)


@given(spans, st.integers(0, 80), st.none() | st.integers(0, 80))
def test_the_first_day_without_a_break_is_the_first(holidays, at, pause):
    day, until = START + at * DAY, None if pause is None else START + pause * DAY
    found = back_on(day, paused_until=until, holidays=merged(holidays))

    def is_off(one):
        return any(first <= one <= last for first, last in holidays) or bool(until and one < until)

    while is_off(day):
        day += DAY
    assert found == day
    assert merged(merged(holidays)) == merged(holidays)


def test_a_forecast_asks_nothing_on_days_off():
    states = [[5.0] * 4, [5.0] * 4, [3.0] * 4]
    import numpy as np

    found = prepare(Cards(*map(np.array, states)), days=6, seconds_a_day=300, off={1, 2})
    assert found.answers[1:3].sum() == 0
    assert found.answers.sum() > 0


@pytest.fixture
def learner(env, member, clock):
    """Eight cards from a quiz on Monday 1 March, due about the 31st; it is the 8th."""
    clock(2027, 3, 1, 10)
    who = member()
    take_quiz(make_quiz(*["single"] * 8, environment=env), who)
    with open_scope(environment_id=env.pk):
        Card.objects.update(stability=30.0, due_at=local(2027, 3, 31))
        Trainer.objects.update(weekdays=[1, 2, 3, 4, 5, 6, 7])
    clock(2027, 3, 8, 9)
    return who


def plan(who, *holidays):
    with open_scope(environment_id=who.environment_id, person_id=who.person_id):
        return holidays_save(person_id=who.person_id, holidays=[[date(*a), date(*b)] for a, b in holidays])


def due_days(who):
    return [card.due_at.astimezone(AMSTERDAM).date() for card in cards_of(who)]


@pytest.mark.django_db
def test_cards_make_room_within_the_days_that_are_as_good_and_no_other_moves(learner, env, other):
    plan(learner, ((2027, 3, 30), (2027, 4, 1)))
    first, last = (date(2027, 3, 1) + n * DAY for n in fuzz_window(30))
    days = due_days(learner)
    assert all(first <= day <= last and not date(2027, 3, 30) <= day <= date(2027, 4, 1) for day in days)
    assert max(days.count(day) for day in days) <= 3, "spread, not heaped on the day before"
    plan(learner, ((2027, 3, 30), (2027, 4, 1)))
    assert due_days(learner) == days, "twice is once"
    plan(learner, ((2027, 3, 20), (2027, 4, 20)))
    assert due_days(learner) == days, "no other day is as good, so it waits"
    with open_scope(environment_id=other.pk):
        assert not Trainer.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("change", [date(2027, 3, 28), date(2027, 10, 31)])
def test_nothing_in_a_holiday_over_the_nights_when_clocks_change(learner, env, clock, change):
    first, last = change - 2 * DAY, change + DAY
    with open_scope(environment_id=env.pk):
        Card.objects.update(due_at=local(2027, 3, 9), stability=400.0)
        Trainer.objects.update(reminder_hour=2)
    start = change - 4 * DAY
    clock(start.year, start.month, start.day, 0)
    plan(learner, (first.timetuple()[:3], last.timetuple()[:3]))
    reminded, asked = [], []
    for n in range(8):
        day = start + n * DAY
        for hour in (1, 3):
            clock(day.year, day.month, day.day, hour)
            with open_scope(environment_id=env.pk):
                Trainer.objects.update(ignored=0)
            if trainer_remind():
                reminded.append(day)
        with open_scope(environment_id=env.pk, person_id=learner.person_id):
            found = due_ids(person_id=learner.person_id, at=local(day.year, day.month, day.day, 23))
        if found:
            asked.append(day)
    free = [start + n * DAY for n in range(8) if not first <= start + n * DAY <= last]
    assert reminded == free
    # Outside a request days are UTC; this one asks an hour before midnight here, on the same day in both.
    assert asked == free


@pytest.mark.django_db
def test_after_a_long_holiday_one_begins_with_what_is_known_best(learner, env, clock):
    with open_scope(environment_id=env.pk):
        for n, card in enumerate(Card.objects.order_by("pk")):
            stability, last = 3.0 + n, local(2027, 3, 19, 9)
            Card.objects.filter(pk=card.pk).update(
                stability=stability, due_at=local(2027, 3, 21), last_reviewed_at=last
            )
        Trainer.objects.update(session_size=4)
    plan(learner, ((2027, 3, 20), (2027, 3, 27)))
    clock(2027, 3, 28, 9)
    best = [card.pk for card in cards_of(learner)][::-1][:GENTLE]
    with open_scope(environment_id=env.pk, person_id=learner.person_id):
        assert due_ids(person_id=learner.person_id)[:GENTLE] == best
        Trainer.objects.update(holidays=[])
        assert due_ids(person_id=learner.person_id)[:GENTLE] != best


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        ((2027, 3, 10), (2027, 3, 9)),
        ((2027, 3, 1), (2027, 3, 7)),
        ((2027, 3, 10), (2028, 3, 20)),
        ((2029, 6, 1), (2029, 6, 2)),
    ],
)
def test_what_is_no_holiday_is_refused(learner, wrong):
    with pytest.raises(CardError):
        plan(learner, wrong)


@pytest.mark.django_db
def test_on_the_page_and_with_few(learner, env, member, browser_of, clock):
    browser = browser_of(learner)
    refused = browser.post("/memo/pause/", {"first": "2027-03-10", "last": "2027-03-09"})
    assert refused.status_code == 400
    assert refused.context["holiday_form"].errors["last"]
    assert browser.post("/memo/pause/", {"first": "2027-03-10", "last": ""}).status_code == 400
    for first, last in (("2027-03-08", "2027-03-09"), ("2027-03-10", "2027-03-12"), ("2027-07-01", "2027-07-31")):
        assert browser.post("/memo/pause/", {"first": first, "last": last}).status_code == 302
    page = browser.get("/memo/settings/").content.decode()
    assert "8 March 2027 to 12 March 2027" in page, "what touches is one"
    with open_scope(environment_id=env.pk):
        Card.objects.update(due_at=local(2027, 3, 7))
        assert (due_count(learner), Trainer.objects.get().holidays[1]) == (0, [date(2027, 7, 1), date(2027, 7, 31)])
    assert "13 March" in browser.get("/memo/").content.decode()
    assert browser.post("/memo/pause/", {"forget": "2027-03-08"}).status_code == 302
    with open_scope(environment_id=env.pk):
        assert due_count(learner) == 8
    assert browser_of(member()).get("/memo/settings/").context["holidays"] == []


MANY = 5


@pytest.mark.parametrize("asks_under_the_lock", [True, False])
def test_windows_that_plan_at_once_each_keep_theirs(own_database, asks_under_the_lock):
    """The naive control reads what is planned before it waits for the lock, and loses what others plan meanwhile."""
    here = environment_create(slug="race", name="Race", hosts=["race.localhost"])
    with open_scope(environment_id=here.pk):
        who = member_add(email="ada@example.org", name="Ada").person_id
        holidays_save(person_id=who, holidays=[])
    gate, first = threading.Barrier(MANY), timezone.localdate() + 10 * DAY

    def plan(number: int) -> None:
        day = first + 2 * number * DAY
        try:
            with open_scope(environment_id=here.pk, person_id=who):
                planned = Trainer.objects.get(person_id=who).holidays
                gate.wait(20)
                if asks_under_the_lock:
                    holiday_plan(person_id=who, first=day, last=day)
                else:
                    holidays_save(person_id=who, holidays=[*planned, [day, day]])
        finally:
            connection.close()

    threads = [threading.Thread(target=plan, args=(number,)) for number in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with open_scope(environment_id=here.pk):
        kept = len(Trainer.objects.get(person_id=who).holidays)
    assert kept == (MANY if asks_under_the_lock else 1)
