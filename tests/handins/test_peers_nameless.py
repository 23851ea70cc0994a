"""Peer review of work that is marked without names: whoever marks reads what peers say, and not whose work it is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from handins.models import PeerPhase, PeerReview, Round
from handins.selectors.peers_planned import allocation_preview
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
        assert name not in desk.get(f"/reviewing/peers/{row.uid}/").text
        assert desk.get(f"/api/v1/peer-reviews/{row.uid}/").json()["work"].startswith("Participant ")
        assert name not in desk.get(f"/reviewing/{row.round.uid}/").text.replace(row.person.name, "")
    page = desk.get("/reviewing/my-plan/peers/").text
    assert page.count("Participant ") >= 3


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
