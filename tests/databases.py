"""Test databases: migrated once by the owner, cloned per worker, used by the runtime role.

So every test meets the same rights and row-level security as production; nothing runs as the owner.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg2 import sql

from tests import memory
from tests.cores import CORES

ROOT = Path(__file__).resolve().parent.parent
SCENES = "grove_scene_"  # how databases are called that many tests of one run copy


def address(url: str, database: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


@contextmanager
def admin(database: str = "postgres") -> Iterator[psycopg2.extensions.cursor]:
    """A superuser's cursor, outside any transaction: for making databases and for reading the catalogue."""
    connection = psycopg2.connect(address(os.environ["DATABASE_ADMIN_URL"], database))
    connection.autocommit = True
    try:
        yield connection.cursor()
    finally:
        connection.close()


def lock(cursor: psycopg2.extensions.cursor, what: str) -> None:
    """Until the connection ends. Who waits leaves its core to others, of whom one has the lock."""
    cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [what])
    if not cursor.fetchone()[0]:
        with CORES.aside():
            cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [what])


def exists(cursor: psycopg2.extensions.cursor, database: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
    return cursor.fetchone() is not None


def fingerprint(pattern: str) -> str:
    digest = hashlib.sha256()
    for path in sorted(ROOT.glob(pattern)):
        if ".venv" not in path.parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def made_aside(*makes: Callable[[], object], unblock: Callable[[], AbstractContextManager[None]]) -> BaseProcess:
    """The process that makes these databases, one after the other: all others load the tests meanwhile, and then need them."""

    def make() -> None:
        with unblock():
            for one in makes:
                one()

    process = get_context("fork").Process(target=make, daemon=True)
    process.start()
    return process


def migrated_template() -> str:
    """The name of a database with all migrations applied; made when migrations have changed."""
    digest = hashlib.sha256(f"{fingerprint('*/migrations/*.py')}{fingerprint('ecosystem/models/*.py')}".encode())
    name = f"grove_template_{digest.hexdigest()[:12]}"
    with admin() as cursor:
        lock(cursor, "grove tests")
        if not exists(cursor, name):
            fresh = f"{name}_new"
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(fresh)))
            cursor.execute(sql.SQL("CREATE DATABASE {} OWNER grove_owner").format(sql.Identifier(fresh)))
            use(fresh, alias="owner")
            call_command("migrate", database="owner", verbosity=0)
            connections["owner"].close()
            cursor.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*map(sql.Identifier, (fresh, name))))
    return name


def clone(template: str, name: str, *, kept: bool = False) -> None:
    """``kept``: for the next runs too, so not in memory."""
    with admin() as cursor:
        lock(cursor, "grove tests")
        drop(name, cursor)
        place = memory.TABLESPACE if not kept and memory.is_there(cursor) else "pg_default"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy TABLESPACE {}")
        cursor.execute(statement.format(*map(sql.Identifier, (name, template, place))))


def drop(name: str, cursor: psycopg2.extensions.cursor | None = None) -> None:
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    if cursor is not None:
        cursor.execute(statement)
        return
    with admin() as own:
        own.execute(statement)


def drop_scenes() -> None:
    with admin() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [SCENES])
        for (name,) in cursor.fetchall():
            drop(name, cursor)


def use(name: str, alias: str = "default") -> None:
    """Point a Django connection at another database."""
    connections[alias].close()
    settings.DATABASES[alias]["NAME"] = name
    connections[alias].settings_dict["NAME"] = name
