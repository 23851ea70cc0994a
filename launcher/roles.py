"""The database roles, and what each database needs before the migrations: the SQL in deploy/postgres, filled in.

The same two files make the roles in docker-compose.yml, so development and production cannot drift apart.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from launcher.database_address import with_database
from launcher.places import Places
from launcher.processes import quiet

DATABASE = "grove"


@dataclass(frozen=True)
class RolePasswords:
    owner: str
    app: str
    ops: str


def roles_sql(checkout: Path, passwords: RolePasswords) -> str:
    sql = (checkout / "deploy/postgres/roles.sql").read_text()
    for name, password in (("owner", passwords.owner), ("app", passwords.app), ("ops", passwords.ops)):
        sql = sql.replace(f":'{name}_password'", quote_literal(password))
    return sql


def database_sql(checkout: Path) -> str:
    return (checkout / "deploy/postgres/database.sql").read_text()


def quote_literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def prepare_cluster(places: Places, *, admin_url: str, passwords: RolePasswords, log: Path) -> None:
    """Roles, and the database `grove`. New databases, those of tests for one, are made from template1, so it is
    prepared in the same way."""
    prepare = database_sql(places.checkout)
    steps = [
        {"url": admin_url, "sql": roles_sql(places.checkout, passwords)},
        {"url": with_database(admin_url, "template1"), "sql": prepare},
        {
            "url": admin_url,
            "unless": f"SELECT FROM pg_database WHERE datname = {quote_literal(DATABASE)}",
            "sql": f"CREATE DATABASE {DATABASE} OWNER grove_owner",
        },
        {"url": with_database(admin_url, DATABASE), "sql": prepare},
    ]
    apply_sql(places, steps, log=log, fails="The database cannot be prepared: see the log.")


def prepare_given_database(places: Places, *, admin_url: str, passwords: RolePasswords, log: Path) -> None:
    """The same in a database that exists, on a server that the person pointed at."""
    steps = [
        {"url": admin_url, "sql": roles_sql(places.checkout, passwords)},
        {"url": admin_url, "sql": database_sql(places.checkout)},
    ]
    fails = (
        "The database at DATABASE_URL cannot be prepared: give an administrator's address there, "
        "or make the roles yourself (docs/deploy.md) and set DATABASE_OWNER_URL as well."
    )
    apply_sql(places, steps, log=log, fails=fails)


def apply_sql(places: Places, steps: list[dict[str, str]], *, log: Path, fails: str) -> None:
    """With the project's own driver, which unlike the psql beside the embedded server can speak TLS."""
    script = Path(__file__).with_name("apply_sql.py")
    quiet([places.python, script], log=log, fails=fails, text_in=json.dumps(steps))
