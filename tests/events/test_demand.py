"""Where people wait, and what somebody's own calendar leaves out."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.exceptions import EventError
from events.models import Event, Seat
from events.services import feed_make, seat_show, seat_take
from tests.events.conftest import within
from tests.events.test_calendars import entries, read

pytestmark = pytest.mark.django_db


@pytest.fixture
def wished(make_event, member):
    """An event without a date: three in Utrecht, however they write it, one in Breda, one anywhere."""
    event = make_event(dated=False)
    for town in ("Utrecht", "utrecht ", "UTRECHT", "Breda", ""):
        person = member()
        with within(person):
            seat_take(event=event, town=town, by=person)
    return event


def test_organisers_read_every_town_and_gardeners_those_with_three(wished, organiser, member, browser_of):
    page = browser_of(organiser).get("/organise/").text
    assert "3 in " in page
    assert "1 in Breda" in page
    garden = browser_of(member("gardener")).get("/garden/").text
    assert "What people wait for" in garden
    assert "5 wait" in garden
    assert "3 in " in garden
    assert "Breda" not in garden
    assert browser_of(member()).get("/garden/").status_code == 404


def test_only_who_waits_is_asked_for_a_town(make_event, member, browser_of):
    person = member()
    browser = browser_of(person)
    make_event(capacity=1)
    make_event(dated=False, title="Wish")
    assert "Town where you would come" not in browser.get("/events/first-aid/").text
    assert "Town where you would come" in browser.get("/events/wish/").text
    assert browser.post("/events/wish/", {"do": "take", "town": "Breda"}).status_code == 302
    with within(person):
        assert Seat.objects.get().town == "Breda"
    browser.post("/events/first-aid/", {"do": "take"})
    assert "Town where you would come" in browser_of(member()).get("/events/first-aid/").text


def test_who_waits_for_places_that_are_there_asks_for_no_more(make_event, member, organiser, browser_of):
    make_event(capacity=2, fairness="lottery", settle_at=timezone.now() + timedelta(days=2))
    for _n in range(3):
        assert "People wait" not in browser_of(organiser).get("/organise/").text
        person = member()
        with within(person):
            seat_take(event=Event.objects.get(), by=person)
    assert "3 wait" in browser_of(organiser).get("/organise/").text


def test_towns_cost_the_garden_the_same_for_one_and_many(wished, make_event, member, browser_of):
    browser = browser_of(member("gardener"))

    def cost() -> int:
        browser.get("/garden/")
        with CaptureQueriesContext(connection) as queries:
            browser.get("/garden/")
        return len(queries)

    one, person = cost(), member()
    for number in range(3):
        with within(person):
            seat_take(event=make_event(dated=False, title=f"More {number}"), town="Breda", by=person)
    assert cost() == one


def test_somebody_leaves_a_seat_out_of_their_calendar_and_keeps_it(make_event, member, env, browser_of):
    person, other = member(), member()
    make_event()
    browser = browser_of(person)
    browser.post("/events/first-aid/", {"do": "take"})
    with within(person):
        secret = feed_make(by=person)[1]
    assert len(entries(read(env, secret).content)) == 1
    assert browser.post("/events/first-aid/", {"do": "hide"}).status_code == 302
    assert entries(read(env, secret).content) == []
    assert "Left out of your calendar" in browser.get("/calendar/").text
    with within(person):
        assert Seat.objects.get().state == "booked"
    with within(other), pytest.raises(EventError, match="somebody else"):
        seat_show(seat=Seat.objects.get(), shown=True, by=other)
    browser.post("/events/first-aid/", {"do": "show"})
    assert len(entries(read(env, secret).content)) == 1
    assert "Left out" not in browser.get("/calendar/").text
