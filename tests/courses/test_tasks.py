"""Tasks on the job: said to be done by a learner, confirmed or sent back by who guides them, with no power needed."""

import pytest

from content.services import page_create
from courses.exceptions import CourseError
from courses.models import ActivityState, Enrolment, ReportState, State, TaskReport
from courses.selectors.guiding import guided_by, reports_waiting
from courses.services import enrolment_create
from courses.services.runs import run_guide_add
from courses.services.tasks_on_the_job import task_answer, task_report
from notifications.models import Notice
from records.models import Statement
from tests.courses.conftest import within
from tests.courses.test_build_api import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def task(author):
    with within(author):
        return page_create(kind="task", title="Calm a guest", markdown="Do it.", creators=[author.person]).element


@pytest.fixture
def going(author, task, make_course, member, pages):
    """(run, learner): a course with a page first, and the task after it; the learner has read the page."""
    learner = member("learner", name="Lea")
    with within(author):
        run = make_course([(pages[0], None), (task, None), (pages[1], {"completed": task.pk})])
        enrolment_create(run=run, person=learner.person)
    return run, learner


@pytest.fixture
def mentor(member, manager, going):
    """A member with no role but learner, who guides the run."""
    found = member("learner", name="Mia")
    with within(manager):
        run_guide_add(run=going[0], person=found.person, role="mentor", by=manager)
    return found


def said(learner, task, note="I listened first.") -> TaskReport:
    with within(learner):
        return task_report(task=task, note=note, by=learner)


def state_in(learner, task) -> str:
    with within(learner):
        return ActivityState.objects.get(person_id=learner.person_id, target=task).state


def test_said_sent_back_said_again_and_confirmed(going, mentor, task):
    _run, learner = going
    first = said(learner, task)
    assert state_in(learner, task) == State.STARTED
    with within(mentor):
        assert list(reports_waiting(mentor)) == [first]
        assert Notice.objects.get(person=mentor.person).href == f"/guiding/{first.uid}/"
        with pytest.raises(CourseError, match="what is missing"):
            task_answer(report=first, confirm=False, words=" ", by=mentor)
        task_answer(report=first, confirm=False, words="With whom?", by=mentor)
        task_answer(report=first, confirm=False, words="With whom?", by=mentor)  # twice is once
        with pytest.raises(CourseError, match="answered this already"):
            task_answer(report=first, confirm=True, words="", by=mentor)
    second = said(learner, task, "With the guest of room 7.")
    assert second.number == 2
    with pytest.raises(CourseError, match="said so already"):
        said(learner, task)
    with within(mentor):
        task_answer(report=second, confirm=True, words="Well done.", by=mentor)
        assert not reports_waiting(mentor).exists()
    assert state_in(learner, task) == State.COMPLETED
    with pytest.raises(CourseError, match="confirmed already"):
        said(learner, task)
    with within(learner):
        assert Statement.objects.filter(verb="completed", element=task, person=learner.person).count() == 1
        assert Notice.objects.filter(person=learner.person, kind="task-answered").count() == 2
        waited = ActivityState.objects.get(person_id=learner.person_id, activity__title="Page 1")
        assert waited.state == State.OPEN


def test_who_may_answer(going, mentor, task, member, manager, give, other):
    run, learner = going
    report = said(learner, task)
    of_group, stranger = give("mark", course=run.element), member("learner")
    with within(manager):
        enrolment_create(run=run, person=mentor.person)
    own = said(mentor, task)
    for one, rows in ((mentor, {report}), (of_group, {report, own}), (stranger, set()), (learner, set())):
        with within(one):
            assert set(reports_waiting(one)) == rows
    for one, about in ((stranger, report), (learner, report), (mentor, own)):
        with within(one), pytest.raises(CourseError, match="Only who guides"):
            task_answer(report=about, confirm=True, words="", by=one)
    beside = member("learner", name="Bo")
    with within(manager):  # given to somebody else, the learner is no longer everybody's
        run_guide_add(run=run, person=beside.person, role="instructor", by=manager)
        Enrolment.objects.filter(person=learner.person).update(instructor=beside.person)
    with within(mentor):
        assert not guided_by(mentor).exists()
    with within(beside):
        assert {row.person for row in guided_by(beside)} == {learner.person, mentor.person}


