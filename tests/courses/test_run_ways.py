"""How people come to the pages of runs, and back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.services import run_open
from courses.services.plans import PlannedActivity, PlannedBlock, course_publish
from ecosystem.models import Power
from ecosystem.services.elements import element_create
from tests.courses.conftest import within
from tests.courses.test_builder import text_of

PLANNING, RUNS, STUDIO = 'href="/studio/planning/"', 'href="/courses/built/runs/"', 'href="/studio/"'


@pytest.fixture
def run(author, built):
    with within(author):
        return run_open(element=built, title="Autumn")


@pytest.mark.parametrize("role", ["manager", "instructor"])
def test_from_the_menu_to_a_run_and_back_without_a_page_that_refuses(member, browser_of, run, role):
    browser = browser_of(member(role))
    assert PLANNING in text_of(browser.get("/"))
    planning = text_of(browser.get("/studio/planning/"))
    assert RUNS in planning
    runs = text_of(browser.get("/courses/built/runs/"))
    assert f'href="/courses/built/runs/{run.uid}/"' in runs
    assert PLANNING in runs
    for page in (planning, runs):
        assert STUDIO not in page


def test_who_was_given_one_course_sees_the_runs_of_that_one(author, pages, run, give, browser_of):
    with within(author):
        another = element_create(kind="course", title="Another", creators=["A"])
        course_publish(element=another, blocks=[PlannedBlock("One", [PlannedActivity(target=pages[3])])])
    page = text_of(browser_of(give(Power.ENROL, course=run.element)).get("/studio/planning/"))
    assert RUNS in page
    assert "Another" not in page


def test_a_learner_is_not_led_there(member, browser_of, run):
    browser = browser_of(member("learner"))
    assert PLANNING not in text_of(browser.get("/"))
    assert browser.get("/studio/planning/").status_code == 404


def test_whoever_builds_finds_the_runs_in_the_studio_and_in_the_builder(author, browser_of, run):
    browser = browser_of(author)
    assert text_of(browser.get("/studio/")).count(PLANNING) == 2  # in the menu and on the page
    assert RUNS in text_of(browser.get("/courses/built/build/"))


def test_opening_by_hand_is_found_by_those_who_may(member, browser_of, run):
    there = 'href="/courses/built/releases/"'
    address = f"/courses/built/runs/{run.uid}/"
    instructor = browser_of(member("instructor"))
    assert there in text_of(instructor.get(address))
    assert RUNS in text_of(instructor.get("/courses/built/releases/"))
    assert there not in text_of(browser_of(member("manager")).get(address))


def test_the_planning_costs_the_same_for_one_course_and_many(author, pages, browser_of, run):
    browser, costs = browser_of(author), []
    for count in (0, 5):
        with within(author):
            for n in range(count):
                course = element_create(kind="course", title=f"More {n}", slug=f"more-{n}", creators=["A"])
                course_publish(element=course, blocks=[PlannedBlock("One", [PlannedActivity(target=pages[3])])])
                run_open(element=course)
        browser.get("/studio/planning/")
        with CaptureQueriesContext(connection) as captured:
            assert text_of(browser.get("/studio/planning/")).count('/runs/"') == count + 1
        costs.append(len(captured))
    assert costs[0] == costs[1]
