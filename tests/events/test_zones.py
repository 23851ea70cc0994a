"""A session in another time zone than its event, and what files of calendars say about clocks that change."""

import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from dateutil.tz import tzical

from ecosystem import clock
from events.calendar import calendar_of
from events.exceptions import EventError
from events.models import Session
from events.services import seat_confirm, seat_take, series_make, series_session_change, session_add, session_change
from events.zones import timezone_of
from notifications.models import Mail
from tests.events.conftest import within

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")
NINE = datetime(2031, 2, 3, 9, 0, tzinfo=NEW_YORK)  # 15:00 in Amsterdam


@pytest.fixture(autouse=True)
def _at_new_year():
    with clock.at(datetime(2031, 1, 1, tzinfo=UTC)):
        yield


@pytest.fixture
def event(make_event, organiser):
    made = make_event(dated=False)
    with within(organiser):
        session_add(
            event=made,
            starts_at=NINE,
            ends_at=NINE + timedelta(hours=2),
            zone="America/New_York",
            place="Pier",
            by=organiser,
        )
    return made


def near(at: datetime, there: ZoneInfo) -> bool:
    """Whether clocks change a day before or after, by zoneinfo."""
    return len({(at + timedelta(hours=hours)).astimezone(there).utcoffset() for hours in (-24, 0, 24)}) > 1


@pytest.mark.parametrize(
    "zone", ["Europe/Amsterdam", "America/New_York", "Australia/Sydney", "Africa/Casablanca", "Asia/Kolkata"]
)
def test_two_other_readers_of_a_calendar_show_what_zoneinfo_shows_in_each_half_hour(zone):
    """dateutil and icalendar's own reader; from 2024 to 2030, far from a change each
    half day. In the hour that comes twice a file cannot say which is meant."""
    at, end, there = datetime(2024, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC), ZoneInfo(zone)
    calendar = icalendar.Calendar()
    calendar.add_component(timezone_of(zone, first=at, last=end))
    text = calendar.to_ical().decode()
    readers = [
        ("dateutil", tzical(io.StringIO(text)).get(zone)),
        ("icalendar", icalendar.Calendar.from_ical(text).timezones[0].to_tz()),
    ]
    wrong = []
    while at < end:
        wall = at.astimezone(there)
        if len({wall.replace(fold=fold).utcoffset() for fold in (0, 1)}) == 1:
            shown = wall.utcoffset()
            wrong += [(name, wall) for name, reader in readers if wall.replace(tzinfo=reader).utcoffset() != shown]
        at += timedelta(minutes=30) if near(at, there) else timedelta(hours=12)
    assert not wrong


def test_a_calendar_is_right_long_after_2037_too(make_event, organiser):
    event, zone = make_event(dated=False), ZoneInfo("Europe/Amsterdam")
    begins = datetime(2061, 7, 1, 10, tzinfo=zone)
    with within(organiser):
        session_add(event=event, starts_at=begins, ends_at=begins + timedelta(hours=1), by=organiser)
        body = calendar_of(event, environment=organiser.environment, comes=True).decode()
    there = tzical(io.StringIO(body)).get("Europe/Amsterdam")
    assert datetime(2061, 7, 1, 10, tzinfo=there).utcoffset() == timedelta(hours=2)
    assert body.count("BEGIN:VTIMEZONE") == 1


def test_people_read_the_clock_there_and_their_own(event, member, browser_of):
    near = member(email="near@example.org")
    page = browser_of(near).get("/events/first-aid/").text
    assert "09:00–11:00 in New York" in page
    assert "15:00–17:00 for you" in page
    near.person.time_zone = "Australia/Sydney"  # the day after
    near.person.save()
    assert "Tuesday 01:00–03:00 for you" in browser_of(near).get("/events/first-aid/").text
    near.person.time_zone = "America/Toronto"  # the same clock
    near.person.save()
    page = browser_of(near).get("/events/first-aid/").text
    assert "09:00–11:00" in page
    assert "for you" not in page
    assert "(New York)" not in browser_of(near).get("/events/").text
    near.person.time_zone = ""
    near.person.save()
    assert "09:00–11:00 (New York)" in browser_of(near).get("/events/").text


def test_letters_and_calendars_name_the_same_moment(event, member):
    person = member(email="near@example.org")
    with within(person):
        seat = seat_take(event=event, by=person)
        seat_confirm(uid=seat.uid, person_id=person.person_id)
        letter = Mail.objects.get(person=person.person)
    assert "Monday 3 February 2031, 09:00–11:00 in New York, 15:00–17:00 for you" in letter.text
    (entry,) = icalendar.Calendar.from_ical(letter.calendars[0]).walk("VEVENT")
    assert (entry["DTSTART"].params["TZID"], entry.decoded("dtstart")) == ("America/New_York", NINE)


def test_a_series_keeps_the_clock_of_its_place_though_clocks_change_there_first(event, organiser):
    """New York changes three weeks before Amsterdam does."""
    with within(organiser):
        series_make(event=event, frequency="weekly", count=8, by=organiser)
        walls = {one.starts_at.astimezone(NEW_YORK).strftime("%H:%M") for one in Session.objects.all()}
        hours = {one.starts_at.astimezone(UTC).hour for one in Session.objects.all()}
        assert (walls, hours) == ({"09:00"}, {13, 14})
        first = Session.objects.select_related("event").order_by("starts_at").first()
        moved = NINE.replace(hour=10)
        series_session_change(
            session=first, reach="all", starts_at=moved, ends_at=moved + timedelta(hours=2), by=organiser
        )
        assert {one.starts_at.astimezone(NEW_YORK).strftime("%H:%M") for one in Session.objects.all()} == {"10:00"}


def test_the_form_reads_times_in_the_zone_that_is_chosen(make_event, organiser, browser_of):
    make_event(dated=False)
    browser = browser_of(organiser)
    said = {"day": "2031-02-03", "begins": "09:00", "ends": "11:00", "zone": "America/New_York"}
    assert browser.post("/organise/first-aid/sessions/", said).status_code == 302
    with within(organiser):
        made = Session.objects.get()
        assert made.starts_at == NINE
    page = browser.get(f"/organise/first-aid/sessions/{made.pk}/").text
    assert 'value="09:00"' in page
    said = {**said, "zone": "Mars/Olympus"}
    assert browser.post("/organise/first-aid/sessions/", said).status_code == 400


def test_the_service_and_the_api_refuse_a_zone_that_does_not_exist(event, organiser, browser_of):
    with within(organiser), pytest.raises(EventError, match="no such time zone"):
        session_change(session=Session.objects.get(), zone="Mars/Olympus", by=organiser)
    with within(organiser):
        pk = Session.objects.get().pk
    browser = browser_of(organiser)
    wrong = browser.patch(f"/api/v1/event-sessions/{pk}/", {"zone": "Mars/Olympus"}, content_type="application/json")
    assert wrong.status_code == 400
    right = browser.patch(f"/api/v1/event-sessions/{pk}/", {"zone": ""}, content_type="application/json")
    assert (right.status_code, right.json()["zone"]) == (200, "")
