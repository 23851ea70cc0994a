"""A tablespace in memory for the databases of tests, where this machine has room for it.

A test that commits gets a database of its own, a copy of 2 000 files that goes afterwards. ext4 gives the number of a
removed file to no other for minutes, and looks past all of those for each new one: a copy then takes 0.5 s of a core
and more, in memory 0.05 s.
"""

import os
import shutil
from pathlib import Path

import psycopg2
from psycopg2 import sql

TABLESPACE = "memory"
MEMORY = Path("/dev/shm")
ENOUGH = 3 << 30  # bytes; a whole run uses a tenth of it


def tablespace_make(cursor: psycopg2.extensions.cursor) -> None:
    """Once per run, before the first database. What a killed run has left behind goes first."""
    tablespace_remove(cursor)
    if not has_room():
        return
    cursor.execute("SELECT current_setting('data_directory'), system_identifier FROM pg_control_system()")
    data, identifier = cursor.fetchone()
    try:
        server = Path(data, "postmaster.pid").stat()
    except OSError:  # on another machine, or somebody else's
        return
    folder = MEMORY / f"grove-tests-{identifier}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    os.chown(folder, server.st_uid, server.st_gid)
    cursor.execute(
        sql.SQL("CREATE TABLESPACE {} LOCATION {}").format(sql.Identifier(TABLESPACE), sql.Literal(str(folder)))
    )


def has_room() -> bool:
    return os.path.ismount(MEMORY) and shutil.disk_usage(MEMORY).free > ENOUGH


def is_there(cursor: psycopg2.extensions.cursor) -> bool:
    return folder_of(cursor) is not None


def folder_of(cursor: psycopg2.extensions.cursor) -> Path | None:
    """What else is put there goes with it, at the latest when the next run begins."""
    cursor.execute("SELECT pg_tablespace_location(oid) FROM pg_tablespace WHERE spcname = %s", [TABLESPACE])
    found = cursor.fetchone()
    return Path(found[0]) if found else None


def tablespace_remove(cursor: psycopg2.extensions.cursor) -> None:
    cursor.execute("SELECT oid, pg_tablespace_location(oid) FROM pg_tablespace WHERE spcname = %s", [TABLESPACE])
    if (found := cursor.fetchone()) is None:
        return
    number, folder = found
    cursor.execute("SELECT datname FROM pg_database WHERE dattablespace = %s", [number])
    for (name,) in cursor.fetchall():
        cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    cursor.execute(sql.SQL("DROP TABLESPACE {}").format(sql.Identifier(TABLESPACE)))
    shutil.rmtree(folder, ignore_errors=True)
