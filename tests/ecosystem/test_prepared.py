"""SQL that is written once: the same rows as Django's, of the scope of the moment, and no other."""

from weakref import WeakKeyDictionary

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from content.services import page_create
from ecosystem.models import Element, Membership
from ecosystem.prepared import Among, Given, forget_prepared, prepared
from ecosystem.scope import NoScopeError, open_scope, own_rows

pytestmark = pytest.mark.django_db


@prepared
def pages(*, slugs: Given) -> QuerySet[Element]:
    return Element.objects.filter(Among("slug", slugs)).select_related("environment").order_by("slug")


@prepared
def numbers() -> QuerySet[Membership, tuple[int, str]]:
    return Membership.objects.filter(ended_at=None).order_by("pk").values_list("pk", "job_title")


@prepared
def living() -> QuerySet[Membership]:
    return Membership.objects.filter(ended_at=None).select_related("person").prefetch_related("environment__hosts")


@prepared
def titles() -> QuerySet[Membership, str]:
    """Sorted by a column that is not asked for: PostgreSQL gives it along."""
    return Membership.objects.order_by("-pk").values_list("job_title").distinct()


@pytest.fixture
def shelves(env, other):
    for environment in (env, other):
        with open_scope(environment_id=environment.pk):
            for slug in ("one", "two"):
                page_create(title=slug, markdown="x", creators=["Ada"])


def test_rows_are_those_of_the_scope_of_the_moment(env, other, shelves):
    for environment in (env, other, env):
        with open_scope(environment_id=environment.pk):
            found = pages(slugs=["two", "none"])
            assert [(page.slug, page.environment) for page in found] == [("two", environment)]
            assert pages(slugs=[]) == []


def test_without_a_scope_it_raises(env, shelves):
    with open_scope(environment_id=env.pk):
        pages(slugs=["one"])
    with pytest.raises(NoScopeError):
        pages(slugs=["one"])


def test_a_managers_subtree_and_own_rows_are_other_questions(env, other, member):
    mine = member()
    with open_scope(environment_id=other.pk):
        there = member(environment=other, email=mine.person.email)
    with open_scope(environment_id=env.pk, person_id=mine.person_id):
        assert numbers() == [(mine.pk, "")]
        with own_rows():
            assert numbers() == [(mine.pk, ""), (there.pk, "")]
        assert numbers() == [(mine.pk, "")]
    with open_scope(environment_id=env.pk, readable=(other.pk,)):
        assert numbers() == [(mine.pk, ""), (there.pk, "")]


def test_the_server_plans_once_per_connection_and_again_on_a_new_one(env, shelves, monkeypatch):
    with open_scope(environment_id=env.pk), CaptureQueriesContext(connection) as captured:
        first, again = pages(slugs=["one"]), pages(slugs=["one"])
    runs = [query["sql"] for query in captured if query["sql"].startswith("EXECUTE")]
    assert len(runs) == len(captured) == 2
    assert [page.slug for page in first + again] == ["one", "one"]
    (name,) = {sql.split("(")[0].removeprefix("EXECUTE ") for sql in runs}
    with connection.cursor() as cursor:
        cursor.execute("SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE name = %s", [name])
        assert cursor.fetchone()[0] >= 2
    monkeypatch.setattr("ecosystem.prepared._known_to", WeakKeyDictionary())  # as if the connection were new
    with connection.cursor() as cursor:
        cursor.execute(f"DEALLOCATE {name}")
    with open_scope(environment_id=env.pk):
        assert pages(slugs=["one"])[0].slug == "one"


def test_a_name_outlives_a_roll_back(env, shelves):
    forget_prepared()
    with open_scope(environment_id=env.pk):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            pages(slugs=["one"])
            raise ZeroDivisionError
        assert pages(slugs=["one"])[0].slug == "one"


def test_sql_is_the_same_as_django_writes_and_written_once(env, shelves, member, settings):
    settings.PREPARE_ON_SERVER = False  # behind a pooler
    member()
    with open_scope(environment_id=env.pk):
        written = []
        for ask in (living, living, lambda: list(living.__wrapped__())):
            with CaptureQueriesContext(connection) as captured:
                rows = ask()
                assert rows[0].person.name
                assert rows[0].environment.hosts.all()
            written.append([query["sql"] for query in captured])
    assert written[0] == written[1] == written[2]
    assert len(written[0]) == 3


def test_a_column_that_only_sorts_is_not_in_the_rows(env, member):
    member(), member()
    with open_scope(environment_id=env.pk):
        assert titles() == list(titles.__wrapped__()) == [("",), ("",)]
