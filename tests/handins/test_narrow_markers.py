"""Whoever marks one group only: what of peer review and teams is not theirs to move. And whoever marks all, of their own work."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ecosystem.exceptions import EcosystemError
from ecosystem.models import Membership
from ecosystem.scope import open_scope
from ecosystem.services.delegations import delegation_grant
from ecosystem.services.groups import group_members_add, group_save
from handins.models import PeerPhase, Round, Team, TeamMember
from handins.selectors.queue import round_for, rounds_for
from handins.selectors.teams import teams_marked
from handins.services import round_start
from handins.services.double import independent_mark_give
from handins.services.peers import peer_plan_set, peers_open
from handins.services.peers_training import peer_sample_add
from handins.services.teams import team_join, team_leave, team_make
from tests.handins.conftest import levels, within

pytestmark = pytest.mark.django_db


@pytest.fixture
def inside(member):
    return member(name="Ines")


@pytest.fixture
def outside(member):
    return member(name="Otto")


@pytest.fixture
def narrow(member, inside):
    """Marks the work of the group that ``inside`` is in."""
    boss, narrow = member("admin", name="Bo"), member(name="Ned")
    with within(boss):
        group = group_save(name="Nights", by=boss)
        group_members_add(group=group, person_ids=[inside.person_id], by=boss)
        until = timezone.now() + timedelta(days=30)
        delegation_grant(person=narrow.person, powers=["mark"], reach="group", group=group, until=until, by=boss)
        return Membership.objects.select_related("person", "environment").get(pk=narrow.pk)


def test_they_do_not_open_the_peer_review_of_everybody(
    make_assignment, handed_in, author, marker, narrow, inside, outside
):
    assignment, now = make_assignment(), timezone.now()
    with within(author):
        days = {"opens_at": now + timedelta(days=2), "closes_at": now + timedelta(days=4)}
        peer_plan_set(assignment=assignment, by=author, is_on=True, each=1, **days)
    for one in (inside, outside):
        handed_in(assignment, one)
    with within(narrow), pytest.raises(EcosystemError, match="Only who marks"):
        peers_open(phase=PeerPhase.objects.get(), by=narrow)
    with within(marker):
        assert peers_open(phase=PeerPhase.objects.get(), by=marker) == 2


def test_they_put_nobody_into_a_team_of_others(make_assignment, marker, narrow, inside, outside):
    assignment = make_assignment(is_group=True)
    with within(marker):
        team = team_make(assignment=assignment, name="Blue", person_ids=[outside.person_id], by=marker)
    with within(narrow), pytest.raises(EcosystemError, match="Only who marks"):
        team_join(team=team, person_id=inside.person_id, by=narrow)
    with within(marker):
        assert list(TeamMember.objects.values_list("person_id", flat=True)) == [outside.person_id]


def test_a_team_that_they_empty_stays_theirs(make_assignment, marker, narrow, inside, outside, browser_of):
    assignment = make_assignment(title="Teams", is_group=True)
    with within(marker):
        for name, who in (("In", inside), ("Out", outside)):
            team_make(assignment=assignment, name=name, person_ids=[who.person_id], by=marker)
        team, seat = Team.objects.get(name="In"), TeamMember.objects.get(person_id=inside.person_id)
    desk, page, place = browser_of(narrow), "/reviewing/teams/teams/", f"/reviewing/teams/{team.uid}/"
    assert desk.post(place, {"do": f"leave:{seat.pk}"}).status_code == 302
    assert (">In<" in desk.get(page).text, ">Out<" in desk.get(page).text) == (True, False)
    assert desk.post(place, {"email": inside.person.email}).status_code == 302
    with within(inside):
        round_start(assignment=assignment, by=inside)
    with within(marker):
        seat = TeamMember.objects.get(person_id=inside.person_id)
    assert desk.post(place, {"do": f"leave:{seat.pk}"}).status_code == 302
    with within(narrow):
        assert list(teams_marked(narrow)) == [team], "it has begun, with work that they mark"


def test_an_empty_team_with_the_work_of_others_is_not_theirs(make_assignment, marker, narrow, outside):
    assignment = make_assignment(title="Teams", is_group=True)
    with within(marker):
        team = team_make(assignment=assignment, name="Out", person_ids=[outside.person_id], by=marker)
    with within(outside):
        round_start(assignment=assignment, by=outside)
    with within(marker):
        team_leave(team=team, person_id=outside.person_id, by=marker)
    with within(narrow):
        assert not teams_marked(narrow).exists()


def test_who_marks_all_reads_nothing_about_their_own_work_before_its_release(
    make_assignment, handed_in, marker, member, browser_of
):
    boss, second = member("admin", name="Bo"), member("instructor", name="Max")
    own = handed_in(make_assignment(is_double=True), boss)
    for one in (marker, second):
        with within(one):
            independent_mark_give(round=own, levels=levels(2, 2, 1, 1), comment="hidden words", by=one)
    desk = browser_of(boss)
    for door in ("independent", "verdict", "similarity"):
        answer = desk.get(f"/api/v1/handins/{own.uid}/{door}/")
        assert (answer.status_code, b"hidden words" in answer.content) == (403, False), door


def test_they_see_only_teams_with_somebody_they_mark_and_no_answers_of_samples(
    make_assignment, handed_in, marker, narrow, inside, outside, browser_of
):
    teams, practice = make_assignment(title="Teams", is_group=True), make_assignment(title="Practice")
    with within(marker):
        for name, who in (("In", inside), ("Out", outside)):
            team_make(assignment=teams, name=name, person_ids={who.person_id}, by=marker)
        said = {"levels": levels(2, 1, 1, 0), "comment": "The answer."}
        peer_sample_add(assignment=practice, title="A plan", text="My plan.", by=marker, **said)
    desk = browser_of(narrow)
    assert [row["name"] for row in desk.get("/api/v1/teams/").json()["results"]] == ["In"]
    page = desk.get("/reviewing/teams/teams/").text
    assert ("Ines" in page, "Otto" in page) == (True, False)
    with within(marker):
        other = Team.objects.get(name="Out")
    assert desk.post(f"/reviewing/teams/{other.uid}/", {"do": "remove"}).status_code == 404
    samples = "/api/v1/peer-samples/"
    assert [row["comment"] for row in desk.get(samples).json()["results"]] == [""]
    assert "The answer." not in desk.get("/reviewing/practice/samples/").text
    assert browser_of(marker).get(samples).json()["results"][0]["comment"] == "The answer."
    handed_in(practice, inside)
    assert [row["comment"] for row in desk.get(samples).json()["results"]] == ["The answer."]


def test_an_address_gives_the_work_of_the_list_and_no_other(
    make_assignment, handed_in, member, other, marker, narrow, inside, outside
):
    """Whoever marks everything reads it with SQL that is kept, others do not: both see what ``rounds_for`` says."""
    assignment = make_assignment()
    for one in (inside, outside, marker):
        handed_in(assignment, one)
    written = member(name="Wim")
    with within(written):
        round_start(assignment=assignment, by=written)
    stranger, admin = member("admin", environment=other), member("admin")
    seen: dict[str, set[str]] = {}
    with open_scope(environment_id=marker.environment_id):
        uids = list(Round.objects.values_list("uid", flat=True))
    assert len(uids) == 4
    for one in (marker, narrow, admin, outside, stranger):
        with within(one):
            listed = {row.uid: row for row in rounds_for(one)}
            found = {uid: row for uid in uids if (row := round_for(one, uid))}
            assert found == listed
            assert {uid: (row.called, row.is_hidden) for uid, row in found.items()} == {
                uid: (row.called, row.is_hidden) for uid, row in listed.items()
            }
            seen[one.person.name] = {row.person.name for row in found.values()}
    assert seen[marker.person.name] == {"Ines", "Otto"}
    assert seen[narrow.person.name] == {"Ines"}
    assert seen[admin.person.name] == {"Ines", "Otto", marker.person.name}
    assert not seen[outside.person.name] | seen[stranger.person.name]
