"""Peer review: set, opened, given, read; and what nobody may do."""

from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ecosystem.exceptions import EcosystemError
from ecosystem.personal_data import declarations
from handins.models import PeerPhase, PeerPlan, PeerReview, PeerState, Round
from handins.selectors.peers import review_by, reviews_by, reviews_listed, reviews_of
from handins.services import handin_file_add, round_start, round_submit, round_withdraw
from handins.services.peers import peer_drop, peer_plan_set, peers_done, peers_due, peers_open
from handins.services.peers_reviewing import (
    peer_review_exclude,
    peer_review_flag,
    peer_review_helpful,
    peer_review_save,
    peer_review_send,
)
from handins.services.teams import team_make
from handins.tasks import look_at_peers
from notifications.models import Notice
from records.models import Statement
from tests.handins.conftest import HOUR, levels, pdf, within
from tests.handins.test_anonymous import a_pdf

pytestmark = pytest.mark.django_db
SAID = {"levels": levels(2, 1, 2, 0), "comments": {"0": "Kind"}, "strengths": "Clear", "advice": "Shorter"}


def over(phase, author) -> None:
    with within(author):
        PeerPlan.objects.filter(pk=phase.plan_id).update(closes_at=timezone.now() - HOUR / 2)


def test_a_plan_says_what_is_wrong_with_it(make_assignment, author, member):
    assignment, now = make_assignment(), timezone.now()
    fine = {"is_on": True, "opens_at": now, "closes_at": now + HOUR}
    for wrong in (
        {"closes_at": None}, {"opens_at": now + 2 * HOUR}, {"each": 0}, {"each": 11}, {"share": 60, "quality": 50},
        {"quality": 51},
    ):  # fmt: skip
        with within(author), pytest.raises(EcosystemError):
            peer_plan_set(assignment=assignment, by=author, **{**fine, **wrong})
    learner = member()
    with within(learner), pytest.raises(EcosystemError):
        peer_plan_set(assignment=assignment, by=learner, **fine)
    with within(author):
        assert PeerPlan.objects.count() == 0
        first = peer_plan_set(assignment=assignment, by=author, **fine)
        assert peer_plan_set(assignment=assignment, by=author, **fine) == first
        assert (first.each, first.is_anonymous, first.share, first.quality) == (3, True, 0, 0)


def test_the_task_opens_reminds_and_closes_once(planned, member, handed_in, author, env):
    assignment = planned(closes_at=timezone.now() + 20 * HOUR)
    people = [member() for _n in range(3)]
    for one in people[:1]:
        handed_in(assignment, one)
    look_at_peers()
    with within(author):
        assert PeerReview.objects.count() == 0, "one alone has nobody to review"
    for one in people[1:]:
        handed_in(assignment, one)
    for _time in range(2):
        look_at_peers()
        with within(author):
            assert PeerReview.objects.count() == 6
    with within(author):
        told = Notice.objects.filter(key__startswith="handin-peers")
        assert Counter(told.values_list("key", flat=True).distinct()).total() == told.count()
        phase = PeerPhase.objects.get()
        assert phase.reminded_at is not None, "the first look opened it, the second reminded"
    look_at_peers()
    with within(author):
        assert told.filter(key__contains=":remind:").count() == 3
    over(phase, author)
    assert [what for _e, _p, what in peers_due()] == ["close"]
    for _time in range(2):
        look_at_peers()
    with within(author):
        assert PeerPhase.objects.get().closed_at is not None
    assert peers_due() == []
    assert not peers_done(environment_id=env.pk, phase_id=phase.pk + 99, what="open")


def test_pages_read_the_reviews_of_the_person_of_the_assignment_and_no_other(running, make_assignment, author, marker):
    """With SQL that is kept, before and after the end: what ``reviews_by`` says."""
    assignment, people, phase = running()
    another = make_assignment(title="Another").element_id
    with within(people[0]):
        peer_review_send(review=reviews_by(people[0])[0], by=people[0], **SAID)
        uids = list(PeerReview.objects.values_list("uid", flat=True))
    for count in (2, 1):  # after the end one that was given stays
        for one in (*people, marker):
            with within(one):
                mine = list(reviews_by(one, element_id=assignment.element_id))
                assert len(mine) <= count
                assert reviews_listed(one, element_id=assignment.element_id) == mine
                assert reviews_listed(one, element_id=another) == []
                assert [row for uid in uids if (row := review_by(one, uid))] == sorted(
                    mine, key=lambda row: uids.index(row.uid)
                )
        with within(people[0]):
            assert len(reviews_by(people[0])) == count
        over(phase, author)


