"""Samples to practise on, what peers count for in a mark, and what a reviewer missed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ecosystem.exceptions import EcosystemError
from handins.models import Mark, PeerBlend, PeerPhase, PeerPlan, PeerSample, PeerTry, Round
from handins.selectors.peers import reviews_by
from handins.selectors.peers_missed import missed_of
from handins.selectors.peers_training import practice_of
from handins.selectors.peers_weighed import proposal_of, weighed
from handins.services import mark_give, rounds_release
from handins.services.exemplars import exemplar_answer, exemplar_ask
from handins.services.peers import peer_plan_set, peers_open
from handins.services.peers_reviewing import peer_review_exclude, peer_review_save, peer_review_send
from handins.services.peers_training import peer_sample_add, peer_sample_remove, peer_sample_try
from tests.handins.conftest import levels, within

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
WORDS = {"strengths": "Clear", "advice": "Shorter"}


@pytest.fixture
def running(make_assignment, author, member, handed_in, marker):
    """Four people who review two works each, now."""

    def make(**facts):
        assignment, now = make_assignment(), timezone.now()
        with within(author):
            peer_plan_set(
                assignment=assignment, by=author, is_on=True,
                **{"each": 2, "opens_at": now - HOUR, "closes_at": now + 40 * HOUR, **facts},
            )  # fmt: skip
        people = [member(name=f"Learner {n}") for n in range(4)]
        for one in people:
            handed_in(assignment, one)
        with within(marker):
            phase = PeerPhase.objects.get()
            peers_open(phase=phase, by=marker)
        return assignment, people, phase

    return make


def sample_of(assignment, marker, **said) -> PeerSample:
    with within(marker):
        facts = {
            "title": "A try",
            "text": "Words",
            "levels": levels(2, 2, 1, 0),
            "comments": {"3": "Nothing yet"},
            **said,
        }
        return peer_sample_add(assignment=assignment, by=marker, **facts)


def all_given(people, points) -> None:
    for one in people:
        with within(one):
            for row in reviews_by(one):
                peer_review_send(review=row, by=one, levels=levels(*points), comments={"0": f"From {one.pk}"}, **WORDS)


def over(author) -> None:
    with within(author):
        PeerPlan.objects.update(closes_at=timezone.now() - HOUR / 2)


def test_a_sample_is_made_by_who_marks(running, marker, make_assignment, author, member):
    assignment, people, _phase = running()
    for wrong in ({"title": " "}, {"text": ""}, {"levels": levels(1)}, {"levels": levels(9, 9, 9, 9)}):
        with pytest.raises(EcosystemError):
            sample_of(assignment, marker, **wrong)
    with pytest.raises(EcosystemError):
        sample_of(assignment, people[0])
    with pytest.raises(EcosystemError):
        sample_of(make_assignment(title="Bare", criteria=[]), marker)
    made = [sample_of(assignment, marker) for _n in range(3)]
    assert made[0].score == pytest.approx(0.625)
    with pytest.raises(EcosystemError):
        sample_of(assignment, marker)
    with within(people[0]):
        peer_sample_try(sample=made[0], levels=levels(0, 0, 0, 0), by=people[0])
        with pytest.raises(EcosystemError):
            peer_sample_remove(sample=made[0], by=people[0])
    with within(marker):
        for _time in range(2):
            peer_sample_remove(sample=made[0], by=marker)
        assert (PeerSample.objects.count(), PeerTry.objects.count()) == (2, 0)


def test_who_is_near_enough_may_review_and_who_has_tried_all(running, marker):
    assignment, people, phase = running(near=15)
    first, second = sample_of(assignment, marker), sample_of(assignment, marker, title="Another")
    good, bad = people[0], people[1]
    with within(good):
        row = reviews_by(good)[0]
        with pytest.raises(EcosystemError):
            peer_review_save(review=row, by=good, strengths="x")
        peer_sample_try(sample=first, levels=levels(2, 1, 1, 0), by=good)
        assert practice_of(good, phase.plan).is_ready
        peer_review_save(review=row, by=good, strengths="x")
    with within(bad):
        row = reviews_by(bad)[0]
        tried = peer_sample_try(sample=first, levels=levels(0, 0, 0, 0), by=bad)
        again = peer_sample_try(sample=first, levels=levels(2, 2, 1, 0), by=bad)
        assert again == tried, "the first one stays"
        assert again.score == 0
        assert not practice_of(bad, phase.plan).is_ready
        with pytest.raises(EcosystemError):
            peer_review_send(review=row, by=bad, levels=levels(1, 1, 1, 1), **WORDS)
        peer_sample_try(sample=second, levels=levels(0, 0, 0, 0), by=bad)
        assert practice_of(bad, phase.plan).is_ready
    with within(marker):
        found = weighed(phase).found.weights
        assert found[good.person_id].weight > 1 > found[bad.person_id].weight


def test_practising_on_pages(running, marker, browser_of, member):
    assignment, people, _phase = running(near=5)
    desk, here = browser_of(marker), f"/reviewing/{assignment.element.slug}/samples/"
    assert desk.get(here).status_code == 200
    body = {f"level_{n}": "2" for n in range(4)} | {"title": "Strong", "text": "A strong plan", "comment_0": "Careful"}
    assert desk.post(here, {**body, "text": ""}).status_code == 400
    assert desk.post(here, body).status_code == 302
    with within(people[0]):
        sample, row = PeerSample.objects.get(), reviews_by(people[0])[0]
    page, place = browser_of(people[0]), f"/handins/samples/{sample.uid}/"
    assert "Review a sample" in page.get("/handins/my-plan/peers/").content.decode()
    assert page.get(f"/handins/peers/{row.uid}/")["Location"] == "/handins/my-plan/peers/"
    assert page.get(f"/api/v1/peer-reviews/{row.uid}/").json()["text"] == ""
    shown = page.get(place).content.decode()
    assert "A strong plan" in shown
    assert "Careful" not in shown
    assert page.post(place, {"level_0": "1"}).status_code == 400
    assert page.post(place, {**{f"level_{n}": "2" for n in range(3)}, "level_3": "0", "words": "Hm"}).status_code == 302
    beside = page.get(place).content.decode()
    assert "You: no" in beside
    assert "Careful" in beside
    assert "On to the peer review" in beside, "all are tried"
    assert page.get(f"/handins/peers/{row.uid}/").status_code == 200
    assert page.get(f"/api/v1/peer-reviews/{row.uid}/").json()["text"] != ""
    assert page.post(f"/reviewing/samples/{sample.uid}/").status_code == 404
    assert page.get(here).status_code == 404
    assert desk.post(f"/reviewing/samples/{sample.uid}/").status_code == 302
    assert page.get(place).status_code == 404


def test_an_example_is_a_sample_while_its_maker_agrees(running, marker, handed_in, member):
    assignment, people, phase = running()
    maker = member(name="Old hand")
    round = handed_in(assignment, maker, text="A fine plan")
    with within(marker):
        mark_give(round=round, levels=levels(2, 2, 2, 2), by=marker)
        rounds_release(rounds=[round], by=marker)
        asked = exemplar_ask(round=round, by=marker)
    with pytest.raises(EcosystemError):
        sample_of(assignment, marker, text="", exemplar=asked)
    with within(maker):
        agreed = exemplar_answer(exemplar=asked, agrees=True, by=maker)
    sample_of(assignment, marker, text="", exemplar=agreed)
    with within(people[0]):
        assert not practice_of(people[0], phase.plan).is_ready
    with within(maker):
        exemplar_answer(exemplar=agreed, agrees=False, by=maker)
    with within(people[0]):
        assert practice_of(people[0], phase.plan).is_ready, "nothing is left to practise on"


def test_the_mark_is_mixed_by_who_marks_and_never_by_itself(running, marker, author, browser_of):
    """Peers 50%, the teacher 100%, all reviews given by equals: 60% of 100, 30% of 50, 10% of 100 make 85."""
    _assignment, people, _phase = running(share=30, quality=10)
    all_given(people, (1, 1, 1, 1))
    one = people[0]
    with within(marker):
        round = Round.objects.get(person_id=one.person_id)
        with pytest.raises(EcosystemError):
            mark_give(round=round, levels=levels(2, 2, 2, 2), by=marker)
    over(author)
    with within(marker):
        found = proposal_of(round, marker)
        assert (found.percent, found.reviewing, found.own, len(found.reviews)) == (50, 100, 60, 2)
        assert found.criteria[0] == ("Care", "some")
        assert Mark.objects.count() == 0
        mark = mark_give(round=round, levels=levels(2, 2, 2, 2), by=marker)
        assert (mark.percent, mark.passed) == (85, True)
        blend = PeerBlend.objects.get()
        assert (blend.given, blend.peers, blend.reviewing, blend.own) == (1.0, 0.5, 1.0, 60)
        assert mark_give(round=round, levels=levels(0, 0, 0, 0), by=marker).percent == 25
    desk, page = browser_of(marker), browser_of(one)
    shown = desk.get(f"/reviewing/{round.uid}/").content.decode()
    assert "What peers propose" in shown
    assert "counts 1.00 times" in shown
    assert "How the mark of round 1 was made" not in page.get("/handins/my-plan/peers/").content.decode()
    with within(marker):
        rounds_release(rounds=[round], by=marker)
    assert "How the mark of round 1 was made" in page.get("/handins/my-plan/peers/").content.decode()


def test_feedback_only_leaves_the_mark_alone(running, marker, author):
    _assignment, people, _phase = running()
    all_given(people, (1, 1, 1, 1))
    with within(marker):
        round = Round.objects.filter(person_id=people[0].person_id).get()
        assert mark_give(round=round, levels=levels(2, 2, 2, 2), by=marker).percent == 100
        assert PeerBlend.objects.count() == 0
        assert not proposal_of(round, marker).is_mixed


def test_what_is_left_out_counts_for_nothing_and_missing_reviews_cost_their_part(running, marker, author):
    _assignment, people, phase = running(quality=20)
    one, lazy = people[0], people[1]
    all_given([one, *people[2:]], (2, 2, 2, 2))
    with within(lazy):
        row = reviews_by(lazy)[0]
        peer_review_send(review=row, by=lazy, levels=levels(0, 0, 0, 0), **WORDS)
    over(author)
    with within(marker):
        before = weighed(phase)
        assert before.reviewing[lazy.person_id] < 0.5
        assert before.reviewing[one.person_id] > 0.69
        assert before.scores[row.round_id] < 1
        peer_review_exclude(review=row, because="Not serious", by=marker)
        after = weighed(phase)
        assert after.scores[row.round_id] == 1
        assert after.reviewing[lazy.person_id] == 0


def test_what_a_reviewer_missed_is_told_after_the_release(running, marker, author, browser_of):
    _assignment, people, _phase = running()
    all_given(people[:3], (2, 2, 2, 2))
    one = people[3]
    with within(one):
        row = reviews_by(one)[0]
        peer_review_send(review=row, by=one, levels=levels(2, 1, 2, 2), **WORDS)
    over(author)
    with within(marker):
        round = Round.objects.get(pk=row.round_id)
        mark_give(round=round, levels=levels(2, 0, 2, 2), comments={"1": "Nobody can read it"}, by=marker)
    page, place = browser_of(one), f"/handins/peers/{row.uid}/"
    assert "Nobody can read it" not in page.get(place).content.decode()
    with within(marker):
        rounds_release(rounds=[round], by=marker)
    shown = page.get(place).content.decode()
    assert "Nobody can read it" in shown
    assert row.round.text not in shown
    with within(one):
        found = missed_of(reviews_by(one).get(pk=row.pk))
        assert [criterion.is_missed for criterion in found] == [True, True, False, False]
        assert (found[1].mine, found[1].theirs) == ("some", "no")
        assert len(found[0].others) == 1
        assert found[0].others[0].startswith("From ")


def test_over_the_api(running, marker, author, browser_of, member):
    _assignment, people, _phase = running()
    api, desk, as_json = browser_of(people[0]), browser_of(marker), "application/json"
    place, body = (
        "/api/v1/peer-samples/",
        {"assignment": "my-plan", "title": "Try", "text": "Words", "levels": levels(2, 2, 2, 2)},
    )
    assert api.post(place, body, as_json).status_code == 403
    assert desk.post(place, {**body, "assignment": "none"}, as_json).status_code == 404
    assert desk.post(place, {**body, "levels": {}}, as_json).status_code == 400
    uid = desk.post(place, {**body, "comment": "Strong"}, as_json).json()["uid"]
    seen = api.get(f"{place}{uid}/").json()
    assert (seen["text"], seen["levels"], seen["comment"], seen["tried"]) == ("Words", {}, "", {})
    tried = api.post(f"{place}{uid}/attempt/", {"levels": levels(2, 2, 2, 1)}, as_json).json()
    assert (tried["comment"], tried["tried"]["3"], tried["levels"]["3"]) == ("Strong", 1, 2)
    assert api.delete(f"{place}{uid}/").status_code == 403
    assert desk.delete(f"{place}{uid}/").status_code == 204
    all_given(people, (1, 1, 1, 1))
    found = desk.get("/api/v1/peer-plans/my-plan/proposals/").json()
    assert [row["percent"] for row in found["proposals"]] == [50] * 4
    assert {row["weight"] for row in found["weights"]} == {1.0}
    assert api.get("/api/v1/peer-plans/my-plan/proposals/").status_code == 403
    with within(people[0]):
        row = reviews_by(people[0])[0]
    assert api.get(f"/api/v1/peer-reviews/{row.uid}/missed/").json() == []
    over(author)
    with within(marker):
        round = Round.objects.get(pk=row.round_id)
        mark_give(round=round, levels=levels(2, 1, 1, 1), by=marker)
        rounds_release(rounds=[round], by=marker)
    assert api.get(f"/api/v1/peer-reviews/{row.uid}/missed/").json()[0]["is_missed"] is True
    assert desk.get(f"/api/v1/peer-reviews/{row.uid}/missed/").status_code == 404
