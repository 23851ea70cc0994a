"""The learner's course page: where one left, dates and pauses, who guides, week by week, and as cheap for 200 steps."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from content.services import page_create, page_finish, page_open
from courses.learning.closing import today_here
from courses.learning.workload import Week, weeks_of
from courses.models import CourseRun, Enrolment
from courses.selectors.journeys import journey_of
from courses.selectors.learning import enrolments_of
from courses.services import (
    PlannedActivity,
    PlannedBlock,
    course_publish,
    enrolment_create,
    enrolment_withdraw,
    run_open,
    runs,
)
from courses.views.workload import workload_shown
from ecosystem import clock
from ecosystem.services.elements import element_create
from tests.courses.conftest import within
from tests.courses.test_builder import text_of


@pytest.fixture
def learner(member, built):
    learner = member("learner")
    with within(learner):
        enrolment_create(run=run_open(element=built), person=learner.person)
    return learner


def journey(learner):
    with within(learner):
        return journey_of(enrolment=Enrolment.objects.select_related("element", "run").get())


def test_next_is_what_was_begun_last(learner, pages, browser_of):
    assert journey(learner).next_step.title == "Page 0"
    with within(learner):
        page_open(element=pages[0])
        with clock.at(clock.now() + timedelta(hours=1)):
            page_open(element=pages[2])
    assert journey(learner).next_step.title == "Page 2"
    browser = browser_of(learner)
    assert browser.get("/courses/built/next/").headers["Location"].startswith("/learn/page-2/")
    assert "Next: Page 2" in text_of(browser.get("/courses/"))
    with within(learner):
        page_finish(element=pages[2])
    assert journey(learner).next_step.title == "Page 0"


def test_the_course_used_last_stands_before_one_that_was_never_used(learner, pages, make_course):
    with within(learner):
        page_finish(element=pages[0])
        enrolment_create(run=make_course([(pages[3], None)]), person=learner.person)
        shown = enrolments_of(membership=learner)
    assert [one.element.title for one in shown] == ["Built", "Course 1"]


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ({"starts_on": 3}, "This course starts on"),
        ({"starts_on": -9, "ends_on": -2}, "This course ended on"),
    ],
)
def test_before_and_after_its_dates_a_course_is_closed_with_the_reason(learner, pages, browser_of, dates, said):
    with within(learner):
        CourseRun.objects.update(**{name: today_here() + timedelta(days=days) for name, days in dates.items()})
    browser = browser_of(learner)
    page = text_of(browser.get("/courses/built/"))
    assert said in page
    assert "Continue: " not in page
    closed = browser.get(f"/learn/{pages[0].slug}/")
    assert closed.status_code == 403
    assert said in text_of(closed)
    assert "Page 0" not in text_of(browser.get("/"))
    with within(learner):  # a last day of one's own comes first
        Enrolment.objects.update(starts_on=today_here() - timedelta(days=1), ends_on=today_here())
    assert browser.get(f"/learn/{pages[0].slug}/").status_code == 200


def test_who_has_completed_the_course_may_look_back_after_its_end(learner, pages, browser_of):
    with within(learner):
        for page in pages[:3]:
            page_finish(element=page)
        CourseRun.objects.update(ends_on=today_here() - timedelta(days=1))
    browser = browser_of(learner)
    assert browser.get(f"/learn/{pages[0].slug}/").status_code == 200
    assert "You have finished this course." in text_of(browser.get("/courses/built/"))


def test_another_course_that_is_open_keeps_an_element_open(learner, pages, browser_of, author):
    with within(learner):
        CourseRun.objects.update(ends_on=today_here() - timedelta(days=1))
        second = element_create(kind="course", title="Second", creators=["A"])
        course_publish(element=second, blocks=[PlannedBlock("One", [PlannedActivity(target=pages[0])])])
        enrolment_create(run=run_open(element=second), person=learner.person)
    browser = browser_of(learner)
    assert browser.get(f"/learn/{pages[0].slug}/").status_code == 200
    assert browser.get(f"/learn/{pages[2].slug}/").status_code == 403


def test_leaving_a_course_opens_nothing_that_it_kept_closed(learner, pages, browser_of, author):
    browser = browser_of(learner)
    assert browser.get(f"/learn/{pages[1].slug}/").status_code == 403
    with within(learner):
        enrolment_withdraw(enrolment=Enrolment.objects.get(), by=learner)
    assert browser.get(f"/learn/{pages[1].slug}/").status_code == 403
    assert browser.get(f"/learn/{pages[0].slug}/").status_code == 200, "it was open, and is for members"
    with within(learner):
        second = element_create(kind="course", title="Second", creators=["A"])
        plan = [
            PlannedActivity(target=pages[0], condition={"completed": pages[3].pk}),
            PlannedActivity(target=pages[1]),
        ]
        course_publish(element=second, blocks=[PlannedBlock("One", plan)])
        enrolment_create(run=run_open(element=second), person=learner.person)
    assert browser.get(f"/learn/{pages[0].slug}/").status_code == 403, "a course that was left opens nothing"
    assert browser.get(f"/learn/{pages[1].slug}/").status_code == 200


def test_the_page_says_who_guides_and_what_to_do_week_by_week(learner, member, browser_of):
    mentor, manager = member("instructor", name="Mo Mentor"), member("manager")
    with within(manager):
        run = CourseRun.objects.get()
        runs.run_update(run=run, by=manager, starts_on=today_here(), ends_on=today_here() + timedelta(days=20))
        runs.run_guide_add(run=run, person=mentor.person, role="mentor", by=manager)
        Enrolment.objects.update(mentor=mentor.person)
    answer = browser_of(learner).get("/courses/built/")
    page, weeks = text_of(answer), answer.context["workload"].weeks
    assert "Mo Mentor" in page
    assert "This week" in page
    total = sum(week.minutes for week in weeks)
    assert total
    assert f"About {round(total / len(weeks))} minute" in page
    assert answer.text.count('class="c-fill"') == sum(week.minutes > 0 for week in weeks), "one column a week"


def test_the_picture_of_the_weeks_says_what_stands_out_and_is_left_out_where_nothing_would_be_seen():
    monday = date(2026, 11, 30)
    even, full = (
        [Week(monday + timedelta(weeks=n), minutes) for n, minutes in enumerate(row)] for row in ([20, 20], [5, 40, 0])
    )
    assert workload_shown(even, most=8).finding == "About 20 minutes a week."
    assert workload_shown(full, most=8).finding == "About 15 minutes a week. Most in the week of 7 December: 40 min."
    assert len(workload_shown(full, most=2).weeks) == 2
    for nothing in ([], even[:1], [Week(monday, 0, ["A"]), Week(monday, 0, ["B"])]):
        shown = workload_shown(nothing, most=8)
        assert (shown.weeks, shown.picture) == (nothing, None)


STEPS = st.lists(st.tuples(st.just("step"), st.integers(0, 90)), max_size=20)


@given(STEPS, st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.integers(0, 80))
def test_weeks_hold_every_step_once_in_order_and_none_is_overfull(steps, first, days):
    last = first + timedelta(days=days)
    named = [(f"{title} {number}", minutes) for number, (title, minutes) in enumerate(steps)]
    weeks = weeks_of(named, first=first, last=last)
    assert bool(weeks) == bool(named)
    if not weeks:
        return
    assert [title for week in weeks for title in week.titles] == [title for title, _minutes in named]
    assert sum(week.minutes for week in weeks) == sum(minutes for _title, minutes in named)
    assert weeks[0].first <= first
    assert weeks[-1].first <= last < weeks[-1].first + timedelta(days=7)
    fair = sum(minutes for _title, minutes in named) / len(weeks)
    largest = max(minutes for _title, minutes in named)
    assert all(week.minutes <= fair + largest for week in weeks)


def test_a_plan_that_is_kept_knows_an_address_that_changed(learner, author, pages):
    before = journey(learner).steps[0].href
    with within(author):
        type(pages[0]).objects.filter(pk=pages[0].pk).update(slug="moved")
    assert "/page-0/" in before
    assert journey(learner).steps[0].href == before.replace("/page-0/", "/moved/")


def test_no_weeks_without_a_last_day():
    assert weeks_of([("a", 5)], first=date(2026, 1, 1), last=None) == []
    assert weeks_of([("a", 5)], first=date(2026, 1, 2), last=date(2026, 1, 1)) == []


def test_two_hundred_steps_cost_as_much_as_two(author, member, browser_of):
    costs = [queries_of_course(author, member("learner"), browser_of, count) for count in (2, 200)]
    assert costs[0] == costs[1] <= 16


def queries_of_course(author, learner, browser_of, count):
    with within(author):
        pages = [page_create(title=f"S{count} {n}", markdown="x", creators=["A"]).element for n in range(count)]
        course = element_create(kind="course", title=f"Steps {count}", creators=["A"])
        plan = [
            PlannedActivity(target=page, condition={"completed": pages[n - 1].pk} if n else None)
            for n, page in enumerate(pages)
        ]
        blocks = [PlannedBlock(f"Block {at}", plan[at : at + 20]) for at in range(0, count, 20)]
        course_publish(element=course, blocks=blocks)
        run = run_open(element=course, ends_on=today_here() + timedelta(days=60))
        enrolment_create(run=run, person=learner.person)
    browser = browser_of(learner)
    browser.get(f"/courses/steps-{count}/")
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(f"/courses/steps-{count}/").status_code == 200
    return len(captured)
