"""Learners go to another version: what each would notice, and the move itself, once and in small steps."""

import pytest

from content.services import page_create, page_finish
from courses.models import ActivityState, Enrolment, EnrolmentState, State, VersionMove
from courses.moving.impact import impact_of
from courses.services import (
    activity_remove,
    draft_of,
    enrolment_create,
    run_open,
    version_moves,
)
from courses.services.many import people_enrol
from courses.services.plans import PlannedActivity, PlannedBlock, course_publish
from courses.services.publishing import draft_publish
from courses.services.version_moves import moves_run_due, run_move
from ecosystem.services.elements import element_create
from records.models import Statement
from tests.courses.changing import changed, learner_with
from tests.courses.conftest import uids, within
from tests.courses.test_builder import text_of


@pytest.fixture
def run(author, built):
    with within(author):
        return run_open(element=built, title="Autumn")


def test_migrating_keeps_what_is_done_and_says_before_what_changes(author, member, built, draft, pages, run):
    fresh = learner_with(run, member, pages)
    busy = learner_with(run, member, pages, pages[0], started=[pages[1], pages[2]])
    done = learner_with(run, member, pages, pages[0], pages[1], pages[2])
    with within(author):
        seen = changed(author, draft, pages)
        told = {move.enrolment.person_id: move for move in impact_of(run=run, version=draft).moves}
        assert set(told) == {fresh.person_id, busy.person_id}, "who has completed the course stays"
        first, second = told[fresh.person_id], told[busy.person_id]
        assert (first.gains, first.loses, first.locked, first.unlocked) == (["Page 3"], [], ["Page 2"], ["Page 1"])
        assert (second.gains, second.loses, second.locked) == (["Page 3"], ["Page 0"], [])
        assert (second.before, second.after) == (60, 0)
        version = draft_publish(draft=draft, by=author, seen=seen, runs={run: "migrate"})
    assert_as_told(author, told, version)
    with within(author):
        kept = Enrolment.objects.get(person_id=done.person_id)
        assert (kept.version.number, kept.state, kept.progress) == (1, EnrolmentState.COMPLETED, 100)
        run.refresh_from_db()
        assert run.version_id == version.pk
    with within(busy):
        page_finish(element=pages[1])
        page_finish(element=pages[2])
        page_finish(element=pages[3])
        assert Enrolment.objects.get(person_id=busy.person_id).state == EnrolmentState.COMPLETED


def assert_as_told(author, told, version):
    with within(author):
        for person_id, move in told.items():
            enrolment = Enrolment.objects.get(person_id=person_id)
            assert enrolment.version_id == version.pk
            assert enrolment.progress == move.after
            states = {state.activity.title: state.state for state in ActivityState.objects.filter(enrolment=enrolment)}
            expected = {state.activity.title: state.state for state in [*move.kept, *move.begun]}
            assert states == expected
            assert all(s.activity.version_id == version.pk for s in ActivityState.objects.filter(enrolment=enrolment))


def test_what_comes_with_the_new_version_and_was_done_elsewhere_counts(author, member, built, draft, pages, run):
    learner = learner_with(run, member, pages, pages[3])
    with within(author):
        seen = changed(author, draft, pages)
        draft_publish(draft=draft, by=author, seen=seen, runs={run: "migrate"})
        state = ActivityState.objects.get(person_id=learner.person_id, target=pages[3])
        assert state.state == State.COMPLETED


def test_a_move_that_leaves_only_what_is_done_completes_the_course_once(author, member, built, draft, pages, run):
    learner = learner_with(run, member, pages, pages[0])
    with within(author):
        named = uids(draft)
        activity_remove(draft=draft, uid=named["Page 1"], by=author, seen=0)
        activity_remove(draft=draft, uid=named["Page 2"], by=author, seen=1)
        assert impact_of(run=run, version=draft).completing == 1
        version = draft_publish(draft=draft, by=author, seen=2, runs={run: "migrate"})
        run_move(run=run, version=version, how="migrate", by=author)
        assert Enrolment.objects.get(person_id=learner.person_id).state == EnrolmentState.COMPLETED
        assert Statement.objects.filter(verb="completed", element=built, person_id=learner.person_id).count() == 1


def test_staying_and_new_learners_only(author, member, built, draft, pages, run):
    old = learner_with(run, member, pages)
    with within(author):
        other_run = run_open(element=built, title="Stays")
        seen = changed(author, draft, pages)
        draft_publish(draft=draft, by=author, seen=seen, runs={run: "new", other_run: "stay"})
        run.refresh_from_db()
        other_run.refresh_from_db()
        assert (run.version.number, other_run.version.number) == (2, 1)
        assert Enrolment.objects.get(person_id=old.person_id).version.number == 1
    late = learner_with(run, member, pages)
    with within(author):
        assert Enrolment.objects.get(person_id=late.person_id).version.number == 2


