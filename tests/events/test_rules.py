"""Who says yes, in what order seats are given, and who may book and take part."""

import hashlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ecosystem.exceptions import EcosystemError
from ecosystem.models import Group, GroupMember
from ecosystem.services.groups import group_delete, group_member_remove, group_members_add
from events.exceptions import EventError
from events.models import Draw, Event, Seat, SeatState, Session
from events.selectors import requests_for
from events.services import (
    check_in,
    check_in_code,
    event_set,
    events_settle,
    offers_end,
    request_decide,
    seat_cancel,
    seat_take,
    session_add,
    settling_waits,
)
from notifications.models import Mail, Notice
from records.services import record
from tests.events.conftest import START, later, within
from tests.settle import settle

pytestmark = pytest.mark.django_db
SOON = timezone.now() + timedelta(days=2)


def took(event, person) -> Seat:
    with within(person):
        return seat_take(event=event, by=person)


def state(seat) -> str:
    return Seat.objects.get(pk=seat.pk).state


class TestApproval:
    def test_the_manager_is_asked_and_says_yes(self, make_event, member, crew):
        _group, manager, (anna, _bob) = crew
        event = make_event(capacity=1, approval="manager")
        seat = took(event, anna)
        assert seat.state == "requested"
        with within(manager):
            assert [row.pk for row in requests_for(manager)] == [seat.pk]
            assert Mail.objects.filter(person_id=manager.person_id).count() == 1
            request_decide(seat=seat, approve=True, by=manager)
            request_decide(seat=seat, approve=True, by=manager)
            assert state(seat) == "booked"
            assert Event.objects.get().taken == 1
        settle(anna.environment)
        with within(anna):
            assert Notice.objects.filter(person_id=anna.person_id, key__endswith=":booked").count() == 1

    def test_no_comes_with_a_reason_that_the_person_reads(self, make_event, crew):
        _group, manager, (anna, _bob) = crew
        seat = took(make_event(approval="manager"), anna)
        with within(manager):
            with pytest.raises(EventError, match="Say why"):
                request_decide(seat=seat, approve=False, by=manager)
            request_decide(seat=seat, approve=False, reason="We need you here", by=manager)
            request_decide(seat=seat, approve=False, reason="Again", by=manager)
            with pytest.raises(EventError, match="no longer open"):
                request_decide(seat=seat, approve=True, by=manager)
        with within(anna):
            assert Notice.objects.get(key__endswith=":refused").body == "You do not get a seat: We need you here"
            assert Seat.objects.get().reason == "We need you here"

    def test_nobody_answers_their_own_nor_for_people_they_do_not_manage(self, make_event, member, organiser, crew):
        _group, manager, _people = crew
        event, stranger = make_event(approval="manager"), member()
        seat, own = took(event, stranger), took(event, organiser)
        with within(manager), pytest.raises(EventError, match="Somebody else"):
            request_decide(seat=seat, approve=True, by=manager)
        with within(organiser):
            with pytest.raises(EventError, match="Somebody else"):
                request_decide(seat=own, approve=True, by=organiser)
            request_decide(seat=seat, approve=True, by=organiser)
            assert state(seat) == "booked"

    def test_a_request_runs_out(self, make_event, member, organiser, env):
        event = make_event(approval="organiser", approve_hours=5)
        seat = took(event, member())
        with later(hours=6):
            with within(organiser), pytest.raises(EventError, match="no longer open"):
                request_decide(seat=seat, approve=True, by=organiser)
            assert offers_end(environment_id=env.pk) == 1
        with within(organiser):
            assert (state(seat), Event.objects.get().taken) == ("expired", 0)

    def test_approved_where_all_is_full_waits_where_it_asked(self, make_event, member, organiser):
        event = make_event(capacity=1, approval="organiser")
        first, second, third = (took(event, member()) for _n in range(3))
        with within(organiser):
            for seat in (third, second, first):
                request_decide(seat=seat, approve=True, by=organiser)
            assert [state(seat) for seat in (first, second, third)] == ["waiting", "waiting", "booked"]
            seat_cancel(seat=third, by=organiser)
            assert [state(seat) for seat in (first, second)] == ["offered", "waiting"]

    def test_managers_get_copies(self, make_event, crew, env):
        _group, manager, (anna, _bob) = crew
        event = make_event(copies_managers=True)
        seat = took(event, anna)
        settle(env)
        with within(anna):
            seat_cancel(seat=seat, by=anna)
        with within(manager):
            said = Notice.objects.filter(person_id=manager.person_id).order_by("pk").values_list("body", flat=True)
            assert [body.partition("\n")[0] for body in said] == [
                f"{anna.person.name} has a seat.", f"{anna.person.name} does not come any more.",
            ]  # fmt: skip


