"""Seats that are passed on and moved."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ecosystem.models import AuditEntry
from events.exceptions import EventError
from events.models import Event, Seat, Session
from events.services import (
    event_set,
    seat_cancel,
    seat_give,
    seat_move,
    seat_pass,
    session_add,
)
from notifications.models import Notice
from tests.events.conftest import START, later, within
from tests.events.test_rules import state, took

pytestmark = pytest.mark.django_db


class TestPassing:
    def test_a_seat_is_passed_on_and_nobody_else_moves(self, make_event, member, organiser):
        event, giver, waits, friend = make_event(capacity=1), member(), member(), member()
        seat, queued = took(event, giver), took(event, waits)
        with within(giver):
            made = seat_pass(seat=seat, person=friend.person, by=giver)
            with pytest.raises(EventError, match="no seat to pass"):
                seat_pass(seat=seat, person=friend.person, by=giver)
        with within(organiser):
            assert [state(row) for row in (seat, made, queued)] == ["cancelled", "booked", "waiting"]
            assert Event.objects.get().taken == 1
            assert AuditEntry.objects.filter(act="seat.passed").count() == 1

    def test_the_same_rules_hold_for_who_comes_instead(self, make_event, member, organiser, crew):
        _group, _manager, (anna, bob) = crew
        event = make_event(register_if={"group": "Crew"})
        seat, stranger = took(event, anna), member()
        with within(anna), pytest.raises(EventError, match="Nobody with this address"):
            seat_pass(seat=seat, person=stranger.person, by=anna)
        with later(days=9, hours=23), within(anna), pytest.raises(EventError, match="too late"):
            seat_pass(seat=seat, person=bob.person, by=anna)
        took(event, bob)
        with within(anna), pytest.raises(EventError, match="Nobody with this address"):
            seat_pass(seat=seat, person=bob.person, by=anna)
        with within(anna), pytest.raises(EventError, match="Nobody with this address"):
            seat_pass(seat=seat, person=None, by=anna)
        with within(bob), pytest.raises(EventError, match="somebody else"):
            seat_pass(seat=seat, person=bob.person, by=bob)
        with within(organiser):
            event_set(event=event, allows_substitutes=False, by=organiser)
        with within(anna), pytest.raises(EventError, match="cannot be passed"):
            seat_pass(seat=seat, person=bob.person, by=anna)

    def test_a_seat_moves_whole_or_not_at_all(self, make_event, member, organiser):
        here, there, full = make_event(capacity=1), make_event(title="Later", capacity=1), make_event(capacity=1)
        person, waits = member(), member()
        seat, queued = took(here, person), took(here, waits)
        took(full, member())
        with within(person), pytest.raises(EventError, match="Only who organises"):
            seat_move(seat=seat, to=there, by=person)
        with within(organiser):
            with pytest.raises(EventError, match="taken there"):
                seat_move(seat=seat, to=full, by=organiser)
            assert state(seat) == "booked"
            made = seat_move(seat=seat, to=there, reason="Same day off", by=organiser)
            assert (made.event_id, made.state, state(seat), state(queued)) == (
                there.pk,
                "booked",
                "cancelled",
                "offered",
            )
            with pytest.raises(EventError, match="booked seat"):
                seat_move(seat=seat, to=there, by=organiser)

    def test_a_seat_moves_only_to_what_is_still_to_come(self, make_event, member, organiser):
        here, undated, begun = make_event(), make_event(title="Some day", dated=False), make_event(title="Now")
        seat = took(here, member())
        with within(organiser):
            now = timezone.now()
            Session.objects.filter(event=begun).update(
                starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1)
            )
            with pytest.raises(EventError, match="no date yet"):
                seat_move(seat=seat, to=undated, by=organiser)
            with pytest.raises(EventError, match="has begun"):
                seat_move(seat=seat, to=begun, by=organiser)
            assert state(seat) == "booked"

    def test_who_was_given_a_seat_before_there_was_a_date_hears_of_it(self, make_event, member, organiser):
        event, guest = make_event(dated=False), member()
        with within(organiser):
            seat_give(event=event, person=guest.person, by=organiser)
            session_add(event=event, starts_at=START, ends_at=START + timedelta(hours=1), by=organiser)
            told = Notice.objects.get(person_id=guest.person_id, key__contains=":added:").body
            assert told.startswith("There is a date now, and you have a seat.")

    def test_a_reason_where_the_event_asks_for_one(self, make_event, member, organiser):
        event, person = make_event(needs_reason=True), member()
        seat = took(event, person)
        with within(person):
            with pytest.raises(EventError, match="Say why"):
                seat_cancel(seat=seat, reason=" ", by=person)
            seat_cancel(seat=seat, reason="Ill", by=person)
            assert Seat.objects.get(pk=seat.pk).reason == "Ill"

    def test_a_seat_beyond_the_places_is_in_the_audit_log_with_its_reason(self, make_event, member, organiser):
        event, guest = make_event(capacity=1), member()
        took(event, member())
        with within(organiser):
            seat_give(event=event, person=guest.person, beyond=True, reason="She speaks", by=organiser)
            assert AuditEntry.objects.get(act="seat.given").after["reason"] == "She speaks"
