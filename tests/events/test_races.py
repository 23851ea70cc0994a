"""Many want the same places at once: real connections, real commits. The naive control oversells, so this is a race."""

import random
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench import seats
from ecosystem import clock
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Membership
from ecosystem.scope import open_scope
from ecosystem.services.environments import environment_create
from ecosystem.services.people import member_add
from events.models import Event, Seat, SeatState
from events.services import (
    event_make,
    offers_end,
    seat_answer,
    seat_cancel,
    seat_change,
    seat_give,
    seat_move,
    seat_pass,
    seat_take,
    session_add,
)
from tests.events.conftest import START

PEOPLE, PLACES = 8, 3


@pytest.fixture
def crowd(own_database) -> tuple[Event, list[Membership]]:
    """An event with three places and eight people, all of it committed."""
    here = environment_create(slug="race", name="Race", hosts=["race.localhost"])
    with open_scope(environment_id=here.pk):
        people = [member_add(email=f"p{n}@example.org", name=f"P{n}", roles=["learner"]) for n in range(PEOPLE)]
        boss = member_add(email="boss@example.org", name="Boss", roles=["manager"])
        event = event_make(title="Race", zone="UTC", capacity=PLACES, by=boss)
        session_add(event=event, starts_at=START, ends_at=START + timedelta(hours=1), by=boss)
    return event, people


