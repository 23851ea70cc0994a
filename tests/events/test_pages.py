"""Events on pages and over the API: a learner books, an organiser plans, bad input is told, strangers get nothing."""

import json
from datetime import timedelta

import icalendar
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.services import token_create
from ecosystem.models import AuditEntry, Person
from ecosystem.scope import open_scope
from events.models import Attendance, Event, Seat, Session
from events.services import seat_take
from tests.events.conftest import START, later, within

pytestmark = pytest.mark.django_db


def test_a_learner_books_cancels_and_takes_it_into_the_calendar(make_event, member, browser_of):
    make_event(capacity=1)
    learner, other = member(), member()
    browser, second = browser_of(learner), browser_of(other)
    assert b"1 of 1 places are free" in browser.get("/events/first-aid/").content
    assert b"You have a seat." in browser.post("/events/first-aid/", {"do": "take"}, follow=True).content
    page = second.post("/events/first-aid/", {"do": "take"}, follow=True).content
    assert b"You are number 1 on the list." in page
    browser.post("/events/first-aid/", {"do": "cancel"})
    assert b"Take the place" in second.get("/events/first-aid/").content
    assert b"A place has come free for you." in second.get("/").content
    second.post("/events/first-aid/", {"do": "accept"})
    assert b"Booked" in second.get("/events/").content
    answer = second.get("/events/first-aid/calendar.ics")
    entry = next(iter(icalendar.Calendar.from_ical(answer.content).walk("VEVENT")))
    assert entry.decoded("dtstart") == START
    assert answer["Content-Type"].startswith("text/calendar")


def test_an_organiser_makes_dates_books_marks_and_cancels(organiser, member, browser_of):
    browser, learner = browser_of(organiser), member(name="Lea")
    fields = {
        "title": "Fire drill",
        "capacity": "2",
        "offer_hours": "24",
        "cancel_hours": "24",
        "zone": "Europe/Amsterdam",
    }
    refused = browser.post("/organise/new/", {**fields, "capacity": "-1", "zone": "Mars/Base"})
    assert refused.status_code == 400
    assert not Event._base_manager.exists()
    assert browser.post("/organise/new/", fields).headers["Location"] == "/organise/fire-drill/"
    day = {"day": f"{START:%Y-%m-%d}", "begins": "09:00", "ends": "08:00", "trainer": "nobody@example.org"}
    assert browser.post("/organise/fire-drill/sessions/", day).status_code == 400
    browser.post(
        "/organise/fire-drill/sessions/", {**day, "ends": "11:00", "trainer": "", "room": "A", "place": "Hall"}
    )
    with within(organiser):
        session = Session.objects.get()
        assert f"{session.starts_at:%M}" == "00"
    browser.post("/organise/fire-drill/people/", {"do": "give", "email": learner.person.email})
    assert b"Lea" in browser.get("/organise/fire-drill/").content
    mark = {f"person-{learner.person_id}": "present"}
    too_long = {"do": "give", "email": learner.person.email, "reason": "x" * 400}
    assert "at most 300 characters" in browser.post("/organise/fire-drill/people/", too_long, follow=True).text
    early = browser.post(f"/organise/attendance/{session.pk}/", mark)
    assert early.status_code == 400
    assert '<option value="present" selected>' in early.text, "what was chosen is not lost"
    with later(days=11):
        assert browser.post(f"/organise/attendance/{session.pk}/", mark).status_code == 302
    browser.post("/organise/fire-drill/cancel/", {"reason": ""})
    assert browser.post("/organise/fire-drill/cancel/", {"reason": "Ill", "reach": "some"}).status_code == 404
    with within(organiser):
        assert Seat.objects.get().completed_at is not None
        assert Event.objects.get().cancelled_at is None


def test_who_may_not_organise_finds_no_such_pages(make_event, member, browser_of, other):
    event = make_event()
    with open_scope(environment_id=event.environment_id):
        session = Session.objects.get()
    paths = ("/organise/", "/organise/new/", "/organise/first-aid/", f"/organise/attendance/{session.pk}/")
    for who in (member(), member("admin", environment=other)):
        browser = browser_of(who)
        for path in paths:
            if who.environment_id != event.environment_id and path in paths[:2]:
                continue
            assert browser.get(path).status_code == 404, path
    assert browser.get("/events/first-aid/").status_code == 404


def test_lists_cost_the_same_for_one_and_many(make_event, member, organiser, browser_of):
    make_event()
    boss, learner = browser_of(organiser), browser_of(member())

    def costs() -> list[int]:
        found = []
        for browser, path in ((learner, "/events/"), (boss, "/organise/"), (boss, "/organise/first-aid/")):
            browser.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(path).status_code == 200
            found.append(len(queries))
        return found

    one = costs()
    for number in range(4):
        event, person = make_event(title=f"More {number}"), member()
        with within(person):
            seat_take(event=event, by=person)
            seat_take(event=Event.objects.get(element__slug="first-aid"), by=person)
    assert costs() == one


