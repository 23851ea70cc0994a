"""Who does not mark whom: said before work with and without a name, recorded by others, and by no door marked after all."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from ecosystem.models import AuditEntry, Membership
from handins.exceptions import HandinError
from handins.models import Conflict, HandinFile, Round
from handins.selectors.queue import rounds_for
from handins.selectors.queue_pages import Part, queue_page
from handins.services import (
    handin_file_add,
    mark_give,
    review_begin,
    round_save,
    round_start,
    round_submit,
    rounds_allocate,
    rounds_allocate_balanced,
    rounds_release,
)
from handins.services.conflicts import conflict_declare, conflict_end, conflict_record
from handins.services.feedback_files import feedback_file_add
from handins.services.teams import team_join, team_make
from tests.handins.conftest import levels, pdf, within

pytestmark = pytest.mark.django_db
JSON = "application/json"


def queued(membership: Membership) -> list[int]:
    """By the reads of the queue that are prepared, and say who is barred in their own way."""
    return [row.pk for row in queue_page(Part(membership)).rows]


@pytest.fixture
def second(member):
    return member("instructor", name="Max")


@pytest.fixture
def boss(member):
    return member("admin", name="Bo")


def test_whoever_knows_somebody_never_meets_their_work_again(make_assignment, handed_in, member, marker, browser_of):
    lea, tom = member(name="Lea"), member(name="Tom")
    plan = make_assignment()
    hers, his = handed_in(plan, lea), handed_in(plan, tom)
    with within(marker):
        rounds_allocate(rounds=[hers], marker=marker, by=marker)
    desk, place = browser_of(marker), f"/reviewing/{hers.uid}/"
    assert b"I know who made this" in desk.get(place).content
    for _time in range(2):
        desk.post(f"{place}conflict/", {"because": "My sister"})
    later = handed_in(make_assignment(title="Other"), lea)
    with within(marker):
        assert Conflict.objects.get().because == "My sister"
        assert Round.objects.get(pk=hers.pk).marker_id is None
        assert [row.pk for row in rounds_for(marker)] == queued(marker) == [his.pk]
        for row in (hers, later):
            for act in (
                lambda row=row: mark_give(round=row, levels=levels(2, 2, 2, 2), by=marker),
                lambda row=row: review_begin(round=row, by=marker),
                lambda row=row: feedback_file_add(round=row, upload=pdf(), by=marker),
                lambda row=row: rounds_allocate(rounds=[row], marker=marker, by=marker),
            ):
                with pytest.raises(HandinError, match="know whoever"):
                    act()
    for door in (place, f"/api/v1/handins/{hers.uid}/"):
        assert desk.get(door).status_code == 404
    assert [row["person"] for row in desk.get("/api/v1/handins/").json()["results"]] == [tom.person.email]
    assert "Mia does not mark Lea" in desk.get("/reviewing/conflicts/").text


def test_files_of_somebody_known_are_closed(make_assignment, member, marker, browser_of):
    lea = member(name="Lea")
    with within(lea):
        draft = round_start(assignment=make_assignment(), by=lea)
        handin_file_add(round=draft, upload=pdf(), by=lea)
        round = round_submit(round=draft, by=lea)
        file = HandinFile.objects.get()
    assert browser_of(marker).get(file.get_absolute_url()).status_code == 200
    with within(marker):
        conflict_declare(round=round, by=marker)
    assert browser_of(marker).get(file.get_absolute_url()).status_code == 404


def test_without_a_name_nobody_is_told_whom_they_know(make_assignment, handed_in, member, marker, boss, browser_of):
    lea = member(name="Lea Quist", email="quist@example.org")
    round = handed_in(make_assignment(is_anonymous=True), lea)
    desk = browser_of(marker)
    assert (
        desk.post(f"/api/v1/handins/{round.uid}/conflict/", {"because": "I know the handwriting"}, JSON).status_code
        == 204
    )
    for door in ("/reviewing/conflicts/", "/api/v1/conflicts/", "/reviewing/"):
        said = desk.get(door).content
        assert b"Quist" not in said
        assert b"quist" not in said
    assert "does not mark Participant" in desk.get("/reviewing/conflicts/").text
    assert desk.get("/api/v1/conflicts/").json()["results"][0]["person"] is None
    with within(marker):
        entry = AuditEntry.objects.get(act="handin.conflict_recorded")
        assert entry.after == {"marker": marker.person_id, "because": "I know the handwriting"}
        conflict = Conflict.objects.get()
        with pytest.raises(HandinError, match="looks after people"):
            conflict_end(conflict=conflict, by=marker)
    assert desk.post(f"/reviewing/conflicts/{conflict.uid}/end/").status_code == 404
    assert desk.delete(f"/api/v1/conflicts/{conflict.uid}/").status_code == 403
    assert browser_of(boss).delete(f"/api/v1/conflicts/{conflict.uid}/").status_code == 204
    assert desk.get(f"/reviewing/{round.uid}/").status_code == 200


def test_whoever_looks_after_people_records_it(make_assignment, handed_in, member, marker, second, boss, browser_of):
    lea = member(name="Lea")
    plan = make_assignment()
    round = handed_in(plan, lea)
    desk = browser_of(boss)
    said = {"marker": marker.pk, "email": lea.person.email, "because": "Neighbours"}
    assert desk.post("/reviewing/conflicts/", {**said, "email": marker.person.email}).status_code == 400
    assert desk.post("/reviewing/conflicts/", said).status_code == 302
    again = {"marker": marker.person.email, "person": lea.person.email}
    assert desk.post("/api/v1/conflicts/", again, JSON).status_code == 201
    assert browser_of(second).post("/api/v1/conflicts/", again, JSON).status_code == 403
    assert browser_of(second).post("/reviewing/conflicts/", said).status_code == 404
    assert browser_of(lea).get("/reviewing/conflicts/").status_code == 404
    with within(boss):
        assert Conflict.objects.count() == 1
        assert rounds_allocate_balanced(element_id=plan.element_id, markers=[marker], by=boss) == 0
        assert rounds_allocate_balanced(element_id=plan.element_id, markers=[marker, second], by=boss) == 1
        assert Round.objects.get(pk=round.pk).marker_id == second.person_id
        with pytest.raises(HandinError):
            conflict_record(marker=marker, person=lea.person, by=marker)
    assert "Neighbours" in desk.get("/reviewing/conflicts/").text
    assert "Neighbours" not in browser_of(second).get("/reviewing/conflicts/").text


def test_nobody_marks_the_work_of_a_team_they_are_in_or_know_somebody_of(make_assignment, member, marker, second):
    lea, tom = member(name="Lea"), member(name="Tom")
    plan = make_assignment(is_group=True)
    with within(marker):
        team = team_make(assignment=plan, name="Blue", person_ids=[lea.person_id, tom.person_id], by=marker)
    with within(lea):
        draft = round_start(assignment=plan, by=lea)
        round_save(round=draft, text="Ours.", by=lea, seen=draft.saved_at)
        round = round_submit(round=draft, by=lea)
    with within(marker):
        assert rounds_for(second).count() == len(queued(second)) == 1
        team_join(team=team, person_id=second.person_id, by=marker)
        assert rounds_for(second).count() == len(queued(second)) == 0  # had no part in it, and is in the team now
        with pytest.raises(HandinError, match="own work"):
            review_begin(round=round, by=second)
        Conflict.objects.create(
            environment_id=round.environment_id,
            marker=marker.person,
            person=tom.person,
            by=marker.person,
            at=round.saved_at,
        )
        assert rounds_for(marker).count() == len(queued(marker)) == 0


def test_a_second_marker_is_allocated(make_assignment, handed_in, member, marker, second, boss, browser_of):
    lea = member(name="Lea")
    alone, double = handed_in(make_assignment(title="Alone"), lea), handed_in(make_assignment(is_double=True), lea)
    desk = browser_of(boss)
    body = {"rounds": [str(double.uid)], "marker": second.person.email, "second": True}
    assert desk.post("/api/v1/handins/allocate/", {**body, "rounds": [str(alone.uid)]}, JSON).status_code == 400
    assert desk.post("/api/v1/handins/allocate/", body, JSON).json() == {"moved": 1}
    assert desk.post("/api/v1/handins/allocate/", {**body, "second": False}, JSON).status_code == 400
    form = {"round": [double.uid], "marker": marker.pk, "as": ""}
    assert b"As the second of two" in desk.get("/reviewing/").content
    desk.post("/reviewing/allocate/", form)
    with within(boss):
        row = Round.objects.get(pk=double.pk)
        assert (row.marker_id, row.second_id) == (marker.person_id, second.person_id)
        for wrong in (lea.person_id, marker.person_id):
            with pytest.raises(IntegrityError), transaction.atomic():
                Round.objects.filter(pk=double.pk).update(second=wrong)
    assert "second: Max" in desk.get("/reviewing/").text
    assert b"Lea" in browser_of(second).get("/reviewing/?whose=mine").content
    assert browser_of(lea).get(f"/api/v1/handins/{double.uid}/").json()["second"] is None


def test_what_is_released_stays_released(make_assignment, handed_in, member, marker, second):
    round = handed_in(make_assignment(), member())
    with within(marker):
        mark_give(round=round, levels=levels(2, 2, 2, 2), by=marker)
        conflict_declare(round=round, by=marker)
        with pytest.raises(HandinError, match="know whoever"):
            rounds_release(rounds=[round], by=marker)
        assert rounds_release(rounds=[round], by=second) == 1


def test_all_work_is_held_in_order_before_any_of_it_is_freed(make_assignment, handed_in, marker, member, boss):
    """Whoever releases or allocates holds hand-ins by their keys; another order, and each waits for the other."""
    learner = member(name="Lea")
    rounds = [handed_in(make_assignment(title=f"Plan {n}"), learner) for n in range(3)]
    with within(boss):
        rounds_allocate(rounds=rounds, marker=marker, by=boss)
    with within(marker), CaptureQueriesContext(connection) as asked:
        conflict_declare(round=rounds[2], by=marker)
        assert not Round.objects.filter(marker=marker.person).exists()
    said = [query["sql"] for query in asked if "handins_" in query["sql"]]
    held = [n for n, sql in enumerate(said) if "FOR NO KEY UPDATE" in sql]
    changed = [n for n, sql in enumerate(said) if sql.startswith(("UPDATE", "INSERT"))]
    assert held[0] < changed[0]
    assert "ORDER BY 1 ASC" in said[held[0]]
    assert all(str(round.submission_id) in said[held[0]] for round in rounds)
