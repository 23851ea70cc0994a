"""What a seat costs, who pays, and codes that are never used more often than they may be."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db.models import F

from ecosystem import clock
from ecosystem.models import Group, GroupMember
from ecosystem.scope import open_scope
from ecosystem.services.environments import environment_create
from ecosystem.services.people import member_add
from events.exceptions import EventError, TooManyTriesError
from events.models import Charge, EventCode, Seat, SeatState
from events.services import (
    charges_export,
    code_add,
    code_end,
    event_cancel,
    event_make,
    event_set,
    request_decide,
    seat_cancel,
    seat_change,
    seat_give,
    seat_move,
    seat_pass,
    seat_take,
    session_add,
)
from tests.events.conftest import START, later, within
from tests.events.test_races import at_once, in_scope

DOES_NOT_WORK = "does not work here"


@pytest.fixture
def dear(make_event):
    return make_event(price=Decimal("120.00"))


def invoiced(organiser, event=None) -> list[str]:
    with within(organiser):
        return "".join(charges_export(event=event, by=organiser)).splitlines()[1:]


@pytest.mark.django_db
def test_who_books_says_who_pays_and_finance_reads_it(dear, member, organiser):
    one = member(name="=Ada")
    with within(one):
        with pytest.raises(EventError, match="cost centre"):
            seat_take(event=dear, by=one)
        seat = seat_take(event=dear, cost_centre="-4711", by=one)
    with within(organiser):
        event_set(event=dear, price=Decimal(200), by=organiser)
    (line,) = invoiced(organiser)
    assert line.split(",")[0] == "First aid"
    assert line.split(",")[2:6] == ["'=Ada", one.person.email, "'-4711", "120.00"]
    with within(one):
        seat_cancel(seat=seat, by=one)
    assert invoiced(organiser) == []
    with within(one), pytest.raises(EventError, match="Only who organises"):
        charges_export(by=one)


@pytest.mark.django_db
def test_a_code_has_limits_and_is_refused_in_the_same_words(make_event, member, organiser):
    event, now = make_event(needs_code=True), clock.now()
    one, two, three = member(), member(), member()
    with within(organiser):
        crew = Group.objects.create(environment=organiser.environment, name="Crew")
        GroupMember.objects.create(environment=organiser.environment, group=crew, person=one.person)
        code_add(event=event, code="for-crew", group=crew, by=organiser)
        code_add(event=event, code="too-late", closes_at=now - timedelta(hours=1), by=organiser)
        code_add(event=event, code="too-soon", opens_at=now + timedelta(hours=1), by=organiser)
        ends = code_add(event=event, code="was-here", by=organiser)
        code_end(code=ends, by=organiser)
        twice = code_add(event=event, code="one-only", most=1, by=organiser)
        made = code_add(event=event, by=organiser)
        with pytest.raises(EventError, match="has that code already"):
            code_add(event=event, code="One-Only", by=organiser)
        with pytest.raises(EventError, match="From 6 to 40"):
            code_add(event=event, code="abc", by=organiser)
    assert len(made.code) == 10
    with within(two):
        with pytest.raises(EventError, match="needs a code"):
            seat_take(event=event, by=two)
        for wrong in ("for-crew", "too-late", "too-soon", "was-here", "nobody"):
            with pytest.raises(EventError, match=DOES_NOT_WORK):
                seat_take(event=event, code=wrong, by=two)
        mine = seat_take(event=event, code=" one-only ", by=two)
    with within(three), pytest.raises(EventError, match=DOES_NOT_WORK):
        seat_take(event=event, code="ONE-ONLY", by=three)
    with within(two):
        seat_cancel(seat=mine, by=two)
    with within(three):
        seat_take(event=event, code="ONE-ONLY", by=three)
    with within(one):
        seat_take(event=event, code="for-crew", by=one)
        assert EventCode.objects.get(pk=twice.pk).used == 1


@pytest.mark.django_db
def test_a_code_of_another_event_does_not_work(make_event, member, organiser):
    one, event, other = member(), make_event(needs_code=True), make_event(title="Other")
    with within(organiser):
        code_add(event=other, code="of-other", by=organiser)
    with within(one), pytest.raises(EventError, match=DOES_NOT_WORK):
        seat_take(event=event, code="of-other", by=one)


@pytest.mark.django_db
def test_a_code_makes_it_cheaper_or_free(dear, member, organiser):
    one, two = member(), member()
    with within(organiser):
        code_add(event=dear, code="half-off", price=Decimal(60), by=organiser)
        code_add(event=dear, code="is-free", price=Decimal(0), by=organiser)
    with within(one):
        seat_take(event=dear, code="half-off", cost_centre="A1", by=one)
    with within(two):
        seat_take(event=dear, code="is-free", by=two)
    (line,) = invoiced(organiser, dear)
    assert line.split(",")[5:8] == ["60.00", "EUR", "HALF-OFF"]


@pytest.mark.django_db
def test_the_price_goes_with_the_seat(dear, make_event, member, organiser):
    one, two, three = member(), member(email="two@example.org"), member()
    same = make_event(price=Decimal("80.00"))
    with within(organiser):
        code_add(event=dear, code="half-off", price=Decimal(60), most=1, by=organiser)
    with within(one):
        seat = seat_take(event=dear, code="half-off", cost_centre="A1", by=one)
        given = seat_pass(seat=seat, person=two.person, by=one)
        assert EventCode.objects.get().used == 1
    assert [line.split(",")[3:6] for line in invoiced(organiser)] == [["two@example.org", "A1", "60.00"]]
    with within(two):
        seat_change(seat=given, to=same, by=two)
        assert EventCode.objects.get().used == 0
    assert [line.split(",")[3:6] for line in invoiced(organiser)] == [["two@example.org", "A1", "80.00"]]
    with within(organiser):
        given = seat_give(event=dear, person=three.person, by=organiser)
        seat_move(seat=given, to=same, by=organiser)
        assert Charge.objects.filter(seat__state=SeatState.BOOKED).values_list("price", "cost_centre").count() == 2
        event_cancel(event=same, reason="Storm", by=organiser)
    assert invoiced(organiser) == []


@pytest.mark.django_db
def test_a_request_that_is_refused_gives_the_code_back(make_event, member, organiser):
    event, one, two = make_event(approval="organiser", price=Decimal(10)), member(), member()
    with within(organiser):
        code = code_add(event=event, code="one-only", most=1, by=organiser)
    with within(one):
        asked = seat_take(event=event, code="one-only", cost_centre="A1", by=one)
    assert invoiced(organiser) == []
    with within(organiser):
        request_decide(seat=asked, approve=False, reason="No", by=organiser)
    with within(two):
        again = seat_take(event=event, code="one-only", cost_centre="A2", by=two)
    with within(organiser):
        request_decide(seat=again, approve=True, by=organiser)
        assert EventCode.objects.get(pk=code.pk).used == 1
    assert len(invoiced(organiser)) == 1
    with later(days=1), within(two):
        seat_cancel(seat=again, by=two)
        assert EventCode.objects.get(pk=code.pk).used == 0


@pytest.mark.django_db
def test_on_the_pages(make_event, member, organiser, browser_of):
    make_event()
    boss, one = browser_of(organiser), browser_of(member())
    said = {"price": "120", "currency": "EUR", "needs_code": "on"}
    assert boss.post("/organise/first-aid/price/", said).status_code == 302
    assert boss.post("/organise/first-aid/price/", {**said, "price": "-1"}).status_code == 400
    assert boss.post("/organise/first-aid/price/", {"do": "add", "code": "spring-31", "most": "5"}).status_code == 302
    assert boss.post("/organise/first-aid/price/", {"do": "add", "code": "spring-31"}).status_code == 400
    assert "SPRING-31" in boss.get("/organise/first-aid/price/").text
    assert "A seat costs 120.00 EUR" in one.get("/events/first-aid/").text
    refused = one.post("/events/first-aid/", {"do": "take", "code": "wrong-one", "cost_centre": "A7"})
    assert refused.status_code == 400
    assert DOES_NOT_WORK in refused.text
    assert 'value="A7"' in refused.text
    assert one.post("/events/first-aid/", {"do": "take", "code": "spring-31", "cost_centre": "A7"}).status_code == 302
    assert "To be invoiced: 120.00 EUR, cost centre A7" in one.get("/events/first-aid/").text
    assert "120.00 EUR, A7" in boss.get("/organise/first-aid/").text
    for path in ("/organise/first-aid/price/seats.csv", "/organise/charges/seats.csv"):
        assert "A7,120.00,EUR,SPRING-31" in boss.get(path).text
        assert one.get(path).status_code == 404
    assert one.get("/organise/first-aid/price/").status_code == 404


@pytest.mark.django_db
def test_after_ten_codes_that_do_not_work_nobody_tries_on(make_event, member, organiser):
    event, one, two = make_event(needs_code=True), member(), member()
    with within(organiser):
        code_add(event=event, code="right-one", by=organiser)
    with within(one):
        for _wrong in range(10):
            with pytest.raises(EventError, match=DOES_NOT_WORK):
                seat_take(event=event, code="wrong-one", by=one)
        with pytest.raises(TooManyTriesError, match=r"Try again in \d+ minute"):
            seat_take(event=event, code="right-one", by=one)
        with pytest.raises(TooManyTriesError) as refused:
            seat_take(event=event, code="right-one", by=one)
        assert 0 < refused.value.wait <= 600
    with within(two):
        seat_take(event=event, code="right-one", by=two)


@pytest.mark.django_db
def test_while_nobody_can_count_no_code_is_tried(make_event, member, organiser, monkeypatch):
    event, one = make_event(needs_code=True), member()
    with within(organiser):
        code_add(event=event, code="right-one", by=organiser)
    monkeypatch.setattr(cache, "away_until", float("inf"))
    with within(one), pytest.raises(TooManyTriesError, match="Come back in a moment"):
        seat_take(event=event, code="right-one", by=one)


@pytest.mark.django_db
def test_guesses_over_the_api_are_told_to_wait(make_event, member, browser_of):
    make_event(needs_code=True)
    browser, said = browser_of(member()), {"event": "first-aid", "code": "wrong-one"}
    answers = [browser.post("/api/v1/seats/", said, content_type="application/json") for _try in range(11)]
    assert [answer.status_code for answer in answers] == [400] * 10 + [429]
    assert "Too many codes" in answers[-1].json()["detail"]
    assert 0 < int(answers[-1]["Retry-After"]) <= 600


@pytest.mark.django_db
def test_over_the_api(dear, member, browser_of):
    browser, said = browser_of(member()), {"event": "first-aid"}
    assert browser.get("/api/v1/events/first-aid/").json()["price"] == "120.00"
    refused = browser.post("/api/v1/seats/", said, content_type="application/json")
    assert (refused.status_code, "cost centre" in refused.text) == (400, True)
    made = browser.post("/api/v1/seats/", {**said, "cost_centre": "A1"}, content_type="application/json")
    assert made.status_code == 201


@pytest.fixture
def crowd(own_database):
    here = environment_create(slug="codes", name="Codes", hosts=["codes.localhost"])
    with open_scope(environment_id=here.pk):
        people = [member_add(email=f"p{n}@example.org", name=f"P{n}", roles=["learner"]) for n in range(8)]
        boss = member_add(email="boss@example.org", name="Boss", roles=["manager"])
        event = event_make(title="Race", zone="UTC", needs_code=True, by=boss)
        session_add(event=event, starts_at=START, ends_at=START + timedelta(hours=1), by=boss)
        code = code_add(event=event, code="three-of", most=3, by=boss)
    return event, people, code


def used(event, code) -> tuple[int, int]:
    with open_scope(environment_id=event.environment_id):
        return EventCode.objects.get(pk=code.pk).used, Seat.objects.filter(state__in=SeatState.living()).count()


def test_a_code_for_three_is_used_by_three_of_eight_at_once(crowd):
    event, people, code = crowd
    acts = [in_scope(p, lambda p=p: seat_take(event=event, code="three-of", by=p)) for p in people]
    at_once(acts * 2)
    assert used(event, code) == (3, 3)


def test_who_looks_first_and_counts_then_uses_it_too_often(crowd):
    """The naive control: without the lock, and the count written without looking at the limit in the database."""
    _event, people, code = crowd
    together, went = threading.Barrier(len(people)), []

    def naive(person) -> None:
        left = EventCode.objects.get(pk=code.pk).used < 3
        together.wait(20)
        if left:
            went.append(person)
            EventCode.objects.filter(pk=code.pk).update(used=F("used") + 1, most=None)

    at_once([in_scope(person, lambda person=person: naive(person)) for person in people])
    assert len(went) > 3
