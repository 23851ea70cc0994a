"""Calendars: a secret address that can be taken back, messages that calendars understand, reminders that come once."""

import io
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from dateutil.tz import tzical
from django.core import mail as post
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ecosystem import clock
from ecosystem.models import Element
from ecosystem.scope import open_scope
from events.calendar import feed_of
from events.models import CalendarFeed, Seat, Session
from events.services import (
    event_cancel,
    feed_end,
    feed_make,
    reminders_send,
    reminders_waiting,
    seat_cancel,
    seat_take,
    session_add,
    session_change,
    session_remove,
)
from notifications.models import Mail
from notifications.services import mail_send_due
from records.services import record
from tests.events.conftest import START, later, within
from tests.settle import settle

pytestmark = pytest.mark.django_db


def entries(body: bytes | str) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(body).walk("VEVENT"))


@pytest.fixture
def learner(member):
    return member(email="lea@example.org")


@pytest.fixture
def secret(learner) -> str:
    with within(learner):
        return feed_make(by=learner)[1]


def read(environment, secret: str):
    return Client(HTTP_HOST=f"{environment.slug}.localhost").get(f"/calendar/{secret}.ics")


def took(event, person):
    with within(person):
        seat = seat_take(event=event, by=person)
    settle(person.environment)
    return seat


def test_the_address_is_shown_once_and_ends_with_a_new_one(make_event, learner, env, browser_of):
    took(make_event(), learner)
    browser = browser_of(learner)
    shown = browser.post("/calendar/address/").text
    address = shown.split('value="http://')[1].split('"')[0]
    path = address[address.index("/calendar/") :]
    visitor = Client(HTTP_HOST="alpha.localhost")
    answer = visitor.get(path)
    (entry,) = entries(answer.content)
    assert (entry["SUMMARY"], entry.decoded("dtstart"), entry["STATUS"]) == ("First aid", START, "CONFIRMED")
    assert answer["Cache-Control"] == "private, no-store"
    secret = path.removeprefix("/calendar/").removesuffix(".ics")
    assert len(secret) >= 43
    for page in ("/calendar/", "/api/v1/calendar/", "/events/", "/events/first-aid/calendar.ics"):
        assert secret not in browser.get(page).text, page  # A88
    browser.post("/calendar/address/")
    assert visitor.get(path).status_code == 404
    with within(learner):
        assert CalendarFeed.objects.count() == 1
        assert secret not in str(CalendarFeed.objects.values().get())


def test_a88_a73_an_address_ends_at_once(learner, secret, env, other):
    assert read(env, secret).status_code == 200
    assert read(other, secret).status_code == 404
    with within(learner):
        row = CalendarFeed.objects.get()
    for guess in (row.pk, row.digest, learner.pk, learner.person_id, secret[:-1], "x" * 500):
        assert read(env, guess).status_code == 404
    learner.person.set_password("another-long-password")
    learner.person.save()
    assert read(env, secret).status_code == 404
    with within(learner):
        again = feed_make(by=learner)[1]
        assert read(env, again).status_code == 200
        assert feed_end(by=learner)
        assert not feed_end(by=learner)
    assert read(env, again).status_code == 404


def test_a89_it_holds_what_the_person_may_see_and_nothing_else(make_event, learner, secret, env, organiser, member):
    mine, hidden, off = (make_event(title=title) for title in ("Mine", "Hidden", "Off"))
    make_event(title="Of others")
    for event in (mine, hidden, off):
        took(event, learner)
    took(make_event(title="Waits", capacity=1), member())
    took(make_event(title="Undated", dated=False), learner)
    with within(organiser):
        hidden.element.visibility = "private"
        hidden.element.save()
        event_cancel(event=off, reason="Ill", by=organiser)
    assert {str(entry["SUMMARY"]) for entry in entries(read(env, secret).content)} == {"Mine"}
    with within(learner):
        learner.ended_at = clock.now()
        learner.save()
    assert read(env, secret).status_code == 404


def test_a_feed_costs_the_same_for_one_and_many(make_event, learner, secret, env):
    def cost() -> int:
        read(env, secret)
        with CaptureQueriesContext(connection) as queries:
            assert read(env, secret).status_code == 200
        return len(queries)

    took(make_event(), learner)
    one = cost()
    for number in range(4):
        took(make_event(title=f"More {number}"), learner)
    assert cost() == one


@pytest.mark.parametrize("month", [3, 10])
def test_times_stand_across_the_change_of_the_clock(make_event, organiser, month):
    zone = ZoneInfo("Europe/Amsterdam")
    event = make_event(dated=False)
    days = [datetime(2031, month, day, 9, 30, tzinfo=zone) for day in (1, 31)]
    with clock.at(datetime(2031, 1, 1, tzinfo=UTC)), within(organiser):
        for day in days:
            session_add(event=event, starts_at=day, ends_at=day + timedelta(hours=1), by=organiser)
        took(event, organiser)
        answer = read(organiser.environment, feed_make(by=organiser)[1])
    found = [entry.decoded("dtstart") for entry in entries(answer.content)]
    assert [time.astimezone(UTC) for time in found] == [day.astimezone(UTC) for day in days]
    assert [f"{time:%H:%M}" for time in found] == ["09:30", "09:30"]
    assert b"BEGIN:VTIMEZONE" in answer.content


