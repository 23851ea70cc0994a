"""The way to one's other environments, from every page, and free for those who are in one only."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecosystem.models import Membership, Person, Role
from ecosystem.scope import open_scope
from ecosystem.services.memberships import member_take_back, members_end
from ecosystem.services.people import member_add

pytestmark = pytest.mark.django_db
SWITCHER = 'aria-label="Your environments"'


def places(who) -> int:
    return Person.objects.get(pk=who.person_id).places


def test_only_for_people_with_several_and_only_their_own(env, other, make_environment, member, browser_of):
    here = member(email="p@example.org")
    make_environment("gamma")
    client = browser_of(here)
    assert SWITCHER not in client.get("/").text
    member(environment=other, email="p@example.org")
    for path in ("/", "/courses/", "/me/profile/"):
        page = client.get(path).text
        assert SWITCHER in page
        assert 'href="http://beta.localhost:8000/"' in page
        assert "Gamma" not in page


def test_it_costs_nothing_with_one_and_nothing_the_second_time_with_several(env, other, member, browser_of):
    alone, both = member(), member(email="p@example.org")
    member(environment=other, email="p@example.org")

    def cost(who):
        client = browser_of(who)
        client.get("/me/profile/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/courses/")
        return len(queries)

    assert cost(both) <= cost(alone)
    cache.clear()


def test_the_database_counts_whatever_writes(env, other, make_environment, member):
    here, admin = member(email="p@example.org"), member(Role.ADMIN)
    assert places(here) == 1
    there = member(environment=other, email="p@example.org")
    assert places(here) == 2
    with open_scope(environment_id=other.pk):
        member_add(email="p@example.org", name="Twice is once")
        assert places(here) == 2
        members_end(memberships=[there], by=member(Role.ADMIN, environment=other))
    assert places(here) == 1
    with open_scope(environment_id=other.pk):
        there.refresh_from_db()
        member_take_back(membership=there, by=Membership.objects.get(roles__contains=[Role.ADMIN]))
    assert places(here) == 2
    third = make_environment("gamma")
    with open_scope(environment_id=third.pk):
        Membership.objects.bulk_create(
            [Membership(environment=third, person_id=one.person_id, roles=["learner"]) for one in (here, admin)]
        )
        assert (places(here), places(admin)) == (3, 2)
        Membership.objects.filter(person_id=here.person_id).delete()
    assert (places(here), places(admin)) == (2, 2)


def test_saving_what_one_knew_earlier_changes_no_count(env, other, member):
    here = member(email="p@example.org")
    early = Person.objects.get(pk=here.person_id)
    member(environment=other, email="p@example.org")
    early.name = "New"
    early.save()
    assert (places(here), Person.objects.get(pk=here.person_id).name) == (2, "New")
