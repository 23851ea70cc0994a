"""POST enrol: the one write for learners."""

from datetime import timedelta

import pytest
from django.utils import timezone

from api.models import Token
from catalogue.models import Access, Offer
from courses.models import ActivityState, Enrolment
from ecosystem.scope import open_scope
from records.models import Statement
from tests.api.test_doors import problem

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/courses/course/enrol/"
BOTH = ("read", "write")


def count(env, who) -> tuple[int, int, int]:
    with open_scope(environment_id=env.pk):
        mine = {"person_id": who.person_id}
        return (
            Enrolment.objects.filter(**mine).count(),
            ActivityState.objects.filter(**mine).count(),
            Statement.objects.filter(verb="enrolled", **mine).count(),
        )


def test_twice_is_once(here, env, member, calling):
    who = member()
    client = calling(who, scopes=BOTH)
    first, second = client.post(ADDRESS), client.post(ADDRESS)
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert client.get("/api/v1/enrolments/").json()["results"][0]["id"] == first.json()["id"]
    assert count(env, who) == (1, 5, 1)


def test_reading_is_not_writing(here, env, member, calling):
    who = member()
    problem(calling(who).post(ADDRESS), 403)
    assert count(env, who) == (0, 0, 0)


def test_on_a_page_it_needs_no_token(here, env, member, browser_of):
    who = member()
    assert browser_of(who).post(ADDRESS).status_code == 200
    assert count(env, who) == (1, 5, 1)


@pytest.mark.parametrize("closed", ["by invitation", "not yet", "no more"])
def test_a_refusal_says_why_and_writes_nothing(closed, here, env, member, calling):
    who, now = member(), timezone.now()
    change = {
        "by invitation": {"access": Access.CLOSED},
        "not yet": {"opens_at": now + timedelta(days=1)},
        "no more": {"closes_at": now - timedelta(days=1)},
    }[closed]
    with open_scope(environment_id=env.pk):
        Offer.objects.update(**change)
    body = problem(calling(who, scopes=BOTH).post(ADDRESS), 400)
    assert "enrol" in body["detail"].lower()
    assert "errors" not in body
    assert count(env, who) == (0, 0, 0)
    with open_scope(environment_id=env.pk):
        assert Token.objects.get(person_id=who.person_id).last_used_at is None, "not even the last use is kept"


def test_what_is_not_on_offer(here, env, member, calling):
    with open_scope(environment_id=env.pk):
        Offer.objects.all().delete()
    problem(calling(member("author"), scopes=BOTH).post(ADDRESS), 404)
    problem(calling(member(), scopes=BOTH).post(ADDRESS), 404)
    problem(calling(member(), scopes=BOTH).post("/api/v1/courses/nothing/enrol/"), 404)


def test_nobody_enrols_next_door(here, next_door, env, other, member, calling):
    problem(calling(member(), on=other, scopes=BOTH).post(ADDRESS), 401)
    with open_scope(environment_id=other.pk):
        assert Enrolment.objects.count() == 1