class TestConditions:
    def test_who_may_book_and_who_may_take_part_are_two_things(self, make_event, member, organiser):
        safety = make_event(title="Safety").element
        event = make_event(title="Climbing", attend_if={"completed": safety.pk})
        closed = make_event(title="Trees", register_if={"completed": safety.pk})
        person = member()
        with pytest.raises(EventError, match="You can book when you have finished “Safety”"):
            took(closed, person)
        took(event, person)
        session = None
        with within(organiser):
            session = Session.objects.get(event=event)
        with later(days=10, minutes=1), within(person):
            code = check_in_code(session=session, at=timezone.now() + timedelta(days=10, minutes=1))
            with pytest.raises(EventError, match="take part when"):
                check_in(session=session, code=code, by=person)
            record(verb="completed", element=safety, person_id=person.person_id)
            assert check_in(session=session, code=code, by=person).presence == "present"
        assert took(closed, person).state == "booked"

    def test_a_broken_condition_is_refused(self, make_event, organiser):
        event = make_event()
        with within(organiser), pytest.raises(EventError, match="no predicate"):
            event_set(event=event, register_if={"is_tall": 2}, by=organiser)


class TestFairness:
    def test_one_group_first_then_everybody_in_the_order_asked(self, make_event, member, crew, env, organiser):
        group, _manager, (anna, _bob) = crew
        event = make_event(capacity=2, fairness="priority", priority_group=group, settle_at=SOON)
        early, next_one = member(), member()
        waits, waits_too = took(event, early), took(event, next_one)
        assert took(event, anna).state == "booked"
        with within(organiser):
            assert (state(waits), state(waits_too)) == ("waiting", "waiting")
        assert settling_waits() == []
        with later(days=3):
            assert settling_waits() == [env.pk]
            assert events_settle(environment_id=env.pk) == 1
            assert events_settle(environment_id=env.pk) == 0
        with within(organiser):
            assert (state(waits), state(waits_too)) == ("offered", "waiting")

    def test_after_its_days_the_group_overtakes_nobody(self, make_event, crew, member, env, organiser, browser_of):
        group, _manager, (anna, bob) = crew
        event = make_event(capacity=1, fairness="priority", priority_group=group, settle_at=SOON)
        taken, early = took(event, anna), member()
        waits = took(event, early)
        with later(days=3):
            assert events_settle(environment_id=env.pk) == 1
            late = took(event, bob)
            with within(organiser):
                seat_cancel(seat=taken, by=organiser)
                assert (state(waits), state(late)) == ("offered", "waiting")
            said = browser_of(member()).get("/events/first-aid/").text
            assert "Now they go to whoever asks first." in said

    def test_the_button_says_what_somebody_gets(self, make_event, crew, member, browser_of):
        group, _manager, (anna, bob) = crew
        event = make_event(capacity=2, fairness="priority", priority_group=group, settle_at=SOON)
        took(event, member())
        page, others = (
            browser_of(anna).get("/events/first-aid/").text,
            browser_of(member()).get("/events/first-aid/").text,
        )
        assert ("Book a seat" in page, "You are in this group." in page) == (True, True)
        assert ("Put me on the list" in others, "You are in this group." in others) == (True, False)
        took(event, anna)
        took(event, bob)
        assert "Put me on the list" in browser_of(member()).get("/events/first-aid/").text

    def test_whoever_joins_the_group_while_waiting_goes_first_too(self, make_event, crew, member, organiser, env):
        group, _manager, (anna, bob) = crew
        event = make_event(capacity=1, fairness="priority", priority_group=group, settle_at=SOON)
        taken = took(event, anna)
        early, joins, late = member(), member(), member()
        seats = [took(event, one) for one in (early, joins, bob, late)]
        admin = member("admin")
        with within(admin):
            group_members_add(group=group, person_ids=[joins.person_id], by=admin)
            group_member_remove(group=group, person_id=bob.person_id, by=admin)
        with within(organiser):
            rows = Seat.objects.filter(state="waiting").order_by("rank", "pk").values_list("person_id", flat=True)
            assert list(rows) == [one.person_id for one in (joins, early, bob, late)]
            seat_cancel(seat=taken, by=organiser)
            assert [state(seat) for seat in seats] == ["waiting", "offered", "waiting", "waiting"]

    @pytest.mark.parametrize(("lists", "gets"), [(True, "offered"), (False, "booked")])
    def test_whoever_joins_the_group_gets_a_place_that_is_free(self, make_event, crew, member, organiser, lists, gets):
        group, _manager, _people = crew
        event, joins, admin = (
            make_event(capacity=2, fairness="priority", priority_group=group, settle_at=SOON, has_waiting_list=lists), member(), member("admin"),
        )  # fmt: skip
        seat = took(event, joins)
        assert seat.state == "waiting"
        with within(admin):
            group_members_add(group=group, person_ids=[joins.person_id], by=admin)
            assert (state(seat), Event.objects.get().taken) == (gets, 1)

    def test_after_its_days_nobody_moves_by_joining(self, make_event, crew, member, organiser, env):
        group, _manager, (anna, _bob) = crew
        event, admin = (
            make_event(capacity=1, fairness="priority", priority_group=group, settle_at=SOON),
            member("admin"),
        )
        taken, early, joins = took(event, anna), member(), member()
        seats = [took(event, one) for one in (early, joins)]
        with later(days=3):
            events_settle(environment_id=env.pk)
            with within(admin):
                group_members_add(group=group, person_ids=[joins.person_id], by=admin)
            with within(organiser):
                seat_cancel(seat=taken, by=organiser)
                assert [state(seat) for seat in seats] == ["offered", "waiting"]

    def test_whoever_was_put_into_the_group_while_they_asked_goes_first(self, make_event, crew, member, organiser, env):
        """Nobody was told of them: the one transaction did not see the other."""
        group, _manager, (anna, _bob) = crew
        event = make_event(capacity=1, fairness="priority", priority_group=group, settle_at=SOON)
        taken, early, joins = took(event, anna), member(), member()
        seats = [took(event, one) for one in (early, joins)]
        with within(organiser):
            GroupMember.objects.create(environment=env, group=group, person=joins.person)
            seat_cancel(seat=taken, by=organiser)
            assert [state(seat) for seat in seats] == ["waiting", "offered"]

    def test_without_a_waiting_list_the_day_books_or_lets_go(
        self, make_event, crew, member, organiser, env, browser_of
    ):
        group, _manager, (anna, _bob) = crew
        event = make_event(
            capacity=2, fairness="priority", priority_group=group, settle_at=SOON, has_waiting_list=False
        )
        took(event, anna)
        people = [member(), member()]
        gets, goes = (took(event, one) for one in people)
        assert (gets.state, goes.state) == ("waiting", "waiting")
        with later(days=3):
            assert events_settle(environment_id=env.pk) == 1
            settle(env)
            with within(organiser):
                assert (state(gets), state(goes), Event.objects.get().taken) == ("booked", "unplaced", 2)
                told = Notice.objects.get(key=f"event:{goes.pk}:after").body
                assert told == "The days of the group are over, and there was no place for you this time."
                assert "You have a seat." in Notice.objects.get(key=f"event:{gets.pk}:booked").body
            assert "no place this time" in browser_of(people[1]).get(f"/events/{event.element.slug}/").text
            with pytest.raises(EventError, match="All places are taken"):
                took(event, member())

    @pytest.mark.parametrize(("lists", "ends"), [(True, "waiting"), (False, "unplaced")])
    def test_who_waits_for_a_date_hears_when_there_is_no_place(self, make_event, member, organiser, lists, ends, env):
        event = make_event(dated=False, capacity=1, has_waiting_list=lists)
        first, second = took(event, member()), took(event, member())
        with within(organiser):
            session_add(event=event, starts_at=START, ends_at=START + timedelta(hours=1), by=organiser)
            assert (state(first), state(second)) == ("booked", ends)
            assert Notice.objects.get(key=f"event:{second.pk}:dated").body.startswith("There is a date now")

    def test_whoever_is_drawn_is_not_told_of_a_date(self, make_event, member, organiser, env):
        event = make_event(capacity=1, fairness="lottery", settle_at=SOON)
        seat = took(event, member())
        with later(days=3):
            events_settle(environment_id=env.pk)
            settle(env)
        with within(organiser):
            assert Notice.objects.get(key=f"event:{seat.pk}:booked").body.startswith("You have a seat.")

    def test_lots_can_be_drawn_again_by_anybody(self, make_event, member, env, organiser, browser_of):
        event = make_event(capacity=2, fairness="lottery", settle_at=SOON)
        with within(organiser):
            promise = Draw.objects.get().promise
        people = [member() for _n in range(5)]
        seats = [took(event, one) for one in people]
        assert {seat.state for seat in seats} == {"entered"}
        own = browser_of(member())
        with within(organiser):
            seed, slug = Draw.objects.get().seed, event.element.slug
        addresses = (f"/events/{slug}/", f"/api/v1/events/{slug}/", "/api/v1/events/")
        for address in addresses:  # whoever knew it could say beforehand who is drawn
            said = own.get(address).content.decode()
            assert promise in said, address
            assert seed not in said, address
        with later(days=3):
            assert events_settle(environment_id=env.pk) == 1
        with within(organiser):
            lots = Draw.objects.get()
            assert lots.promise == promise == hashlib.sha256(lots.seed.encode()).hexdigest()
            again = sorted(
                (str(seat.uid) for seat in seats), key=lambda n: hashlib.sha256(f"{lots.seed}:{n}".encode()).hexdigest()
            )
            assert lots.order == again
            by_number = {str(seat.uid): state(seat) for seat in seats}
            assert [by_number[number] for number in again] == ["booked", "booked", "waiting", "waiting", "waiting"]
        assert all(seed in own.get(address).content.decode() for address in addresses)
        mine = browser_of(people[0]).get(addresses[0]).text
        assert f'{seats[0].uid}</code> <span class="b">(yours)' in mine
        assert (mine.count("(yours)"), "lots were drawn on" in mine) == (1, True)
        late = took(event, member())
        with within(organiser):
            first = Seat.objects.get(uid=again[0])
            seat_cancel(seat=first, by=organiser)
            assert Seat.objects.get(uid=again[2]).state == "offered"
            assert state(late) == "waiting"

    def test_what_was_promised_stays(self, make_event, member, organiser):
        event = make_event(fairness="lottery", settle_at=SOON)
        with within(organiser):
            event_set(event=event, settle_at=SOON + timedelta(hours=1), by=organiser)
        took(event, member())
        with within(organiser):
            with pytest.raises(EventError, match="promised"):
                event_set(event=event, fairness="first_come", by=organiser)
            with pytest.raises(EventError, match="until when"):
                make_event(fairness="lottery")
            with pytest.raises(EventError, match="Choose the group"):
                make_event(fairness="priority", settle_at=SOON)
            with pytest.raises(IntegrityError), transaction.atomic():
                Event.objects.filter(pk=event.pk).update(settle_at=None)


