"""Work of a team: one draft, one mark for all, and each with a result, a record and a copy of their own."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecosystem.exceptions import EcosystemError
from ecosystem.models import Erasure, Person
from ecosystem.services.erasure import erasure_ask, erasure_confirm, erasure_run
from ecosystem.services.groups import group_member_put, group_save
from handins.models import Adjustment, Round, RoundState, Share, Submission, Team, TeamMember
from handins.selectors import passed_assignments
from handins.selectors.queue import rounds_for
from handins.services import (
    assignment_set,
    handin_file_add,
    mark_give,
    round_save,
    round_start,
    round_submit,
    round_withdraw,
    rounds_allocate_balanced,
    rounds_release,
)
from handins.services.results import adjustment_give
from handins.services.teams import team_join, team_leave, team_make, team_remove, teams_draw, teams_from_groups
from records.models import Statement
from tests.handins.conftest import levels, pdf, within

pytestmark = pytest.mark.django_db


@pytest.fixture
def lea(member):
    return member(name="Lea")


@pytest.fixture
def tom(member):
    return member(name="Tom")


@pytest.fixture
def desk(make_assignment, marker, lea, tom):
    """(assignment, team of Lea and Tom)"""
    assignment = make_assignment(is_group=True)
    with within(marker):
        team = team_make(assignment=assignment, name="Blue", person_ids=[lea.person_id, tom.person_id], by=marker)
    return assignment, team


def written(assignment, person, text="Ours."):
    with within(person):
        draft = round_start(assignment=assignment, by=person)
        return round_save(round=draft, text=text, seen=draft.saved_at, by=person)


def told(person, verb):
    with within(person):
        return Statement.objects.filter(person_id=person.person_id, verb=verb).count()


def judged(round, marker, *points):
    with within(marker):
        mark_give(round=round, levels=levels(*(points or (2, 2, 1, 1))), by=marker)
        rounds_release(rounds=[round], by=marker)


def test_one_work_one_mark_and_a_result_for_each(desk, lea, tom, marker, member):
    assignment, _team = desk
    draft = written(assignment, lea)
    with within(tom):
        assert round_start(assignment=assignment, by=tom) == draft, "the same draft"
        handin_file_add(round=draft, upload=pdf(), by=tom)
        round_submit(round=draft, by=tom)
        assert set(Share.objects.values_list("person_id", "text")) == {
            (lea.person_id, "Ours."), (tom.person_id, "Ours."),
        }  # fmt: skip
    stranger = member(name="Eve")
    with within(stranger), pytest.raises(EcosystemError, match="in none"):
        round_start(assignment=assignment, by=stranger)
    assert (told(lea, "submitted"), told(tom, "submitted"), told(stranger, "submitted")) == (1, 1, 0)
    judged(draft, marker)
    for one in (lea, tom):
        assert [told(one, verb) for verb in ("returned", "passed", "completed")] == [1, 1, 1]
        with within(one):
            own = Submission.objects.get(person_id=one.person_id, team=None)
            assert (own.score, own.passed) == (0.75, True)
            assert [made.title for made in passed_assignments(one)] == ["My plan"]


def test_one_of_them_gets_less_with_a_reason_that_only_they_read(desk, lea, tom, marker, browser_of):
    assignment, _team = desk
    draft = written(assignment, lea)
    with within(lea):
        round_submit(round=draft, by=lea)
    with within(marker):
        with pytest.raises(EcosystemError, match="Say why"):
            adjustment_give(round=draft, person_id=tom.person_id, points=-20, because=" ", by=marker)
        with pytest.raises(EcosystemError, match="no part"):
            adjustment_give(round=draft, person_id=marker.person_id, points=-20, because="Absent", by=marker)
    desk_of = browser_of(marker)
    said = {"person": str(tom.person_id), "points": "-20", "because": "Came twice"}
    assert desk_of.post(f"/reviewing/{draft.uid}/adjust/", said).status_code == 302
    assert b"Came twice" not in browser_of(tom).get("/handins/my-plan/").content, "nothing before the release"
    judged(draft, marker)
    with within(tom):
        own = {one.person_id: (one.score, one.passed) for one in Submission.objects.filter(team=None)}
    assert own[lea.person_id] == (0.75, True)
    assert own[tom.person_id] == (pytest.approx(0.55), False), "below the pass mark of 60"
    assert (told(lea, "passed"), told(tom, "passed"), told(tom, "failed")) == (1, 0, 1)
    page = browser_of(tom).get("/handins/my-plan/").content
    assert b"Came twice" in page
    assert b"Own result: 55%" in page
    assert b"Came twice" not in browser_of(lea).get("/handins/my-plan/").content
    with within(marker):
        adjustment_give(round=draft, person_id=tom.person_id, points=-10, because="Twice, and wrote it up", by=marker)
        assert Adjustment.objects.count() == 2
    assert told(tom, "passed") == 1


def test_everybody_agrees_first(make_assignment, marker, lea, tom):
    assignment = make_assignment(is_group=True, all_agree=True)
    with within(marker):
        team_make(assignment=assignment, name="Blue", person_ids=[lea.person_id, tom.person_id], by=marker)
    draft = written(assignment, lea)
    with within(lea):
        assert round_submit(round=draft, by=lea).state == RoundState.DRAFT
    with within(tom):
        round_save(round=draft, text="Better", seen=draft.saved_at, by=tom)
        assert not Share.objects.exclude(agreed_at=None).exists(), "what is changed is agreed to anew"
        assert round_submit(round=draft, by=tom).state == RoundState.DRAFT
    assert told(lea, "submitted") == 0
    with within(lea):
        assert round_submit(round=draft, by=lea).state == RoundState.SUBMITTED
    assert told(tom, "submitted") == 1


def test_nobody_writes_over_the_other_unseen(desk, lea, tom, browser_of):
    assignment, _team = desk
    draft = written(assignment, lea, "First")
    mine = browser_of(lea)
    seen = draft.saved_at.isoformat()
    with within(tom):
        round_save(round=draft, text="Second", seen=draft.saved_at, by=tom)
    refused = mine.post("/handins/my-plan/", {"do": "save", "text": "Third", "seen": seen})
    assert refused.status_code == 400
    for words in (b"Tom has saved other words", b"Second", b"Third"):
        assert words in refused.content
    place = f"/api/v1/handins/{draft.uid}/"
    assert mine.patch(place, {"text": "Third", "seen": seen}, "application/json").status_code == 409
    with within(tom):
        assert Round.objects.get().text == "Second"
        now = Round.objects.get().saved_at.isoformat()
    assert mine.patch(place, {"text": "Third", "seen": now}, "application/json").status_code == 200


def test_who_comes_and_goes(desk, lea, tom, marker, member, browser_of):
    assignment, team = desk
    ann, draft = member(name="Ann"), written(assignment, lea)
    with within(marker):
        team_join(team=team, person_id=ann.person_id, by=marker)
        team_leave(team=team, person_id=tom.person_id, by=marker)
        assert set(Share.objects.values_list("person_id", flat=True)) == {lea.person_id, ann.person_id}
    assert browser_of(tom).get(f"/api/v1/handins/{draft.uid}/").status_code == 404, "left before it was handed in"
    with within(ann):
        round_submit(round=draft, by=ann)
    with within(marker):
        team_leave(team=team, person_id=ann.person_id, by=marker)
        team_join(team=team, person_id=tom.person_id, by=marker)
    judged(draft, marker)
    with within(marker):
        own = dict(Submission.objects.filter(team=None).values_list("person_id", "passed"))
    assert own == {lea.person_id: True, ann.person_id: True, tom.person_id: None}
    assert b"Ours." in browser_of(ann).get("/handins/my-plan/").content
    assert b"Ours." not in browser_of(tom).get("/handins/my-plan/").content
    with within(ann), pytest.raises(EcosystemError, match="somebody else"):
        round_withdraw(round=draft, by=ann)


def test_taken_back_it_is_a_draft_of_those_of_now(desk, lea, tom, marker):
    assignment, team = desk
    draft = written(assignment, lea)
    with within(lea):
        round_submit(round=draft, by=lea)
    with within(marker):
        team_leave(team=team, person_id=tom.person_id, by=marker)
        assert Share.objects.count() == 2
    with within(lea):
        round_withdraw(round=draft, by=lea)
        assert list(Share.objects.values_list("person_id", "text")) == [(lea.person_id, "")]


def test_nobody_marks_the_work_of_their_own_team(make_assignment, marker, lea, member):
    assignment = make_assignment(is_group=True)
    other = member("instructor", name="Ida")
    with within(other):
        team_make(assignment=assignment, name="Mixed", person_ids=[lea.person_id, marker.person_id], by=other)
    draft = written(assignment, lea)
    with within(lea):
        round_submit(round=draft, by=lea)
    with within(marker):
        assert not rounds_for(marker).exists()
        with pytest.raises(EcosystemError, match="their own work"):
            mark_give(round=draft, levels=levels(2, 2, 2, 2), by=marker)
    with within(other):
        assert list(rounds_for(other)) == [draft]
        assert rounds_allocate_balanced(element_id=assignment.element_id, markers=[marker], by=other) == 0


def test_marks_in_the_making_are_unseen_by_the_whole_team(desk, lea, tom, marker, browser_of):
    assignment, _team = desk
    draft = written(assignment, lea)
    with within(lea):
        round_submit(round=draft, by=lea)
    with within(marker):
        mark_give(round=draft, levels=levels(2, 2, 2, 2), comment="Hush", by=marker)
    for one in (lea, tom):
        answer = browser_of(one).get(f"/api/v1/handins/{draft.uid}/").json()
        assert (answer["marks"], answer["team"], answer["state"]) == ([], "Blue", "marked")
        assert b"Hush" not in browser_of(one).get("/handins/my-plan/").content


def test_teams_of_groups_by_lot_and_by_hand(make_assignment, marker, member, browser_of):
    assignment = make_assignment(is_group=True)
    people = [member(name=f"P{n}") for n in range(7)]
    with within(marker):
        admin = member("admin", name="Root")
    with within(admin):
        north, all_of_them = (group_save(name=name, by=admin) for name in ("North", "All"))
        for one in people[:2]:
            group_member_put(group=north, person_id=one.person_id)
        for one in people:
            group_member_put(group=all_of_them, person_id=one.person_id)
    with within(marker):
        assert teams_from_groups(assignment=assignment, groups=[north], by=marker) == 1
        assert teams_from_groups(assignment=assignment, groups=[north], by=marker) == 0
        assert teams_draw(assignment=assignment, group=all_of_them, size=2, by=marker) == 2
        sizes = sorted(team.members.count() for team in Team.objects.exclude(name="North"))
        assert sizes == [2, 3]
    late = member(name="Late")
    with within(admin):
        group_member_put(group=north, person_id=late.person_id)
        assert TeamMember.objects.get(person_id=late.person_id).team.name == "North"
    desk = browser_of(marker)
    hand = {"do": "make", "name": "South", "emails": people[0].person.email}
    assert "in another team" in desk.post("/reviewing/my-plan/teams/", hand).content.decode()
    page = desk.get("/reviewing/my-plan/teams/").content.decode()
    assert "North" in page
    assert "Of the group North" in page
    assert b"Teams of" in desk.get("/reviewing/").content
    assert browser_of(late).get("/reviewing/my-plan/teams/").status_code == 404


def test_a_team_that_has_begun_stays_and_so_does_the_kind_of_assignment(desk, lea, marker, author):
    assignment, team = desk
    written(assignment, lea)
    with within(marker), pytest.raises(EcosystemError, match="has begun"):
        team_remove(team=team, by=marker)
    with within(author), pytest.raises(EcosystemError, match="has begun"):
        assignment_set(assignment=assignment, is_group=False, by=author)


def test_erasing_one_leaves_the_work_to_the_others_and_the_last_takes_it_along(desk, lea, tom, member):
    assignment, _team = desk
    admin, draft = member("admin", name="Root"), written(assignment, lea)
    with within(lea):
        handin_file_add(round=draft, upload=pdf(), by=lea)
        round_submit(round=draft, by=lea)

    def erase(one):
        with within(one):
            erasure_ask(membership=one)
        with within(admin):
            row = erasure_confirm(membership=one, by=admin)
        erasure_run(environment_id=one.environment_id, erasure_id=row.pk, person_id=one.person_id)

    erase(lea)
    with within(tom):
        assert Round.objects.get().text == "Ours."
        assert Share.objects.get(person_id=tom.person_id).text == "Ours."
        assert Share.objects.get(person_id=lea.person_id).text == ""
        assert draft.files.count() == 1
    erase(tom)
    with within(admin):
        assert Round.objects.get().text == ""
        assert draft.files.count() == 0
        assert Erasure.objects.count() == 2
    assert not Person.objects.filter(name__in=["Lea", "Tom"]).exists()


def test_pages_cost_the_same_however_large_the_team(make_assignment, marker, member, browser_of):
    counts = []
    for many in (2, 5):
        assignment = make_assignment(title=f"Plan {many}", is_group=True)
        people = [member() for _number in range(many)]
        with within(marker):
            team_make(assignment=assignment, name="Big", person_ids=[one.person_id for one in people], by=marker)
        draft = written(assignment, people[0])
        with within(people[0]):
            round_submit(round=draft, by=people[0])
        mine, desk = browser_of(people[0]), browser_of(marker)
        for browser, place in (
            (mine, f"/handins/plan-{many}/"),
            (desk, f"/reviewing/{draft.uid}/"),
            (desk, f"/reviewing/plan-{many}/teams/"),
        ):
            browser.get(place)
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(place).status_code == 200
            counts.append(len(queries))
    assert counts[:3] == counts[3:]
