"""Several transactions that all see the rows as they were at one moment, whatever is written meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from ecosystem.scope import Scope, open_scope


@dataclass(frozen=True)
class Moment:
    """``snapshot`` is PostgreSQL's name of it; empty within a transaction that has its own."""

    snapshot: str

    @contextmanager
    def scope(self, *, environment_id: int) -> Iterator[Scope]:
        """A scope of its own transaction, for reading: what is written in it may be refused by PostgreSQL."""
        with transaction.atomic():
            if self.snapshot:
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                    cursor.execute("SET TRANSACTION SNAPSHOT %s", [self.snapshot])
            with open_scope(environment_id=environment_id) as scope:
                yield scope


@contextmanager
def one_moment() -> Iterator[Moment]:
    """Keep this moment for as long as the body runs, on a connection of its own, which does nothing else."""
    if connection.in_atomic_block:
        yield Moment("")
        return
    keeper = connection.copy()
    try:
        with keeper.cursor() as cursor:
            cursor.execute("SET idle_in_transaction_session_timeout = 0")
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
        yield Moment(snapshot)
    finally:
        keeper.close()
