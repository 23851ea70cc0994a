"""The condition to take part, apart from the one to book; and what becomes of a completed event when marks are corrected."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certificates.models import Certificate
from certificates.services import template_save
from ecosystem import clock
from events.exceptions import EventError
from events.models import Attendance, Event, Seat, Session
from events.services import (
    attendance_mark,
    attendance_sync,
    check_in_code,
    event_cancel,
    seat_take,
    session_add,
    session_remove,
)
from records.models import Statement
from records.services import record
from tests.events.conftest import START, later, within
from tests.settle import settle

pytestmark = pytest.mark.django_db
SOON_AFTER = START + timedelta(minutes=1)


def took(event, person) -> Seat:
    with within(person):
        return seat_take(event=event, by=person)


@pytest.fixture
def safety(make_event):
    return make_event(title="Safety").element


@pytest.fixture
def climbing(make_event, safety) -> Event:
    return make_event(title="Climbing", attend_if={"completed": safety.pk})


@pytest.fixture
def session(climbing, organiser) -> Session:
    with within(organiser):
        return Session.objects.get(event=climbing)


class TestCondition:
    def test_who_has_a_seat_reads_what_is_still_to_do_and_where(self, climbing, safety, member, browser_of):
        ready, unready = member(), member()
        with within(ready):
            record(verb="completed", element=safety, person_id=ready.person_id)
        for person in (ready, unready):
            took(climbing, person)
        told = browser_of(unready).get("/events/climbing/").text
        assert "Something is still to do before you come." in told
        assert 'href="/events/safety/"' in told
        told = browser_of(ready).get("/events/climbing/").text
        assert "Something is still to do" not in told
        assert "Taking part needs: you have finished “Safety”." in told

    def test_the_page_behind_the_code_says_it_before_anybody_presses(
        self, climbing, session, safety, member, browser_of
    ):
        person = member()
        took(climbing, person)
        own = browser_of(person)
        with clock.at(SOON_AFTER):
            path = f"/events/here/{session.pk}/{check_in_code(session=session, at=clock.now())}/"
            shown = own.get(path).text
            assert "You can take part when you have finished “Safety”." in shown
            assert "I am here</" not in shown
            assert own.post(path).status_code == 400
            with within(person):
                record(verb="completed", element=safety, person_id=person.person_id)
            assert "I am here</" in own.get(path).text
            own.post(path)
            assert "There is nothing more to do." in own.get(path).text
        with within(person):
            assert Attendance.objects.get().presence == "present"

    def test_whoever_leads_it_sees_who_may_not_and_decides(
        self, climbing, session, safety, member, organiser, browser_of
    ):
        ready, unready = member(name="Rea"), member(name="Una")
        with within(ready):
            record(verb="completed", element=safety, person_id=ready.person_id)
        for person in (ready, unready):
            took(climbing, person)
        boss, path = browser_of(organiser), f"/organise/attendance/{session.pk}/"
        assert boss.get(path).text.count("May not take part yet") == 1
        assert boss.get("/organise/climbing/").text.count("may not take part yet") == 1
        with later(days=10, minutes=1):
            boss.post(path, {f"person-{unready.person_id}": "present"})
        with within(organiser):
            assert Attendance.objects.get().person_id == unready.person_id

    def test_the_list_costs_the_same_for_one_and_many(self, climbing, session, member, organiser, browser_of):
        boss, path = browser_of(organiser), f"/organise/attendance/{session.pk}/"

        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                boss.get(path)
            return len(queries)

        took(climbing, member())
        boss.get(path)
        one = cost()
        for _n in range(3):
            took(climbing, member())
        assert cost() == one


class TestCorrecting:
    @pytest.fixture
    def there(self, make_event, member, organiser, env):
        """Somebody who was present at an event that gives a certificate; its session, and who marks."""
        event, person = make_event(), member(name="Lea")
        with within(organiser):
            template_save(course=event.element, title="First aid")
            session = Session.objects.get(event=event)
        took(event, person)
        with later(days=11):
            with within(organiser):
                attendance_mark(session=session, marks={person.person_id: "present"}, by=organiser)
            settle(env)
        return event, session, person

    def test_presence_gives_the_certificate_and_a_correction_takes_nothing_from_anybody(
        self, there, organiser, env, browser_of
    ):
        _event, session, person = there
        own, boss = browser_of(person), browser_of(organiser)
        with within(person):
            assert Certificate.objects.get().person_id == person.person_id
        with later(days=11):
            shown = own.get("/events/first-aid/").text
            assert "You were there. Thank you." in shown
            saved = boss.post(
                f"/organise/attendance/{session.pk}/", {f"person-{person.person_id}": "absent"}, follow=True
            ).text
            assert "No longer completed: Lea." in saved
            shown = own.get("/events/first-aid/").text
            assert ("You were there" in shown, "absent" in shown) == (False, True)
            assert "First aid" not in own.get("/me/transcript/").text.partition("Attended events")[2]
            settle(env)
        with within(person):
            assert Seat.objects.get().completed_at is None
            assert Certificate.objects.get().revoked_at is None
            assert Statement.objects.filter(verb="completed").count() == 1

    @pytest.mark.parametrize("said", ["partly", "absent", "excused"])
    def test_a_mark_corrected_twice_is_recorded_once(self, there, organiser, env, said):
        _event, session, person = there
        with later(days=11), within(organiser):
            note = attendance_sync(
                session=session, items=[{"id": "a", "person": person.person_id, "presence": said}], by=organiser
            ).note
            assert "No longer completed: Lea." in note
            assert Seat.objects.get().completed_at is None
            assert attendance_mark(session=session, marks={person.person_id: "present"}, by=organiser).note == ""
            assert Seat.objects.get().completed_at is not None
        assert settle(env) == 0
        with within(person):
            assert Certificate.objects.count() == 1
            assert Statement.objects.filter(verb="completed").count() == 1

    def test_who_was_at_all_that_took_place_has_completed_it(self, make_event, member, organiser):
        event, person = make_event(), member()
        with within(organiser):
            second = session_add(
                event=event,
                starts_at=START + timedelta(days=3),
                ends_at=START + timedelta(days=3, hours=1),
                by=organiser,
            )
            first = Session.objects.order_by("starts_at")[0]
        took(event, person)
        with later(days=11), within(organiser):
            attendance_mark(session=first, marks={person.person_id: "present"}, by=organiser)
            assert Seat.objects.get().completed_at is None
            session_remove(session=second, by=organiser)
            assert Seat.objects.get().completed_at is not None


class TestOver:
    def test_an_event_that_is_over_is_not_cancelled(self, make_event, member, organiser, browser_of):
        event, person = make_event(), member()
        took(event, person)
        boss, own = browser_of(organiser), browser_of(person)
        assert "Cancel the event" in boss.get("/organise/first-aid/").text
        assert "Cancel my seat" in own.get("/events/first-aid/").text
        with later(days=9, hours=12):
            assert "It is too late to cancel here." in own.get("/events/first-aid/").text
        with later(days=11):
            assert "Cancel the event" not in boss.get("/organise/first-aid/").text
            shown = own.get("/events/first-aid/").text
            assert ("Cancel my seat" in shown, "This event is over." in shown) == (False, True)
            with within(organiser), pytest.raises(EventError, match="is over"):
                event_cancel(event=event, reason="Ill", by=organiser)

    def test_whoever_organises_sees_afterwards_who_was_told(self, make_event, member, organiser, browser_of):
        event = make_event(capacity=1)
        took(event, member(name="Seated Sue"))
        took(event, member(name="Waiting Will"))
        boss = browser_of(organiser)
        page = boss.get("/organise/first-aid/").text
        assert "With a seat or an offer: 1. Waiting: 1." in page
        boss.post("/organise/first-aid/cancel/", {"reason": "Ill", "reach": "one"})
        page = boss.get("/organise/first-aid/").text
        assert ("Seated Sue" in page, "Waiting Will" in page, "0 booked" in page) == (True, True, False)


class TestNoButtonThatIsRefused:
    """The page offers what the service gives, and says why where it would not."""

    def test_full_without_a_list_begun_over_and_not_yet_open(self, make_event, member, browser_of):
        event = make_event(capacity=1, has_waiting_list=False)
        own = browser_of(member())

        def shown() -> tuple[bool, bool]:
            page = own.get("/events/first-aid/").text
            return "Book a seat" in page or "Put me on the list" in page, "All places are taken." in page

        assert shown() == (True, False)
        took(event, member())
        assert shown() == (False, True)
        assert "All places are taken." in own.post("/events/first-aid/", {"do": "take"}).text
        with later(days=10, minutes=1):
            assert shown() == (False, False)
            assert "The event has begun. Ask whoever organises it." in own.get("/events/first-aid/").text
        with later(days=11):
            assert shown() == (False, False)
            assert "This event is over." in own.get("/events/first-aid/").text

    def test_before_booking_opens(self, make_event, member, browser_of):
        make_event(opens_at=START - timedelta(days=1))
        page = browser_of(member()).get("/events/first-aid/").text
        assert ("Booking has not begun yet." in page, "Book a seat" in page) == (True, False)