def test_a_review_is_kept_given_and_read_after_the_end(running, marker, author):
    _assignment, people, phase = running()
    one = people[0]
    with within(one):
        mine = list(reviews_by(one))
        assert len(mine) == 2
        assert {row.author_id for row in mine} < {other.person_id for other in people[1:]}
        kept = peer_review_save(review=mine[0], by=one, levels={"1": 1}, strengths="Good")
        assert (kept.levels, kept.state) == ({"1": 1}, PeerState.OPEN)
        for missing in ({"levels": levels(1, 1)}, {**SAID, "advice": " "}, {**SAID, "levels": {"0": 9}}):
            with pytest.raises(EcosystemError):
                peer_review_send(review=mine[0], by=one, **missing)
        given = peer_review_send(review=mine[0], by=one, **SAID)
        again = peer_review_send(review=mine[0], by=one, **{**SAID, "advice": "Longer"})
        assert (given.percent, again.advice, again.state) == (62, "Longer", PeerState.DONE)
        assert Statement.objects.filter(verb="commented", person_id=one.person_id).count() == 1
    whose = next(other for other in people if other.person_id == given.author_id)
    with within(whose):
        assert not reviews_of(whose).exists(), "read when the reviewing closes"
    over(phase, author)
    with within(whose):
        assert [row.advice for row in reviews_of(whose)] == ["Longer"]
        assert peer_review_helpful(review=given, is_helpful=True, by=whose).helpful is True
        assert peer_review_flag(review=given, because="Rude", by=whose).flag == "Rude"
        assert peer_review_flag(review=given, because="Other", by=whose).flag == "Rude"
    with within(one):
        assert [row.state for row in reviews_by(one)] == [PeerState.DONE], "their own copy"
        for act in (
            lambda: peer_review_save(review=given, by=one),
            lambda: peer_review_send(review=mine[1], by=one, **SAID),
        ):
            with pytest.raises(EcosystemError):
                act()
        with pytest.raises(EcosystemError):
            peer_review_helpful(review=given, is_helpful=True, by=one)
        with pytest.raises(EcosystemError):
            peer_review_exclude(review=given, because="No", by=one)
    with within(marker):
        peer_review_exclude(review=given, because="Not about the work", by=marker)
    with within(whose):
        assert not reviews_of(whose).exists()
    with within(marker):
        peer_review_exclude(review=given, because="", by=marker)
    with within(whose):
        assert reviews_of(whose).exists()


def test_read_at_once_it_stays(running):
    _assignment, people, _phase = running(at_once=True)
    one = people[0]
    with within(one):
        row = reviews_by(one)[0]
        peer_review_send(review=row, by=one, **SAID)
        with pytest.raises(EcosystemError):
            peer_review_send(review=row, by=one, **SAID)
    whose = next(other for other in people if other.person_id == row.author_id)
    with within(whose):
        assert reviews_of(whose).count() == 1


def test_work_under_review_stays_and_who_comes_late_joins(running, member, handed_in, marker):
    assignment, people, _phase = running()
    with within(people[0]), pytest.raises(EcosystemError):
        round_withdraw(round=Round.objects.get(person_id=people[0].person_id), by=people[0])
    late = member(name="Late")
    work = handed_in(assignment, late)
    with within(late):
        assert reviews_by(late).count() == 2
    with within(marker):
        assert PeerReview.objects.filter(round=work).count() == 2


