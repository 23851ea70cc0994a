"""Records are written once and never changed, in a table made of months."""

from datetime import UTC, datetime

import pytest
from django.db import ProgrammingError, connection, transaction

from ecosystem.scope import open_scope
from records.models import Statement
from records.services import record
from records.services.delivering import partitions_ensure
from tests import databases

pytestmark = pytest.mark.django_db


@pytest.fixture
def statement(env, member) -> Statement:
    person_id = member().person_id
    with open_scope(environment_id=env.pk, person_id=person_id):
        return record(verb="noted", result={"scaled": 0.5}, context={"from": "a test"})


def test_it_says_who_did_what_and_when(env, statement):
    with open_scope(environment_id=env.pk):
        found = Statement.objects.get()
    assert (found.person_id, found.verb, found.scaled) == (statement.person_id, "noted", 0.5)
    assert found.occurred_at == found.stored_at
    assert found.environment_id == env.pk


def test_what_happened_before_keeps_its_own_time(env, member):
    long_ago = datetime(2020, 1, 2, tzinfo=UTC)
    with open_scope(environment_id=env.pk):
        statement = record(verb="noted", person_id=member().person_id, occurred_at=long_ago)
        found = Statement.objects.get(pk=statement.pk)
    assert found.occurred_at == long_ago < found.stored_at


@pytest.mark.parametrize(
    "change",
    ["UPDATE records_statement SET verb = 'forged'", "DELETE FROM records_statement", "TRUNCATE records_statement"],
)
def test_postgresql_refuses_to_change_it(env, statement, change):
    with open_scope(environment_id=env.pk):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(change)
        assert Statement.objects.get().verb == "noted"


def test_the_parts_cannot_be_reached_around_the_table(env, statement):
    part = f"records_statement_{statement.stored_at:%Y_%m}"
    with (
        open_scope(environment_id=env.pk),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        connection.cursor().execute(f"SELECT * FROM {part}")


def test_saving_it_again_is_refused(env, statement):
    with open_scope(environment_id=env.pk), pytest.raises(TypeError):
        statement.save()


def test_a_neighbour_reads_none_of_it(other, statement):
    with open_scope(environment_id=other.pk):
        assert not Statement.objects.exists()


def parts() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'records_statement'::regclass ORDER BY 1"
        )
        return [row[0] for row in cursor.fetchall()]


def test_months_are_made_ahead_and_made_once(env):
    before = parts()
    assert f"records_statement_{datetime.now(UTC):%Y_%m}" in before
    with databases.admin(connection.settings_dict["NAME"]) as owner:
        owner.execute(f"DROP TABLE {before[-2]}")  # the last month; the very last is the one for all the rest
    assert before[-1] == "records_statement_other"
    assert len(parts()) == len(before) - 1
    partitions_ensure()
    assert parts() == before
    partitions_ensure()
    assert parts() == before
