"""Which transaction stored a row: the order in which a change feed can hand rows on without ever skipping one.

Times do not do: a row is stamped before its transaction commits, so one with an earlier time may appear after a
reader has passed it. Transaction numbers have a horizon: every transaction below ``pg_snapshot_xmin`` has ended, and
none below it can begin any more. Rows below the horizon are therefore complete, and their order is final.
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


def horizon() -> tuple[int, int]:
    """(first number that may still be running, first number not given out yet)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(found)::text::bigint, pg_snapshot_xmax(found)::text::bigint"
            " FROM pg_current_snapshot() AS found"
        )
        lowest, next_one = cursor.fetchone()
    return int(lowest), int(next_one)
