"""The API of events to who has no right to it: a role that is missing is 403 for every address, what is not one's own is 404."""

import uuid

import pytest

from ecosystem.models import Element
from events.models import Seat, Session
from events.services import equipment_add, seat_take
from tests.events.conftest import within

pytestmark = pytest.mark.django_db


def test_without_the_role_nobody_learns_what_is_there(make_event, organiser, member, browser_of):
    with within(organiser):
        there = equipment_add(name="Laptops", by=organiser)
    learner = browser_of(member())
    answers = [learner.get(f"/api/v1/{path}") for path in ("equipment/", f"equipment/{there.pk}/", "equipment/999999/")]
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.content for answer in answers}) == 1


def test_what_is_not_there_and_what_is_not_ones_own_look_the_same(make_event, organiser, member, other, browser_of):
    event, owner = make_event(), member()
    with within(owner):
        seat = seat_take(event=event, by=owner)
    with within(organiser):
        session = Session.objects.get()
    for who in (member(), member("admin", environment=other)):
        own = browser_of(who)
        said = [own.get(f"/api/v1/seats/{uid}/") for uid in (seat.uid, uuid.uuid4())]
        said += [own.post(f"/api/v1/seats/{uid}/cancel/", {}, "application/json") for uid in (seat.uid, uuid.uuid4())]
        assert {answer.status_code for answer in said} == {404}
        assert {answer.json()["detail"] for answer in said} == {
            "There is nothing here that you may see."
        }  # and no name of a table
    stranger = browser_of(member("admin", environment=other))
    for pk in (session.pk, 999_999):
        answer = stranger.post(f"/api/v1/event-sessions/{pk}/attendance/", {"marks": []}, "application/json")
        assert (answer.status_code, answer.json()["detail"]) == (404, "There is nothing here that you may see.")


def test_who_may_not_mark_reads_who_may(make_event, organiser, member, browser_of):
    make_event()
    with within(organiser):
        session = Session.objects.get()
    answer = browser_of(member()).post(
        f"/api/v1/event-sessions/{session.pk}/attendance/", {"marks": []}, "application/json"
    )
    assert (answer.status_code, answer.json()["detail"]) == (
        403, "Only who organises events, or trains here, can do that.",
    )  # fmt: skip


def test_a_hidden_event_is_there_for_who_organises_only(make_event, organiser, member, browser_of):
    event, learner = make_event(), browser_of(member())
    with within(organiser):
        Element.objects.filter(pk=event.element_id).update(visibility="private")
    page = f"/events/{event.element.slug}/"
    assert [learner.get(page).status_code, learner.post(page, {"do": "take"}).status_code] == [404, 404]
    assert browser_of(organiser).get(page).status_code == 200
    with within(organiser):
        Element.objects.filter(pk=event.element_id).update(visibility="members")
        assert not Seat.objects.exists()
    assert learner.get(page).status_code == 200
