"""Events that repeat, what they ask, who is elsewhere then, and what people thought of it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from ecosystem import clock
from ecosystem.models import Role
from events.demand import led_sessions, verdicts_on, wanted
from events.exceptions import EventError
from events.models import Evaluation, Event, EventAnswer, EventQuestion, Session
from events.selectors import answers_of, elsewhere, events_for
from events.services import (
    attendance_mark,
    evaluation_give,
    event_make,
    question_add,
    question_end,
    seat_take,
    series_cancel,
    series_make,
    series_session_change,
    series_set,
    session_add,
    session_change,
)
from events.services.repeating import days_of
from tests.events.conftest import START, later, within

pytestmark = pytest.mark.django_db
HERE = ZoneInfo("Europe/Amsterdam")


@pytest.fixture
def autumn(organiser):
    """Every Tuesday at ten in the morning, over the end of summer time on 31 October 2032. Mind: made in 2032."""
    with clock.at(datetime(2032, 9, 1, tzinfo=HERE)), within(organiser):
        first = event_make(title="Circle", zone="Europe/Amsterdam", capacity=4, by=organiser)
        begins = datetime(2032, 10, 19, 10, tzinfo=HERE)
        session_add(event=first, starts_at=begins, ends_at=begins + timedelta(hours=2), place="Barn", by=organiser)
        series_make(event=first, frequency="weekly", count=4, by=organiser)
        yield Event.objects.order_by("pk")


def starts(events) -> list[str]:
    rows = Session.objects.filter(event__in=events, event__cancelled_at=None).order_by("starts_at")
    return [row.starts_at.astimezone(HERE).strftime("%m-%d %H:%M") for row in rows]


def test_ten_o_clock_stays_ten_o_clock_when_clocks_change(autumn):
    assert starts(autumn) == ["10-19 10:00", "10-26 10:00", "11-02 10:00", "11-09 10:00"]
    assert {event.capacity for event in autumn} == {4}
    utc = [row.starts_at.hour for row in Session.objects.order_by("starts_at")]
    assert utc == [8, 8, 9, 9]


def test_one_the_following_or_all(autumn, organiser):
    second = autumn[1]
    session = Session.objects.get(event=second)
    new = datetime(2032, 10, 27, 14, tzinfo=HERE)
    times = {"starts_at": new, "ends_at": new + timedelta(hours=1)}
    series_session_change(session=session, reach="following", by=organiser, **times)
    assert starts(autumn) == ["10-19 10:00", "10-27 14:00", "11-03 14:00", "11-10 14:00"]
    series_set(event=second, reach="one", capacity=9, by=organiser)
    series_set(event=second, reach="all", title="Round", by=organiser)
    assert [(event.capacity, event.element.title) for event in autumn] == [
        (4, "Round"), (9, "Round"), (4, "Round"), (4, "Round"),
    ]  # fmt: skip
    series_cancel(event=autumn[2], reach="following", reason="Snow", by=organiser)
    assert starts(autumn) == ["10-19 10:00", "10-27 14:00"]


@pytest.mark.parametrize(
    ("frequency", "weekdays", "count", "expected"),
    [
        ("daily", [], 3, [date(2032, 1, 31), date(2032, 2, 1)]),
        ("weekly", [0, 4], 4, [date(2032, 2, 2), date(2032, 2, 6), date(2032, 2, 9)]),
        ("monthly", [], 2, [date(2032, 3, 30)]),
    ],
)
def test_days_of_a_series(frequency, weekdays, count, expected):
    assert days_of(first=date(2032, 1, 30), frequency=frequency, weekdays=weekdays, count=count) == expected


def test_a_day_on_which_the_trainer_is_taken_is_left_out(make_event, member, organiser):
    trainer, event, other = member("instructor"), make_event(), make_event(title="Other", dated=False)
    with within(organiser):
        session_change(session=Session.objects.get(), trainer=trainer.person, by=organiser)
        busy = START + timedelta(days=1)
        session_add(event=other, starts_at=busy, ends_at=busy + timedelta(days=1), trainer=trainer.person, by=organiser)
        made, left_out = series_make(event=event, frequency="daily", count=4, by=organiser)
        assert len(left_out) in (1, 2)  # a day that is longer when clocks change touches two
        assert made.events.count() == 4 - len(left_out)
        with pytest.raises(EventError, match="in a series already"):
            series_make(event=event, frequency="daily", count=4, by=organiser)
        with pytest.raises(EventError, match="date first"):
            series_make(event=make_event(dated=False), frequency="daily", count=4, by=organiser)


def test_a_change_of_all_is_all_or_nothing(autumn, organiser, member):
    trainer = member("instructor")
    taken = datetime(2032, 11, 2, 10, tzinfo=HERE)
    other = event_make(title="Other", zone="UTC", by=organiser)
    session_add(event=other, starts_at=taken, ends_at=taken + timedelta(hours=1), trainer=trainer.person, by=organiser)
    with pytest.raises(EventError, match="trainer"), transaction.atomic():
        session = Session.objects.get(event=Event.objects.order_by("pk")[0])
        series_session_change(session=session, reach="all", trainer=trainer.person, by=organiser)
    assert not Session.objects.filter(trainer=trainer.person).exclude(event=other).exists()


class TestQuestions:
    def test_required_ones_are_answered_before_a_seat_is_had(self, make_event, member, organiser):
        event, person = make_event(), member()
        with within(organiser):
            food = question_add(
                event=event, kind="choice", text="Lunch", choices=["soup", "bread"], required=True, by=organiser
            )
            bus = question_add(event=event, kind="yes_no", text="By bus?", by=organiser)
        with within(person):
            with pytest.raises(EventError, match="Answer “Lunch” first"):
                seat_take(event=event, by=person)
            with pytest.raises(EventError, match="one of the answers"):
                seat_take(event=event, answers={food.pk: "cake"}, by=person)
            seat_take(event=event, answers={food.pk: "soup", bus.pk: "yes", 10**9: "what"}, by=person)
            assert EventAnswer.objects.count() == 2
        with within(organiser):
            assert answers_of(event) == {person.person_id: [("Lunch", "soup"), ("By bus?", "Yes")]}
            question_end(question=food, by=organiser)
            question_end(question=food, by=organiser)
        other = member()
        with within(other):
            assert seat_take(event=event, by=other).state == "booked"

    def test_a_choice_has_choices_and_others_none(self, make_event, organiser, member):
        event = make_event()
        with within(organiser):
            with pytest.raises(EventError, match="2 to 20"):
                question_add(event=event, kind="choice", text="Lunch", choices=["soup"], by=organiser)
            made = question_add(event=event, kind="text", text="Allergies?", choices=["none"], by=organiser)
            assert made.choices == []
            with pytest.raises(IntegrityError), transaction.atomic():
                EventQuestion.objects.filter(pk=made.pk).update(kind="choice")
        learner = member()
        with within(learner), pytest.raises(EventError, match="Only who organises"):
            question_add(event=event, kind="text", text="Why?", by=learner)


def test_who_is_elsewhere_then_is_told_so(make_event, member, organiser, browser_of):
    one, two, person = make_event(title="One"), make_event(title="Two"), member()
    with within(person):
        seat_take(event=one, by=person)
        assert [session.event.element.title for session in elsewhere(two, person_id=person.person_id)] == ["One"]
        assert elsewhere(one, person_id=person.person_id) == []
    # Nobody is kept from it, and whoever gives the seat is told: on the page, and over the API.
    desk = browser_of(organiser)
    said = {"do": "give", "email": person.person.email}
    page = desk.post(f"/organise/{two.element.slug}/people/", said, follow=True).text
    assert "They are also somewhere else then: One." in page
    three = make_event(title="Three")
    wish = {"event": three.element.slug, "person": person.person.email}
    made = desk.post("/api/v1/seats/", wish, "application/json").json()
    assert made["elsewhere"] == [one.element.slug, two.element.slug]
    four = make_event(title="Four")
    moved = desk.post(f"/api/v1/seats/{made['uid']}/move/", {"event": four.element.slug}, "application/json").json()
    assert moved["elsewhere"] == [one.element.slug, two.element.slug]
    page = desk.post(
        f"/organise/{four.element.slug}/move/", {"uid": moved["uid"], "to": three.element.slug}, follow=True
    )
    assert "They are also somewhere else then: One, Two." in page.text
    # A colleague who passes a seat on is not told where else that person is.
    giver, five = member(), make_event(title="Five")
    with within(giver):
        seat = seat_take(event=five, by=giver)
    passed = browser_of(giver).post(
        f"/api/v1/seats/{seat.uid}/pass/", {"person": person.person.email}, "application/json"
    )
    assert (passed.status_code, "elsewhere" in passed.json()) == (201, False)


class TestAfterwards:
    def test_only_who_was_there_says_what_it_was_and_nobody_reads_of_whom(self, make_event, member, organiser):
        event, people, absent = make_event(), [member() for _n in range(3)], member()
        for person in (*people, absent):
            with within(person):
                seat_take(event=event, by=person)
        with later(days=10, hours=1), within(people[0]), pytest.raises(EventError, match="when it is over"):
            evaluation_give(event=event, score=5, by=people[0])
        with later(days=11):
            with within(organiser):
                marks = {person.person_id: "present" for person in people} | {absent.person_id: "absent"}
                attendance_mark(session=Session.objects.get(), marks=marks, by=organiser)
            for n, person in enumerate(people):
                assert verdicts_on_of(event, organiser) == {}
                with within(person):
                    evaluation_give(event=event, score=1, by=person)
                    evaluation_give(event=event, score=3 + n, words=f"w{n}", by=person)
            with within(absent), pytest.raises(EventError, match="Only who was there"):
                evaluation_give(event=event, score=1, by=absent)
            with within(organiser):
                assert Evaluation.objects.count() == 3
                (verdict,) = verdicts_on([event.pk]).values()
                assert (verdict.count, verdict.mean, verdict.words) == (3, 4.0, ["w0", "w1", "w2"])

    def test_a_trainer_sees_their_sessions_and_what_is_still_to_mark(self, make_event, member, organiser):
        trainer, event, person = member("instructor"), make_event(), member()
        with within(person):
            seat_take(event=event, by=person)
        with within(organiser):
            session_change(session=Session.objects.get(), trainer=trainer.person, by=organiser)
            make_event(title="Of somebody else")
        with within(trainer):
            (row,) = led_sessions(person_id=trainer.person_id)
            assert (row.seats, row.marked, row.is_to_mark) == (1, 0, False)
        with later(days=11), within(trainer):
            assert led_sessions(person_id=trainer.person_id)[0].is_to_mark

    def test_where_people_wait_is_said_the_most_wanted_first(self, make_event, member, organiser):
        full, wish, quiet = make_event(capacity=1), make_event(dated=False, title="Wish"), make_event(title="Quiet")
        for _n in range(3):
            person = member()
            with within(person):
                seat_take(event=wish, by=person)
                seat_take(event=full, by=person)
        with within(organiser):
            found = [(event.element.title, event.waiting) for event in wanted(events_for(organiser))]
            assert found == [("Wish", 3), ("First aid", 2)]
            assert quiet.element.title == "Quiet"


def verdicts_on_of(event, organiser):
    with within(organiser):
        return verdicts_on([event.pk])


def test_the_page_asks_and_keeps_what_was_typed(make_event, member, browser_of, organiser):
    event, person = make_event(), member(Role.LEARNER)
    with within(organiser):
        question = question_add(event=event, kind="text", text="Diet?", required=True, by=organiser)
    browser = browser_of(person)
    page = f"/events/{event.element.slug}/"
    refused = browser.post(page, {"do": "take"})
    assert refused.status_code == 400
    assert "This field is required" in refused.content.decode()
    assert browser.post(page, {"do": "take", f"question-{question.pk}": "None"}).status_code == 302
    boss = browser_of(organiser)
    assert "Diet?: None" in boss.get(f"/organise/{event.element.slug}/").content.decode()
