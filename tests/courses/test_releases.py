"""Opening by hand: who may, what it does, that it is written down."""

import pytest

from content.services import page_create
from courses.exceptions import CourseError
from courses.models import ActivityState, State
from courses.services import activity_hold, activity_release, enrolment_create
from ecosystem.models import AuditEntry
from ecosystem.scope import open_scope
from records.services import record


@pytest.fixture
def learner(member):
    return member("learner")


@pytest.fixture
def waiting(env, learner, make_course):
    """(waits for the instructor, waits for something else too, waits for nothing)"""
    with open_scope(environment_id=env.pk):
        pages = [page_create(title=f"Page {n}", markdown="x", creators=["Ada"]).element for n in range(3)]
        run = make_course(
            [
                (pages[0], {"released": True}),
                (pages[1], {"all": [{"released": True}, {"completed": pages[0].pk}]}),
                (pages[2], None),
            ]
        )
        enrolment = enrolment_create(run=run, person=learner.person)
        rows = ActivityState.objects.select_related("activity", "target").filter(enrolment=enrolment)
        return list(rows.order_by("activity__position"))


@pytest.mark.scoped
def test_an_instructor_opens_it_once_and_it_is_audited(env, member, waiting):
    instructor = member("instructor")
    assert activity_release(state=waiting[0], by=instructor).state == State.OPEN
    assert activity_release(state=waiting[0], by=instructor).state == State.OPEN
    entry = AuditEntry.objects.get(act="activity.released")
    assert (entry.actor_id, entry.after["person"]) == (instructor.person_id, waiting[0].person_id)
    assert activity_release(state=waiting[1], by=instructor).state == State.LOCKED
    record(verb="completed", element=waiting[0].target, person_id=waiting[0].person_id)
    assert ActivityState.objects.get(pk=waiting[1].pk).state == State.OPEN


@pytest.mark.scoped
def test_it_can_be_taken_back_until_the_learner_begins(env, member, waiting):
    instructor = member("instructor")
    activity_release(state=waiting[0], by=instructor)
    assert activity_hold(state=waiting[0], by=instructor).state == State.LOCKED
    assert activity_hold(state=waiting[0], by=instructor).state == State.LOCKED
    assert AuditEntry.objects.filter(act="activity.held").count() == 1
    activity_release(state=waiting[0], by=instructor)
    record(verb="launched", element=waiting[0].target, person_id=waiting[0].person_id)
    with pytest.raises(CourseError):
        activity_hold(state=waiting[0], by=instructor)


@pytest.mark.scoped
def test_others_cannot_and_nothing_else_can_be_opened(env, member, learner, waiting):
    for stranger in (learner, member("author"), member("sponsor")):
        with pytest.raises(CourseError):
            activity_release(state=waiting[0], by=stranger)
    with pytest.raises(CourseError):
        activity_release(state=waiting[2], by=member("instructor"))
    assert not AuditEntry.objects.filter(act="activity.released").exists()


def test_an_instructor_next_door_cannot(env, other, member, waiting):
    theirs = member("instructor", environment=other)
    with open_scope(environment_id=other.pk), pytest.raises(CourseError):
        activity_release(state=waiting[0], by=theirs)
