"""Facts that are no records open and lock too, in the transaction of the change, and only where somebody waits for them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certificates.services import certificate_issue, certificate_revoke, template_save
from content.services import page_create, page_finish
from courses.models import ActivityState, State, Wake
from courses.selectors.journeys import journey_of
from courses.services import enrolment_create
from courses.services.waking import wakes_drain
from ecosystem import clock
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create
from ecosystem.services.groups import group_delete, group_member_remove, group_members_add, group_save
from ecosystem.services.people import member_roles_set
from records.services import record, record_many


@pytest.fixture
def boss(member):
    return member("admin")


@pytest.fixture
def learner(member):
    return member("learner")


@pytest.fixture
def enrolled(env, learner, make_course):
    """The learner in a course with one step under the given condition; gives a function that tells its state."""

    def enrol(condition, person=None):
        with open_scope(environment_id=env.pk):
            page = page_create(title=f"Page {condition}", markdown="x", creators=["Ada"]).element
            enrolment = enrolment_create(run=make_course([(page, condition)]), person=person or learner.person)
        return lambda: ActivityState.objects.get(enrolment=enrolment).state

    return enrol


@pytest.mark.scoped
def test_a_group_opens_and_locks(env, boss, learner, enrolled):
    state, group = enrolled({"group": "night SHIFT"}), group_save(name="Night shift", by=boss)
    assert state() == State.LOCKED
    group_members_add(group=group, person_ids=[learner.person_id], by=boss)
    assert state() == State.OPEN
    group_member_remove(group=group, person_id=learner.person_id, by=boss)
    assert state() == State.LOCKED
    group_members_add(group=group, person_ids=[learner.person_id], by=boss)
    group_save(group=group, name="Late shift", by=boss)
    assert state() == State.LOCKED
    group_save(group=group, name="NIGHT shift", by=boss)
    assert state() == State.OPEN
    group_delete(group=group, by=boss)
    assert state() == State.LOCKED


@pytest.mark.scoped
def test_the_rule_of_a_group_and_a_role_open(env, boss, learner, enrolled):
    by_rule, by_role = enrolled({"group": "Writers"}), enrolled({"role": "author"})
    group_save(name="Writers", rule={"role": "author"}, by=boss)
    assert (by_rule(), by_role()) == (State.LOCKED, State.LOCKED)
    member_roles_set(membership=learner, roles=["author"], by=boss)
    assert (by_rule(), by_role()) == (State.OPEN, State.OPEN)
    member_roles_set(membership=learner, roles=["learner"], by=boss)
    assert (by_rule(), by_role()) == (State.LOCKED, State.LOCKED)


def test_a_group_of_the_same_name_next_door_opens_nothing_here(env, other, member, enrolled):
    state = enrolled({"group": "Night shift"})
    with open_scope(environment_id=other.pk):
        theirs = member("admin", environment=other)
        group = group_save(name="Night shift", by=theirs)
        group_members_add(group=group, person_ids=[theirs.person_id], by=theirs)
    with open_scope(environment_id=env.pk):
        assert state() == State.LOCKED


@pytest.mark.scoped
def test_a_certificate_opens_until_it_expires_or_is_withdrawn(env, boss, learner, enrolled):
    course = element_create(kind="course", title="First aid", creators=["Ada"])
    state = enrolled({"certificate": course.pk})
    template = template_save(course=course, title="First aid", validity_months=12)
    certificate = certificate_issue(template=template, person=learner.person, at=clock.now())
    assert state() == State.OPEN
    assert Wake.objects.get().due_at == certificate.expires_at
    with clock.at(certificate.expires_at - timedelta(seconds=1)):
        assert (wakes_drain(environment_id=env.pk), state()) == (0, State.OPEN)
    certificate_revoke(certificate=certificate, because="A mistake", by=boss)
    assert (state(), Wake.objects.count()) == (State.LOCKED, 0)


@pytest.mark.scoped
def test_any_verb_of_any_tool_and_a_job_aid_open(env, learner, enrolled):
    tool = element_create(kind="external", title="Simulator", creators=["Ada"], url="https://example.org/")
    aid = page_create(title="Checklist", markdown="x", creators=["Ada"], kind="job_aid").element
    flown, used = enrolled({"recorded": {"verb": "landed", "of": tool.pk, "least": 2}}), enrolled({"used": aid.pk})
    record(verb="landed", element=tool, person_id=learner.person_id)
    assert flown() == State.LOCKED
    record_many(verb="landed", element=tool, person_ids=[learner.person_id])
    assert flown() == State.OPEN
    assert used() == State.LOCKED
    record(verb="launched", element=aid, person_id=learner.person_id)
    assert used() == State.OPEN


@pytest.mark.scoped
def test_what_somebody_finishes_still_counts_though_it_locks_by_that(env, learner, make_course):
    page = page_create(title="Only once", markdown="x", creators=["Ada"]).element
    enrolment = enrolment_create(run=make_course([(page, {"not": {"completed": page.pk}})]), person=learner.person)
    record(verb="completed", element=page, person_id=learner.person_id)
    assert ActivityState.objects.get(enrolment=enrolment).state == State.COMPLETED


@pytest.mark.scoped
def test_a_result_that_rises_locks_what_was_for_the_others(env, learner, make_course):
    quiz = element_create(kind="assessment", title="Quiz", creators=["Ada"])
    extra = page_create(title="Once more", markdown="x", creators=["Ada"]).element
    run = make_course([(quiz, None), (extra, {"score": {"of": quiz.pk, "most": 69}})])
    enrolment = enrolment_create(run=run, person=learner.person)

    def state():
        return ActivityState.objects.get(enrolment=enrolment, target=extra).state

    def scores(percent):
        record(verb="failed", element=quiz, person_id=learner.person_id, result={"scaled": percent / 100})
        return state()

    assert [state(), scores(50), scores(69), scores(69.5), scores(10)] == [
        State.LOCKED, State.OPEN, State.OPEN, State.LOCKED, State.LOCKED,
    ]  # fmt: skip


@pytest.mark.scoped
def test_many_people_at_once_are_left_to_the_workers(env, boss, member, make_course, monkeypatch):
    monkeypatch.setattr("courses.services.reconsidering.MOST_AT_ONCE", 2)
    page = page_create(title="For the night", markdown="x", creators=["Ada"]).element
    run, people = make_course([(page, {"group": "Night shift"})]), [member() for _person in range(3)]
    for person in people:
        enrolment_create(run=run, person=person.person)
    group = group_save(name="Night shift", by=boss)
    group_members_add(group=group, person_ids=[person.person_id for person in people], by=boss)
    assert set(ActivityState.objects.values_list("state", flat=True)) == {State.LOCKED}
    assert wakes_drain(environment_id=env.pk) == 3
    assert set(ActivityState.objects.values_list("state", flat=True)) == {State.OPEN}
    assert not Wake.objects.exists()


@pytest.mark.scoped
def test_the_page_of_the_course_says_why_in_the_words_of_each_predicate(env, learner, make_course):
    aid = page_create(title="Checklist", markdown="x", creators=["Ada"], kind="job_aid").element
    first, second = (page_create(title=t, markdown="x", creators=["Ada"]).element for t in ("First", "Second"))
    condition = {"all": [{"completed": first.pk}, {"used": aid.pk}, {"released": True}]}
    enrolment = enrolment_create(run=make_course([(first, None), (second, condition)]), person=learner.person)
    enrolment.element = type(first).objects.get(pk=enrolment.element_id)
    step = journey_of(enrolment=enrolment).steps[1]
    assert step.lock_sentence == (
        "Opens when you have finished “First” and you have used “Checklist” and your instructor opens it for you."
    )
    assert step.first_missing.startswith("/learn/first/")


def test_a_fact_costs_the_same_whatever_does_not_wait_for_it(env, member, make_course):
    """More activities, more conditions, more learners: the same statements."""

    def cost(size: int) -> int:
        learner = member()
        with open_scope(environment_id=env.pk, person_id=learner.person_id):
            pages = [page_create(title=f"{size}/{n}", markdown="x", creators=["Ada"]).element for n in range(size)]
            others = [(page, {"any": [{"passed": pages[-1].pk}, {"group": "A"}]}) for page in pages[2:]]
            run = make_course([(pages[0], None), (pages[1], {"completed": pages[0].pk}), *others])
            for someone in (learner, *(member() for _other in range(size // 3))):
                enrolment_create(run=run, person=someone.person)
            with CaptureQueriesContext(connection) as asked:
                page_finish(element=pages[0])
            assert ActivityState.objects.get(person_id=learner.person_id, target=pages[1]).state == State.OPEN
        return len(asked)

    assert cost(3) == cost(12)
