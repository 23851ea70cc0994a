"""Somebody moves their own seat to another date of the same event."""

import pytest

from events.exceptions import EventError
from events.models import EventAnswer, Seat, SeatState
from events.services import question_add, seat_cancel, seat_change, seat_give, seat_take, series_make
from tests.events.conftest import later, within

pytestmark = pytest.mark.django_db


@pytest.fixture
def dates(make_event, organiser):
    """Three weekly dates with two places each."""
    first = make_event(capacity=2)
    with within(organiser):
        series, _out = series_make(event=first, frequency="weekly", count=3, by=organiser)
        return list(series.events.select_related("element").order_by("pk"))


def took(event, person):
    with within(person):
        return seat_take(event=event, by=person)


def counts(organiser, events):
    with within(organiser):
        for event in events:
            event.refresh_from_db()
        rows = [Seat.objects.filter(event=event, state__in=SeatState.holding()).count() for event in events]
    assert rows == [event.taken for event in events]
    return rows


def test_a_seat_moves_and_its_place_goes_to_who_waits(dates, member, organiser):
    one, two, waits = member(), member(), member()
    mine = took(dates[0], one)
    took(dates[0], two)
    next_up = took(dates[0], waits)
    with within(one):
        made = seat_change(seat=mine, to=dates[1], by=one)
        assert seat_change(seat=mine, to=dates[1], by=one) == made
        mine.refresh_from_db()
        assert (made.state, mine.state) == ("booked", "cancelled")
    with within(organiser):
        next_up.refresh_from_db()
        assert next_up.state == SeatState.OFFERED
    assert counts(organiser, dates) == [2, 1, 0]


def test_nobody_is_overtaken_and_who_cannot_move_keeps_the_seat(dates, member, organiser):
    one = member()
    mine = took(dates[0], one)
    for _number in range(2):
        took(dates[1], member())
    with within(one), pytest.raises(EventError, match="All places are taken there"):
        seat_change(seat=mine, to=dates[1], by=one)
    waits = member()
    took(dates[2], member())
    leaving = member()
    seat = took(dates[2], leaving)
    took(dates[2], waits)
    with within(leaving):
        seat_cancel(seat=seat, by=leaving)  # offered to who waits
    with within(one), pytest.raises(EventError, match="All places are taken there"):
        seat_change(seat=mine, to=dates[2], by=one)
    with within(one):
        mine.refresh_from_db()
        assert mine.state == SeatState.BOOKED
    assert counts(organiser, dates) == [1, 2, 2]


def test_not_after_the_deadline_not_of_others_and_not_to_any_event(dates, make_event, member, organiser):
    one, stranger = member(), member()
    mine, else_where = took(dates[0], one), make_event(title="Something else")
    with within(one), pytest.raises(EventError, match="not another date"):
        seat_change(seat=mine, to=else_where, by=one)
    with within(stranger), pytest.raises(EventError, match="somebody else"):
        seat_change(seat=mine, to=dates[1], by=stranger)
    with later(days=9, hours=1), within(one), pytest.raises(EventError, match="too late"):
        seat_change(seat=mine, to=dates[1], by=one)
    with within(organiser):
        seat_give(event=dates[1], person=one.person, by=organiser)
    with within(one), pytest.raises(EventError, match="have a seat there already"):
        seat_change(seat=mine, to=dates[1], by=one)
    assert counts(organiser, dates) == [1, 1, 0]


def test_the_rules_of_the_other_date_hold(dates, make_event, member, organiser):
    one = member()
    mine = took(dates[0], one)
    yes = make_event(title="First aid", approval="organiser")
    with within(one), pytest.raises(EventError, match="ask for a seat there"):
        seat_change(seat=mine, to=yes, by=one)
    with within(organiser):
        asked = question_add(event=dates[1], kind="text", text="What do you eat?", required=True, by=organiser)
    with within(one), pytest.raises(EventError, match="Answer “What do you eat"):
        seat_change(seat=mine, to=dates[1], by=one)
    with within(organiser):
        here = question_add(event=dates[0], kind="text", text="What do you eat?", by=organiser)
        EventAnswer.objects.create(
            environment=organiser.environment, question=here, person=one.person, text="Soup", said_at=mine.asked_at
        )
    with within(one):
        seat_change(seat=mine, to=dates[1], by=one)
        assert EventAnswer.objects.get(question=asked).text == "Soup"


def test_on_the_page(dates, make_event, member, browser_of, organiser):
    one = member()
    took(dates[0], one)
    browser, path = browser_of(one), f"/events/{dates[0].element.slug}/"
    page = browser.get(path).text
    assert "Come on another date" in page
    assert page.count("<option") == 2
    assert browser.post(path, {"do": "change", "to": "nowhere"}).status_code == 400
    assert browser.post(path, {"do": "change", "to": dates[2].element.slug}).status_code == 302
    assert counts(organiser, dates) == [0, 0, 1]
    alone = make_event(title="Alone")
    took(alone, one)
    assert "Come on another date" not in browser.get(f"/events/{alone.element.slug}/").text


def test_over_the_api(dates, member, browser_of, organiser):
    one, other = member(), member()
    mine = took(dates[0], one)
    path, said = f"/api/v1/seats/{mine.uid}/change/", {"event": dates[1].element.slug}
    assert browser_of(other).post(path, said, content_type="application/json").status_code == 404
    answer = browser_of(one).post(path, said, content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (201, "booked")
    assert counts(organiser, dates) == [0, 1, 0]
