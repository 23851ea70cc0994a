"""The servers for the time of one command: those of a running `./grove run` when there is one, else started for it."""

import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

from launcher.django_environment import django_environment
from launcher.leftovers import Ledger
from launcher.locks import LockedError, held
from launcher.places import Instance, Places
from launcher.servers import Running, Servers, read_running, running_file, start_servers, tell_running
from launcher.supervisor import Supervisor
from launcher.terminal import LauncherError, terminal

TEST_INSTANCES = 8
SECONDS_FOR_OTHERS_TO_START = 30


class InUseError(Exception):
    """Another command of this checkout has the instance."""


def stop_on_signals() -> None:
    """Ctrl-C, a closed terminal and a polite kill all end the same way: in order.

    SIGINT is set too: a program started with & from a script inherits "ignore".
    """

    def leave(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)


@contextmanager
def own_instance(places: Places, name: str, *, announce: bool = False) -> Iterator[tuple[Instance, Supervisor]]:
    """Hold the instance, clean up after a launcher that was killed, and stop everything at the end, come what may.

    Raises `InUseError` when another command has it.
    """
    instance = places.instance(name)
    try:
        with held(instance.folder / "lock"):
            ledger = Ledger(instance.folder / "processes.json")
            if left := ledger.stop_leftovers():
                terminal.line(f"     Stopped {left} processes that an interrupted start had left behind.")
            running_file(instance).unlink(missing_ok=True)
            supervisor = Supervisor(ledger)
            try:
                yield instance, supervisor
            finally:
                running_file(instance).unlink(missing_ok=True)
                stop_in_order(supervisor, announce=announce)
    except LockedError as error:
        raise InUseError from error


def stop_in_order(supervisor: Supervisor, *, announce: bool) -> None:
    """A second Ctrl-C while stopping ends everything at once."""
    try:
        supervisor.stop(announce=announce)
    except (KeyboardInterrupt, SystemExit):
        supervisor.kill()
        terminal.line("Ended without waiting; the servers recover at the next start.")


@contextmanager
def test_instance(places: Places) -> Iterator[tuple[Instance, Supervisor]]:
    """The first free of a few, so that two people (or two terminals) can test in one checkout at the same time."""
    for number in range(1, TEST_INSTANCES + 1):
        held_instance = own_instance(places, f"test-{number}")
        try:
            entered = held_instance.__enter__()
        except InUseError:
            continue
        try:
            yield entered
        except BaseException:
            if not held_instance.__exit__(*sys.exc_info()):
                raise
        else:
            held_instance.__exit__(None, None, None)
        return
    raise LauncherError(f"{TEST_INSTANCES} test runs are going on in this checkout: wait for one to end.")


@contextmanager
def django_session(places: Places, command: str, *, more: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The environment for a management command, beside `./grove run` or on servers of its own."""
    try:
        with own_instance(places, "run") as (instance, supervisor):
            servers = start_servers(places, instance, supervisor, for_tests=False)
            variables = servers.variables(with_admin=False)
            tell_running(instance, Running(os.getpid(), command, None, variables))
            yield development_environment(places, instance, servers=servers, more=more)
    except InUseError:
        instance = places.instance("run")
        running = wait_for_running(instance)
        variables = dict(running.variables)
        port = {"GROVE_PORT": str(running.port)} if running.port else {}
        given = dict(os.environ)
        yield django_environment(places, instance, given=given, more={**more, **variables, **port, "GROVE_DEBUG": "1"})


def development_environment(
    places: Places, instance: Instance, *, servers: Servers, more: Mapping[str, str]
) -> dict[str, str]:
    variables = {**more, **servers.variables(with_admin=False), "GROVE_DEBUG": "1"}
    return django_environment(places, instance, given=os.environ, more=variables)


def wait_for_running(instance: Instance) -> Running:
    deadline = time.monotonic() + SECONDS_FOR_OTHERS_TO_START
    while time.monotonic() < deadline:
        if running := read_running(instance):
            return running
        time.sleep(0.2)
    raise LauncherError("Another ./grove is still starting in this checkout: try again when it is ready.")
