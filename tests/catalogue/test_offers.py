"""The way into a course: open, closed, too early, too late, withdrawn."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalogue.exceptions import CatalogueError
from catalogue.models import Access, Offer
from catalogue.selectors import offers_for
from catalogue.services import offer_make, offer_take
from content.services import page_create
from courses.models import Enrolment
from courses.services import PlannedActivity, PlannedBlock, course_publish, run_open
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create, element_offer, element_update

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def make_course(title: str = "A course", **facts):
    page = page_create(title=f"Page of {title}", markdown="x", creators=["Ada"]).element
    course = element_create(kind="course", title=title, creators=["Ada"], **facts)
    course_publish(element=course, blocks=[PlannedBlock("One", [PlannedActivity(target=page)])])
    return course


@pytest.fixture
def course(env):
    with open_scope(environment_id=env.pk):
        course = make_course()
        offer_make(element=course, run=run_open(element=course))
        return course


def enrolled(env) -> int:
    with open_scope(environment_id=env.pk):
        return Enrolment.objects.count()


def test_enrolling_twice_is_once(env, member, browser_of, course):
    browser = browser_of(member())
    for _ in range(2):
        assert browser.post("/catalogue/a-course/enrol/").headers["Location"] == "/courses/a-course/"
    assert enrolled(env) == 1


SHUT = [
    {"access": Access.CLOSED},
    {"opens_at": timezone.now() + DAY},
    {"closes_at": timezone.now() - DAY},
]


@pytest.mark.parametrize("change", SHUT)
def test_a_closed_offer_is_refused_and_not_proposed(env, member, browser_of, course, change):
    who = member()
    with open_scope(environment_id=env.pk):
        assert [offer.element for offer in offers_for(membership=who)] == [course]
        Offer.objects.update(**change)
        assert offers_for(membership=who) == []
        with pytest.raises(CatalogueError):
            offer_take(offer=Offer.objects.get(), person=who.person)
    browser = browser_of(who)
    assert browser.post("/catalogue/a-course/enrol/").headers["Location"] == "/catalogue/a-course/"
    assert browser.get("/catalogue/a-course/").status_code == 200
    assert enrolled(env) == 0


def test_open_from_the_first_moment_until_before_the_last(env, member, course):
    who = member()
    with open_scope(environment_id=env.pk):
        Offer.objects.update(opens_at=timezone.now() - DAY, closes_at=timezone.now() + DAY)
        assert len(offers_for(membership=who)) == 1
        assert offer_take(offer=Offer.objects.get(), person=who.person)
        assert offers_for(membership=who) == [], "it was proposed to somebody who is in it"


def test_what_is_retired_is_for_those_who_are_in_it(env, member, browser_of, course):
    inside, outside = member(), member()
    with open_scope(environment_id=env.pk):
        offer_take(offer=Offer.objects.get(), person=inside.person)
        element_update(element=course, lifecycle="retired")
        assert offers_for(membership=outside) == []
        with pytest.raises(CatalogueError):
            offer_take(offer=Offer.objects.get(), person=outside.person)
    assert browser_of(inside).get("/catalogue/a-course/").status_code == 200
    assert browser_of(inside).get("/courses/a-course/").status_code == 200
    assert browser_of(outside).get("/catalogue/a-course/").status_code == 404
    assert browser_of(outside).post("/catalogue/a-course/enrol/").status_code == 404
    assert browser_of(outside).get("/api/v1/courses/a-course/").status_code in (401, 404)
    assert browser_of(member("author")).get("/catalogue/a-course/").status_code == 200


def test_a_course_without_an_offer_has_no_page(env, member, browser_of, course):
    with open_scope(environment_id=env.pk):
        Offer.objects.all().delete()
    browser = browser_of(member())
    assert browser.get("/catalogue/a-course/").status_code == 404
    assert browser.post("/catalogue/a-course/enrol/").status_code == 404


def test_what_is_retired_or_private_does_not_lead_anywhere(env, member, browser_of):
    with open_scope(environment_id=env.pk):
        page_create(title="Gone", markdown="x", creators=["Ada"], lifecycle="retired")
        page_create(title="Hidden", markdown="x", creators=["Ada"], visibility="private")
        page_create(title="Shown", markdown="x", creators=["Ada"])
    browser = browser_of(member())
    assert [browser.get(f"/catalogue/{slug}/").status_code for slug in ("gone", "hidden", "shown")] == [404, 404, 302]


def test_our_own_goes_before_one_from_above_with_the_same_address(env, member, browser_of, make_environment, course):
    below = make_environment("below", parent=env)
    with open_scope(environment_id=env.pk):
        element_offer(element=course, to=below)
    who = member(environment=below)
    with open_scope(environment_id=below.pk):
        offer_make(element=course, run=run_open(element=course))
        offer_take(offer=Offer.objects.get(), person=who.person)
        ours = make_course("Our own", slug="a-course")
        offer_make(element=ours, run=run_open(element=ours))
    browser = browser_of(who)
    page = browser.get("/catalogue/a-course/").content.decode()
    assert "Our own" in page
    assert "/catalogue/a-course/enrol/" in page, "being in the other course is not being in this one"
    assert browser.post("/catalogue/a-course/enrol/").status_code == 302
    assert "Our own" in browser.get("/courses/a-course/").content.decode()
    with open_scope(environment_id=below.pk):
        assert {enrolment.element_id for enrolment in Enrolment.objects.all()} == {course.pk, ours.pk}