def test_who_drops_out_is_replaced(running, marker, author):
    _assignment, people, phase = running()
    out = people[1]
    with within(out):
        done = reviews_by(out)[0]
        peer_review_send(review=done, by=out, **SAID)
    with within(people[0]), pytest.raises(EcosystemError):
        peer_drop(phase=phase, person_id=out.person_id, because="Ill", by=people[0])
    with within(marker):
        with pytest.raises(EcosystemError):
            peer_drop(phase=phase, person_id=out.person_id, because=" ", by=marker)
        assert peer_drop(phase=phase, person_id=out.person_id, because="Ill", by=marker) == 1
        assert peer_drop(phase=phase, person_id=out.person_id, because="Ill", by=marker) == 0
        for round in Round.objects.all():
            assert PeerReview.objects.filter(round=round).exclude(state=PeerState.DROPPED).count() == 2
    with within(out):
        assert list(reviews_by(out)) == [done]


def test_a_team_reviews_other_teams(planned, make_assignment, member, marker, handed_in):
    assignment = planned(make_assignment(is_group=True))
    people = [member() for _n in range(6)]
    with within(marker):
        for n in range(3):
            ids = [one.person_id for one in people[n * 2 : n * 2 + 2]]
            team_make(assignment=assignment, name=f"Team {n}", person_ids=ids, by=marker)
    for one in people[::2]:
        handed_in(assignment, one)
    with within(marker):
        peers_open(phase=PeerPhase.objects.get(), by=marker)
    for n, one in enumerate(people):
        with within(one):
            mine = [row.author_id for row in reviews_by(one)]
            assert sorted(mine) == sorted(other.person_id for k, other in enumerate(people[::2]) if k != n // 2)


def test_pages_hide_names_and_what_is_not_theirs(running, browser_of, member, marker, author, make_assignment):
    assignment, people, phase = running()
    one, stranger = people[0], member()
    with within(one):
        mine = list(reviews_by(one))
        others = PeerReview.objects.exclude(person_id=one.person_id)[0]
    page, here = browser_of(one), f"/handins/{assignment.element.slug}/peers/"
    listed = page.get(here).content.decode()
    assert "You have given 0 of 2" in listed
    assert not any(other.person.name in listed for other in people[1:])
    shown = page.get(f"/handins/peers/{mine[0].uid}/").content.decode()
    assert mine[0].round.text in shown
    assert mine[0].author.name not in shown
    body = {f"level_{n}": "1" for n in range(4)} | {"comment_0": "Kind", "strengths": "Clear", "advice": ""}
    assert page.post(f"/handins/peers/{mine[0].uid}/", {**body, "do": "save"}).status_code == 302
    assert page.post(f"/handins/peers/{mine[0].uid}/", {**body, "do": "send"}).status_code == 400
    done = page.post(f"/handins/peers/{mine[0].uid}/", {**body, "advice": "More", "do": "send"})
    assert done["Location"] == f"/handins/peers/{mine[1].uid}/"
    assert "You have given 1 of 2" in page.get(here).content.decode()
    for who in (page, browser_of(stranger)):
        assert who.get(f"/handins/peers/{others.uid}/").status_code == 404
        assert who.post(f"/handins/peers/{others.uid}/", {**body, "do": "send"}).status_code == 404
        assert who.get(f"/handins/peers/{others.uid}/1/").status_code == 404
    assert page.post(f"/handins/peers/{mine[0].uid}/answer/", {"do": "yes"}).status_code == 404
    assert page.get(f"/reviewing/{assignment.element.slug}/peers/").status_code == 404
    desk = browser_of(marker)
    seen = desk.get(f"/reviewing/{assignment.element.slug}/peers/").content.decode()
    assert all(other.person.name in seen for other in people)
    assert desk.get(f"/reviewing/peers/{mine[0].uid}/").status_code == 200
    assert desk.post(f"/reviewing/peers/{mine[0].uid}/", {"because": "Empty"}).status_code == 302
    over(phase, author)
    assert mine[1].round.text not in page.get(f"/handins/peers/{mine[0].uid}/").content.decode()
    assert page.get(f"/handins/peers/{mine[1].uid}/").status_code == 404, "not given in time"
    make_assignment(title="Other")
    assert page.get("/handins/other/peers/").status_code == 404


def test_files_have_no_names_of_people(planned, member, marker, browser_of):
    assignment = planned(each=1)
    people = [member(name="Zoe Secret"), member(name="Yan Secret")]
    for one in people:
        with within(one):
            draft = round_start(assignment=assignment, by=one)
            handin_file_add(round=draft, upload=pdf(f"{one.person.name}.pdf", a_pdf(one.person.name)), by=one)
            round_submit(round=draft, by=one)
    with within(marker):
        peers_open(phase=PeerPhase.objects.get(), by=marker)
    with within(people[0]):
        row = reviews_by(people[0]).get()
    page = browser_of(people[0])
    assert "Secret" not in page.get(f"/handins/peers/{row.uid}/").content.decode().replace("Zoe Secret", "")
    got = page.get(f"/handins/peers/{row.uid}/1/")
    assert got.status_code == 200
    assert got["Content-Disposition"] == 'attachment; filename="work-1-1.pdf"'
    assert b"Secret" not in got.content
    assert page.get(f"/handins/peers/{row.uid}/2/").status_code == 404
    assert browser_of(people[1]).get(f"/handins/peers/{row.uid}/1/").status_code == 404


def test_the_page_of_the_plan_and_the_preview(make_assignment, author, marker, member, handed_in, browser_of):
    assignment = make_assignment()
    desk, here = browser_of(author), f"/assignments/{assignment.element.slug}/peers/"
    now = timezone.localtime()
    body = {
        "is_on": "on", "each": "2", "opens_at": f"{now + 9 * HOUR:%Y-%m-%dT%H:%M}", "closes_at": f"{now + 90 * HOUR:%Y-%m-%dT%H:%M}",
        "is_anonymous": "on", "share": "0", "quality": "0", "near": "20",
    }  # fmt: skip
    assert desk.get(here).status_code == 200
    assert desk.post(here, {**body, "closes_at": ""}).status_code == 400
    assert desk.post(here, body).status_code == 302
    people = [member(name=f"Person {word}") for word in ("Ann", "Ben", "Cas")]
    for one in people:
        handed_in(assignment, one)
    watching, place = browser_of(marker), f"/reviewing/{assignment.element.slug}/peers/"
    page = watching.get(place).content.decode()
    assert "3 works, 3 people, 6 reviews." in page
    assert "Person Ben" in page
    with within(marker):
        assert PeerReview.objects.count() == 0
    assert watching.post(place, {"do": "open"}).status_code == 302
    with within(marker):
        assert PeerReview.objects.count() == 6
    assert f"Peer review of “{assignment.element.title}”" in watching.get("/reviewing/").content.decode()
    assert "To the peer review" in browser_of(people[0]).get("/handins/my-plan/").content.decode()
    assert "2 works of others wait for you." in browser_of(people[0]).get("/").content.decode()
    with within(author), pytest.raises(EcosystemError):
        peer_plan_set(assignment=assignment, by=author, is_anonymous=False)


def test_a_copy_of_ones_data_names_nobody_who_is_hidden(running, author):
    _assignment, people, phase = running()
    one = people[0]
    with within(one):
        row = reviews_by(one)[0]
        peer_review_send(review=row, by=one, **SAID)
        whose = next(other for other in people if other.person_id == row.author_id)
    with within(whose):
        facts = next(said for said in declarations() if said.model is PeerReview)
        rows = list(PeerReview.objects.filter(facts.rows(whose.person)).values())
        facts.withhold(whose.person, rows)
        mine = next(found for found in rows if found["id"] == row.pk)
        assert (mine["person_id"], mine["advice"]) == (None, None)
    over(phase, author)
    with within(whose):
        rows = list(PeerReview.objects.filter(facts.rows(whose.person)).values())
        facts.withhold(whose.person, rows)
        mine = next(found for found in rows if found["id"] == row.pk)
        assert (mine["person_id"], mine["advice"]) == (None, "Shorter")


def test_pages_ask_as_much_for_eight_as_for_four(running, browser_of, marker, member, handed_in):
    assignment, people, _phase = running(4)
    desk, page, place = browser_of(marker), browser_of(people[0]), assignment.element.slug
    asked = [
        (desk, f"/reviewing/{place}/peers/"),
        (page, f"/handins/{place}/peers/"),
        (page, "/api/v1/peer-reviews/"),
    ]

    def counts() -> list[int]:
        found = []
        for browser, address in asked:
            browser.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(address).status_code == 200
            found.append(len(queries))
        return found

    before = counts()
    for _n in range(4):
        handed_in(assignment, member())
    assert counts() == before