def test_many_move_in_small_steps_and_twice_is_once(author, member, draft, pages, run, monkeypatch):
    monkeypatch.setattr(version_moves, "AT_ONCE", 1)
    monkeypatch.setattr(version_moves, "BATCH", 2)
    learners = [learner_with(run, member, pages, pages[0]) for _ in range(5)]
    with within(author):
        version = draft_publish(draft=draft, by=author, seen=changed(author, draft, pages), runs={run: "migrate"})
        move = VersionMove.objects.get()
        assert (move.total, move.done, move.finished_at) == (5, 0, None)
        assert Enrolment.objects.filter(version=version).count() == 0
    assert moves_run_due() == 5
    assert moves_run_due() == 0
    with within(author):
        move.refresh_from_db()
        assert (move.done, move.due_at) == (5, None)
        assert move.finished_at
        moved = Enrolment.objects.filter(version=version, person_id__in=[one.person_id for one in learners])
        assert moved.count() == 5
        before = list(ActivityState.objects.order_by("pk").values())
        assert run_move(run=run, version=version, how="migrate", by=author) is None
        assert list(ActivityState.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("how", ["new", "migrate"])
def test_a_move_that_is_under_way_takes_nobody_back_to_an_older_version(
    author, member, draft, pages, run, monkeypatch, how
):
    monkeypatch.setattr(version_moves, "AT_ONCE", 0)
    learner_with(run, member, pages)
    with within(author):
        second = draft_publish(draft=draft, by=author, seen=changed(author, draft, pages), runs={run: "migrate"})
        third = draft_publish(draft=draft_of(element=draft.element, by=author), by=author, seen=0)
        monkeypatch.setattr(version_moves, "AT_ONCE", 25)
        run_move(run=run, version=third, how=how, by=author)
        assert VersionMove.objects.get().finished_at
    assert moves_run_due() == 0
    with within(author):
        assert not Enrolment.objects.filter(version=second).exists()
        assert Enrolment.objects.filter(version=third).exists() == (how == "migrate")


def test_a_move_that_was_given_up_is_said_with_the_way_on(author, member, browser_of, draft, pages, run, monkeypatch):
    monkeypatch.setattr(version_moves, "AT_ONCE", 0)
    learner_with(run, member, pages)
    address = f"/courses/built/runs/{run.uid}/"
    with within(author):
        draft_publish(draft=draft, by=author, seen=changed(author, draft, pages), runs={run: "migrate"})
    browser = browser_of(member("manager"))
    assert "Learners are being moved" in text_of(browser.get(address))
    with within(author):
        VersionMove.objects.update(due_at=None, attempts=5)
    page = browser.get(address)
    assert "could not be moved" in text_of(page)
    assert "are being moved" not in text_of(page)
    assert f"{address}version/" in page.content.decode()


def test_learners_who_stayed_behind_are_said_on_the_page_of_the_run(author, member, browser_of, draft, pages, run):
    learner_with(run, member, pages)
    browser, address = browser_of(member("manager")), f"/courses/built/runs/{run.uid}/"
    with within(author):
        version = draft_publish(draft=draft, by=author, seen=changed(author, draft, pages), runs={run: "new"})
    assert "Some learners in this run are still on an older one." in text_of(browser.get(address))
    with within(author):
        run_move(run=run, version=version, how="migrate", by=author)
    assert "older one" not in text_of(browser.get(address))


def test_who_enrols_with_a_run_read_before_it_changed_gets_its_version_of_now(author, member, draft, pages, run):
    one, two = member("learner"), member("learner")
    with within(author):
        version = draft_publish(draft=draft, by=author, seen=changed(author, draft, pages), runs={run: "new"})
        assert run.version_id != version.pk
        enrolment_create(run=run, person=one.person)
        people_enrol(run=run, people=[two.person])
        assert set(run.enrolments.values_list("version_id", flat=True)) == {version.pk}


def test_a_step_that_fails_is_tried_again_and_the_others_are_kept(author, member, draft, pages, run, monkeypatch):
    monkeypatch.setattr(version_moves, "AT_ONCE", 0)
    monkeypatch.setattr(version_moves, "BATCH", 1)
    for _ in range(3):
        learner_with(run, member, pages)
    with within(author):
        version = draft_publish(draft=draft, by=author, seen=changed(author, draft, pages), runs={run: "migrate"})
        last = Enrolment.objects.order_by("pk").last()
    apply = version_moves._apply

    def breaks(enrolment, *args):
        if enrolment.pk == last.pk:
            raise RuntimeError("the power went out")
        apply(enrolment, *args)

    monkeypatch.setattr(version_moves, "_apply", breaks)
    moves_run_due()
    with within(author):
        assert Enrolment.objects.filter(version=version).count() == 2
        move = VersionMove.objects.get()
        assert (move.done, move.attempts, move.finished_at) == (2, 1, None)
        VersionMove.objects.update(due_at=move.started_at)
    monkeypatch.setattr(version_moves, "_apply", apply)
    assert moves_run_due() == 1
    with within(author):
        assert VersionMove.objects.get().finished_at
        assert Enrolment.objects.filter(version=version).count() == 3


def test_the_list_costs_the_same_queries_for_the_plan_of_any_length(author, member, django_assert_max_num_queries):
    with within(author):
        course = element_create(kind="course", title="Long", creators=[author.person])
        pages = [page_create(title=f"L{n}", markdown="x", creators=["A"]).element for n in range(20)]
        course_publish(element=course, blocks=[PlannedBlock("One", [PlannedActivity(target=page) for page in pages])])
        run = run_open(element=course)
        enrolment_create(run=run, person=member("learner").person)
        draft = draft_of(element=course, by=author)
        with django_assert_max_num_queries(4):
            impact_of(run=run, version=draft)
