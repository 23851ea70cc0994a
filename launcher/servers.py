"""The servers of an instance: the person's own where addresses are given, embedded ones otherwise."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from launcher.database_address import DatabaseAddresses, given_addresses, with_database, with_user, without_password
from launcher.places import Instance, Places
from launcher.postgres import start_postgres
from launcher.roles import DATABASE, RolePasswords, prepare_cluster, prepare_given_database
from launcher.secret import kept_secret, write_private
from launcher.supervisor import Supervisor
from launcher.terminal import LauncherError, terminal
from launcher.valkey import start_valkey


@dataclass(frozen=True)
class Servers:
    database: DatabaseAddresses
    redis_url: str
    database_identity: str

    def variables(self, *, with_admin: bool) -> dict[str, str]:
        """What Django is told. Only tests, which make databases, get the administrator's address."""
        told = {
            "DATABASE_URL": self.database.app,
            "DATABASE_OWNER_URL": self.database.owner,
            "REDIS_URL": self.redis_url,
        }
        if with_admin and self.database.admin:
            told["DATABASE_ADMIN_URL"] = self.database.admin
        return told


def start_servers(places: Places, instance: Instance, supervisor: Supervisor, *, for_tests: bool) -> Servers:
    """The order matters at the end: what is started first is stopped last."""
    database = start_database(places, instance, supervisor, for_tests=for_tests)
    redis_url = os.environ.get("REDIS_URL")
    if redis_url is None:
        with terminal.step("Starting Valkey"):
            redis_url = start_valkey(places, instance, supervisor, for_tests=for_tests)
    return Servers(database=database, redis_url=redis_url, database_identity=database_identity(instance))


def database_identity(instance: Instance) -> str:
    """Stays the same from start to start, although the embedded server has another port each time."""
    if given := os.environ.get("DATABASE_URL"):
        return without_password(given)
    made = instance.folder / "postgres/PG_VERSION"
    return f"{made} {made.stat().st_mtime_ns}"


def start_database(places: Places, instance: Instance, supervisor: Supervisor, *, for_tests: bool) -> DatabaseAddresses:
    given = given_addresses(os.environ)
    if given is not None:
        if for_tests and given.admin is None:
            raise LauncherError("Tests make databases: set DATABASE_ADMIN_URL to a superuser's address as well.")
        return given
    passwords = role_passwords(instance)
    log = instance.logs / "database.log"
    if admin_url := os.environ.get("DATABASE_URL"):
        with terminal.step(f"Preparing {without_password(admin_url)}"):
            prepare_given_database(places, admin_url=admin_url, passwords=passwords, log=log)
        return role_addresses(admin_url, passwords)
    with terminal.step("Starting PostgreSQL"):
        admin_url = start_postgres(places, instance, supervisor, for_tests=for_tests)
        prepare_cluster(places, admin_url=admin_url, passwords=passwords, log=log)
    return role_addresses(with_database(admin_url, DATABASE), passwords)


def role_passwords(instance: Instance) -> RolePasswords:
    return RolePasswords(
        owner=kept_secret(instance, "grove_owner"),
        app=kept_secret(instance, "grove_app"),
        ops=kept_secret(instance, "grove_ops"),
    )


def role_addresses(admin_url: str, passwords: RolePasswords) -> DatabaseAddresses:
    return DatabaseAddresses(
        app=with_user(admin_url, user="grove_app", password=passwords.app),
        owner=with_user(admin_url, user="grove_owner", password=passwords.owner),
        admin=admin_url,
    )


@dataclass(frozen=True)
class Running:
    """What a running launcher tells the other commands of the checkout."""

    pid: int
    command: str
    port: int | None
    variables: Mapping[str, str]


def running_file(instance: Instance) -> Path:
    return instance.folder / "running.json"


def tell_running(instance: Instance, running: Running) -> None:
    write_private(running_file(instance), json.dumps(asdict(running)))


def read_running(instance: Instance) -> Running | None:
    try:
        return Running(**json.loads(running_file(instance).read_text()))
    except (OSError, ValueError, TypeError):
        return None
