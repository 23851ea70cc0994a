"""Seats: booked, waited for, offered, accepted, given back; the queue is kept, and twice is once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from events.exceptions import EventError
from events.models import Event, Seat, SeatState, Session
from events.services import (
    attendance_mark,
    event_cancel,
    event_set,
    offers_end,
    offers_waiting,
    seat_answer,
    seat_cancel,
    seat_give,
    seat_take,
    session_add,
    session_change,
    session_remove,
)
from notifications.models import Mail, Notice
from records.models import Statement
from tests.events.conftest import START, later, within
from tests.settle import settle

pytestmark = pytest.mark.django_db


def took(event, person) -> Seat:
    with within(person):
        return seat_take(event=event, by=person)


def state(seat) -> str:
    return Seat.objects.get(pk=seat.pk).state


def test_two_places_then_the_queue_in_the_order_asked(make_event, member, organiser):
    event, people = make_event(capacity=2), [member() for _number in range(5)]
    seats = [took(event, person) for person in people]
    assert [seat.state for seat in seats] == ["booked", "booked", "waiting", "waiting", "waiting"]
    assert took(event, people[0]) == seats[0]  # twice is once
    with within(people[0]):
        seat_cancel(seat=seats[0], by=people[0])
        seat_cancel(seat=seats[0], by=people[0])
    with within(organiser):
        assert [state(seat) for seat in seats] == ["cancelled", "booked", "offered", "waiting", "waiting"]
        assert Event.objects.get().taken == 2
        assert Notice.objects.filter(person_id=people[2].person_id, kind="event").count() == 1
        assert Mail.objects.filter(person_id=people[2].person_id).count() == 1
    with within(people[2]):
        seat_answer(seat=seats[2], accept=False, by=people[2])
    with within(people[3]):
        seat_answer(seat=seats[3], accept=True, by=people[3])
        seat_answer(seat=seats[3], accept=True, by=people[3])
    with within(organiser):
        assert [state(seat) for seat in seats] == ["cancelled", "booked", "declined", "booked", "waiting"]
        assert Statement.objects.filter(verb="registered", person_id=people[3].person_id).count() == 1


def test_who_comes_new_does_not_overtake_the_queue(make_event, member, organiser):
    event, first, waits, new = make_event(capacity=1), member(), member(), member()
    took(event, first)
    seat = took(event, waits)
    with within(organiser):
        Event.objects.update(has_waiting_list=True, capacity=None)  # free places, and somebody who waits still
    assert took(event, new).state == SeatState.WAITING
    with within(organiser):
        event_set(event=event, capacity=3, by=organiser)
        assert state(seat) == SeatState.OFFERED


def test_an_offer_runs_out_and_goes_to_the_next(make_event, member, env, organiser):
    event = make_event(capacity=1, offer_hours=3)
    people = [member() for _number in range(3)]
    seats = [took(event, person) for person in people]
    with within(people[0]):
        seat_cancel(seat=seats[0], by=people[0])
    assert offers_waiting() == []
    with later(hours=4):
        assert offers_waiting() == [env.pk]
        with within(people[1]), pytest.raises(EventError):
            seat_answer(seat=seats[1], accept=True, by=people[1])
        assert offers_end(environment_id=env.pk) == 1
        assert offers_end(environment_id=env.pk) == 0
    with within(organiser):
        assert [state(seat) for seat in seats] == ["cancelled", "expired", "offered"]
        assert Event.objects.get().taken == 1


def test_without_a_date_people_wait_and_the_date_books_them(make_event, member, organiser):
    event, people = make_event(dated=False, capacity=2), [member() for _number in range(3)]
    seats = [took(event, person) for person in people]
    with within(organiser):
        assert {state(seat) for seat in seats} == {"waiting"}
        session_add(event=event, starts_at=START, ends_at=START + timedelta(hours=1), by=organiser)
        assert [state(seat) for seat in seats] == ["booked", "booked", "waiting"]
    settle(organiser.environment)
    settle(organiser.environment)  # twice is once
    with within(organiser):
        assert Notice.objects.filter(kind="event", key__endswith=":booked").count() == 2
        assert Notice.objects.get(kind="event", key__endswith=":dated").body.startswith(
            "There is a date now. You are on"
        )


def test_refusals_say_why(make_event, member, organiser):
    full, late, person = make_event(capacity=1, has_waiting_list=False), make_event(title="Late"), member()
    took(full, member())
    with pytest.raises(EventError, match="taken"):
        took(full, person)
    with later(days=11), pytest.raises(EventError, match="begun"):
        took(late, person)
    seat = took(late, person)
    with later(days=9, hours=23), within(person), pytest.raises(EventError, match="too late"):
        seat_cancel(seat=seat, by=person)
    with within(organiser):
        event_set(event=late, opens_at=START - timedelta(days=1), closes_at=START - timedelta(hours=1), by=organiser)
        with pytest.raises(EventError, match="fewer"):
            event_set(event=full, capacity=0, by=organiser)
    with pytest.raises(EventError, match="not begun"):
        took(late, member())
    with later(days=9, hours=23, minutes=30), pytest.raises(EventError, match="over"):
        took(late, member())
    with within(person), pytest.raises(EventError, match="Only who organises"):
        seat_give(event=full, person=person.person, by=person)


def test_an_organiser_books_beyond_and_the_place_beyond_goes_first(make_event, member, organiser):
    event, first, guest, waits = make_event(capacity=1), member(), member(), member()
    seats = [took(event, first), took(event, waits)]
    with within(organiser):
        with pytest.raises(EventError, match="Tick"):
            seat_give(event=event, person=guest.person, by=organiser)
        with pytest.raises(EventError, match="Say why"):
            seat_give(event=event, person=guest.person, beyond=True, by=organiser)
        given = seat_give(event=event, person=guest.person, beyond=True, reason="Speaks", by=organiser)
        assert seat_give(event=event, person=guest.person, beyond=True, by=organiser) == given
        seat_cancel(seat=given, by=organiser)
        found = Event.objects.get()
        assert (found.taken, found.overbooked, state(seats[1])) == (1, 0, "waiting")


def test_the_database_never_oversells_whatever_the_code_does(make_event, member, organiser):
    event = make_event(capacity=1)
    took(event, member())
    with within(organiser), pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(taken=F("taken") + 1)


def test_nobody_trains_and_no_room_is_used_twice_at_a_time(make_event, member, organiser):
    trainer, event, other = member("instructor"), make_event(), make_event(title="Fire drill", dated=False)
    with within(organiser):
        first = Session.objects.get()
        session_change(session=first, trainer=trainer.person, room="A", by=organiser)
        times = {"starts_at": START + timedelta(hours=1), "ends_at": START + timedelta(hours=3)}
        with pytest.raises(EventError, match="trainer"):
            session_add(event=other, trainer=trainer.person, by=organiser, **times)
        with pytest.raises(EventError, match="room"):
            session_add(event=other, place="Room 1", room="A", by=organiser, **times)
        after = {"starts_at": START + timedelta(hours=2), "ends_at": START + timedelta(hours=3)}
        session_add(event=other, trainer=trainer.person, place="Room 1", room="A", by=organiser, **after)
        with pytest.raises(EventError, match="begin before"):
            session_add(event=event, by=organiser, starts_at=START, ends_at=START)


def test_present_at_every_session_completes_it_once(make_event, member, organiser):
    trainer, event, person = member("instructor"), make_event(), member()
    with within(organiser):
        second = session_add(
            event=event, starts_at=START + timedelta(days=1), ends_at=START + timedelta(days=1, hours=1),
            trainer=trainer.person, by=organiser,
        )  # fmt: skip
    took(event, person)
    with within(organiser):
        first = Session.objects.order_by("starts_at")[0]
        with pytest.raises(EventError, match="begun"):
            attendance_mark(session=first, marks={person.person_id: "present"}, by=organiser)
    with later(days=12):
        with within(organiser):
            assert attendance_mark(session=first, marks={person.person_id: "present"}, by=organiser).changed == 1
            assert attendance_mark(session=first, marks={person.person_id: "present"}, by=organiser).changed == 0
            with pytest.raises(EventError, match="no seat"):
                attendance_mark(session=first, marks={trainer.person_id: "present"}, by=organiser)
        with within(person), pytest.raises(EventError, match="Only"):
            attendance_mark(session=second, marks={person.person_id: "present"}, by=person)
        with within(trainer):
            attendance_mark(session=second, marks={person.person_id: "absent"}, by=trainer)
            assert not Statement.objects.filter(verb="completed").exists()
            attendance_mark(session=second, marks={person.person_id: "present"}, by=trainer)
            attendance_mark(session=second, marks={person.person_id: "partly"}, by=trainer)
            attendance_mark(session=second, marks={person.person_id: "present"}, by=trainer)
            assert Statement.objects.filter(verb="completed", person_id=person.person_id).count() == 1
        with within(organiser), pytest.raises(EventError, match="stays"):
            session_remove(session=second, by=organiser)


def test_a_cancelled_event_tells_everybody_and_takes_nobody(make_event, member, organiser):
    event, people = make_event(capacity=1), [member(), member()]
    seats = [took(event, person) for person in people]
    with within(organiser):
        with pytest.raises(EventError, match="have a seat"):
            session_remove(session=Session.objects.get(), by=organiser)
        event_cancel(event=event, reason="Storm", by=organiser)
        event_cancel(event=event, reason="Storm", by=organiser)
        assert {state(seat) for seat in seats} == {"cancelled"}
        assert [notice.body.partition("\n")[0] for notice in Notice.objects.filter(key__endswith=":off")] == [
            "It does not take place: Storm"
        ] * 2
    with pytest.raises(EventError, match="cancelled"):
        took(event, member())


def test_another_environment_changes_nothing(make_event, member, other):
    event, stranger = make_event(), member("admin", environment=other)
    with within(stranger):
        assert not Event.objects.exists()
        with pytest.raises(Event.DoesNotExist):
            seat_take(event=event, by=stranger)
