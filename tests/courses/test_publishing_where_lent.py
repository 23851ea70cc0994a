"""Publishing a course that environments below use."""

import pytest

from courses.models import Activity
from courses.services import (
    block_rename,
    enrolment_create,
    run_open,
)
from courses.services.condition_editing import condition_set
from courses.services.publishing import draft_publish, plan_warnings
from ecosystem.exceptions import EcosystemError
from ecosystem.models import AuditEntry, Availability
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create, element_offer
from tests.courses.changing import changed
from tests.courses.conftest import uids, within
from tests.courses.test_builder import text_of


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
