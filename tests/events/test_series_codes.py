"""Codes that work for every event of a series, which are counted together."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError

from ecosystem.scope import open_scope
from ecosystem.services.environments import environment_create
from ecosystem.services.people import member_add
from events.exceptions import EventError
from events.models import Charge, Event, EventCode
from events.services import (
    charging,
    code_add,
    code_end,
    event_cancel,
    event_make,
    seat_cancel,
    seat_change,
    seat_move,
    seat_take,
    series_cancel,
    series_make,
    session_add,
)
from events.services.charging import codes_of
from tests.events.conftest import START, within
from tests.events.test_prices import used
from tests.events.test_races import at_once, in_scope

DOES_NOT_WORK = "does not work here"


@pytest.fixture
def weekly(make_event, organiser):
    """Two events of a series that needs a code."""
    first = make_event(needs_code=True)
    with within(organiser):
        series_make(event=first, frequency="weekly", count=2, by=organiser)
        return list(Event.objects.select_related("element").order_by("pk"))


@pytest.mark.django_db
def test_a_code_of_a_series_works_for_each_of_its_events_and_counts_them_together(
    weekly, make_event, member, organiser
):
    (first, second), other = weekly, make_event(title="Other", needs_code=True)
    one, two = member(), member()
    with within(organiser):
        code = code_add(event=second, code="all-of-it", most=2, for_series=True, by=organiser)
        for event in weekly:
            with pytest.raises(EventError, match="has that code already"):
                code_add(event=event, code="all-of-it", by=organiser)
        with pytest.raises(EventError, match="in no series"):
            code_add(event=other, for_series=True, by=organiser)
    with within(one):
        seats = [seat_take(event=event, code="all-of-it", by=one) for event in weekly]
        with pytest.raises(EventError, match=DOES_NOT_WORK):
            seat_take(event=other, code="all-of-it", by=one)
    with within(two), pytest.raises(EventError, match=DOES_NOT_WORK):
        seat_take(event=second, code="all-of-it", by=two)
    with within(one):
        seat_cancel(seat=seats[0], by=one)
        assert EventCode.objects.get(pk=code.pk).used == 1
    with within(two):
        seat_take(event=first, code="all-of-it", by=two)
    with within(organiser):
        event_cancel(event=first, reason="Storm", by=organiser)
        assert EventCode.objects.get(pk=code.pk).used == 1
        code_end(code=code, by=organiser)
    with within(two), pytest.raises(EventError, match=DOES_NOT_WORK):
        seat_take(event=second, code="all-of-it", by=two)


@pytest.mark.django_db
def test_a_code_of_a_series_goes_along_to_another_date(weekly, member, organiser):
    first, second = weekly
    one = member()
    with within(organiser):
        code = code_add(event=first, code="all-of-it", most=1, for_series=True, by=organiser)
        Event.objects.filter(pk=second.pk).update(needs_code=True, price=Decimal("4.00"))
    with within(one):
        seat = seat_take(event=first, code="all-of-it", by=one)
        moved = seat_change(seat=seat, to=second, by=one)
        assert (Charge.objects.get(seat=moved).code_id, EventCode.objects.get().used) == (code.pk, 1)
    with within(organiser):
        back = seat_move(seat=moved, to=first, by=organiser)
        assert (Charge.objects.get(seat=back).code_id, EventCode.objects.get().used) == (code.pk, 1)


@pytest.mark.django_db
def test_a_code_of_one_event_is_not_given_to_its_series(weekly, organiser):
    with within(organiser):
        own = code_add(event=weekly[1], code="vip-2026", by=organiser)
        with pytest.raises(EventError, match="Another event of the series"):
            code_add(event=weekly[0], code="vip-2026", for_series=True, by=organiser)
        code_add(event=weekly[1], code="everybody", for_series=True, by=organiser)
        assert codes_of(event=weekly[1]).first() == own


@pytest.mark.django_db
def test_a_series_that_is_cancelled_gives_its_codes_back(weekly, member, organiser):
    one = member()
    with within(organiser):
        code = code_add(event=weekly[0], for_series=True, by=organiser)
    with within(one):
        for event in weekly:
            seat_take(event=event, code=code.code, by=one)
    with within(organiser):
        series_cancel(event=weekly[0], reach="all", reason="Storm", by=organiser)
        assert EventCode.objects.get().used == 0


@pytest.mark.django_db
def test_codes_over_the_api(weekly, member, organiser, browser_of):
    boss, slug = browser_of(organiser), weekly[0].element.slug

    def add(**said):
        return boss.post("/api/v1/event-codes/", {"event": slug, **said}, content_type="application/json")

    made = add(code="spring-31", most=5, price="9.50", for_series=True)
    assert (made.status_code, made.json()["series"], made.json()["event"]) == (201, weekly[0].series_id, None)
    own = add(group=None)
    assert (own.json()["event"], len(own.json()["code"])) == (slug, 10)
    assert [add(**wrong).status_code for wrong in ({"code": "no"}, {"group": "None such"}, {"code": "SPRING-31"})] == [
        400
    ] * 3
    assert boss.get("/api/v1/event-codes/").json()["results"] == [own.json(), made.json()]
    path = f"/api/v1/event-codes/{made.json()['id']}/"
    assert boss.get(path).json()["code"] == "SPRING-31"
    assert [boss.delete(path).status_code for _twice in range(2)] == [204, 404]
    assert browser_of(member()).get("/api/v1/event-codes/").status_code in {403, 404}


@pytest.mark.django_db
def test_a_code_for_the_series_on_the_page(weekly, organiser, browser_of):
    boss, slugs = browser_of(organiser), [one.element.slug for one in weekly]
    said = {"do": "add", "code": "spring-31", "for_series": "on"}
    assert boss.post(f"/organise/{slugs[0]}/price/", said).status_code == 302
    assert "Every event of the series" in boss.get(f"/organise/{slugs[1]}/price/").text
    with within(organiser):
        number = EventCode.objects.get().pk
    assert boss.post(f"/organise/{slugs[1]}/price/", {"do": "end", "number": number}).status_code == 302
    assert "SPRING-31" not in boss.get(f"/organise/{slugs[0]}/price/").text


@pytest.fixture
def two_crowds(own_database):
    here = environment_create(slug="codes", name="Codes", hosts=["codes.localhost"])
    with open_scope(environment_id=here.pk):
        people = [member_add(email=f"p{n}@example.org", name=f"P{n}", roles=["learner"]) for n in range(6)]
        boss = member_add(email="boss@example.org", name="Boss", roles=["manager"])
        event = event_make(title="Race", zone="UTC", needs_code=True, by=boss)
        session_add(event=event, starts_at=START, ends_at=START + timedelta(hours=1), by=boss)
        series_make(event=event, frequency="daily", count=2, by=boss)
        code = code_add(event=event, code="three-of", most=3, for_series=True, by=boss)
        return list(Event.objects.order_by("pk")), people, code


def test_a_code_of_a_series_holds_when_two_events_are_booked_at_once(two_crowds):
    events, people, code = two_crowds
    at_once([in_scope(p, lambda p=p, e=e: seat_take(event=e, code="three-of", by=p)) for p in people for e in events])
    assert used(events[0], code) == (3, 3)


def test_without_the_row_of_the_series_two_take_its_last_use(two_crowds, monkeypatch):
    """The naive control: both look before either counts, and only the constraint of the database refuses one."""
    events, (first, *pair, _four, _five, _six), code = two_crowds
    for event in events:
        in_scope(first, lambda event=event: seat_take(event=event, code="three-of", by=first))()
    together, went, refused = threading.Barrier(2), [], []

    def looked(*said):
        went.append(works(*said))
        together.wait(60)
        return went[0]

    def take(person, event) -> None:
        try:
            seat_take(event=event, code="three-of", by=person)
        except IntegrityError as error:
            refused.append(str(error))

    works = charging._works
    monkeypatch.setattr(charging, "_works", looked)
    monkeypatch.setattr(charging, "series_held", lambda **_row: None)
    acts = zip(pair, events, strict=True)
    at_once([in_scope(person, lambda person=person, event=event: take(person, event)) for person, event in acts])
    assert went == [True, True]
    assert ["event_code_never_overused" in said for said in refused] == [True]
    assert used(events[0], code) == (3, 3)