def test_over_the_api(organiser, member, env, client):
    learner = member()

    def call(who, method, path, body=None):
        with within(who):
            secret = token_create(person=who.person, name="t", scopes=["read", "write"])[1]
        return client.generic(
            method, f"/api/v1/{path}", data=json.dumps(body or {}), content_type="application/json",
            headers={"host": f"{env.slug}.localhost", "authorization": f"Bearer {secret}"},
        )  # fmt: skip

    made = call(organiser, "POST", "events/", {"title": "First aid", "capacity": 1, "zone": "UTC"})
    assert made.status_code == 201, made.content
    times = {"starts_at": START.isoformat(), "ends_at": (START + timedelta(hours=1)).isoformat()}
    session = call(organiser, "POST", "events/first-aid/sessions/", times).json()
    assert call(learner, "POST", "events/first-aid/sessions/", times).status_code == 403
    seat = call(learner, "POST", "seats/", {"event": "first-aid"})
    assert seat.json()["state"] == "booked", seat.content
    assert call(organiser, "GET", "seats/").json()["results"][0]["person"] == learner.person.email
    assert call(member(), "GET", f"seats/{seat.json()['uid']}/").status_code == 404
    assert call(learner, "POST", f"seats/{seat.json()['uid']}/cancel/").json()["state"] == "cancelled"
    assert call(organiser, "PATCH", "events/first-aid/", {"zone": "Mars"}).status_code == 400
    marks = {"marks": [{"person": learner.person.email, "presence": "present"}]}
    assert call(organiser, "POST", f"event-sessions/{session['id']}/attendance/", marks).status_code == 400
    assert call(organiser, "DELETE", f"event-sessions/{session['id']}/").status_code == 204
    assert call(organiser, "POST", "events/first-aid/cancel/", {"reason": "Ill"}).json()["cancelled_because"] == "Ill"


def test_marks_that_waited_on_a_device_come_once_and_strangers_send_none(make_event, member, organiser, browser_of):
    event, person, stranger = make_event(), member(), member()
    with within(person):
        seat_take(event=event, by=person)
    with within(organiser):
        session = Session.objects.get()
    page, browser = f"/organise/attendance/{session.pk}/marks/", browser_of(organiser)

    def send(who, *items):
        answer = who.post(page, json.dumps({"items": items}), content_type="application/json")
        return answer.status_code, answer.json() if answer.status_code == 200 else {}

    first = {"id": "a", "person": person.person_id, "presence": "absent"}
    assert send(browser, first)[1]["refused"][0]["why"] == "The session has not begun yet."
    assert send(browser_of(stranger), first)[0] == 404
    assert browser.post(page, "[]", content_type="application/json").status_code == 400
    assert browser.post(page, '{"items": 3}', content_type="application/json").status_code == 400
    with within(organiser):
        Session.objects.update(starts_at=START - timedelta(days=11), ends_at=START - timedelta(days=10, hours=20))
    last = {"id": "b", "person": person.person_id, "presence": "present"}
    odd = [{"id": "c", "person": stranger.person_id, "presence": "present"}, {"id": "d", "person": "x"}, 3]
    for _turn in range(2):
        status, said = send(browser, first, last, *odd)
        assert (status, said["accepted"], [row["id"] for row in said["refused"]]) == (200, ["a", "b"], ["c", "d"])
    with within(organiser):
        assert Attendance.objects.get().presence == "present"
        assert AuditEntry.objects.filter(act="event.attendance_marked").count() == 1


def test_whoever_types_a_time_reads_whose_clock_it_is(make_event, organiser, browser_of):
    make_event(title="Far", zone="Asia/Tokyo")
    make_event(title="Near", zone="Europe/Amsterdam")
    browser = browser_of(organiser)
    with within(organiser):
        Person.objects.filter(pk=organiser.person_id).update(time_zone="Europe/Amsterdam")
    for page in ("settings", "rules", "price"):
        assert "By your own clock (Europe/Amsterdam)." in browser.get(f"/organise/far/{page}/").text, page
        assert "By your own clock" not in browser.get(f"/organise/near/{page}/").text, page


def test_half_a_rule_is_said_beside_its_field(make_event, organiser, browser_of):
    make_event()
    page = browser_of(organiser).post(
        "/organise/first-aid/rules/", {"fairness": "priority", "approval": "nobody", "approve_hours": "72"}
    )
    assert page.status_code == 400
    assert {"priority_group", "settle_at"} == set(page.context["form"].errors)
