"""Start long-running processes, hear them, and stop them in reverse order, whatever happens to the launcher."""

import collections
import ctypes
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from launcher.leftovers import Ledger
from launcher.processes import Account, Command, as_text, popen_account
from launcher.terminal import LauncherError, terminal

SECONDS_TO_STOP = 15
PR_SET_PDEATHSIG = 1
# Loaded before any fork: the child may only make the one call.
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(stop_signal: signal.Signals) -> Callable[[], None] | None:
    """Runs in the child before it becomes its program: if the launcher dies, even by kill -9, Linux stops the child."""
    libc = _LIBC
    return None if libc is None else lambda: libc.prctl(PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)


class Child:
    """One long-running process. Its output goes to `log`, or labelled to the terminal when there is none."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], stop_signal: signal.Signals) -> None:
        self.name = name
        self.process = process
        self.stop_signal = stop_signal
        self._listener: threading.Thread | None = None
        self.last_lines: collections.deque[str] = collections.deque(maxlen=200)

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def has_said(self, pattern: str) -> bool:
        return any(re.search(pattern, line) for line in list(self.last_lines))

    def listen(self) -> None:
        self._listener = threading.Thread(target=self._pass_lines_on, daemon=True)
        self._listener.start()

    def ask_to_stop(self) -> None:
        if not self.has_ended:
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """Ask, wait, and after `SECONDS_TO_STOP` end it with everything it started."""
        self.ask_to_stop()
        try:
            self.process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self.kill()
        self._hear_the_rest()

    def kill(self) -> None:
        if not self.has_ended:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._hear_the_rest()

    def _hear_the_rest(self) -> None:
        """Its last lines; not for ever, because a grandchild may keep the pipe open."""
        if self._listener is not None:
            self._listener.join(1)

    def _pass_lines_on(self) -> None:
        if self.process.stdout is None:
            return
        with self.process.stdout as output:
            for raw in output:
                line = raw.decode(errors="replace").rstrip()
                self.last_lines.append(line)
                terminal.labelled(self.name, line)


class Supervisor:
    """Knows the children in the order they were started. Spawn from the main thread only: see `die_with_parent`."""

    def __init__(self, ledger: Ledger) -> None:
        self._children: list[Child] = []
        self._ledger = ledger

    def spawn(
        self,
        name: str,
        command: Command,
        *,
        env: Mapping[str, str],
        cwd: Path,
        log: Path | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        account: Account | None = None,
    ) -> Child:
        """Start it in a session of its own, so that Ctrl-C reaches the launcher only and the order of stopping is ours."""
        output = subprocess.PIPE if log is None else log.open("ab")
        process = subprocess.Popen(
            as_text(command),
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(stop_signal),  # noqa: PLW1509  one system call, on a library already loaded
            **popen_account(account),
        )
        if not isinstance(output, int):
            output.close()
        child = Child(name, process, stop_signal)
        self._children.append(child)
        self._ledger.add(process.pid)
        if log is None:
            child.listen()
        return child

    def ended(self) -> Child | None:
        return next((child for child in self._children if child.has_ended), None)

    def wait_until(self, child: Child, ready: Callable[[], bool], *, seconds: float, log: Path | None = None) -> None:
        """Return when `ready` says so. A child that ends or takes too long raises."""
        deadline = time.monotonic() + seconds
        while not ready():
            if child.has_ended:
                raise LauncherError(f"{child.name} stopped while starting: see what it wrote.", log=log)
            if time.monotonic() > deadline:
                raise LauncherError(f"{child.name} was not ready after {seconds:.0f} s: see what it wrote.", log=log)
            time.sleep(0.03)

    def stop(self, *, announce: bool = False) -> None:
        while self._children:
            child = self._children.pop()
            child.stop()
            if announce:
                terminal.labelled("grove", f"{child.name} has stopped")
        self._ledger.clear()

    def kill(self) -> None:
        """For the impatient: end everything at once. The servers recover at the next start."""
        while self._children:
            self._children.pop().kill()
