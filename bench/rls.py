"""What row-level security costs: one table with and one without it, the same rows, the same SQL, the same runtime role.

Rows are synthetic. The policy is the one of tenant tables (`ecosystem.models.security.policy_sql`), the scope is told the way
requests tell it.
"""

import argparse
import json
import os
import random
import statistics
import time
from pathlib import Path
from typing import Any

import psycopg2

ENVIRONMENTS, PEOPLE = 50, 100_000
PLAIN, SECURED = "bench_row_plain", "bench_row_secured"
# Shuffled over the pages as rows of many organisations are, with the composite unique key that each tenant table has.
MAKE = """
    DROP TABLE IF EXISTS {table};
    CREATE UNLOGGED TABLE {table} (id bigint PRIMARY KEY, environment_id bigint NOT NULL, person_id bigint, value float8);
    INSERT INTO {table} SELECT n, 1 + n %% {environments}, n %% {people}, (n * 7919 %% 1000) / 1000.0
    FROM generate_series(1::bigint, %s) n;
    ALTER TABLE {table} ADD UNIQUE (environment_id, id);
"""
ASKED = {
    "point read": "SELECT value FROM {table} WHERE environment_id = %(environment)s AND id = %(id)s",
    "point read, no WHERE environment": "SELECT value FROM {table} WHERE id = %(id)s",
    "aggregate of one of 50": "SELECT count(*), avg(value) FROM {table} WHERE environment_id = %(environment)s",
}
SCOPE = "SELECT set_config('app.environment', %s, false), set_config('app.readable', %s, false)"


def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./grove bench rls")
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--reads", type=int, default=3000, help="point reads of each kind")
    parser.add_argument("--aggregates", type=int, default=15)
    parser.add_argument("--out", type=Path, default=Path("artefacts/bench/rls.json"))
    options = parser.parse_args(arguments)

    import django  # noqa: PLC0415 -- after the environment is known

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    make_tables(options.rows)
    try:
        rows = measure(options)
    finally:
        as_owner(f"DROP TABLE IF EXISTS {PLAIN}; DROP TABLE IF EXISTS {SECURED}")
    for row in rows:
        print(
            f"{row['asked']:<34}{row['plain_ms']:>10.3f} ms{row['secured_ms']:>10.3f} ms"
            f"{row['ratio']:>8.2f} times as long with row-level security"
        )
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps({"table_rows": options.rows, "rows": rows}, indent=2) + "\n")
    print(f"\n{options.rows} rows, medians. Written to {options.out}")
    return 0


def as_owner(statements: str, *params: object) -> None:
    connection = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    connection.autocommit = True
    try:
        connection.cursor().execute(statements, params or None)
    finally:
        connection.close()


def make_tables(rows: int) -> None:
    from ecosystem.models.security import policy_sql  # noqa: PLC0415 -- needs Django

    for table in (PLAIN, SECURED):
        began = time.monotonic()
        as_owner(MAKE.format(table=table, environments=ENVIRONMENTS, people=PEOPLE), rows)
        as_owner(f"VACUUM ANALYZE {table}")
        print(f"{table}: {rows} rows in {time.monotonic() - began:.1f} s")
    as_owner(";".join(policy_sql(SECURED, element_column=None, own=False, system=False)))


def measure(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Both tables in turns, so that whatever else the machine does hits both."""
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    connection.autocommit = True
    found = []
    with connection.cursor() as cursor:
        for asked, sql in ASKED.items():
            times: dict[str, list[float]] = {PLAIN: [], SECURED: []}
            for turn in range(options.aggregates if "aggregate" in asked else options.reads):
                number = random.randrange(1, options.rows)
                given = {"environment": 1 + number % ENVIRONMENTS, "id": number}
                cursor.execute(SCOPE, [str(given["environment"])] * 2)
                answers = []
                for table in (PLAIN, SECURED) if turn % 2 else (SECURED, PLAIN):
                    began = time.perf_counter()
                    cursor.execute(sql.format(table=table), given)
                    answers.append(cursor.fetchall())
                    times[table].append((time.perf_counter() - began) * 1000)
                if answers[0] != answers[1]:
                    raise SystemExit(f"{asked}: the two tables do not answer the same.")
            plain, secured = statistics.median(times[PLAIN]), statistics.median(times[SECURED])
            found.append({"asked": asked, "plain_ms": plain, "secured_ms": secured, "ratio": secured / plain})
    connection.close()
    return found
