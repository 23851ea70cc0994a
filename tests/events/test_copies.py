"""What managers read of the seats of their people: each thing once, with when it is, and only who manages somebody."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from ecosystem.models import Group, GroupMember, Power
from ecosystem.services.delegations import delegation_grant
from events.models import Seat, Session
from events.services import (
    event_cancel,
    seat_answer,
    seat_cancel,
    seat_move,
    seat_pass,
    seat_take,
    session_add,
    session_change,
    session_remove,
)
from notifications.models import Mail, Notice
from tests.events.conftest import START, within
from tests.settle import settle

pytestmark = pytest.mark.django_db
LATER = START + timedelta(hours=5)  # in the evening that is the next day
DAY, DAY_LATER = (f"{at.astimezone(ZoneInfo('Europe/Amsterdam')):%-d %B %Y}" for at in (START, LATER))


@pytest.fixture
def people(env, organiser, member):
    return [member(name="Anna"), member(name="Bob")]


@pytest.fixture
def manager(env, organiser, member, people):
    """Manages Anna and Bob, by a group that they are in."""
    made, admin = member(name="Mia"), member("admin")
    with within(organiser):
        group = Group.objects.create(environment=env, name="Crew")
        for person in people:
            GroupMember.objects.create(environment=env, group=group, person=person.person)
    with within(admin):
        delegation_grant(
            by=admin, person=made.person, powers=[Power.ENROL], reach="group", group=group,
            until=timezone.now() + timedelta(days=30),
        )  # fmt: skip
    return made


def took(event, person) -> Seat:
    with within(person):
        return seat_take(event=event, by=person)


def read_by(manager) -> list[str]:
    """What came since the last time, without the days."""
    settle(manager.environment)
    with within(manager):
        rows = Notice.objects.filter(person_id=manager.person_id, seen_at=None).order_by("pk")
        said = list(rows.values_list("body", flat=True))
        rows.update(seen_at=timezone.now())
    days = (DAY, DAY_LATER)
    assert all(any(day in body for day in days) for body in said), said
    return [" ".join(part for part in body.split("\n\n") if not any(day in part for day in days)) for body in said]


def test_a_seat_passed_on_or_moved_by_others(make_event, people, manager, member, organiser):
    (anna, bob), friend = people, member(name="Finn")
    event, there = make_event(copies_managers=True), make_event(title="Later", copies_managers=True)
    seat, moves = took(event, anna), took(event, bob)
    assert sorted(read_by(manager)) == ["Anna has a seat.", "Bob has a seat."]
    with within(anna):
        seat_pass(seat=seat, person=friend.person, by=anna)
    assert read_by(manager) == ["Anna does not come any more."]
    with within(organiser):
        seat_move(seat=moves, to=there, by=organiser)
    assert sorted(read_by(manager)) == ["Bob does not come any more.", "Bob has a seat."]


def test_a_place_from_the_waiting_list(make_event, people, manager, member):
    event = make_event(copies_managers=True, capacity=1)
    first, waits = took(event, people[0]), took(event, people[1])
    assert read_by(manager) == ["Anna has a seat."]
    with within(people[0]):
        seat_cancel(seat=first, by=people[0])
    with within(people[1]):
        seat_answer(seat=waits, accept=True, by=people[1])
    assert read_by(manager) == ["Anna does not come any more.", "Bob has a seat."]


def test_what_becomes_of_the_event_is_said_once_for_all_their_people(make_event, people, manager, member, organiser):
    event = make_event(copies_managers=True)
    for person in (*people, member(name="Nobody's")):
        took(event, person)
    read_by(manager)
    with within(organiser):
        second = session_add(event=event, starts_at=LATER, ends_at=LATER + timedelta(hours=1), by=organiser)
        assert read_by(manager) == ["There is one more session. Of your people: Anna, Bob."]
    with within(organiser):
        session_change(session=second, place="Hall", by=organiser)
    assert read_by(manager) == [
        "Something about it has changed: look at the time and the place. Of your people: Anna, Bob."
    ]
    with within(organiser):
        session_remove(session=second, by=organiser)
    assert read_by(manager) == ["One of the sessions does not take place. Of your people: Anna, Bob."]
    with within(organiser):
        event_cancel(event=event, reason="Ill {today}", by=organiser)
        event_cancel(event=event, reason="Again", by=organiser)
    assert read_by(manager) == ["It does not take place: Ill {today} Of your people: Anna, Bob."]


def test_without_copies_a_manager_reads_nothing(make_event, people, manager, organiser):
    event = make_event()
    took(event, people[0])
    with within(organiser):
        session_change(session=Session.objects.get(), place="Hall", by=organiser)
        event_cancel(event=event, reason="Ill", by=organiser)
    assert read_by(manager) == []


def test_the_page_promises_it_to_who_has_a_manager_only(make_event, people, manager, member, browser_of):
    make_event(copies_managers=True, approval="manager")
    managed, alone = (browser_of(who).get("/events/first-aid/").text for who in (people[0], member()))
    assert ("Your manager is told" in managed, "Your manager says whether" in managed) == (True, True)
    assert "Your manager" not in alone
    assert "Whoever organises it says whether you come." in alone


def test_each_letter_says_which_day_it_is_about_and_what_was_lost(make_event, member, organiser):
    """Of a series all events have one title; who waited had no seat to lose."""
    event = make_event(capacity=1)
    seat, waits, last = took(event, member()), took(event, member()), took(event, member())

    def told(row: Seat, what: str) -> str:
        return Notice.objects.get(key=f"event:{row.pk}:{what}").body

    with within(organiser):
        seat_cancel(seat=seat, by=organiser)
        assert told(seat, "cancelled").startswith("Your seat was cancelled by who organises it.")
        offered = told(waits, "offered")
        until = timezone.localtime(Seat.objects.get(pk=waits.pk).offer_until, ZoneInfo("Europe/Amsterdam"))
        assert f"Answer before {until:%-d %B, %H:%M}, or it goes to the next." in offered
        seat_cancel(seat=waits, by=organiser)
        assert told(waits, "cancelled") == "Whoever organises it took you off the list."
        event_cancel(event=event, reason="Ill", by=organiser)
        for said in (told(seat, "cancelled"), offered, told(last, "off")):
            assert DAY in said


def test_a_copy_goes_when_the_letter_goes(make_event, people, manager):
    """Not as one ordinary letter a day, of which the second waits for a digest."""
    event = make_event(copies_managers=True)
    seats = [took(event, person) for person in people]
    settle(manager.environment)
    with within(people[0]):
        seat_cancel(seat=seats[0], by=people[0])
    with within(manager):
        letters = Mail.objects.filter(person_id=manager.person_id, kind="event-copy")
        assert [(mail.ordinary, mail.due_at <= timezone.now()) for mail in letters] == [(False, True)] * 3
