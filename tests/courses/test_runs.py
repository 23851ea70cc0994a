"""Runs: dates, copies, guides, groups that enrol, people one by one and in bulk."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from content.services import page_finish, page_open
from courses.exceptions import CourseError
from courses.learning.closing import closed_because, today_here
from courses.models import ActivityState, CourseRun, CourseVersion, Enrolment, EnrolmentState, RunGroup, RunGuide, State
from courses.runs.people_list import list_of
from courses.services import bulk, enrolment_create, enrolment_withdraw, run_tallying, runs
from ecosystem import clock
from ecosystem.models import AuditEntry, GroupMember, Membership, Power
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create
from ecosystem.services.groups import group_members_add, group_save, groups_refresh
from ecosystem.services.invitations import Invited, invitation_accept, invitation_create
from records.models import Statement
from tests.courses.conftest import RUN_ENDS, ids, state_of, within
from tests.courses.test_builder import text_of

FIRST, LAST = date(2027, 3, 1), RUN_ENDS


def test_a_run_is_made_changed_and_written_into_the_audit_log(manager, built):
    with within(manager):
        run = runs.run_create(element=built, by=manager, title="March", starts_on=FIRST, ends_on=LAST, complete_at=80)
        runs.run_update(run=run, by=manager, title="Spring")
        runs.run_update(run=run, by=manager, title="Spring")
        fresh = CourseRun.objects.get()
        assert (fresh.title, fresh.starts_on, fresh.ends_on, fresh.complete_at) == ("Spring", FIRST, LAST, 80)
        assert list(AuditEntry.objects.filter(act__startswith="run.").values_list("act", flat=True)) == [
            "run.created", "run.changed",
        ]  # fmt: skip


@pytest.mark.parametrize(
    "facts",
    [
        {"starts_on": LAST, "ends_on": FIRST},
        {"complete_at": 0},
        {"complete_at": 101},
        {"pace": "own", "lasts_days": 0},
        {"version": 1},
        {"ends_on": date.max},
        {"starts_on": date.min},
    ],
)
def test_bad_facts_of_a_run_are_refused(manager, built, facts):
    with within(manager), pytest.raises(CourseError):
        runs.run_create(element=built, by=manager, title="x", **facts)


def test_the_database_keeps_dates_and_pace_together(manager, run):
    with within(manager):
        for bad in ({"pace": "own"}, {"complete_at": 0}, {"lasts_days": 3}):
            with pytest.raises(IntegrityError), transaction.atomic():
                CourseRun.objects.filter(pk=run.pk).update(**bad)


def test_dates_of_ones_own_count_from_the_day_of_enrolling(manager, member, built):
    learner = member("learner")
    with within(manager):
        run = runs.run_create(element=built, by=manager, title="Any time", pace="own", lasts_days=28)
        enrolment = enrolment_create(run=run, person=learner.person)
        today = today_here()
    assert (enrolment.starts_on, enrolment.ends_on) == (today, today + timedelta(days=27))
    assert (enrolment.first_day, enrolment.last_day) == (enrolment.starts_on, enrolment.ends_on)


def test_a_copy_has_shifted_dates_the_same_guides_and_groups_and_nobody_in_it(manager, member, run, people):
    mentor = member("instructor")
    with within(manager):
        runs.run_update(run=run, by=manager, starts_on=FIRST, ends_on=LAST, complete_at=70)
        runs.run_guide_add(run=run, person=mentor.person, role="mentor", by=manager)
        group = group_save(name="Night", by=manager)
        runs.run_group_add(run=run, group=group, by=manager)
        run.refresh_from_db()
        copy = runs.run_copy(run=run, by=manager, starts_on=date(2027, 9, 6), title="Autumn")
        assert (copy.starts_on, copy.ends_on) == (date(2027, 9, 6), date(2027, 10, 6))
        assert (copy.title, copy.complete_at) == ("Autumn", 70)
        assert [row.person_id for row in copy.guides.all()] == [mentor.person_id]
        assert [row.group_id for row in copy.groups.all()] == [group.pk]
        assert not copy.enrolments.exists()


def test_completion_at_less_than_everything(manager, member, built, pages):
    learner = member("learner")
    with within(learner):
        run = CourseRun.objects.create(
            environment_id=built.environment_id, element=built, title="Most", complete_at=60,
            version=built_version(built),
        )  # fmt: skip
        enrolment_create(run=run, person=learner.person)
        page_finish(element=pages[2])
        assert Enrolment.objects.get().state == EnrolmentState.ACTIVE
        page_finish(element=pages[0])  # weights 1 and 3 of 5
        enrolment = Enrolment.objects.get()
        assert (enrolment.state, enrolment.progress) == (EnrolmentState.COMPLETED, 100)
        page_finish(element=pages[1])
        assert Statement.objects.filter(verb="completed", element=built).count() == 1


def built_version(built):
    return CourseVersion.objects.get(element=built)


def test_joining_a_group_enrols_by_hand_by_rule_and_by_invitation(manager, member, run):
    early, late, by_rule = member("learner"), member("learner"), member("learner")
    with within(manager):
        group = group_save(name="Night", by=manager)
        group_members_add(group=group, person_ids=[early.person_id], by=manager)
        assert runs.run_group_add(run=run, group=group, by=manager) == 1
        assert runs.run_group_add(run=run, group=group, by=manager) == 0
        group_members_add(group=group, person_ids=[late.person_id], by=manager)
        group_save(group=group, name="Night", rule={"match": "all", "job_title": "Nurse"}, by=manager)
        Membership.objects.filter(pk=by_rule.pk).update(job_title="Nurse")
        groups_refresh(person_ids=[by_rule.person_id])
        invited = Invited(email="new@example.org", roles=("learner",), name="New", job_title="", group_id=group.pk)
        token = invitation_create(invited=invited, by=manager).token
        newcomer = invitation_accept(token=token, name="New", password="a long enough secret")
        inside = set(run.enrolments.values_list("person_id", flat=True))
        assert inside == {early.person_id, late.person_id, by_rule.person_id, newcomer.person_id}
        runs.run_group_remove(run=run, group=group, by=manager)
        group_members_add(group=group, person_ids=[manager.person_id], by=manager)
        assert run.enrolments.count() == 4


def test_a_group_enrols_nobody_into_a_run_that_is_over(manager, member, run):
    with within(manager):
        group = group_save(name="Night", by=manager)
        runs.run_group_add(run=run, group=group, by=manager)
        runs.run_update(run=run, by=manager, ends_on=today_here() - timedelta(days=1))
        group_members_add(group=group, person_ids=[member("learner").person_id], by=manager)
        assert not run.enrolments.exists()
        assert GroupMember.objects.count() == 1


def test_who_was_taken_out_comes_back_by_joining_the_group_anew(manager, run, people):
    with within(manager):
        bulk.enrolments_withdraw(run=run, ids=ids(run, people[0]), by=manager)
        group = group_save(name="Night", by=manager)
        runs.run_group_add(run=run, group=group, by=manager)
        group_members_add(group=group, person_ids=[people[0].person_id], by=manager)
    assert state_of(manager, people[0]) == EnrolmentState.ACTIVE


def test_a_pause_closes_the_course_and_what_is_done_in_it_counts_afterwards(manager, browser_of, run, people, pages):
    learner = people[0]
    with within(manager):
        assert bulk.enrolments_pause(run=run, ids=ids(run, learner), by=manager) == 1
        assert bulk.enrolments_pause(run=run, ids=ids(run, learner), by=manager) == 0
    browser = browser_of(learner)
    with within(learner), pytest.raises(CourseError, match="paused"):  # going out and in again is no way round it
        enrolment_withdraw(enrolment=Enrolment.objects.get(person_id=learner.person_id), by=learner)
    assert browser.get(f"/learn/{pages[0].slug}/").status_code == 403
    assert "paused" in text_of(browser.get("/courses/built/"))
    with within(learner):
        page_finish(element=pages[0])
        assert ActivityState.objects.get(target=pages[0], person_id=learner.person_id).state == State.OPEN
    with within(manager):
        assert bulk.enrolments_resume(run=run, ids=ids(run, learner), by=manager) == 1
        states = dict(ActivityState.objects.filter(person_id=learner.person_id).values_list("target", "state"))
        assert states == {pages[0].pk: State.COMPLETED, pages[1].pk: State.OPEN, pages[2].pk: State.OPEN}
        assert Enrolment.objects.get(person_id=learner.person_id).progress == 60
    assert browser.get(f"/learn/{pages[1].slug}/").status_code == 200


def test_extending_and_giving_guides_to_many(manager, member, run, people):
    mentor = member("instructor", name="Mo")
    with within(manager):
        assert bulk.enrolments_extend(run=run, ids=ids(run, *people[:2]), by=manager, ends_on=date(2027, 6, 1)) == 2
        runs.run_guide_add(run=run, person=mentor.person, role="mentor", by=manager)
        facts = {"run": run, "by": manager, "role": "mentor", "person_id": mentor.person_id}
        assert bulk.enrolments_guide(ids=ids(run, *people), **facts) == 3
        assert bulk.enrolments_guide(ids=ids(run, *people), **facts) == 0
        rows = Enrolment.objects.filter(run=run).order_by("pk")
        assert [row.last_day for row in rows] == [date(2027, 6, 1), date(2027, 6, 1), LAST]
        assert {row.mentor_id for row in rows} == {mentor.person_id}
        with pytest.raises(CourseError, match="guides this run"):
            bulk.enrolments_guide(ids=ids(run, *people), **{**facts, "person_id": manager.person_id})
        runs.run_guide_remove(guide=RunGuide.objects.get(), by=manager)
        assert set(Enrolment.objects.values_list("mentor_id", flat=True)) == {None}


def test_days_far_away_are_refused_wherever_they_come_from(manager, browser_of, run, people):
    with within(manager):
        dated = runs.run_create(element=run.element, by=manager, title="Dated", starts_on=FIRST, ends_on=LAST)
        with pytest.raises(CourseError, match="between 1970 and 2199"):
            runs.run_copy(run=dated, by=manager, starts_on=date.max)
        with pytest.raises(CourseError, match="between 1970 and 2199"):
            bulk.enrolments_extend(run=run, ids=ids(run, *people), by=manager, ends_on=date.max)
        CourseRun.objects.filter(pk=dated.pk).update(starts_on=date.min, ends_on=date.max)
        with pytest.raises(CourseError, match="between 1970 and 2199"):
            runs.run_copy(run=CourseRun.objects.get(pk=dated.pk), by=manager, starts_on=FIRST)
        row = {"line": 2, "email": people[0].person.email, "ends_on": "9999-12-31", "instructor": "", "mentor": ""}
        assert [found.reason for found in list_of(run).check([row])] == ["Choose a day between 1970 and 2199."]
    answer = browser_of(manager).post(
        "/courses/built/runs/", {"title": "Far", "pace": "fixed", "ends_on": "9999-12-31", "complete_at": "100"}
    )
    assert "Choose a day between 1970 and 2199." in text_of(answer)


def test_bulk_is_all_or_nothing(manager, run, people, pages):
    with within(people[0]):
        for page in pages[:3]:
            page_finish(element=page)
    with within(manager):
        with pytest.raises(CourseError, match="completed"):
            bulk.enrolments_withdraw(run=run, ids=ids(run, *people), by=manager)
        with pytest.raises(CourseError, match="Choose people"):
            bulk.enrolments_pause(run=run, ids=[*ids(run, *people), 987654321], by=manager)
        with pytest.raises(CourseError, match="Choose people"):
            bulk.enrolments_pause(run=run, ids=[], by=manager)
        assert set(Enrolment.objects.values_list("state", flat=True)) == {"completed", "active"}


def test_powers_over_one_group_reach_its_people_only(manager, run, people, give):
    with within(manager):
        group = group_save(name="Night", by=manager)
        group_members_add(group=group, person_ids=[people[0].person_id], by=manager)
    holder = give(Power.ENROL, group=group)
    with within(holder):
        assert bulk.enrolments_pause(run=run, ids=ids(run, people[0]), by=holder) == 1
        with pytest.raises(CourseError, match="Choose people"):
            bulk.enrolments_pause(run=run, ids=ids(run, people[0], people[1]), by=holder)
        with pytest.raises(CourseError):
            runs.run_update(run=run, by=holder, title="Mine")


def test_powers_over_one_course_reach_that_course_only(author, manager, run, people, give, browser_of):
    with within(author):
        another = element_create(kind="course", title="Another", creators=["A"])
    theirs, mine = give(Power.ENROL, course=another), give(Power.ENROL, course=run.element)
    with within(theirs):
        for act in (bulk.enrolments_pause, bulk.enrolments_withdraw):
            with pytest.raises(CourseError):
                act(run=run, ids=ids(run, people[0]), by=theirs)
        with pytest.raises(CourseError):
            runs.run_create(element=run.element, by=theirs, title="x")
    assert browser_of(theirs).get(f"/courses/built/runs/{run.uid}/").status_code == 404
    assert browser_of(mine).get(f"/courses/built/runs/{run.uid}/").status_code == 200
    with within(mine):
        assert bulk.enrolments_pause(run=run, ids=ids(run, people[0]), by=mine) == 1


@pytest.mark.parametrize("role", ["learner", "author", "instructor", "sponsor"])
def test_who_may_not_run_courses_changes_nothing(member, browser_of, manager, run, people, role):
    browser = browser_of(member(role))
    address = f"/courses/built/runs/{run.uid}/"
    with within(manager):
        chosen = ids(run, people[0])
    assert browser.post(f"{address}settings/", {"act": "save", "title": "Mine"}).status_code == 404
    assert browser.post(f"{address}file/").status_code == 404
    browser.post(f"{address}people/", {"act": "withdraw", "chosen": chosen})
    browser.post(f"{address}people/", {"act": "enrol", "emails": people[0].person.email})
    browser.post("/courses/built/runs/", {"title": "Mine", "pace": "fixed", "complete_at": 100})
    assert state_of(manager, people[0]) == EnrolmentState.ACTIVE
    with within(manager):
        assert [one.title for one in CourseRun.objects.all()] == ["March"]


def test_a_neighbour_finds_nothing(other, member, browser_of, manager, run, people):
    browser = browser_of(member("admin", environment=other))
    for part in ("", "people/", "file/", "settings/", "version/"):
        assert browser.get(f"/courses/built/runs/{run.uid}/{part}").status_code in {404, 405}
    assert browser.post(f"/courses/built/runs/{run.uid}/people/", {"act": "withdraw"}).status_code == 404
    with open_scope(environment_id=other.pk):
        assert not RunGroup.objects.exists()
        assert not Enrolment.objects.exists()


def test_what_was_begun_and_then_done_elsewhere_counts_for_who_is_taken_back(manager, run, people, built, pages):
    with within(people[0]):
        page_open(element=pages[0])
    with within(manager):
        bulk.enrolments_withdraw(run=run, ids=ids(run, people[0]), by=manager)
    with within(people[0]):
        page_finish(element=pages[0])
    with within(manager):
        enrolment = enrolment_create(run=run, person=people[0].person)
        assert enrolment.state == EnrolmentState.ACTIVE
        states = ActivityState.objects.filter(enrolment=enrolment).order_by(
            "activity__block__position", "activity__position"
        )
        assert [state.state for state in states] == [State.COMPLETED, State.OPEN, State.OPEN]
        assert enrolment.progress == 60


def test_days_are_those_of_the_environment_wherever_somebody_looks_from(manager, member, built):
    learner = member("learner")
    with within(manager):
        run = runs.run_create(element=built, by=manager, title="Any time", pace="own", lasts_days=1)
        evening = datetime(2027, 3, 1, 22, 30, tzinfo=UTC)  # 23:30 in Amsterdam, the next day in Auckland
        with clock.at(evening), timezone.override("Pacific/Auckland"):
            enrolment = enrolment_create(run=run, person=learner.person)
            assert (enrolment.starts_on, enrolment.ends_on) == (FIRST, FIRST)
            assert closed_because(enrolment) == ""
        with clock.at(evening + timedelta(hours=1)), timezone.override("America/New_York"):
            assert "ended on" in closed_because(enrolment)


@pytest.mark.parametrize("most", [50, 1])
def test_another_bar_counts_again_for_who_is_on_the_way(manager, run, people, pages, monkeypatch, most):
    monkeypatch.setattr(run_tallying, "MOST_AT_ONCE", most)
    for one in people[:2]:
        with within(one):
            page_finish(element=pages[0])
    with within(manager):
        runs.run_update(run=run, by=manager, complete_at=60)
        done = Enrolment.objects.filter(run=run, state=EnrolmentState.COMPLETED)
        assert done.count() == (0 if most == 1 else 2)
    assert run_tallying.run_tally_all(environment_id=run.environment_id, run_id=run.pk) == (3 if most == 1 else 1)
    with within(manager):
        assert set(done.values_list("person_id", flat=True)) == {one.person_id for one in people[:2]}
        runs.run_update(run=run, by=manager, complete_at=100)
        assert done.count() == 2, "what is completed stays so"
