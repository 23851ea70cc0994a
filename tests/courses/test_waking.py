"""The queue of what waits for time: touched when it is due, once, by whoever comes first."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.services import page_create
from courses.models import ActivityState, EnrolmentState, State, Wake
from courses.services import enrolment_create, enrolment_withdraw
from courses.services.waking import wakes_drain, wakes_waiting
from courses.tasks import wake
from ecosystem import clock
from ecosystem.scope import open_scope
from ecosystem.services.environments import environment_create
from ecosystem.services.people import member_add
from notifications.models import ChannelChoice, Mail, Notice

BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)
TOMORROW = BEGIN + timedelta(days=1)


def states():
    return list(ActivityState.objects.order_by("person_id", "activity__position").values_list("state", flat=True))


@pytest.fixture
def pages(env):
    with open_scope(environment_id=env.pk):
        return [page_create(title=f"Page {n}", markdown="x", creators=["Ada"]).element for n in range(3)]


@pytest.fixture
def enrolled(env, member, pages, make_course):
    """A learner of a course whose second step opens after a day, for a day only."""
    learner = member("learner")
    with open_scope(environment_id=env.pk), clock.at(BEGIN):
        for_a_day = {"all": [{"after_enrolment": {"days": 1}}, {"not": {"after_enrolment": {"days": 2}}}]}
        run = make_course([(pages[0], None), (pages[1], for_a_day), (pages[2], {"completed": pages[1].pk})])
        return enrolment_create(run=run, person=learner.person)


def test_it_opens_when_it_is_due_and_locks_when_its_time_is_over(env, enrolled):
    def after(**time):
        with clock.at(BEGIN + timedelta(**time)):
            handled = wakes_drain(environment_id=env.pk)
        with open_scope(environment_id=env.pk):
            return handled, states()[1], list(Wake.objects.values_list("due_at", flat=True))

    assert after(hours=23) == (0, State.LOCKED, [TOMORROW])
    assert after(days=1) == (1, State.OPEN, [BEGIN + timedelta(days=2)])
    assert after(days=1) == (0, State.OPEN, [BEGIN + timedelta(days=2)]), "twice is once"
    assert after(days=2) == (1, State.LOCKED, [])


def test_what_is_begun_stays_open_when_its_time_is_over(env, enrolled, pages):
    from records.services import record

    with clock.at(TOMORROW):
        wakes_drain(environment_id=env.pk)
        with open_scope(environment_id=env.pk, person_id=enrolled.person_id):
            record(verb="launched", element=pages[1])
    with clock.at(BEGIN + timedelta(days=2)):
        assert wakes_drain(environment_id=env.pk) == 1
        with open_scope(environment_id=env.pk, person_id=enrolled.person_id):
            assert (states()[1], Wake.objects.count()) == (State.STARTED, 0)
            record(verb="completed", element=pages[1])
            assert states() == [State.OPEN, State.COMPLETED, State.OPEN]


def test_who_has_withdrawn_sleeps_and_is_judged_on_the_way_back(env, member, enrolled):
    boss = member("admin")
    with open_scope(environment_id=env.pk):
        enrolment_withdraw(enrolment=enrolled, by=boss)
    with clock.at(TOMORROW):
        wakes_drain(environment_id=env.pk)
        with open_scope(environment_id=env.pk):
            assert (states()[1], Wake.objects.count()) == (State.LOCKED, 0)
            back = enrolment_create(run=enrolled.run, person=enrolled.person)
            assert (back.state, states()[1]) == (EnrolmentState.ACTIVE, State.OPEN)


def test_one_that_fails_stops_no_other_and_is_tried_again(env, member, enrolled, pages, make_course, caplog):
    from courses.models import Activity

    with open_scope(environment_id=env.pk), clock.at(BEGIN):
        run = make_course([(pages[0], {"after_enrolment": {"days": 1}})])
        enrolment_create(run=run, person=member().person)
        broken = Activity.objects.get(version=run.version)
        Activity.objects.filter(pk=broken.pk).update(condition={"gone": 1})
    with clock.at(TOMORROW):
        assert wakes_drain(environment_id=env.pk) == 1
        with open_scope(environment_id=env.pk):
            assert ActivityState.objects.get(enrolment=enrolled, activity__position=1).state == State.OPEN
            later = Wake.objects.get(state__activity=broken)
            assert later.due_at == TOMORROW + timedelta(hours=1)
    assert "KeyError" in caplog.text


def test_the_tick_starts_work_where_something_is_due_only(env, other, enrolled, monkeypatch):
    started = []
    monkeypatch.setattr("courses.tasks.open_due.apply_async", lambda kwargs, queue: started.append((kwargs, queue)))
    assert (wake(), started) == (1, [({"environment_id": env.pk}, "default")])  # BEGIN is long ago for a real clock
    with clock.at(BEGIN):
        assert (wakes_waiting(), wake()) == ({}, 0)


def test_a_batch_costs_the_same_for_one_and_for_many(env, member, pages, make_course):
    def cost(people: int) -> int:
        with open_scope(environment_id=env.pk), clock.at(BEGIN):
            run = make_course([(pages[0], {"after_enrolment": {"days": 1}})])
            for _person in range(people):
                enrolment_create(run=run, person=member().person)
        with clock.at(TOMORROW), CaptureQueriesContext(connection) as asked:
            assert wakes_drain(environment_id=env.pk) == people
        return len(asked)

    assert cost(1) == cost(6)


@pytest.mark.usefixtures("own_database")
def test_two_workers_share_it_and_nobody_is_done_twice():
    environment = environment_create(slug="alpha", name="Alpha", hosts=["alpha.localhost"])
    with open_scope(environment_id=environment.pk), clock.at(BEGIN):
        from courses.services import PlannedActivity, PlannedBlock, course_publish, enrolments_create, run_open
        from ecosystem.services.elements import element_create

        boss = member_add(email="boss@example.org", name="Boss", roles=["admin"])
        page = page_create(title="Page", markdown="x", creators=["Ada"]).element
        course = element_create(kind="course", title="Course", creators=["Ada"])
        step = PlannedActivity(target=page, condition={"after_enrolment": {"days": 1}})
        course_publish(element=course, blocks=[PlannedBlock("One", [step])])
        people = [f"p{n}@example.org" for n in range(40)]
        for address in people:
            member_add(email=address, name=address)
        enrolments_create(run=run_open(element=course), emails=people, by=boss)
    done = []

    def work():
        with clock.at(TOMORROW):
            done.append(wakes_drain(environment_id=environment.pk))
        connection.close()

    import courses.services.waking as waking

    before, waking.BATCH = waking.BATCH, 5
    try:
        workers = [threading.Thread(target=work) for _worker in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=60)
        while (again := wakes_drain_at(environment.pk)) > 0:  # what one left to the other just as it stopped
            done.append(again)
    finally:
        waking.BATCH = before
    assert sum(done) == 40
    with open_scope(environment_id=environment.pk):
        assert set(states()) == {State.OPEN}
        assert not Wake.objects.exists()


def wakes_drain_at(environment_id) -> int:
    with clock.at(TOMORROW):
        return wakes_drain(environment_id=environment_id)


def test_who_it_opens_for_is_told_once_on_the_site(env, member, enrolled):
    other = member("learner")
    with open_scope(environment_id=env.pk), clock.at(BEGIN):
        enrolment_create(run=enrolled.run, person=other.person)
        ChannelChoice.objects.create(
            environment=env, person=other.person, kind="step-opened", channel="app", wanted=False, since=BEGIN
        )
        enrolled.person.language = "nl"
        enrolled.person.save(update_fields=["language"])
    for moment in (TOMORROW, TOMORROW):
        with clock.at(moment):
            wakes_drain(environment_id=env.pk)
    with open_scope(environment_id=env.pk):
        told = Notice.objects.get()
        assert (told.person, told.title, told.href) == (enrolled.person, "Page 1", "/courses/course-1/")
        assert "Course 1" in told.body
        assert not Mail.objects.exists()