def messages_to(person) -> list[tuple[str, icalendar.Event]]:
    """Method and entry of everything that calendars were told, in order."""
    found = []
    for text in (text for mail in Mail.objects.filter(person=person).order_by("pk") for text in mail.calendars):
        calendar = icalendar.Calendar.from_ical(text)
        found += [(str(calendar["METHOD"]), entry) for entry in calendar.walk("VEVENT")]
    return found


def test_calendars_are_told_of_everything_and_the_last_word_is_the_newest(make_event, learner, organiser):
    event = make_event()
    seat = took(event, learner)
    with within(organiser):
        session = Session.objects.get()
        session_change(session=session, place="Room 2", by=organiser)
        same = session.starts_at.astimezone(ZoneInfo("Asia/Tokyo"))
        session_change(session=session, place="Room 2", starts_at=same, by=organiser)  # nothing changed: nothing said
    with within(learner):
        seat_cancel(seat=seat, by=learner)
    took(event, learner)
    with within(organiser):
        more = session_add(
            event=event, starts_at=START + timedelta(days=1), ends_at=START + timedelta(days=2), by=organiser
        )
        session_remove(session=more, by=organiser)
        event_cancel(event=event, reason="Storm", by=organiser)
        told = messages_to(learner.person)
        uid = f"{session.pk}-{event.element.uid}"
    assert [method for method, entry in told if entry["UID"] == uid] == [
        "REQUEST", "REQUEST", "CANCEL", "REQUEST", "CANCEL",
    ]  # fmt: skip
    assert [method for method, entry in told if entry["UID"] != uid] == ["REQUEST", "CANCEL"]
    numbers = [entry["SEQUENCE"] for _method, entry in told if entry["UID"] == uid]
    assert numbers == sorted(numbers)
    assert numbers[2] > numbers[1]
    assert numbers[4] > numbers[3]
    _method, first = told[0]
    assert first["ATTENDEE"] == "mailto:lea@example.org"
    assert first["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert first["ORGANIZER"].startswith("mailto:")


def test_a_letter_carries_the_message_so_that_mail_programs_offer_it(make_event, learner, organiser):
    took(make_event(), learner)
    event = make_event(title="Two days")
    with within(organiser):
        session_add(event=event, starts_at=START + timedelta(days=1), ends_at=START + timedelta(days=2), by=organiser)
    took(event, learner)
    mail_send_due()
    one, two = (letter for letter in post.outbox if letter.to == ["lea@example.org"])
    parts = {part.get_content_type(): part for part in one.message().walk()}
    assert parts["text/calendar"].get_param("method") == "REQUEST"
    assert len(entries(parts["text/calendar"].get_payload(decode=True))) == 1
    attached = [part for part in two.message().walk() if part.get_content_type() == "text/calendar"]
    assert [part.get_filename() for part in attached] == ["1.ics", "2.ics"]
    assert [part.get_param("method") for part in attached] == ["REQUEST", "REQUEST"]


def test_everybody_with_a_seat_is_reminded_once_a_day_before(make_event, member, organiser, env):
    event, people = make_event(capacity=2), [member() for _number in range(3)]
    for person in people:
        took(event, person)

    def reminded() -> int:
        return sum(reminders_send(environment_id=environment_id) for environment_id in reminders_waiting())

    assert reminded() == 0
    with later(days=9, hours=1):
        assert reminders_waiting() == [env.pk]
        assert reminded() == 2
        assert reminded() == 0
        with within(organiser):
            session_change(
                session=Session.objects.get(),
                starts_at=START + timedelta(days=5),
                ends_at=START + timedelta(days=6),
                by=organiser,
            )
        assert reminded() == 0
    with later(days=14, hours=1):
        assert reminded() == 2
    with within(organiser):
        assert Mail.objects.filter(key__contains=":soon:").count() == 4


def test_over_the_api(make_event, learner, env, other, browser_of):
    took(make_event(), learner)
    browser = browser_of(learner)
    assert browser.get("/api/v1/calendar/").json()["made_at"] is None
    made = browser.post("/api/v1/calendar/")
    assert made.status_code == 201
    path = made.json()["address"].split("localhost")[1]
    assert Client(HTTP_HOST="alpha.localhost").get(path[path.index("/") :]).status_code == 200
    said = browser.get("/api/v1/calendar/").json()
    assert [row["event"] for row in said["sessions"]] == ["first-aid"]
    assert browser.delete("/api/v1/calendar/").status_code == 204
    assert browser.get("/api/v1/calendar/").json()["made_at"] is None
    with open_scope(environment_id=other.pk):
        assert not Session.objects.exists()


def test_whoever_gave_the_seat_back_at_once_is_not_told_of_it(make_event, learner, organiser):
    event = make_event()
    with within(learner):
        seat_cancel(seat=seat_take(event=event, by=learner), by=learner)
    settle(learner.environment)
    with within(organiser):
        assert [method for method, _entry in messages_to(learner.person)] == ["CANCEL"]


def test_a_record_of_an_outside_tool_confirms_no_seat_of_others(make_event, learner, member, organiser):
    event, stranger = make_event(), member()
    with within(organiser):
        seat = Seat.objects.create(
            environment=organiser.environment, event=event, person=learner.person, state="booked", asked_at=clock.now()
        )
        for context in ({}, {"seat": "no uid"}, {"seat": str(seat.uid)}, {"seat": None}):
            record(verb="registered", person_id=stranger.person_id, context=context)
    settle(organiser.environment)
    with within(organiser):
        assert not Mail.objects.exists()


def test_another_reader_finds_the_same_moments_on_both_sides_of_a_change_of_clocks(make_event, organiser):
    """vobject reads the entries, dateutil the rules of the time zone in the file, which vobject changes before it uses them."""
    zone = ZoneInfo("Europe/Amsterdam")
    days = [
        datetime(2032, month, day, hour, 30, tzinfo=zone)
        for month, day in ((3, 27), (3, 28), (10, 30), (10, 31))
        for hour in (1, 10)
    ]
    with clock.at(datetime(2032, 1, 1, tzinfo=UTC)):
        event = make_event(dated=False)
        with within(organiser):
            for begins in days:
                session_add(event=event, starts_at=begins, ends_at=begins + timedelta(hours=2), by=organiser)
            rows = Session.objects.select_related("event__element")
            body = feed_of(rows, environment=organiser.environment, comes=True).decode()
    parsed = vobject.readOne(body)
    there = tzical(io.StringIO(body)).get("Europe/Amsterdam")

    def moment(value: datetime) -> datetime:
        return value.replace(tzinfo=there).astimezone(UTC)

    found = sorted((moment(one.dtstart.value), moment(one.dtend.value)) for one in parsed.vevent_list)
    with within(organiser):
        assert found == sorted(Session.objects.values_list("starts_at", "ends_at"))
    assert len({one.uid.value for one in parsed.vevent_list}) == len(days)


@pytest.mark.django_db
def test_an_event_has_a_secret_address_until_it_is_taken_back_or_hidden(make_event, member, organiser, browser_of):
    event, one = make_event(), member()
    make_event(title="Other")
    browser = browser_of(one)
    said = browser.post("/calendar/address/", {"event": "first-aid"}).text
    assert "The address of “First aid”" in said
    secret = re.search(r"/calendar/([\w-]{20,})\.ics", said).group(1)
    (session,) = entries(read(organiser.environment, secret).content)
    assert str(session["SUMMARY"]) == "First aid"
    assert "First aid" in browser.get("/calendar/").text
    assert browser.get("/api/v1/calendar/").json()["made_at"] is None
    path = "/api/v1/events/first-aid/calendar-address/"
    made = browser.post(path, content_type="application/json")
    assert read(organiser.environment, secret).status_code == 404
    again = made.json()["address"].rsplit("/", 1)[1].removesuffix(".ics")
    with within(organiser):
        Element.objects.filter(pk=event.element_id).update(visibility="private")
    hidden = read(organiser.environment, again).status_code
    with within(organiser):
        Element.objects.filter(pk=event.element_id).update(visibility="members")
    assert (hidden, read(organiser.environment, again).status_code) == (404, 200)
    assert browser.post("/calendar/address/end/", {"event": "first-aid"}).status_code == 302
    assert read(organiser.environment, again).status_code == 404
    ends = path.replace("calendar-address", "end-calendar-address")
    assert browser.post(ends, content_type="application/json").status_code == 204
    assert browser.post("/calendar/address/", {"event": "none-such"}).status_code == 404


@pytest.mark.django_db
def test_only_who_has_a_seat_finds_the_way_into_the_meeting(make_event, member, organiser, browser_of):
    event, one = make_event(), member()
    with within(organiser):
        Session.objects.filter(event=event).update(place="", room="", link="https://meet.example.org/secret-room")
    browser = browser_of(one)
    said = browser.post("/calendar/address/", {"event": "first-aid"}).text
    secret = re.search(r"/calendar/([\w-]{20,})\.ics", said).group(1)
    for come in (False, True):
        if come:
            with within(one):
                seat_take(event=event, by=one)
        for body in (read(organiser.environment, secret).text, browser.get("/events/first-aid/calendar.ics").text):
            assert "First aid" in body
            assert ("secret-room" in body) is come