def test_only_an_open_step_of_ones_own_course_can_be_done(going, task, member, author, make_course, pages):
    _run, learner = going
    with pytest.raises(CourseError, match="a step of a course"):
        said(member("learner"), task)
    for note in ("", " \x00 "):
        with pytest.raises(CourseError, match="Write in a sentence"):
            said(learner, task, note)
    later = member("learner")
    with within(author):
        locked = make_course([(pages[2], None), (task, {"completed": pages[2].pk})])
        enrolment_create(run=locked, person=later.person)
    with pytest.raises(CourseError, match="once it is open"):
        said(later, task)


def test_the_pages(going, mentor, task, browser_of, member, other, django_assert_max_num_queries):
    _run, learner = going
    mine, theirs = browser_of(learner), browser_of(mentor)
    assert mine.get("/courses/").text.count("My learners") == 0
    assert theirs.get("/courses/").text.count("My learners") == 1
    assert mine.get(f"/learn/{task.slug}/")["Location"] == f"/tasks/{task.slug}/"
    assert "Done it?" in mine.get(f"/tasks/{task.slug}/").text
    assert mine.post(f"/tasks/{task.slug}/", {"note": " "}).status_code == 400
    assert mine.post(f"/tasks/{task.slug}/", {"note": "Done."}).status_code == 302
    assert "It waits for who guides you" in mine.get(f"/tasks/{task.slug}/").text
    page = theirs.get("/guiding/")
    assert "Calm a guest" in page.text
    assert "1 waits" in page.text
    with within(learner):
        report = TaskReport.objects.get()
    address = f"/guiding/{report.uid}/"
    assert "Done." in theirs.get(address).text
    assert mine.get(address).status_code == 404
    assert browser_of(member("author", environment=other)).get(address).status_code == 404
    assert theirs.post(address, {"do": "back", "words": ""}).status_code == 400
    assert theirs.post(address, {"do": "confirm", "words": "Good."})["Location"] == "/guiding/"
    assert "Nothing waits for you" in theirs.get("/guiding/").text
    assert "Good." in mine.get(f"/tasks/{task.slug}/").text
    with within(learner):
        assert TaskReport.objects.get().state == ReportState.CONFIRMED


def test_the_list_takes_as_many_queries_for_one_as_for_many(
    going, mentor, task, member, author, browser_of, django_assert_num_queries
):
    run, learner = going
    said(learner, task)
    client = browser_of(mentor)
    client.get("/guiding/")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        client.get("/guiding/")
    for _n in range(3):
        more = member("learner")
        with within(author):
            enrolment_create(run=run, person=more.person)
        said(more, task)
    with django_assert_num_queries(len(one)):
        assert client.get("/guiding/").text.count("1 waits") == 4


def test_over_the_api(going, mentor, task, member):
    _run, learner = going
    mine, theirs, nobody = client_of(learner), client_of(mentor), client_of(member("learner"))
    made = mine.post("/api/v1/task-reports/", {"task": task.slug, "note": "Done."}, format="json")
    assert made.status_code == 201, made.json()
    address = f"/api/v1/task-reports/{made.json()['uid']}/"
    assert [len(one.get("/api/v1/task-reports/").json()["results"]) for one in (mine, theirs, nobody)] == [1, 1, 0]
    assert nobody.post(f"{address}answer/", {"confirm": True}, format="json").status_code == 404
    assert mine.post(f"{address}answer/", {"confirm": True}, format="json").status_code == 400
    back = theirs.post(f"{address}answer/", {"confirm": False, "words": "Where?"}, format="json")
    assert (back.json()["state"], back.json()["answered_by"]) == ("sent_back", mentor.person.email)
    assert nobody.post("/api/v1/task-reports/", {"task": task.slug, "note": "x"}, format="json").status_code == 400
