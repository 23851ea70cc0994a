"""People check in by a code that runs out; the sheet to sign is a PDF."""

import io
from datetime import timedelta

import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecosystem import clock
from events.exceptions import EventError
from events.models import Attendance, Seat, Session
from events.services import attendance_mark, check_in, check_in_code, seat_take
from records.models import Statement
from tests.events.conftest import START, within

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(make_event, organiser) -> Session:
    make_event()
    with within(organiser):
        return Session.objects.select_related("event__element").get()


@pytest.fixture
def seated(session, member):
    person = member(name="Lea")
    with within(person):
        seat_take(event=session.event, by=person)
    return person


def test_who_scans_is_there_once_and_has_completed_the_event(session, seated):
    with clock.at(START + timedelta(minutes=1)), within(seated):
        code = check_in_code(session=session, at=clock.now())
        assert check_in(session=session, code=code, by=seated) == check_in(session=session, code="", by=seated)
        assert Attendance.objects.get().presence == "present"
        assert Seat.objects.get().completed_at is not None
        assert Statement.objects.filter(verb="completed", person_id=seated.person_id).count() == 1


@pytest.mark.parametrize(
    ("at", "made", "why"),
    [
        (timedelta(minutes=5), timedelta(minutes=1), "has run out"),
        (timedelta(minutes=1), timedelta(minutes=3), "has run out"),
        (timedelta(minutes=-31), timedelta(minutes=-31), "half an hour"),
        (timedelta(hours=2), timedelta(hours=2), "half an hour"),
    ],
)
def test_other_times_and_old_codes_are_refused(session, seated, at, made, why):
    code = check_in_code(session=session, at=START + made)
    with clock.at(START + at), within(seated), pytest.raises(EventError, match=why):
        check_in(session=session, code=code, by=seated)


def test_a_code_is_good_for_a_while_so_that_one_can_sign_in(session, seated):
    code = check_in_code(session=session, at=START)
    with clock.at(START + timedelta(minutes=2)), within(seated):
        assert check_in(session=session, code=code, by=seated)


def test_without_a_seat_and_against_the_word_of_who_organises_nothing_changes(session, seated, member, organiser):
    stranger = member()
    with clock.at(START + timedelta(minutes=1)):
        code = check_in_code(session=session, at=clock.now())
        with within(stranger), pytest.raises(EventError, match="no seat"):
            check_in(session=session, code=code, by=stranger)
        with within(organiser):
            attendance_mark(session=session, marks={seated.person_id: "absent"}, by=organiser)
        with within(seated):
            assert check_in(session=session, code=code, by=seated).presence == "absent"
            assert Seat.objects.get().completed_at is None


def test_on_pages(session, seated, organiser, other, member, browser_of):
    boss, learner, stranger = browser_of(organiser), browser_of(seated), browser_of(member(environment=other))
    room, sheet = f"/organise/attendance/{session.pk}/code/", f"/organise/attendance/{session.pk}/sheet.pdf"
    assert "Not now" in boss.get(room).text
    with clock.at(START + timedelta(minutes=1)):
        shown = boss.get(room)
        assert shown.headers["Refresh"] == "30"
        assert "0 of 1 are here" in shown.text
        assert boss.get(f"/organise/attendance/{session.pk}/code.svg")["Content-Type"] == "image/svg+xml"
        path = f"/events/here/{session.pk}/{check_in_code(session=session, at=clock.now())}/"
        assert "I am here" in learner.get(path).text
        assert learner.post(f"/events/here/{session.pk}/wrong/").status_code == 400
        assert "You are on the list" in learner.post(path, follow=True).text
        assert "1 of 1 are here" in boss.get(room).text
        for address in (room, sheet, f"/organise/attendance/{session.pk}/code.svg", path):
            assert stranger.get(address).status_code == 404
        for address in (room, sheet, f"/organise/attendance/{session.pk}/code.svg"):
            assert learner.get(address).status_code == 404
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(boss.get(sheet).content)).pages)
    assert "First aid" in text
    assert "Lea" in text


def test_over_the_api(session, seated, organiser, browser_of):
    boss, learner = browser_of(organiser), browser_of(seated)
    path = f"/api/v1/event-sessions/{session.pk}"
    with clock.at(START + timedelta(minutes=1)):
        assert learner.get(f"{path}/code/").status_code == 403
        said = boss.get(f"{path}/code/").json()
        assert said["code"] in said["address"]
        answer = learner.post(f"{path}/check-in/", {"code": said["code"]}, content_type="application/json")
        assert (answer.status_code, answer.json()["presence"]) == (200, "present")
        assert learner.post(f"{path}/check-in/", {}, content_type="application/json").status_code == 400


def test_the_sheet_costs_the_same_for_one_and_many(session, seated, organiser, member, browser_of):
    boss = browser_of(organiser)

    def cost() -> int:
        boss.get(f"/organise/attendance/{session.pk}/sheet.pdf")
        with CaptureQueriesContext(connection) as queries:
            boss.get(f"/organise/attendance/{session.pk}/sheet.pdf")
        return len(queries)

    one = cost()
    for _number in range(4):
        person = member()
        with within(person):
            seat_take(event=session.event, by=person)
    assert cost() == one
