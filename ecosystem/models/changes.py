"""Which transaction stored a row: the order in which a change feed can hand rows on without ever skipping one.

Times do not do: a row is stamped before its transaction commits, so one with an earlier time may appear after a
reader has passed it. Transaction numbers have a horizon: every transaction below it has ended, and none below it can
begin any more. Rows below the horizon are therefore complete, and their order is final.
"""

from typing import Any

from django.db import connection, models


class CurrentTransaction(models.Func):
    """The number of the running transaction (64 bits, never reused)."""

    template = "pg_current_xact_id()::text::bigint"
    output_field = models.BigIntegerField()


class TransactionNumber(models.BigIntegerField):
    """Filled in by PostgreSQL when the row is stored."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs |= {"db_default": CurrentTransaction(), "editable": False}
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["editable"], kwargs["db_default"]
        return name, path, args, kwargs


# The snapshot knows of the whole cluster. A transaction that surely belongs to another database (its lock is held by
# a session there) stores no row of ours; any other that is still running holds the horizon back.
HORIZON = """
    WITH now AS MATERIALIZED (SELECT pg_current_snapshot() AS found)
    SELECT min(running::text::bigint), (SELECT pg_snapshot_xmax(found)::text::bigint FROM now)
    FROM now, pg_snapshot_xip(found) AS running
    WHERE NOT EXISTS (
        SELECT FROM pg_locks held JOIN pg_stat_activity session USING (pid)
        WHERE held.locktype = 'transactionid' AND held.mode = 'ExclusiveLock' AND held.granted
          AND held.transactionid::text::bigint = running::text::bigint %% 4294967296
          AND session.datname <> current_database()
    )
"""


def horizon() -> tuple[int, int]:
    """(first number that may still be running, first number not given out yet)."""
    with connection.cursor() as cursor:
        cursor.execute(HORIZON, [])
        running, next_one = cursor.fetchone()
    return int(running or next_one), int(next_one)
