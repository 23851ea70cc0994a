"""`./grove run`: everything from nothing to a page in the browser, in the foreground, until Ctrl-C."""

import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from http import HTTPStatus

from launcher.application import Application
from launcher.places import Places
from launcher.ports import LOOPBACK, first_free_port, is_free
from launcher.preparation import prepare
from launcher.processes import Command
from launcher.servers import Running, read_running, start_servers, tell_running
from launcher.session import InUseError, development_environment, own_instance
from launcher.supervisor import Supervisor
from launcher.terminal import LauncherError, terminal

FIRST_PORT = 8000
WORKERS = {
    "worker": ("-n", "worker@%h", "-Q", "default,bulk", "-c", "2"),
    # Letters that somebody waits for. One process without children, which mostly waits for the mail server itself.
    "letters": ("-n", "letters@%h", "-Q", "interactive", "--pool", "solo"),
}
SECONDS_TO_START = 120
# Celery fills a screen with this at each start; on a development machine it helps nobody.
ROOT_IS_FINE = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}

Waiting = Callable[[], None]


def run(places: Places, arguments: Sequence[str]) -> int:
    if arguments:
        raise LauncherError("./grove run takes no arguments: the port is set with PORT=8080 ./grove run.")
    more = prepare(places, lock_name="run")
    try:
        with own_instance(places, "run", announce=True) as (instance, supervisor):
            port = choose_port(os.environ.get("PORT"))
            servers = start_servers(places, instance, supervisor, for_tests=False)
            environment = development_environment(places, instance, servers=servers, more=more)
            environment["GROVE_PORT"] = str(port)
            application = Application(places, instance, environment, servers.database_identity)
            application.migrate()
            # No collecting of static files: with GROVE_DEBUG they are served from where they lie, always fresh.
            application.load_demo()
            with terminal.step("Starting web, workers and beat"):
                wait = start_processes(places, supervisor, port=port, environment=environment)
                banner = application.banner(port)  # made while they start
                wait()
            tell_running(instance, Running(os.getpid(), "./grove run", port, servers.variables(with_admin=False)))
            terminal.line(banner)
            return watch(supervisor)
    except InUseError:
        raise LauncherError(already_running(places)) from None


def choose_port(wanted: str | None) -> int:
    """PORT if the person set it, which must then be free; otherwise the first free one from 8000."""
    if wanted is None:
        port = first_free_port(FIRST_PORT)
        if port is None:
            raise LauncherError(f"No port from {FIRST_PORT} on is free: choose one with PORT=... ./grove run.")
        return port
    if not wanted.isdecimal() or not 0 < int(wanted) < 1 << 16:
        raise LauncherError(f"PORT says {wanted!r}: a number from 1 to 65535 is needed.")
    if not is_free(int(wanted)):
        raise LauncherError(f"Port {wanted} is in use: choose another, or leave PORT unset.")
    return int(wanted)


def start_processes(places: Places, supervisor: Supervisor, *, port: int, environment: Mapping[str, str]) -> Waiting:
    """Start web, workers and beat as the runtime role (they are not told the owner's address); returns the wait."""
    told = {name: value for name, value in environment.items() if name != "DATABASE_OWNER_URL"}
    for_worker = {**told, **(ROOT_IS_FINE if places.is_root else {})}
    granian: Command = [
        *(f"{places.venv}/bin/granian", "--interface", "wsgi", "--no-ws", "--host", LOOPBACK, "--port", str(port)),
        *("--workers", "2", "--blocking-threads", "4", "config.wsgi:application"),
    ]
    celery = (f"{places.venv}/bin/celery", "-A", "config", "--quiet")
    # Each knows its queues, so none need spend a second looking for neighbours.
    options = ("--loglevel", "info", "--without-mingle", "--without-gossip")
    web = supervisor.spawn("web", granian, env=told, cwd=places.checkout)
    workers = [
        supervisor.spawn(name, [*celery, "worker", *how, *options], env=for_worker, cwd=places.checkout)
        for name, how in WORKERS.items()
    ]
    beat = supervisor.spawn("beat", [*celery, "beat", "--loglevel", "info"], env=told, cwd=places.checkout)

    def wait() -> None:
        supervisor.wait_until(web, lambda: answers(port), seconds=SECONDS_TO_START)
        for worker in workers:
            supervisor.wait_until(worker, partial(worker.has_said, r"\bready\.(\"|$| )"), seconds=SECONDS_TO_START)
        supervisor.wait_until(beat, lambda: beat.has_said("beat: Starting"), seconds=SECONDS_TO_START)

    return wait


def answers(port: int) -> bool:
    """Any page but a server error will do."""
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/healthz", timeout=10) as response:
            return int(response.status) < HTTPStatus.INTERNAL_SERVER_ERROR
    except urllib.error.HTTPError as error:
        return error.code < HTTPStatus.INTERNAL_SERVER_ERROR
    except OSError:
        return False


def watch(supervisor: Supervisor) -> int:
    """Until Ctrl-C, which is a success, or until a process ends by itself, which is not."""
    try:
        while True:
            if child := supervisor.ended():
                raise LauncherError(
                    f"{child.name} ended by itself (exit code {child.process.returncode}): see above why."
                )
            time.sleep(0.3)
    except KeyboardInterrupt:
        terminal.line("\nStopping.")
        return 0


def already_running(places: Places) -> str:
    running = read_running(places.instance("run"))
    if running is None:
        return "Another ./grove is starting in this checkout."
    if running.port is None:
        return f"`{running.command}` (process {running.pid}) is using this checkout's servers: end it first."
    return (
        f"Grove already runs from this checkout at http://localhost:{running.port} (process {running.pid}); "
        "Ctrl-C there stops it."
    )