def at_once(acts: list[Callable[[], None]]) -> None:
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], None]) -> None:
        try:
            barrier.wait(20)
            act()
        except EcosystemError:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def in_scope(person: Membership, act: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        with open_scope(environment_id=person.environment_id, person_id=person.person_id):
            act()

    return run


def held(event: Event) -> tuple[int, int, int]:
    """Places taken as counted, seats that take one, people who wait."""
    with open_scope(environment_id=event.environment_id):
        rows = Seat.objects.filter(event=event)
        return (
            Event.objects.get(pk=event.pk).taken,
            rows.filter(state__in=SeatState.holding()).count(),
            rows.filter(state=SeatState.WAITING).count(),
        )


def test_the_naive_control_oversells(crowd):
    event, people = crowd
    together = threading.Barrier(PEOPLE)

    def naive(person: Membership) -> None:
        free = Seat.objects.filter(event=event, state=SeatState.BOOKED).count() < PLACES
        together.wait(20)
        if free:
            Seat.objects.create(
                environment_id=event.environment_id,
                event=event,
                person=person.person,
                state="booked",
                asked_at=clock.now(),
            )

    at_once([in_scope(person, lambda person=person: naive(person)) for person in people])
    assert held(event)[1] > PLACES


def test_f31_three_places_are_three_and_the_rest_wait(crowd):
    event, people = crowd
    at_once([in_scope(person, lambda person=person: seat_take(event=event, by=person)) for person in people] * 2)
    assert held(event) == (PLACES, PLACES, PEOPLE - PLACES)


def test_f32_places_that_come_free_at_once_go_to_those_who_waited_longest(crowd):
    event, people = crowd
    for person in people:
        in_scope(person, lambda person=person: seat_take(event=event, by=person))()
    with open_scope(environment_id=event.environment_id):
        mine = {seat.person_id: seat for seat in Seat.objects.all()}
    booked = [person for person in people if mine[person.person_id].state == SeatState.BOOKED]
    leaving = [in_scope(p, lambda p=p: seat_cancel(seat=mine[p.person_id], by=p)) for p in booked]
    at_once([*leaving, *leaving, *(in_scope(p, lambda p=p: seat_take(event=event, by=p)) for p in people)])
    with open_scope(environment_id=event.environment_id):
        rows = list(Seat.objects.filter(state__in=SeatState.living()).order_by("pk"))
    assert held(event)[:2] == (PLACES, PLACES)
    assert [row.state for row in rows[:PLACES]] == ["offered"] * PLACES
    assert {row.state for row in rows[PLACES:]} == {"waiting"}


@pytest.fixture
def hall(own_database) -> tuple[Membership, list[Membership]]:
    """An organiser and forty people, for the race of ``./grove bench seats``."""
    here = environment_create(slug="hall", name="Hall", hosts=["hall.localhost"])
    with open_scope(environment_id=here.pk):
        people = [member_add(email=f"p{n}@example.org", name=f"P{n}", roles=["learner"]) for n in range(40)]
        return member_add(email="boss@example.org", name="Boss", roles=["manager"]), people


def test_a_dozen_races_break_no_promise(hall):
    """Of the control below four are enough; ``./grove bench seats`` runs many more."""
    boss, people = hall
    found = seats.Found()
    with seats.Crew(8) as crew:
        for seed in range(12):
            event = seats.event_for(boss, places=5)
            found += seats.race(event=event, people=people, seed=seed, crew=crew)
    assert found.is_good, found
    assert found.booked == 12 * 5
    assert found.cancelled


def test_the_same_race_without_the_lock_oversells(hall):
    boss, people = hall
    found = seats.Found()
    with seats.Crew(8) as crew:
        for seed in range(4):
            event = seats.event_for(boss, places=5)
            found += seats.race(event=event, people=people, seed=seed, crew=crew, naive=True)
    assert found.oversold


def test_two_who_move_and_pass_seats_at_once_lose_none(crowd):
    """Two events, everybody moves from one to the other and back, passes on and cancels: the counts stay those of the rows."""
    event, people = crowd
    with open_scope(environment_id=event.environment_id):
        boss = Membership.objects.select_related("person").get(person__email="boss@example.org")
        other = event_make(title="Other", zone="UTC", capacity=PLACES, by=boss)
        session_add(event=other, starts_at=START, ends_at=START + timedelta(hours=1), by=boss)
        for person in people[:PLACES]:
            seat_take(event=event, by=person)
        for person in people[PLACES : PLACES + 2]:
            seat_take(event=other, by=person)
        booked = list(Seat.objects.filter(state=SeatState.BOOKED).select_related("person"))
    both = {event.pk: other, other.pk: event}
    by = {person.person_id: person for person in people}

    def move(seat: Seat) -> Callable[[], None]:
        return in_scope(boss, lambda: seat_move(seat=seat, to=both[seat.event_id], by=boss))

    def give_on(seat: Seat) -> Callable[[], None]:
        mine = by[seat.person_id]
        return in_scope(mine, lambda: seat_pass(seat=seat, person=people[-1].person, by=mine))

    at_once([act(seat) for seat in booked for act in (move, give_on)])
    for one in (event, other):
        taken, holding, _waiting = held(one)
        assert taken == holding <= PLACES
    with open_scope(environment_id=event.environment_id):
        rows = Seat.objects.filter(state__in=SeatState.living()).values_list("event_id", "person_id")
        assert len(rows) == len(set(rows)) == len(booked)


def test_who_moves_to_the_last_place_of_another_date_at_once_gets_it_once_and_the_others_keep_theirs(crowd):
    event, people = crowd
    with open_scope(environment_id=event.environment_id):
        boss = Membership.objects.select_related("person").get(person__email="boss@example.org")
        other = event_make(title="Race", zone="UTC", capacity=2, by=boss)
        session_add(event=other, starts_at=START, ends_at=START + timedelta(hours=1), by=boss)
        mine = {person.person_id: seat_take(event=event, by=person) for person in people[:PLACES]}
        seat_take(event=other, by=people[-1])
    movers = [in_scope(p, lambda p=p: seat_change(seat=mine[p.person_id], to=other, by=p)) for p in people[:PLACES]]
    backs = [in_scope(boss, lambda: seat_move(seat=mine[people[0].person_id], to=other, by=boss))]
    at_once(movers * 2 + backs)
    assert held(other) == (2, 2, 0)
    assert held(event) == (PLACES - 1, PLACES - 1, 0)


@pytest.fixture
def five(member) -> list[Membership]:
    return [member() for _number in range(5)]


@pytest.mark.django_db
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), places=st.integers(1, 3))
def test_whatever_people_do_places_are_counted_and_nobody_overtakes(env, five, organiser, make_event, seed, places):
    """Random acts of five people and an organiser; after each: the count is right, the limit holds, the queue is a queue."""
    chance = random.Random(seed)
    here, people, boss = env, five, organiser
    with transaction.atomic():
        event = make_event(capacity=places, offer_hours=2)
        at, offered_before = clock.now(), set()
        for _step in range(14):
            at += timedelta(minutes=chance.choice([1, 50]))
            person, wish = (
                chance.choice(people),
                chance.choice(["take", "take", "cancel", "accept", "decline", "give", "end"]),
            )
            with clock.at(at):
                with open_scope(environment_id=here.pk, person_id=person.person_id):
                    mine = Seat.objects.filter(person_id=person.person_id, state__in=SeatState.living()).first()
                    waiting = list(Seat.objects.filter(state="waiting").order_by("pk").values_list("pk", flat=True))
                    try:
                        with transaction.atomic():
                            if wish == "take":
                                seat_take(event=event, by=person)
                            elif wish == "cancel" and mine:
                                seat_cancel(seat=mine, by=person)
                            elif wish in ("accept", "decline") and mine:
                                seat_answer(seat=mine, accept=wish == "accept", by=person)
                            elif wish == "give":
                                seat_give(event=event, person=person.person, beyond=True, reason="Guest", by=boss)
                    except EcosystemError:
                        pass
                if wish == "end":
                    offers_end(environment_id=here.pk)
            with open_scope(environment_id=here.pk):
                now = Event.objects.get()
                rows = Seat.objects.all()
                assert now.taken == rows.filter(state__in=SeatState.holding()).count()
                assert now.taken <= now.capacity + now.overbooked
                assert not (now.free and rows.filter(state="waiting").exists())
                offered = set(rows.filter(state="offered").values_list("pk", flat=True)) - offered_before
                new = sorted(offered & set(waiting))
                left = [pk for pk in waiting if rows.filter(pk=pk, state="waiting").exists()]
                assert not new or not left or new[-1] < left[0]
                offered_before = set(rows.filter(state="offered").values_list("pk", flat=True))
        transaction.set_rollback(True)