def test_approved_before_the_date_is_booked_by_it(make_event, member, organiser):
    event = make_event(dated=False, approval="organiser", capacity=1)
    seat = took(event, member())
    with within(organiser):
        request_decide(seat=seat, approve=True, by=organiser)
        assert state(seat) == SeatState.WAITING
        session_add(event=event, starts_at=START, ends_at=START + timedelta(hours=1), by=organiser)
        assert state(seat) == SeatState.BOOKED


def test_a_group_that_goes_first_somewhere_is_not_taken_away(make_event, crew, member, browser_of, organiser, env):
    """The order was promised to whoever asked. On the page too it is said, not broken. Once its days are over it may go."""
    group, _manager, _people = crew
    event = make_event(fairness="priority", priority_group=group, settle_at=SOON)
    admin = member("admin")
    with within(admin), pytest.raises(EcosystemError, match="goes by it: First aid"):
        group_delete(group=group, by=admin)
    page = browser_of(admin).post(f"/people/groups/{group.pk}/delete/", follow=True)
    assert (page.status_code, "The group stays, because this goes by it: First aid." in page.text) == (200, True)
    with within(admin):
        assert Group.objects.filter(pk=group.pk).exists()
    with later(days=3):
        events_settle(environment_id=env.pk)
        with within(admin):
            group_delete(group=group, by=admin)
            assert Event.objects.get().priority_group_id is None
        assert "places went to one group" in browser_of(member()).get(f"/events/{event.element.slug}/").text
        with within(organiser):
            assert event_set(event=event, title="Second aid", fairness="priority", by=organiser).fairness == "priority"
        rules = browser_of(organiser).get(f"/organise/{event.element.slug}/rules/")
        form = {name: field.value() or "" for name, field in ((one.name, one) for one in rules.context["form"])}
        said = browser_of(organiser).post(f"/organise/{event.element.slug}/rules/", form, follow=True)
        assert "Choose the group" not in said.text
