"""Run by the Python in `.venv` (it needs psycopg2): rows and a checksum of every table, and with a dump of the same moment.

Reads `{"url": ..., "dump": [program, file] or null}` as JSON from standard input; prints
`{"server": version, "tables": {name: [rows, checksum]}, "sequences": {name: value}}`. A checksum does not depend on the order of rows.
"""

import json
import os
import subprocess
import sys
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg2

# What makes the text of a row the same on every server.
SESSION = "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'; SET extra_float_digits = 1"
SEES_ALL = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
TABLES = """
    SELECT format('%I.%I', n.nspname, c.relname), c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY c.relname
"""
SEQUENCES = "SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1"
# Half a number for each row, added up: exact, and whatever row is changed, lost or doubled changes it.
SUM = "SELECT count(*), coalesce(sum(hashtextextended(row::text, 0)::numeric), 0)::text FROM {} row"


def dump(url: str, program: str, file: str, snapshot: str) -> None:
    parts = urlsplit(url)
    told = {**os.environ, "PGPASSWORD": unquote(parts.password or "")}
    where = [
        "--host",
        parts.hostname or "",
        "--port",
        str(parts.port or 5432),
        "--username",
        unquote(parts.username or ""),
    ]
    options = ["--no-password", "--format", "custom", "--compress", "gzip:3", "--snapshot", snapshot, "--file", file]
    subprocess.run([program, *where, *options, unquote(parts.path.lstrip("/"))], env=told, check=True)


def look(url: str, dump_with: list[str] | None) -> dict[str, Any]:
    """All in one snapshot, so that the sums are those of what is dumped."""
    connection = psycopg2.connect(url, connect_timeout=10)
    connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
    with connection.cursor() as cursor:
        cursor.execute(SESSION)
        cursor.execute(SEES_ALL)
        if not cursor.fetchone()[0]:
            sys.exit("This database account does not see all rows, so its backup would be empty: use grove_ops.")
        if dump_with:
            cursor.execute("SELECT pg_export_snapshot()")
            program, file = dump_with
            dump(url, program, file, cursor.fetchone()[0])
        cursor.execute(TABLES)
        tables = {}
        for quoted, name in cursor.fetchall():
            cursor.execute(SUM.format(quoted))
            tables[name] = list(cursor.fetchone())
        cursor.execute(SEQUENCES)
        return {"server": connection.server_version, "tables": tables, "sequences": dict(cursor.fetchall())}


def main() -> None:
    asked = json.load(sys.stdin)
    try:
        print(json.dumps(look(asked["url"], asked["dump"])))
    except psycopg2.Error as error:
        sys.exit(str(error).strip().splitlines()[0])
    except subprocess.CalledProcessError:
        sys.exit("pg_dump failed.")


if __name__ == "__main__":
    main()
