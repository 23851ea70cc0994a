"""The scope: closed until opened, by the managers and, alone, by PostgreSQL."""

import pytest
from django.db import DatabaseError, connection, transaction

from ecosystem.models import Element, Membership
from ecosystem.scope import NoScopeError, open_scope, own_rows
from ecosystem.selectors import environments_of_person
from ecosystem.services.elements import element_create, element_offer


@pytest.fixture
def element(env, member):
    maker = member("author").person
    with open_scope(environment_id=env.pk):
        return element_create(kind="external", title="A wiki", creators=[maker])


def test_a_query_without_a_scope_is_an_error(db):
    with pytest.raises(NoScopeError):
        Element.objects.exists()


def test_a_neighbour_sees_nothing_with_and_without_the_manager(element, other):
    with open_scope(environment_id=other.pk):
        assert list(Element.objects.all()) == []
        assert list(Element._base_manager.all()) == []  # row-level security alone
    with open_scope(environment_id=element.environment_id):
        assert list(Element._base_manager.all()) == [element]


def test_no_environment_told_to_postgresql_means_no_rows(element):
    assert list(Element._base_manager.all()) == []


def test_writing_into_another_environment_is_refused_by_postgresql(element, other):
    with (
        open_scope(environment_id=other.pk),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        Element._base_manager.create(environment_id=element.environment_id, kind="external", slug="x", title="x")


def test_an_offered_element_can_be_read_below_and_never_moved(element, env, make_environment):
    below = make_environment("below", parent=env)
    with open_scope(environment_id=env.pk):
        assert element_offer(element=element, to=below) == 1
        assert element_offer(element=element, to=below) == 0  # twice is once
    with open_scope(environment_id=below.pk):
        assert list(Element.objects.all()) == [element]
        assert Element._base_manager.filter(pk=element.pk).update(environment_id=below.pk) == 0
        assert Element._base_manager.filter(pk=element.pk).update(title="stolen") == 0


def test_nobody_offers_upwards_or_sideways(element, env, other):
    from ecosystem.exceptions import EcosystemError

    with open_scope(environment_id=env.pk), pytest.raises(EcosystemError):
        element_offer(element=element, to=other)


def test_postgresql_refuses_an_availability_that_no_ancestor_gave(element, other):
    from ecosystem.models import Availability

    with pytest.raises(DatabaseError, match="availability_origin_is_above"), open_scope(environment_id=other.pk):
        Availability.objects.create(
            environment=other, element_id=element.pk, origin_id=element.environment_id, offered=True
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_own_rows_cross_environments_for_the_person_only(env, other, member):
    here = member("learner", email="both@example.org")
    there = member("learner", environment=other, email="both@example.org")
    member("learner", environment=other)
    with open_scope(environment_id=env.pk, person_id=here.person_id):
        assert [row.pk for row in environments_of_person()] == [here.pk, there.pk]
        assert list(Membership.objects.all()) == [here]
        with pytest.raises(DatabaseError, match="permission denied"), own_rows():
            Membership._base_manager.update(job_title="chief")


def test_an_error_in_a_scope_leaves_nothing_behind(env, member):
    maker = member("author").person
    with pytest.raises(RuntimeError), open_scope(environment_id=env.pk):
        element_create(kind="external", title="Gone", creators=[maker])
        raise RuntimeError
    with open_scope(environment_id=env.pk):
        assert not Element.objects.exists()
