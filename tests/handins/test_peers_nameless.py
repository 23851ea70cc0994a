"""Peer review of work that is marked without names: whoever marks reads what peers say, and not whose work it is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from handins.models import PeerPhase, PeerReview, PeerState, Round
from handins.selectors.peers_planned import allocation_preview
from handins.selectors.peers_weighed import proposals_of
from handins.selectors.similarity import hints_of
from handins.services.peers import peer_plan_set, peers_open
from handins.services.similarity import round_compare
from tests.handins.conftest import within

pytestmark = pytest.mark.django_db
SAID = "what I saw on that day when all of us were there until the very end of it and nobody had a word to say to the others"


@pytest.fixture
def people(make_assignment, author, member, handed_in):
    assignment, now = make_assignment(is_anonymous=True), timezone.now()
    hours = {"opens_at": now - timedelta(hours=1), "closes_at": now + timedelta(hours=40)}
    with within(author):
        peer_plan_set(assignment=assignment, by=author, is_on=True, each=1, **hours)
    people = [member(name=f"Learner {word}") for word in ("Ann", "Bob", "Cid")]
    for one in people:
        handed_in(assignment, one, text=SAID)
    return people


def test_who_marks_reads_no_makers_name(people, marker, browser_of):
    with within(marker):
        phase = PeerPhase.objects.get()
        shown = [title for _who, titles in allocation_preview(phase, marker).rows for title in titles]
        assert len(shown) == 3
        assert all(title.startswith("Participant ") for title in shown)
        peers_open(phase=phase, by=marker)
        rows = [(row, row.author.name) for row in PeerReview.objects.select_related("author", "person", "round")]
    desk = browser_of(marker)
    for row, name in rows:
        assert row.person.name not in desk.get(f"/reviewing/peers/{row.uid}/").text, "nor who reviews: never the maker"
        assert name not in desk.get(f"/reviewing/peers/{row.uid}/").text
        assert desk.get(f"/api/v1/peer-reviews/{row.uid}/").json()["work"].startswith("Participant ")
        assert not [one for one in people if one.person.name in desk.get(f"/reviewing/{row.round.uid}/").text]
    page = desk.get("/reviewing/my-plan/peers/").text
    assert page.count("Participant ") >= 3


def test_neither_reviewers_nor_the_order_of_reviews_tell_whose_it_is(people, marker, browser_of):
    """Allocation goes round a ring: the first work of a reviewer is that of who comes next."""
    with within(marker):
        phase = PeerPhase.objects.get()
        planned = [who for who, _titles in allocation_preview(phase, marker).rows]
        peers_open(phase=phase, by=marker)
        PeerReview.objects.update(state=PeerState.DONE, sent_at=timezone.now(), score=0.5, flag="Rude")
        rows = list(PeerReview.objects.order_by("pk"))
        weights = [one["person"] for one in proposals_of(phase, marker)[1]]
    assert rows == sorted(rows, key=lambda row: row.uid), "stored in an order that says nothing"
    desk = browser_of(marker)
    answered = desk.get("/api/v1/peer-reviews/").json()["results"]
    assert [one["uid"] for one in answered] == [str(row.uid) for row in rows]
    numbers = {one["reviewer"] for one in answered}
    assert len(numbers) == 3, "one each, the same everywhere"
    assert numbers == set(planned) == set(weights)
    assert all("T00:00:00" in one["sent_at"] for one in answered), "records say to the minute who gave a review"
    page = desk.get("/reviewing/my-plan/peers/").text
    assert page.count("Rude") == 3
    assert all(page.count(number) >= 2 for number in numbers)
    said = f"{answered} {page}"
    assert not [one for one in people if one.person.name in said or one.person.email in said]


def test_a_reviewer_without_a_name_can_be_taken_out(people, marker, browser_of):
    with within(marker):
        peers_open(phase=PeerPhase.objects.get(), by=marker)
        row = PeerReview.objects.earliest("pk")
    desk, place = browser_of(marker), "/reviewing/my-plan/peers/"
    assert f'name="of" value="{row.uid}"' in desk.get(place).text
    for unknown in ("", str(row.person_id), row.uid.hex[::-1]):
        assert desk.post(place, {"do": "drop", "of": unknown, "because": "Ill"}).status_code == 404
    assert desk.post(place, {"do": "drop", "of": str(row.uid), "because": "Ill"}).status_code == 302
    with within(marker):
        assert PeerReview.objects.get(pk=row.pk).state == PeerState.DROPPED


def test_alike_work_is_named_by_pseudonym(people, marker, browser_of):
    with within(marker):
        rounds = list(Round.objects.order_by("pk"))
        for round in rounds:
            round_compare(round=round)
        found = hints_of(rounds[0], marker)
    assert len(found.own) == 2
    assert all(one.other.called.startswith("Participant ") for one in found.own)
    desk = browser_of(marker)
    page = desk.get(f"/reviewing/similar/{found.own[0].uid}/").text
    assert page.count("<mark>") == 2
    assert not [one for one in people if one.person.name in page]


def test_over_the_api_too_a_reviewer_is_taken_out_by_a_review_and_not_by_name(people, marker, browser_of):
    """The number whose reviews are gone would be that of the address."""
    with within(marker):
        peers_open(phase=PeerPhase.objects.get(), by=marker)
        theirs = PeerReview.objects.get(person_id=people[0].person_id)
    desk, place = browser_of(marker), "/api/v1/peer-plans/my-plan/drop/"
    told = desk.post(place, {"person": people[0].person.email, "because": "Ill"}, "application/json")
    assert (told.status_code, "without names" in told.text) == (400, True)
    assert desk.post(place, {"review": str(theirs.uid), "because": "Ill"}, "application/json").json() == {"reviews": 1}
