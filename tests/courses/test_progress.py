"""A learner moves through a course: what a record changes, at once, and only once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from catalogue.services import offer_make, offer_take
from content.services import page_create, page_finish
from courses.exceptions import CourseError
from courses.learning.tallying import tally_of
from courses.models import ActivityState, Enrolment, EnrolmentState, State
from courses.selectors.journeys import journey_of
from courses.services import PlannedActivity, PlannedBlock, course_publish, run_open
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create, element_offer
from records.models import Statement
from records.services import record


@pytest.fixture
def pages(env, member):
    maker = member("author").person
    with open_scope(environment_id=env.pk):
        return [page_create(title=f"Page {n}", markdown="Hello", creators=[maker], minutes=5).element for n in range(3)]


@pytest.fixture
def course(env, member, pages):
    """Page 0, then page 1 when 0 is finished, then an optional page 2 when 1 is finished."""
    with open_scope(environment_id=env.pk):
        element = element_create(kind="course", title="A course", creators=["Somebody"])
        plan = [
            PlannedActivity(target=pages[0], weight=3),
            PlannedActivity(target=pages[1], condition={"all": [{"completed": pages[0].pk}]}),
            PlannedActivity(target=pages[2], optional=True, condition={"completed": pages[1].pk}),
        ]
        course_publish(element=element, blocks=[PlannedBlock("One", plan)])
        offer_make(element=element, run=run_open(element=element))
        return element


@pytest.fixture
def learner(env, member, course):
    learner = member("learner")
    with open_scope(environment_id=env.pk, person_id=learner.person_id):
        offer_take(offer=course.offers.get(), person=learner.person)
    return learner


def states(learner) -> list[str]:
    rows = ActivityState.objects.filter(person_id=learner.person_id).order_by("activity__position")
    return [row.state for row in rows]


def as_learner(learner):
    return open_scope(environment_id=learner.environment_id, person_id=learner.person_id)


def test_what_a_record_completes_unlocks_the_next_in_the_same_transaction(learner, pages):
    with as_learner(learner):
        assert states(learner) == [State.OPEN, State.LOCKED, State.LOCKED]
        page_finish(element=pages[0])
        assert states(learner) == [State.COMPLETED, State.OPEN, State.LOCKED]
        assert Enrolment.objects.get(person_id=learner.person_id).progress == 75


def test_the_course_is_complete_without_what_is_optional(learner, pages, course):
    with as_learner(learner):
        page_finish(element=pages[0])
        page_finish(element=pages[1])
        enrolment = Enrolment.objects.get(person_id=learner.person_id)
        assert (enrolment.state, enrolment.progress) == (EnrolmentState.COMPLETED, 100)
        assert Statement.objects.filter(verb="completed", element=course).count() == 1


def test_saying_it_twice_changes_nothing(learner, pages):
    with as_learner(learner):
        page_finish(element=pages[0])
        before = list(ActivityState.objects.filter(person_id=learner.person_id).order_by("pk").values())
        record(verb="completed", element=pages[0])
        assert list(ActivityState.objects.filter(person_id=learner.person_id).order_by("pk").values()) == before


def test_a_locked_activity_says_what_is_missing(learner):
    with as_learner(learner):
        enrolment = Enrolment.objects.select_related("element").get(person_id=learner.person_id)
        steps = journey_of(enrolment=enrolment).steps
    assert [step.look for step in steps] == ["now", "locked", "locked"]
    assert steps[1].lock_sentence == "Opens when you have finished “Page 0”."
    assert steps[1].first_missing.startswith("/learn/page-0/")
    assert steps[2].first_missing == ""  # page 1 is locked itself: no link into a wall


def test_what_was_done_before_enrolling_counts(env, member, course, pages):
    late = member("learner")
    with as_learner(late):
        page_finish(element=pages[0])
        offer_take(offer=course.offers.get(), person=late.person)
        assert states(late) == [State.COMPLETED, State.OPEN, State.LOCKED]


def test_who_did_everything_before_enrolling_has_completed(env, member, course, pages):
    early = member("learner")
    with as_learner(early):
        page_finish(element=pages[0])
        page_finish(element=pages[1])
        offer_take(offer=course.offers.get(), person=early.person)
        enrolment = Enrolment.objects.get(person_id=early.person_id)
        assert (enrolment.state, enrolment.progress) == (EnrolmentState.COMPLETED, 100)
        assert states(early) == [State.COMPLETED, State.COMPLETED, State.OPEN]
        told = Statement.objects.filter(element=course).order_by("stored_at", "verb")
        assert sorted(told.values_list("verb", flat=True)) == ["completed", "enrolled"]


def test_part_of_it_done_before_enrolling_is_progress(env, member, course, pages):
    early = member("learner")
    with as_learner(early):
        page_finish(element=pages[0])
        offer_take(offer=course.offers.get(), person=early.person)
        enrolment = Enrolment.objects.get(person_id=early.person_id)
        assert (enrolment.state, enrolment.progress) == (EnrolmentState.ACTIVE, 75)


def test_what_is_optional_goes_on_after_the_course_is_complete(learner, browser_of, pages, course):
    browser = browser_of(learner)
    with as_learner(learner):
        page_finish(element=pages[0])
        page_finish(element=pages[1])
        assert states(learner) == [State.COMPLETED, State.COMPLETED, State.OPEN]
        before = Enrolment.objects.get(person_id=learner.person_id)
    assert browser.get(f"/learn/{pages[2].slug}/").status_code == 200
    with as_learner(learner):
        assert states(learner)[2] == State.STARTED
        page_finish(element=pages[2])
        assert states(learner)[2] == State.COMPLETED
        after = Enrolment.objects.get(person_id=learner.person_id)
        assert (after.state, after.progress, after.completed_at) == (before.state, 100, before.completed_at)
        assert after.last_active_at > before.last_active_at
        assert Statement.objects.filter(verb="completed", element=course).count() == 1


def test_what_unlocks_only_after_completion_unlocks(env, member):
    """Optional page 1 opens when optional page 0 is finished; only the last page must be done."""
    learner = member("learner")
    with as_learner(learner):
        first, second, must = (page_create(title=t, markdown="x", creators=["A"]).element for t in ("F", "S", "M"))
        course = element_create(kind="course", title="Mostly optional", creators=["A"])
        plan = [
            PlannedActivity(target=first, optional=True),
            PlannedActivity(target=second, optional=True, condition={"completed": first.pk}),
            PlannedActivity(target=must),
        ]
        course_publish(element=course, blocks=[PlannedBlock("One", plan)])
        offer_take(offer=offer_make(element=course, run=run_open(element=course)), person=learner.person)
        page_finish(element=must)
        assert Enrolment.objects.get(person_id=learner.person_id).state == EnrolmentState.COMPLETED
        assert states(learner) == [State.OPEN, State.LOCKED, State.COMPLETED]
        page_finish(element=first)
        assert states(learner) == [State.COMPLETED, State.OPEN, State.COMPLETED]


def test_almost_everything_is_not_a_hundred_percent(env, member):
    learner = member("learner")
    with as_learner(learner):
        pages = [page_create(title=f"W{n}", markdown="x", creators=["A"]).element for n in range(2)]
        course = element_create(kind="course", title="Weighed", creators=["A"])
        plan = [PlannedActivity(target=pages[0], weight=999), PlannedActivity(target=pages[1], weight=1)]
        course_publish(element=course, blocks=[PlannedBlock("One", plan)])
        offer_take(offer=offer_make(element=course, run=run_open(element=course)), person=learner.person)
        page_finish(element=pages[0])
        assert Enrolment.objects.get(person_id=learner.person_id).progress == 99


def test_the_plan_of_a_course_from_above_is_made_above(env, make_environment, course, pages):
    below = make_environment("below", parent=env)
    with open_scope(environment_id=env.pk):
        element_offer(element=course, to=below)
    with open_scope(environment_id=below.pk), pytest.raises(CourseError):
        course_publish(element=course, blocks=[PlannedBlock("One", [PlannedActivity(target=pages[0])])])


def test_elements_of_a_stranger_cannot_be_planned(env, other, pages):
    with open_scope(environment_id=other.pk):
        theirs = element_create(kind="course", title="Theirs", creators=["Somebody"])
        with pytest.raises(CourseError):
            course_publish(element=theirs, blocks=[PlannedBlock("One", [PlannedActivity(target=pages[0])])])


def test_a_plan_that_waits_for_the_future_is_refused(env, pages):
    with open_scope(environment_id=env.pk):
        element = element_create(kind="course", title="Backwards", creators=["Somebody"])
        plan = [PlannedActivity(target=pages[0], condition={"passed": pages[1].pk}), PlannedActivity(target=pages[1])]
        with pytest.raises(CourseError):
            course_publish(element=element, blocks=[PlannedBlock("One", plan)])


def test_a_course_offered_down_runs_below_and_its_learners_stay_there(env, course, pages, make_environment, member):
    below = make_environment("below", parent=env)
    learner = member("learner", environment=below)
    with open_scope(environment_id=env.pk):
        assert element_offer(element=course, to=below) == 4  # the course and its three pages
    with as_learner(learner):
        offer_make(element=course, run=run_open(element=course))
        offer_take(offer=course.offers.get(environment=below), person=learner.person)
        page_finish(element=pages[0])
        assert states(learner) == [State.COMPLETED, State.OPEN, State.LOCKED]
    with open_scope(environment_id=env.pk):
        assert not Enrolment.objects.exists()
        assert not Statement.objects.filter(person_id=learner.person_id).exists()


def test_the_course_page_costs_the_same_for_any_length(env, member, browser_of):
    costs = [queries_of_course_page(env, member("learner"), browser_of, count) for count in (2, 7)]
    assert costs[0] == costs[1] <= 14


def queries_of_course_page(env, learner, browser_of, count: int) -> int:
    with as_learner(learner):
        pages = [page_create(title=f"P{count} {n}", markdown="x", creators=["Me"]).element for n in range(count)]
        element = element_create(kind="course", title=f"Long {count}", creators=["Somebody"])
        plan = [
            PlannedActivity(target=page, condition={"completed": pages[0].pk} if n else None)
            for n, page in enumerate(pages)
        ]
        course_publish(element=element, blocks=[PlannedBlock("One", plan)])
        offer_take(offer=offer_make(element=element, run=run_open(element=element)), person=learner.person)
    browser = browser_of(learner)
    browser.get(f"/courses/long-{count}/")
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(f"/courses/long-{count}/").status_code == 200
    return len(captured)


def test_the_whole_way_through_pages_without_javascript(learner, browser_of, course, pages):
    browser = browser_of(learner)
    home = browser.get("/")
    assert "Page 0" in home.content.decode()
    page = browser.get(f"/learn/{pages[0].slug}/?next=/courses/{course.slug}/next/")
    assert page.status_code == 200
    answer = browser.post(f"/learn/{pages[0].slug}/done/", {"next": f"/courses/{course.slug}/next/"}, follow=True)
    assert answer.redirect_chain[-1][0].startswith(f"/learn/{pages[1].slug}/")


def test_next_never_leaves_the_site(learner, browser_of, pages):
    browser = browser_of(learner)
    answer = browser.post(f"/learn/{pages[0].slug}/done/", {"next": "https://evil.example/"})
    assert answer.headers["Location"] == f"/learn/{pages[0].slug}/"


def test_a_locked_activity_stays_closed_by_its_own_address(learner, browser_of, course, pages):
    browser = browser_of(learner)
    answer = browser.get(f"/learn/{pages[1].slug}/")
    assert answer.status_code == 403
    assert "Opens when you have finished “Page 0”." in answer.content.decode()
    assert browser.post(f"/learn/{pages[1].slug}/done/").status_code == 403
    with as_learner(learner):
        assert states(learner) == [State.OPEN, State.LOCKED, State.LOCKED]
        page_finish(element=pages[0])
    assert browser.get(f"/learn/{pages[1].slug}/").status_code == 200


def test_a_threshold_that_was_not_reached_is_not_shown_as_reached():
    assert tally_of([(True, 797), (False, 203)], complete_at=80).percent == 79
    assert tally_of([(True, 29), (False, 71)]).percent == 29


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
