"""Equipment: never more pieces at once than there are, whatever order sessions are planned in."""

import random
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecosystem.models import Membership
from ecosystem.scope import open_scope
from ecosystem.services.environments import environment_create
from ecosystem.services.people import member_add
from events.dealing import most_at_once
from events.exceptions import EventError
from events.models import EquipmentUse, Session
from events.services import (
    equipment_add,
    equipment_end,
    equipment_set,
    event_cancel,
    event_make,
    series_make,
    session_add,
    session_change,
    session_remove,
)
from tests.events.conftest import START, within
from tests.events.test_races import at_once, in_scope

HOUR = timedelta(hours=1)


@pytest.fixture
def laptops(organiser):
    with within(organiser):
        return equipment_add(name="Laptops", pieces=2, by=organiser)


@pytest.mark.django_db
def test_over_the_api(make_event, organiser, member, browser_of):
    make_event(dated=False)
    boss, one = browser_of(organiser), browser_of(member())

    def send(method, path, **said):
        return getattr(boss, method)(f"/api/v1/{path}", said, content_type="application/json")

    made = send("post", "equipment/", name="Laptops", pieces=2)
    assert (made.status_code, send("post", "equipment/", name="Laptops").status_code) == (201, 400)
    path = f"equipment/{made.json()['id']}/"
    times = {"starts_at": START.isoformat(), "ends_at": (START + HOUR).isoformat()}

    def wants(*pieces):
        return {"equipment": [{"equipment": made.json()["id"], "pieces": count} for count in pieces]}

    assert send("post", "events/first-aid/sessions/", **times, **wants(3)).status_code == 400
    assert send("post", "events/first-aid/sessions/", **times, **wants(1, 1)).status_code == 400
    session = send("post", "events/first-aid/sessions/", **times, **wants(2)).json()["id"]
    assert boss.get(f"/api/v1/event-sessions/{session}/equipment/").json() == wants(2)["equipment"]
    assert send("patch", path, pieces=1).status_code == 400
    assert send("patch", f"event-sessions/{session}/", place="Hall").status_code == 200
    assert [(lent["event"], lent["pieces"]) for lent in boss.get(f"/api/v1/{path}").json()["lent"]] == [
        ("first-aid", 2)
    ]
    assert send("delete", path).status_code == 400
    assert send("patch", f"event-sessions/{session}/", **wants(0)).status_code == 200
    assert send("patch", path, pieces=1).json()["pieces"] == 1
    assert send("delete", path).status_code == 204
    assert boss.get("/api/v1/equipment/").json()["results"] == []
    for closed in ("equipment/", f"event-sessions/{session}/equipment/"):
        assert one.get(f"/api/v1/{closed}").status_code in {403, 404}


def plan(event, organiser, *, at=0, hours=1, **facts):
    return session_add(
        event=event, starts_at=START + at * HOUR, ends_at=START + (at + hours) * HOUR, by=organiser, **facts
    )


@pytest.mark.django_db
def test_there_is_never_more_lent_than_there_is(make_event, organiser, laptops):
    one, two = make_event(dated=False), make_event(dated=False, title="Other")
    with within(organiser):
        plan(one, organiser, equipment={laptops.pk: 2})
        with pytest.raises(EventError, match="“Laptops”: 0 of 2 are free at that time"):
            plan(two, organiser, equipment={laptops.pk: 1})
        later_on = plan(two, organiser, at=1, equipment={laptops.pk: 1})
        with pytest.raises(EventError, match="0 of 2 are free"):
            session_change(session=later_on, starts_at=START, by=organiser)
        session_change(session=Session.objects.get(event=one), equipment={laptops.pk: 1}, by=organiser)
        session_change(session=later_on, starts_at=START, by=organiser)
        assert EquipmentUse.objects.count() == 2
        session_remove(session=later_on, by=organiser)
        assert EquipmentUse.objects.count() == 1


