"""Marks on their way to the learner, and who marks what: singly, in bulk, on pages, over the API, and under two at once."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from api.services import token_create
from ecosystem.models import AuditEntry, Membership
from ecosystem.scope import open_scope
from ecosystem.services.delegations import delegation_grant
from ecosystem.services.environments import environment_create
from ecosystem.services.groups import group_members_add, group_save
from ecosystem.services.people import member_add
from handins.exceptions import HandinError
from handins.models import Mark, Round, RoundState
from handins.services import (
    assignment_make,
    mark_give,
    marking_reopen,
    round_save,
    round_start,
    round_submit,
    rounds_allocate,
    rounds_allocate_balanced,
    rounds_release,
    rounds_stage,
)
from notifications.models import Notice
from tests.handins.conftest import levels, within

pytestmark = pytest.mark.django_db
YES = levels(2, 2, 2, 2)


def test_a_mark_goes_from_completed_to_released_and_back_to_marking_before_that(
    make_assignment, member, marker, handed_in
):
    assignment, learner = make_assignment(), member()
    round = handed_in(assignment, learner)
    with within(marker):
        with pytest.raises(HandinError):
            rounds_stage(rounds=[round], to="ready", by=marker)  # no mark yet
        mark_give(round=round, levels=YES, by=marker)
        assert [rounds_stage(rounds=[round], to="checking", by=marker) for _time in range(2)] == [1, 0]
        with pytest.raises(HandinError, match="in review"):
            rounds_release(rounds=[round], by=marker)
        for wrong in ("returned", "draft", ""):
            with pytest.raises(HandinError):
                rounds_stage(rounds=[round], to=wrong, by=marker)
        with pytest.raises(HandinError):
            marking_reopen(round=round, because=" ", by=marker)
        for _time in range(2):
            assert marking_reopen(round=round, because="Mixed up", by=marker).state == RoundState.REVIEWING
        assert AuditEntry.objects.filter(act="handin.marking_reopened").count() == 1
        with pytest.raises(HandinError, match="has a mark"):
            rounds_release(rounds=[round], by=marker)  # the mark that was taken back is none to release
        mark_give(round=round, levels=YES, by=marker)
        rounds_stage(rounds=[round], to="ready", by=marker)
        assert rounds_release(rounds=[round], by=marker) == 1
        for late in (
            lambda: rounds_stage(rounds=[round], to="marked", by=marker),
            lambda: marking_reopen(round=round, because="Too late", by=marker),
        ):
            with pytest.raises(HandinError):
                late()
        assert Mark.objects.count() == 2


def test_several_are_moved_all_or_none(make_assignment, member, marker, handed_in):
    assignment = make_assignment()
    marked, waiting = handed_in(assignment, member()), handed_in(assignment, member())
    with within(marker):
        mark_give(round=marked, levels=YES, by=marker)
        with pytest.raises(HandinError):
            rounds_stage(rounds=[marked, waiting], to="ready", by=marker)
        assert Round.objects.get(pk=marked.pk).state == RoundState.MARKED


def test_allocating_by_hand_and_who_is_told(make_assignment, member, marker, handed_in):
    assignment, learner = make_assignment(), member()
    round, other = handed_in(assignment, learner), member("instructor", name="Max")
    own = handed_in(assignment, other)
    with within(marker):
        assert [rounds_allocate(rounds=[round], marker=other, by=marker) for _time in range(2)] == [1, 0]
        with pytest.raises(HandinError, match="does not mark"):
            rounds_allocate(rounds=[own], marker=other, by=marker)
        with pytest.raises(HandinError, match="does not mark"):
            rounds_allocate(rounds=[round], marker=member(name="Nobody"), by=marker)
        with pytest.raises(IntegrityError), transaction.atomic():
            Round.objects.filter(pk=own.pk).update(marker=other.person_id)
        assert rounds_allocate(rounds=[round], marker=None, by=marker) == 1
        rounds_allocate(rounds=[round], marker=other, by=marker)
    handed_in(make_assignment(title="Other"), learner)
    with within(learner), pytest.raises(HandinError):
        rounds_allocate(rounds=[round], marker=marker, by=learner)
    with within(marker):
        mark_give(round=round, levels=levels(0, 0, 0, 0), by=marker)
        rounds_release(rounds=[round], by=marker)
        with pytest.raises(HandinError):
            rounds_allocate(rounds=[round], marker=marker, by=marker)
        assert not Notice.objects.filter(person_id=learner.person_id, kind="handin-review").exists()


def test_balanced_gives_to_the_fewest_waiting_and_nobody_their_own(make_assignment, member, marker, handed_in):
    assignment, other = make_assignment(), member("instructor", name="Max")
    busy = handed_in(make_assignment(title="Other"), member())
    own = handed_in(assignment, other)
    rounds = [handed_in(assignment, member()) for _number in range(4)]
    admin = member("admin")
    with within(admin):
        rounds_allocate(rounds=[busy], marker=marker, by=admin)
        give = {"element_id": assignment.element_id, "markers": [marker, other], "by": admin}
        assert rounds_allocate_balanced(**give) == 5
        assert rounds_allocate_balanced(**give) == 0
        given = dict(Round.objects.filter(element=assignment.element).values_list("pk", "marker_id"))
    assert given.pop(own.pk) == marker.person_id
    counts = [list(given.values()).count(one.person_id) for one in (marker, other)]
    assert sorted(counts) == [1, 3]
    assert set(given) == {one.pk for one in rounds}


def test_balanced_asks_as_often_for_many_as_for_one_and_logs_each(make_assignment, member, marker, handed_in):
    assignment, admin = make_assignment(is_double=True), member("admin")
    give = {"element_id": assignment.element_id, "markers": [marker], "by": admin}
    counts = set()
    for many in (1, 4):
        rounds = [handed_in(assignment, member()) for _number in range(many)]
        with within(admin):
            with CaptureQueriesContext(connection) as asked:
                assert rounds_allocate_balanced(**give) == many
            counts.add(len(asked))
            log = AuditEntry.objects.filter(act="handin.allocated", object_id__in=[one.pk for one in rounds])
            assert [one.after for one in log] == [{"marker": marker.person_id}] * many
    assert len(counts) == 1
    taken = handed_in(assignment, member())
    with within(admin):
        rounds_allocate(rounds=[taken], marker=marker, by=admin, is_second=True)
        assert rounds_allocate_balanced(**give) == 0, "nobody is both of the two who mark"


def test_balanced_leaves_what_none_of_them_may_mark(make_assignment, member, handed_in):
    assignment, admin, inside, outside = make_assignment(), member("admin"), member(), member()
    mentor = member(name="Mentor")
    with within(admin):
        group = group_save(name="Night", by=admin)
        group_members_add(group=group, person_ids=[inside.person_id], by=admin)
        until = timezone.now() + timedelta(days=9)
        delegation_grant(person=mentor.person, powers=["mark"], reach="group", group=group, until=until, by=admin)
    rounds = [handed_in(assignment, one) for one in (inside, outside)]
    with within(admin):
        fresh = Membership.objects.select_related("person", "environment").get(pk=mentor.pk)
        give = {"element_id": assignment.element_id, "markers": [fresh], "by": admin}
        assert rounds_allocate_balanced(**give) == 1
        found = [Round.objects.get(pk=one.pk).marker_id for one in rounds]
    assert found == [mentor.person_id, None]


def test_the_queue_shows_mine_and_what_is_for_nobody_on_pages(make_assignment, handed_in, member, marker, browser_of):
    assignment, desk = make_assignment(), browser_of(marker)
    mine, free = handed_in(assignment, member(name="Lea")), handed_in(assignment, member(name="Noor"))
    place = {"round": [str(mine.uid)], "marker": str(marker.pk), "next": "/reviewing/?whose=mine"}
    assert desk.post("/reviewing/allocate/", place).headers["Location"] == "/reviewing/?whose=mine"
    pages = {whose: desk.get(f"/reviewing/?whose={whose}").text for whose in ("mine", "nobody", "all")}
    shown = {whose: (str(mine.uid) in page, str(free.uid) in page) for whose, page in pages.items()}
    assert shown == {"mine": (True, False), "nobody": (False, True), "all": (True, True)}
    assert desk.post("/reviewing/allocate/", {**place, "marker": "999999"}).status_code == 404
    path = "/reviewing/my-plan/allocation/"
    assert "1 hand-in waits and is for nobody yet." in desk.get(path).text
    assert desk.post(path, {}).status_code == 400
    assert desk.post(path, {"markers": [marker.pk]}).status_code == 302
    with within(marker):
        assert Round.objects.get(pk=free.pk).marker_id == marker.person_id
    assert browser_of(member()).get(path).status_code == 404


def test_a_group_is_given_to_one_marker(make_assignment, handed_in, member, marker, browser_of):
    assignment, admin, inside = make_assignment(), member("admin"), member()
    with within(admin):
        group = group_save(name="Night", by=admin)
        group_members_add(group=group, person_ids=[inside.person_id], by=admin)
    rounds, other = [handed_in(assignment, one) for one in (inside, member())], member("instructor", name="Max")
    desk, path = browser_of(admin), "/reviewing/my-plan/allocation/"
    assert desk.post(path, {"markers": [marker.pk, other.pk], "group": group.pk}).status_code == 400
    assert desk.post(path, {"markers": [marker.pk], "group": group.pk}).status_code == 302
    with within(admin):
        assert [Round.objects.get(pk=one.pk).marker_id for one in rounds] == [marker.person_id, None]


def test_release_says_first_who_gets_what_and_cost_does_not_grow(
    make_assignment, handed_in, member, marker, browser_of
):
    assignment, desk = make_assignment(), browser_of(marker)
    rounds = [handed_in(assignment, member(name=f"L{n}")) for n in range(4)]
    with within(marker):
        for one in rounds[:3]:
            mark_give(round=one, levels=YES, by=marker)
        rounds_stage(rounds=[rounds[2]], to="checking", by=marker)

    def asked(some: list[Round]) -> tuple[str, int]:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = desk.post("/reviewing/release/", {"round": [str(one.uid) for one in some]}).text
        return page, len(queries)

    asked(rounds[:1])
    few, many = asked(rounds[:1]), asked(rounds)
    assert few[1] == many[1]
    assert "the step is done" in few[0]
    assert many[0].count('name="round"') == 2
    with within(marker):
        assert not Round.objects.filter(state=RoundState.RETURNED).exists()
    desk.post("/reviewing/stage/", {"round": [str(rounds[0].uid)], "to": "ready"})
    desk.post(f"/reviewing/{rounds[1].uid}/unmark/", {"because": "Mixed up"})
    desk.post("/reviewing/release/", {"round": [str(one.uid) for one in rounds], "sure": "yes"})  # all or none
    with within(marker):
        states = [Round.objects.get(pk=one.pk).state for one in rounds]
    assert states == ["ready", "reviewing", "checking", "submitted"]
    desk.post("/reviewing/release/", {"round": [str(rounds[0].uid)], "sure": "yes"})
    with within(marker):
        assert Round.objects.get(pk=rounds[0].pk).state == RoundState.RETURNED


def test_other_software_moves_allocates_and_the_learner_sees_nothing_of_it(
    make_assignment, handed_in, member, marker, client, env
):
    learner = member()
    round = handed_in(make_assignment(), learner)
    with within(marker):
        mark_give(round=round, levels=YES, by=marker)

    def call(who: Membership, path: str, body: object = None) -> object:
        with within(who):
            key = token_create(person=who.person, name="t", scopes=["read", "write"])[1]
        extra = {"headers": {"authorization": f"Bearer {key}", "host": "alpha.localhost"}}
        if body is None:
            return client.get(path, **extra)
        return client.post(path, body, content_type="application/json", **extra)

    chosen = {"rounds": [str(round.uid)]}
    assert call(marker, "/api/v1/handins/stage/", {**chosen, "to": "ready"}).json() == {"moved": 1}
    assert call(marker, "/api/v1/handins/stage/", {**chosen, "to": "returned"}).status_code == 400
    allocated = {**chosen, "marker": marker.person.email}
    assert call(marker, "/api/v1/handins/allocate/", allocated).json() == {"moved": 1}
    assert call(marker, "/api/v1/handins/allocate/", {**chosen, "marker": "no@example.org"}).status_code == 400
    place = f"/api/v1/handins/{round.uid}/"
    assert [call(marker, place).json()[name] for name in ("state", "marker")] == ["ready", marker.person.email]
    assert [call(learner, place).json()[name] for name in ("state", "marker", "marks")] == ["marked", None, []]
    assert call(learner, "/api/v1/handins/stage/", {**chosen, "to": "ready"}).status_code == 403
    assert call(marker, f"{place}unmark/", {"because": "Mixed up"}).json()["state"] == "reviewing"


AT_ONCE = 4


@pytest.fixture
def desk(own_database):
    here = environment_create(slug="desk", name="Desk", hosts=["desk.localhost"])
    with open_scope(environment_id=here.pk):
        admin = member_add(email="a@example.org", name="A", roles=["admin"])
        markers = [member_add(email=f"m{n}@example.org", name="M", roles=["instructor"]) for n in range(2)]
        assignment = assignment_make(title="Plan", markdown="Write", by=admin)
        for n in range(6):
            learner = member_add(email=f"l{n}@example.org", name="L", roles=["learner"])
            draft = round_save(round=round_start(assignment=assignment, by=learner), text="Mine", by=learner)
            round_submit(round=draft, by=learner)
    return admin, markers, assignment


def at_once(admin, act) -> list[int]:
    barrier, given = threading.Barrier(AT_ONCE), []

    def run() -> None:
        try:
            barrier.wait(60)
            with open_scope(environment_id=admin.environment_id, person_id=admin.person_id):
                given.append(act())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return given


def test_shared_among_markers_at_once_each_is_given_once(desk):
    admin, markers, assignment = desk
    give = {"element_id": assignment.element_id, "markers": markers, "by": admin}
    assert sum(at_once(admin, lambda: rounds_allocate_balanced(**give))) == 6
    with open_scope(environment_id=admin.environment_id):
        owners = list(Round.objects.values_list("marker_id", flat=True))
        assert [owners.count(one.person_id) for one in markers] == [3, 3]
        assert AuditEntry.objects.filter(act="handin.allocated").count() == 6


def test_the_naive_control_gives_them_more_than_once(desk):
    admin, markers, _assignment = desk
    together = threading.Barrier(AT_ONCE)

    def naive() -> int:
        free = list(Round.objects.filter(marker=None))
        together.wait(60)
        return sum(Round.objects.filter(pk=one.pk).update(marker=markers[0].person_id) for one in free)

    assert sum(at_once(admin, naive)) > 6


def test_many_at_once_hold_the_names_of_all_before_any_of_them(make_assignment, handed_in, member, marker):
    """Else one who releases and one who hides names could wait for each other."""
    rounds = [handed_in(make_assignment(title=title), member()) for title in ("One", "Two")]
    with within(marker):
        for one in rounds:
            mark_give(round=one, levels=levels(2, 2, 2, 2), by=marker)
        for act in (
            lambda: rounds_allocate(rounds=iter(rounds), marker=marker, by=marker),
            lambda: rounds_stage(rounds=iter(rounds), to=RoundState.READY, by=marker),
            lambda: rounds_release(rounds=iter(rounds), by=marker),
        ):
            with CaptureQueriesContext(connection) as asked:
                assert act() == 2
            sql = [query["sql"] for query in asked.captured_queries]
            first = next(n for n, one in enumerate(sql) if "FOR NO KEY UPDATE" in one)
            assert ("pg_advisory_xact_lock_shared" in sql[first - 1], "ORDER BY" in sql[first - 1]) == (True, True)
