"""What a request did: whether it could be committed, and whether the victim's rows are as they were."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from django.db import DatabaseError, connection, transaction

from tests.guards.twins import Twin, tenant_models

_numbers = count()  # one connection may prepare for several attacks
# A table with its partitions, which are what rows are written to.
PARTS = """
    SELECT name, name::regclass::oid FROM unnest(%s) AS name
    UNION SELECT name, relid::oid FROM unnest(%s) AS name, pg_partition_tree(name::regclass)
"""
# Of these tables those of which rows were written in the open transaction, and perhaps in the last ones before it.
TOUCHED = """
    SELECT DISTINCT name FROM unnest(%s::text[], %s::oid[]) AS parts (name, pid)
    WHERE pg_stat_get_xact_tuples_inserted(pid) + pg_stat_get_xact_tuples_updated(pid)
        + pg_stat_get_xact_tuples_deleted(pid) > 0
"""


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def commit_error() -> str:
    """What the database would say at the commit."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # a released savepoint keeps the setting
    except DatabaseError as error:
        return str(error)
    return ""


class RowsOf:
    """The rows of one twin as they are now, to be told later in which tables they are so no more.

    Only tables are looked at to which something was done, be it by a trigger: PostgreSQL counts that itself.
    """

    def __init__(self, twin: Twin) -> None:
        self.environment = twin.environment.pk
        people = ",".join(str(row["person_id"]) for row in twin.rows["ecosystem.Membership"])
        wheres = {model._meta.db_table: f"environment_id = {self.environment}" for model in tenant_models()}
        wheres |= {
            "ecosystem_environment": f"id = {self.environment}",
            "ecosystem_environmentsetting": f"environment_id = {self.environment}",
            "ecosystem_host": f"environment_id = {self.environment}",
            "ecosystem_searchentry": f"environment_id = {self.environment}",
            "ecosystem_person": f"id IN ({people})",
        }
        number = next(_numbers)
        self.names = {table: f"rows_{number}_{table}" for table in wheres}
        with connection.cursor() as cursor:
            for table, name in self.names.items():
                each = f"SELECT hashtextextended(t::text, 0) AS hash FROM {table} t WHERE {wheres[table]}"
                cursor.execute(f'PREPARE "{name}" AS SELECT coalesce(sum(hash), 0)::text FROM ({each}) rows')
            cursor.execute(PARTS, [list(self.names), list(self.names)])
            self.parts = [list(column) for column in zip(*cursor.fetchall(), strict=True)]
        with transaction.atomic():
            self.before = self._hashes(list(self.names))

    def changed(self) -> list[str]:
        """Tables of which rows are other than before, within the open transaction."""
        with connection.cursor() as cursor:
            cursor.execute(TOUCHED, self.parts)
            touched = [table for (table,) in cursor.fetchall()]
        return [table for table, now in self._hashes(touched).items() if now != self.before[table]]

    def _hashes(self, tables: list[str]) -> dict[str, str]:
        found = {}
        with connection.cursor() as cursor:
            place = str(self.environment)
            cursor.execute(
                "SELECT set_config('app.environment', %s, true), set_config('app.readable', %s, true)", [place, place]
            )
            for table in tables:
                cursor.execute(f'EXECUTE "{self.names[table]}"')
                found[table] = str(cursor.fetchone()[0])
        return found