@pytest.mark.django_db
def test_pieces_are_dealt_anew_where_one_long_session_needs_the_same_all_along(make_event, organiser, laptops):
    """One has piece 1 in the morning, another piece 2 in the afternoon: there is still one for the whole day."""
    event = make_event(dated=False)
    with within(organiser):
        plan(event, organiser, at=0, equipment={laptops.pk: 1})
        filler = plan(event, organiser, at=1, equipment={laptops.pk: 1})
        plan(event, organiser, at=1, equipment={laptops.pk: 1})
        session_change(session=filler, equipment={}, by=organiser)
        plan(event, organiser, at=0, hours=2, equipment={laptops.pk: 1})
        assert EquipmentUse.objects.count() == 3


@pytest.mark.django_db
def test_a_cancelled_event_gives_back_equipment_room_and_trainer(make_event, organiser, laptops):
    one, two = make_event(dated=False), make_event(dated=False, title="Other")
    facts = {"equipment": {laptops.pk: 2}, "place": "Quay", "room": "Hall", "trainer": organiser.person}
    with within(organiser):
        plan(one, organiser, **facts)
        with pytest.raises(EventError):
            plan(two, organiser, **facts)
        event_cancel(event=one, reason="Storm", by=organiser)
        assert plan(two, organiser, **facts)


@pytest.mark.django_db
def test_a_series_has_it_each_time_and_leaves_out_days_without(make_event, organiser, laptops):
    one, other = make_event(dated=False), make_event(dated=False, title="Other")
    with within(organiser):
        plan(other, organiser, at=24, equipment={laptops.pk: 2})
        plan(one, organiser, equipment={laptops.pk: 1})
        series, left_out = series_make(event=one, frequency="daily", count=3, by=organiser)
        assert len(left_out) == 1
        assert EquipmentUse.objects.filter(session__event__series=series).count() == 2


@pytest.mark.django_db
def test_fewer_pieces_or_none_only_when_nobody_needs_them(make_event, organiser, laptops, member):
    event = make_event(dated=False)
    with within(organiser):
        plan(event, organiser, equipment={laptops.pk: 2})
        with pytest.raises(EventError, match="More than that are lent"):
            equipment_set(equipment=laptops, name="Laptops", pieces=1, by=organiser)
        with pytest.raises(EventError, match="Sessions that are still to come"):
            equipment_end(equipment=laptops, by=organiser)
        session_change(session=Session.objects.get(), equipment={}, by=organiser)
        equipment_end(equipment=laptops, by=organiser)
        with pytest.raises(EventError, match="no such equipment"):
            session_change(session=Session.objects.get(), equipment={laptops.pk: 1}, by=organiser)
        equipment_add(name="Laptops", by=organiser)
        with pytest.raises(EventError, match="with this name already"):
            equipment_add(name="Laptops", by=organiser)
    learner = member()
    with within(learner), pytest.raises(EventError, match="Only who organises"):
        equipment_add(name="Mine", by=learner)


@pytest.mark.django_db
def test_the_page_says_all_that_is_in_the_way(make_event, organiser, laptops, browser_of, member):
    one, two = make_event(dated=False, title="Driving"), make_event(dated=False, title="Other")
    make_event(dated=False, title="Third")
    begins = START.replace(hour=12, minute=0, second=0)
    with within(organiser):
        for event, facts in ((one, {"equipment": {laptops.pk: 2}}), (two, {"place": "Quay", "room": "Hall"})):
            session_add(event=event, starts_at=begins, ends_at=begins + HOUR, by=organiser, **facts)
    browser = browser_of(organiser)
    said = {
        "day": f"{begins:%Y-%m-%d}", "begins": "12:00", "ends": "13:00", "zone": "UTC" if str(begins.tzinfo) == "UTC" else "",
        "place": "Quay", "room": "Hall", f"equipment-{laptops.pk}": "1",
    }  # fmt: skip
    refused = browser.post("/organise/third/sessions/", said)
    assert refused.status_code == 400
    assert "In the way at that time" in refused.text
    assert "Driving" in refused.text
    assert "2 × Laptops" in refused.text
    assert "Other" in refused.text
    assert (
        browser.post(
            "/organise/third/sessions/", {**said, "place": "", "room": "", f"equipment-{laptops.pk}": ""}
        ).status_code
        == 302
    )
    assert "2 × Laptops" in browser.get("/organise/driving/").text
    assert "Driving" in browser.get(f"/organise/lending/{laptops.pk}/").text
    assert browser.post("/organise/lending/all/", {"name": "Car", "pieces": "1"}).status_code == 302
    assert browser.post("/organise/lending/all/", {"name": "Car", "pieces": "1"}).status_code == 400
    stranger = browser_of(member())
    assert stranger.get("/organise/lending/all/").status_code == 404
    assert stranger.get(f"/organise/lending/{laptops.pk}/").status_code == 404


