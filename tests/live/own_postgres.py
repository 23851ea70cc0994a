"""A PostgreSQL server of a test's own, to stop and to crash, with the roles and a database of the shared one."""

import os
import shutil
import signal
import subprocess
from contextlib import suppress

import psutil

from launcher.database_address import with_database, with_user
from launcher.places import Places
from launcher.ports import LOOPBACK, any_free_port
from launcher.postgres import (
    SERVER_OPTIONS,
    as_arguments,
    make_cluster,
    server_account,
    server_environment,
    server_programs,
)
from launcher.processes import popen_account, succeeds
from launcher.roles import RolePasswords, database_sql, roles_sql
from launcher.secret import kept_secret
from tests import databases, memory
from tests.live.site import wait_for


class OwnPostgres:
    """Durable (fsync on), since the test is about what survives; processes are killed and not the machine, so in memory, where
    there is room for it: thousands of files are made and removed."""

    def __init__(self, places: Places) -> None:
        self.places, self.port = places, any_free_port()
        places.make_state()
        self.instance = places.instance(f"fault-{os.getpid()}")
        self.account, self.programs = server_account(places), server_programs(places)
        self.password = kept_secret(self.instance, "postgres")
        with databases.admin() as cursor:
            in_memory = memory.folder_of(cursor)
        self.folder = in_memory / self.instance.folder.name if in_memory else self.instance.folder
        self.folder.mkdir(exist_ok=True)
        self.data = self.folder / "postgres"
        if not self.data.exists():
            make_cluster(self.instance, self.programs, self.data, self.password, self.account)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, largest_file: int = 0) -> None:
        """``largest_file``: none of its files may grow beyond so many bytes."""
        options = as_arguments({**SERVER_OPTIONS, "max_connections": "100"})
        command = [f"{self.programs}/postgres", "-D", str(self.data), "-p", str(self.port), *options]
        if largest_file:
            command = ["sh", "-c", f'ulimit -f {largest_file // 512}; exec "$@"', "sh", *command]
        with (self.instance.logs / "postgres.log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                env=server_environment(),
                cwd="/",
                stdout=log,
                stderr=log,
                start_new_session=True,
                **popen_account(self.account),
            )
        ask = [f"{self.programs}/pg_isready", "-q", "-h", LOOPBACK, "-p", str(self.port)]
        wait_for(
            lambda: not self.is_running or succeeds(ask, env=server_environment()),
            seconds=60,
            what="PostgreSQL to answer",
        )
        assert self.is_running, (self.instance.logs / "postgres.log").read_text(errors="replace")[-2000:]

    def stop(self, *, crash: bool) -> None:
        """Fast stop, or kill -9 of the whole server."""
        assert self.process is not None
        if crash:
            # Each has a group of its own, and notices late that the first has gone: by itself even, when its disk is full.
            # While one is left, no other server begins with these data.
            while left := self._processes():
                for one in left:
                    with suppress(psutil.NoSuchProcess):
                        one.kill()
        else:
            self.process.send_signal(signal.SIGINT)
        self.process.wait(30)

    def _processes(self) -> list[psutil.Process]:
        """They all work in the folder of the data, whoever is their parent by now."""
        found, place = [], str(self.data.resolve())
        for one in psutil.process_iter():
            with suppress(psutil.Error):
                if one.cwd() == place:
                    found.append(one)
        return found

    def url(self, user: str, database: str) -> str:
        return with_user(f"postgres://{LOOPBACK}:{self.port}/{database}", user=user, password=self.password)

    def prepare(self, name: str) -> None:
        """The roles, and an empty database."""
        passwords = RolePasswords(owner=self.password, app=self.password, ops=self.password)
        self._psql("postgres", roles_sql(self.places.checkout, passwords))
        self._psql("template1", database_sql(self.places.checkout))
        self._psql("postgres", f'CREATE DATABASE "{name}" OWNER grove_owner')

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def copy(self, original: str, name: str) -> None:
        """The shared server's database ``original``, dumped and restored."""
        self.prepare(name)
        # As superusers, whom row security does not bind.
        source = databases.address(os.environ["DATABASE_ADMIN_URL"], original)
        target = with_database(self.url("postgres", "postgres"), name)
        dump = subprocess.run([f"{self.programs}/pg_dump", source], capture_output=True, check=True)
        load = [f"{self.programs}/psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", target]
        subprocess.run(load, input=dump.stdout, capture_output=True, check=True)

    def again(self, original: str, name: str) -> None:
        """A new database ``name``, as ``original`` of this server is."""
        self._psql("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._psql("postgres", f'CREATE DATABASE "{name}" TEMPLATE "{original}"')

    def _psql(self, database: str, statements: str) -> None:
        import psycopg2

        connection = psycopg2.connect(with_database(self.url("postgres", "postgres"), database))
        connection.autocommit = True
        try:
            connection.cursor().execute(statements)
        finally:
            connection.close()

    def new_log_file(self) -> None:
        """Write on at the beginning of a new file of the log."""
        self._psql("postgres", "SELECT pg_switch_wal()")
        self._psql("postgres", "CHECKPOINT")

    def fill_log(self, megabytes: int) -> None:
        self._psql(
            "postgres",
            f"SELECT pg_logical_emit_message(false, 'x', repeat('x', 1048576)) FROM generate_series(1, {megabytes})",
        )

    def remove(self) -> None:
        if self.process is not None and self.is_running:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        for folder in (self.folder, self.instance.folder):
            shutil.rmtree(folder, ignore_errors=True)
