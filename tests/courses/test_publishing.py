"""Publishing: what differs in words, what each learner would notice, and the move itself, once and in small steps."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.services import page_create, page_finish, page_open
from courses.exceptions import CourseError, DraftChangedError
from courses.learning.tallying import tally_of
from courses.models import Activity, ActivityState, CourseVersion, Enrolment, EnrolmentState, State, VersionMove
from courses.moving.impact import impact_of
from courses.plans.difference import differences, out_of_order
from courses.plans.difference_of import difference_of
from courses.plans.plan import Plan
from courses.plans.rows import rows_of
from courses.services import (
    activity_add,
    activity_change,
    activity_move,
    activity_remove,
    block_add,
    block_rename,
    draft_of,
    enrolment_create,
    run_open,
    version_moves,
)
from courses.services.condition_editing import condition_set
from courses.services.many import people_enrol
from courses.services.plans import PlannedActivity, PlannedBlock, course_publish
from courses.services.publishing import draft_publish, plan_warnings
from courses.services.version_moves import moves_run_due, run_move
from ecosystem.exceptions import EcosystemError
from ecosystem.models import AuditEntry, Availability, Power
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create, element_offer
from records.models import Statement
from tests.courses.conftest import uids, within
from tests.courses.test_builder import text_of


def changed(author, draft, pages):
    """Page 3 is new and first, page 1 waits for nothing any more, page 2 waits for page 0; page 0 is out of the draft."""
    named = uids(draft)
    block_add(draft=draft, title="Three", by=author, seen=0)
    block_rename(draft=draft, uid=named["One"], title="First", by=author, seen=1)
    activity_add(draft=draft, block=named["One"], target=pages[3], by=author, seen=2, position=0)
    activity_change(draft=draft, uid=named["Page 1"], condition=None, weight=2, by=author, seen=3)
    activity_move(draft=draft, uid=named["Page 2"], block=uids(draft)["Three"], by=author, seen=4)
    activity_change(draft=draft, uid=named["Page 2"], condition={"completed": pages[1].pk}, by=author, seen=5)
    activity_remove(draft=draft, uid=named["Page 0"], by=author, seen=6)
    return 7


def learner_with(run, member, pages, *done, started=()):
    learner = member("learner")
    with within(learner):
        enrolment_create(run=run, person=learner.person)
        for page in done:
            page_finish(element=page)
        for page in started:
            page_open(element=page)
    return learner


@pytest.fixture
def run(author, built):
    with within(author):
        return run_open(element=built, title="Autumn")


def test_the_difference_in_words(author, built, draft, pages):
    with within(author):
        changed(author, draft, pages)
        said = [one.text for one in difference_of(built, draft)]
    assert said == [
        "The chapter “One” is now called “First”.",
        "The chapter “Three” is new.",
        "“Page 0” is out.",
        "“Page 3” is new, in the chapter “First”.",
        "“Page 1” has weight 2 instead of 1.",
        "When “Page 1” opens: “Open from the start.” instead of “Opens when you have finished “Page 0”.”",
        "“Page 2” stands in the chapter “Three” now.",
        "When “Page 2” opens: “Opens when you have finished “Page 1”.” instead of “Open from the start.”",
    ]


def test_no_difference_is_none(author, built, draft):
    with within(author):
        assert difference_of(built, draft) == []


@given(st.permutations(range(7)))
def test_as_few_as_possible_are_out_of_order(order):
    items = [str(one) for one in order]
    moved = out_of_order(items, [str(one) for one in range(7)])
    stayed = [one for one in items if one not in moved]
    assert stayed == sorted(stayed)
    if len(moved) == 1:
        assert items != sorted(items)
    assert bool(moved) == (items != sorted(items))


def test_publishing_makes_the_next_version_once(author, built, draft, pages):
    with within(author):
        seen = changed(author, draft, pages)
        expected = rows_of(draft)
        version = draft_publish(draft=draft, by=author, seen=seen)
        assert (version.number, version.state) == (2, "published")
        assert rows_of(version) == expected
        with pytest.raises(CourseError, match="published or thrown away"):
            draft_publish(draft=draft, by=author, seen=seen)
        assert CourseVersion.objects.filter(element=built).count() == 2


def test_nobody_publishes_what_they_have_not_seen(author, member, draft):
    with within(author):
        block_add(draft=draft, title="Three", by=author, seen=0)
        with pytest.raises(DraftChangedError):
            draft_publish(draft=draft, by=author, seen=0)


def test_a_plan_that_nobody_could_complete_is_refused(author, draft, pages):
    with within(author):
        named = uids(draft)
        activity_change(draft=draft, uid=named["Page 0"], condition={"completed": pages[1].pk}, by=author, seen=0)
        with pytest.raises(CourseError, match="Page 1"):
            draft_publish(draft=draft, by=author, seen=1)
        assert CourseVersion.objects.get(element=draft.element, number=0).state == "draft"


def test_strangers_publish_nothing(author, member, other, draft, give):
    with within(author):
        another = element_create(kind="course", title="Another", creators=["A"])
    for stranger in (member("manager"), give(Power.MANAGE_CONTENT, course=another), member("admin", environment=other)):
        with within(stranger), pytest.raises(CourseError):
            draft_publish(draft=draft, by=stranger, seen=0)


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


def test_what_is_new_goes_where_the_course_has_been_lent(env, author, member, built, draft, pages, make_environment):
    below, admin = make_environment("below", parent=env), member("admin")
    with open_scope(environment_id=env.pk):
        element_offer(element=built, to=below)
    with within(author):
        seen = changed(author, draft, pages)
        with pytest.raises(EcosystemError, match=r"lent to Below, .*Only an administrator"):
            draft_publish(draft=draft, by=author, seen=seen)
        assert not AuditEntry.objects.filter(act__in=["course.published", "element.lent"]).exists()
    with within(admin):
        draft_publish(draft=draft, by=admin, seen=seen)
        told = AuditEntry.objects.get(act="element.lent")
        assert (told.actor_id, told.after) == (admin.person_id, {"environment": "Below", "elements": 1})
    learner = member("learner", environment=below)
    with within(learner):
        assert Availability.objects.filter(element=pages[3]).exists()
        assert AuditEntry.objects.filter(act="element.lent").count() == 1
        enrolment = enrolment_create(run=run_open(element=built), person=learner.person)
        assert enrolment.states.count() == 3


def test_who_may_not_lend_publishes_what_lends_nothing_new(env, author, built, draft, make_environment):
    with open_scope(environment_id=env.pk):
        element_offer(element=built, to=make_environment("below", parent=env))
    with within(author):
        block_rename(draft=draft, uid=uids(draft)["One"], title="First", by=author, seen=0)
        assert draft_publish(draft=draft, by=author, seen=1).number == 2
        assert not AuditEntry.objects.filter(act="element.lent").exists()


def test_the_page_says_why_nothing_may_be_lent(env, author, browser_of, built, draft, pages, make_environment):
    with open_scope(environment_id=env.pk):
        element_offer(element=built, to=make_environment("below", parent=env))
    with within(author):
        seen = changed(author, draft, pages)
    answer = browser_of(author).post("/courses/built/build/publish/", {"seen": seen})
    assert answer.status_code == 409
    assert "Only an administrator of this environment can lend more." in text_of(answer)


def test_the_page_shows_all_of_it_and_publishes(author, member, browser_of, built, draft, pages, run):
    learner = learner_with(run, member, pages, pages[0])
    with within(author):
        seen = changed(author, draft, pages)
    browser = browser_of(author)
    page = text_of(browser.get("/courses/built/build/publish/"))
    assert "8 changes" in page
    assert "1 learner on the way" in page
    impact = text_of(browser.get(f"/courses/built/build/publish/{run.uid}/"))
    assert "1 learner would go along" in impact
    assert learner.person.name not in impact, "an author sees no learners"
    assert "notices nothing" not in impact, "nor from numbers what they have done"
    assert learner.person.name in text_of(browser_of(member("admin")).get(f"/courses/built/build/publish/{run.uid}/"))
    assert browser.post("/courses/built/build/publish/", {"seen": 1}).status_code == 409
    done = browser.post("/courses/built/build/publish/", {"seen": seen, f"run-{run.pk}": "migrate"}, follow=True)
    assert "Published as version 2." in text_of(done)
    with within(author):
        assert Enrolment.objects.get(person_id=learner.person_id).version.number == 2


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


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), max_size=8), st.integers(1, 100))
def test_a_tally_is_never_more_than_what_is_done(rows, complete_at):
    tally = tally_of(rows, complete_at=complete_at)
    assert 0 <= tally.percent <= 100
    assert (tally.percent == 100) == tally.complete
    if rows and all(done for done, _weight in rows):
        assert tally.complete
    total = sum(weight for _done, weight in rows)
    if total and not any(done for done, _weight in rows):
        assert tally.percent == 0


def test_a_plan_with_only_optional_steps_is_refused_in_words(author, draft):
    with within(author):
        for at, title in enumerate(("Page 0", "Page 1", "Page 2")):
            activity_change(draft=draft, uid=uids(draft)[title], optional=True, by=author, seen=at)
        with pytest.raises(CourseError, match="every activity is optional"):
            draft_publish(draft=draft, by=author, seen=3)
        activity_change(draft=draft, uid=uids(draft)["Page 1"], optional=False, by=author, seen=3)
        assert draft_publish(draft=draft, by=author, seen=4).number == 2


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.permutations(range(5)), st.sets(st.integers(0, 4)))
def test_the_difference_names_exactly_what_changed(order, out):
    facts = {"target": 1, "type": "page", "minutes": 0, "weight": 1, "optional": False, "condition": None}
    old, new = Plan(), Plan()
    for plan, items in ((old, range(5)), (new, [one for one in order if one not in out])):
        plan.block_put("b", title="B")
        for one in items:
            plan.activity_put(str(one), block="b", facts={**facts, "title": f"T{one}"})
    found = differences(old.rows(), new.rows(), opens=lambda _row: "")
    assert sum(one.sort == "removed" for one in found) == len(out)
    kept = [one for one in order if one not in out]
    assert any(one.sort == "moved" for one in found) == (kept != sorted(kept))


def test_an_author_hears_what_will_stay_closed_where_the_course_is_lent(
    author, built, draft, make_environment, env, browser_of
):
    below = make_environment("alpha-below", parent=env)
    with within(author):
        element_offer(element=built, to=below)
        other = element_create(kind="course", title="Before", creators=["Ada"])
        step = Activity.objects.get(version=draft, title="Page 2")
        assert plan_warnings(version=draft) == []
        condition_set(activity=step, condition={"certificate": other.pk}, by=author)
        (said,) = plan_warnings(version=draft)
        assert "“Page 2” asks for “Before”, which is not available in Alpha-below" in said
    assert "the step stays closed there" in browser_of(author).get("/courses/built/build/publish/").text
    with within(author):
        element_offer(element=other, to=below)
        assert plan_warnings(version=draft) == []
