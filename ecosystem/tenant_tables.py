"""Every table with rows of environments, as PostgreSQL itself knows them: for what concerns an environment as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

TABLES = """
    SELECT c.relname, has_table_privilege(c.oid, 'DELETE') FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND c.relrowsecurity
      AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'environment_id' AND NOT a.attisdropped)
    ORDER BY c.relname
"""
POINTS_AT = """
    SELECT f.relname, t.relname FROM pg_constraint k
    JOIN pg_class f ON f.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
    WHERE k.contype = 'f' AND f.relnamespace = 'public'::regnamespace AND NOT f.relispartition AND f.oid <> t.oid
"""


@dataclass(frozen=True)
class Table:
    """``is_kept``: its rows are never changed, and go with the environment through the owner's function only."""

    name: str
    is_kept: bool


def tenant_tables() -> list[Table]:
    """Those that point at others come before them; where they point at each other the order does not matter, because
    PostgreSQL checks foreign keys at the commit."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        tables = {name: Table(name, not may_delete) for name, may_delete in cursor.fetchall()}
        cursor.execute(POINTS_AT)
        pointed_from: dict[str, list[str]] = {}
        for source, target in cursor.fetchall():
            if source in tables and target in tables:
                pointed_from.setdefault(target, []).append(source)
    found: dict[str, Table] = {}
    seen: set[str] = set()

    def visit(name: str) -> None:
        if name in seen:
            return
        seen.add(name)
        for source in pointed_from.get(name, []):
            visit(source)
        found[name] = tables[name]

    for name in tables:
        visit(name)
    return list(found.values())


def rows_by_table(environment_id: int) -> dict[str, int]:
    """How many rows the environment has in each table; ask in a scope in which they can be read."""
    tables = tenant_tables()
    parts = " UNION ALL ".join(
        f"SELECT '{table.name}', count(*) FROM \"{table.name}\" WHERE environment_id = %s"  # noqa: S608 -- names of PostgreSQL's catalogue
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(parts, [environment_id] * len(tables))
        return dict(cursor.fetchall())
