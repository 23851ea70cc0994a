"""The pages of a run: settings, people from a file, guides, the workload, the month."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.models import CourseRun, Enrolment, EnrolmentState
from courses.services import bulk, enrolment_create, runs
from ecosystem.services.groups import group_save
from records.models import Statement
from tests.courses.conftest import ids, state_of, within
from tests.courses.test_builder import text_of

FIRST = date(2027, 3, 1)


def test_the_pages_of_a_run_do_what_the_services_do(manager, member, browser_of, built, people, run):
    browser, address = browser_of(manager), f"/courses/built/runs/{run.uid}/"
    late, mentor = member("learner", name="Late"), member("instructor", name="Mo")
    made = browser.post(
        "/courses/built/runs/",
        {"title": "Spring", "pace": "fixed", "starts_on": "2027-04-01", "complete_at": 90},
        follow=True,
    )
    assert "The run is there." in text_of(made)
    browser.post(f"{address}people/", {"act": "enrol", "emails": f"{late.person.email}\n"})
    assert state_of(manager, late) == EnrolmentState.ACTIVE
    refused = browser.post(f"{address}people/", {"act": "enrol", "emails": "nobody@example.org"}, follow=True)
    assert "nobody@example.org" in text_of(refused)
    with within(manager):
        chosen = ids(run, late)
        group = group_save(name="Night", by=manager)
    for facts in (
        {"act": "extend", "ends_on": "2027-05-01"},
        {"act": "pause"},
    ):
        assert "Done for 1 person." in text_of(
            browser.post(f"{address}people/", {**facts, "chosen": chosen}, follow=True)
        )
    assert "Choose a day." in text_of(
        browser.post(f"{address}people/", {"act": "extend", "chosen": chosen}, follow=True)
    )
    settings = f"{address}settings/"
    browser.post(settings, {"act": "guide_add", "email": mentor.person.email, "role": "mentor"})
    browser.post(settings, {"act": "group_add", "group": group.pk})
    browser.post(settings, {"act": "save", "title": "April", "pace": "own", "lasts_days": 5, "complete_at": 50})
    copied = browser.post(settings, {"act": "copy", "title": "Again"}, follow=True)
    assert "This is the copy." in text_of(copied)
    page = text_of(browser.get(address))
    assert "April" in page
    assert "Mo (mentor)" in page
    assert "until 1 May 2027" in page
    with within(manager):
        assert CourseRun.objects.get(title="Again").groups.count() == 1
        assert CourseRun.objects.get(title="April").lasts_days == 5
    assert "The last day is before the first." in text_of(
        browser.post(settings, {"act": "save", "title": "x", "pace": "fixed", "starts_on": "2027-02-01", "ends_on": "2027-01-01", "complete_at": 50})
    )  # fmt: skip


def look_at(browser, run, text):
    file = SimpleUploadedFile("people.csv", text.encode(), "text/csv")
    return browser.post(f"/courses/built/runs/{run.uid}/file/", {"file": file})


def test_a_file_is_looked_at_first_and_then_done_once(manager, member, browser_of, run):
    first, second, mentor = member("learner"), member("learner"), member("instructor")
    with within(manager):
        runs.run_guide_add(run=run, person=mentor.person, role="mentor", by=manager)
    browser = browser_of(manager)
    text = f"email;ends_on;mentor\n{first.person.email};2027-06-01;{mentor.person.email}\n{second.person.email};;\n"
    page = look_at(browser, run, text)
    assert "Ready: 2 lines." in text_of(page)
    with within(manager):
        assert not run.enrolments.exists()
    uid = page.context["kept"].uid
    for _twice in range(2):
        browser.post(f"/courses/built/runs/{run.uid}/file/", {"confirm": uid})
    with within(manager):
        rows = {row.person_id: row for row in run.enrolments.all()}
        assert set(rows) == {first.person_id, second.person_id}
        assert (rows[first.person_id].ends_on, rows[first.person_id].mentor_id) == (date(2027, 6, 1), mentor.person_id)
        assert rows[second.person_id].ends_on is None
        assert Statement.objects.filter(verb="enrolled").count() == 2


def test_every_bad_line_is_named_with_number_and_reason_and_nothing_is_done(manager, member, other, browser_of, run):
    good, stranger = member("learner"), member("learner", environment=other)
    lines = [
        "email,ends_on,mentor",
        f"{good.person.email},,",
        f"{stranger.person.email},,",
        f"{good.person.email},31-12-2027,",
        f"{good.person.email.upper()},2027-06-01,{good.person.email}",
    ]
    page = text_of(look_at(browser_of(manager), run, "\n".join(lines)))
    assert "cannot be used, so nothing is done" in page
    for said in (
        "line 3", "is a member here", "line 4", "Write the date as 2027-03-31.", "The same address is on line 2.",
        "does not guide this run as mentor",
    ):  # fmt: skip
        assert said in page, said
    with within(manager):
        assert not run.enrolments.exists()


def test_a_file_waits_for_its_own_run_only(manager, member, browser_of, built, run):
    learner = member("learner")
    browser = browser_of(manager)
    uid = look_at(browser, run, f"email\n{learner.person.email}\n").context["kept"].uid
    with within(manager):
        second = runs.run_create(element=built, by=manager, title="Second")
    browser.post(f"/courses/built/runs/{second.uid}/file/", {"confirm": uid})
    with within(manager):
        assert not Enrolment.objects.exists()


def test_a_guide_looks_at_their_own_learners_and_the_workload_is_shown(manager, member, browser_of, run, people):
    mentor = member("instructor", name="Mo")
    with within(manager):
        runs.run_update(run=run, by=manager, starts_on=FIRST)
        runs.run_guide_add(run=run, person=mentor.person, role="mentor", by=manager)
        bulk.enrolments_guide(
            run=run, ids=ids(run, people[1]), by=manager, role="mentor", person_id=mentor.person_id
        )  # fmt: skip
    browser, address = browser_of(mentor), f"/courses/built/runs/{run.uid}/"
    everybody, mine = text_of(browser.get(address)), text_of(browser.get(f"{address}?guided=1"))
    assert "Week of 1 March" in everybody
    assert [name in everybody for name in ("Learner 0", "Learner 1", "Learner 2")] == [True, True, True]
    assert [name in mine for name in ("Learner 0", "Learner 1", "Learner 2")] == [False, True, False]


def test_the_planning_shows_the_month(manager, browser_of, run, built):
    with within(manager):
        runs.run_create(element=built, by=manager, title="Whole spring", starts_on=FIRST, ends_on=date(2027, 5, 1))
    browser = browser_of(manager)
    page = text_of(browser.get("/studio/planning/?month=2027-03"))
    assert "March 2027" in page
    assert "Whole spring" in page
    assert "2027-03-31" in page
    assert "Whole spring" not in text_of(browser.get("/studio/planning/?month=2027-06"))
    assert browser.get("/studio/planning/?month=nonsense").status_code == 200


def test_a_run_costs_the_same_for_one_and_many(manager, member, browser_of, run):
    costs = []
    browser = browser_of(manager)
    for count in (1, 12):
        with within(manager):
            for n in range(count):
                enrolment_create(run=run, person=member("learner", name=f"Many {count} {n}").person)
        browser.get(f"/courses/built/runs/{run.uid}/")
        with CaptureQueriesContext(connection) as captured:
            browser.get(f"/courses/built/runs/{run.uid}/")
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 20
