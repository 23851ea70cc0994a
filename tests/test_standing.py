"""What stands when a test begins is what the services made, is the same for each test, and nobody's changes stay in it."""

import pytest
from django.db import connection

from ecosystem.models import Environment, Membership, Person
from ecosystem.scope import open_scope
from tests.cast import environment

pytestmark = pytest.mark.django_db


@pytest.fixture
def own_way(make_environment):
    return make_environment("gamma")


@pytest.mark.parametrize("turn", [1, 2])
def test_each_begins_with_the_two_and_nobody_in_them(env, other, member, turn):
    assert connection.settings_dict["NAME"].startswith("grove_world_alpha_and_beta_")
    assert {row.slug: row.pk for row in Environment.objects.all()} == {"alpha": env.pk, "beta": other.pk}
    assert env.hosts.get().name == "alpha.localhost"
    assert Person.objects.count() == 0
    ours, theirs = member("admin"), member("admin", environment=other)
    assert (ours.person.email, theirs.person.email) == (
        "person1@alpha.example.org",
        "person2@beta.example.org",
    )
    Environment.objects.filter(pk=env.pk).update(name="Gone")
    with open_scope(environment_id=env.pk):
        assert Membership.objects.get().pk == ours.pk


def test_who_asks_for_one_has_one(env):
    assert list(Environment.objects.values_list("slug", flat=True)) == ["alpha"]


def test_who_asks_for_none_has_none(own_way):
    assert not connection.settings_dict["NAME"].startswith("grove_world_")
    assert list(Environment.objects.values_list("slug", flat=True)) == ["gamma"]


def test_what_stands_is_what_would_be_made(env, db):
    """Every column, but for number, moment and name."""
    made = environment("another")
    different = {
        field.attname
        for field in Environment._meta.concrete_fields
        if getattr(Environment.objects.get(pk=env.pk), field.attname)
        != getattr(Environment.objects.get(pk=made.pk), field.attname)
    }
    assert different <= {"id", "slug", "name", "created_at"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("own_database")
def test_what_commits_has_a_database_of_its_own(env):
    assert connection.settings_dict["NAME"].startswith("grove_own_")
    assert Environment.objects.get().pk == env.pk
