"""What many tests of a run begin with is made once, by whichever process asks first, in a database that the others copy."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from psycopg2 import sql

from ecosystem.hosts import forget_hosts
from tests import databases


def made_once(make: Callable[..., object], *, on: Callable[[], object] | None = None) -> str:
    """The database with what ``make`` makes, committed, for all of this run; on top of another scene it is given that."""
    below = made_once(on) if on else databases.migrated_template()
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:8]
    name = f"{databases.SCENES}{make.__name__}_{run}"
    with databases.admin() as cursor:
        databases.lock(cursor, "grove scenes")
        if not databases.exists(cursor, name):
            databases.clone(below, f"{name}_new")
            _fill(f"{name}_new", make, given=[pickle.loads(what_was_made(f"{name}_new"))] if on else [])
            cursor.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*map(sql.Identifier, (f"{name}_new", name)))
            )
    return name


def what_was_made(name: str) -> bytes:
    """What ``make`` returned, pickled; from the database itself or a copy of it."""
    with databases.admin(name) as cursor:
        cursor.execute("SELECT body FROM tests.made")
        return bytes(cursor.fetchone()[0])


def _fill(name: str, make: Callable[..., Any], *, given: list[Any]) -> None:
    before = connection.settings_dict["NAME"]
    databases.use(name)
    forget_hosts()
    try:
        with transaction.atomic():
            made = pickle.dumps(make(*given))
            connection.run_on_commit.clear()  # no worker is told
    finally:
        databases.use(before)
        forget_hosts()
    with databases.admin(name) as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS tests CASCADE")  # of the scene below
        cursor.execute("CREATE SCHEMA tests CREATE TABLE made (body bytea)")
        cursor.execute("INSERT INTO tests.made VALUES (%s)", [made])