@pytest.mark.django_db
def test_the_database_gives_no_piece_to_two_at_once(make_event, organiser, laptops):
    event = make_event(dated=False)
    with within(organiser):
        mine = plan(event, organiser, equipment={laptops.pk: 1})
        other = plan(event, organiser)
        with pytest.raises(IntegrityError), transaction.atomic():
            EquipmentUse.objects.create(
                environment_id=mine.environment_id, equipment=laptops, session=other, piece=1,
                starts_at=mine.starts_at, ends_at=mine.ends_at,
            )  # fmt: skip
            with transaction.get_connection().cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.fixture
def three(organiser):
    with within(organiser):
        return equipment_add(name="Beamers", pieces=3, by=organiser)


@pytest.mark.django_db
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_whatever_is_planned_changed_and_taken_away_it_fits_exactly_when_the_count_does(
    make_event, organiser, three, seed
):
    """The naive count over time is the judge: a session is refused if and only if more would be lent than there is."""
    chance = random.Random(seed)
    with transaction.atomic():
        event = make_event(dated=False)
        with within(organiser):
            for _step in range(25):
                begins = START + chance.randint(0, 9) * HOUR
                ends, count = begins + chance.randint(1, 4) * HOUR, chance.randint(1, 2)
                uses = list(EquipmentUse.objects.all())
                if uses and chance.random() < 0.25:
                    session_change(session=chance.choice(uses).session, equipment={}, by=organiser)
                    continue
                fits = most_at_once(uses, begins=begins, ends=ends) + count <= 3
                try:
                    session_add(event=event, starts_at=begins, ends_at=ends, equipment={three.pk: count}, by=organiser)
                except EventError:
                    assert not fits
                else:
                    assert fits
        transaction.set_rollback(True)


@pytest.fixture
def planners(own_database):
    here = environment_create(slug="lend", name="Lend", hosts=["lend.localhost"])
    with open_scope(environment_id=here.pk):
        boss = member_add(email="boss@example.org", name="Boss", roles=["manager"])
        events = [event_make(title=f"E{number}", zone="UTC", by=boss) for number in range(6)]
        return boss, events, equipment_add(name="Cars", pieces=2, by=boss)


def lent(boss: Membership) -> int:
    with open_scope(environment_id=boss.environment_id):
        return EquipmentUse.objects.count()


def test_planned_at_once_two_cars_go_to_two(planners):
    boss, events, cars = planners
    at_once([in_scope(boss, lambda event=event: plan(event, boss, equipment={cars.pk: 1})) for event in events])
    assert lent(boss) == 2


def test_without_the_lock_more_are_lent_than_there_are(planners):
    """The naive control: who counts first and writes then. With the piece left to chance the constraint would refuse it."""
    boss, events, cars = planners
    with open_scope(environment_id=boss.environment_id, person_id=boss.person_id):
        sessions = [plan(event, boss) for event in events]
    together = threading.Barrier(len(sessions))

    def naive(number: int, session: Session) -> None:
        free = EquipmentUse.objects.filter(equipment=cars).count() < cars.pieces
        together.wait(20)
        if free:
            EquipmentUse.objects.create(
                environment_id=session.environment_id, equipment=cars, session=session, piece=number + 1,
                starts_at=session.starts_at, ends_at=session.ends_at,
            )  # fmt: skip

    at_once([in_scope(boss, lambda n=n, s=s: naive(n, s)) for n, s in enumerate(sessions)])
    assert lent(boss) > cars.pieces
