"""Processes of a launcher that was killed: found again by number and start time, and stopped before the next start.

On Linux the kernel stops them already (`supervisor.die_with_parent`), but that takes a moment, and elsewhere nobody does.
Two servers on one data folder must never happen.
"""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

SECONDS_TO_STOP = 15


def start_time(pid: int) -> str | None:
    """When the process started, as a text to compare; None when there is no such process.

    With it a number that the system has since given to another program is not taken for ours.
    """
    stat = Path(f"/proc/{pid}/stat")
    if stat.exists():
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] == "Z" else fields[19]
    if Path("/proc/self").exists():
        return None
    shown = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout.strip() or None


class Ledger:
    """The file that lists the processes which are running now."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def add(self, pid: int) -> None:
        self._file.write_text(json.dumps([*self._entries(), [pid, start_time(pid)]]))

    def clear(self) -> None:
        self._file.unlink(missing_ok=True)

    def stop_leftovers(self) -> int:
        """Stop, last started first, what an earlier launcher left running; returns how many there were."""
        left = [pid for pid, started in self._entries() if started and start_time(pid) == started]
        for pid in reversed(left):
            end_process(pid)
        self.clear()
        return len(left)

    def _entries(self) -> list[tuple[int, str | None]]:
        try:
            return [(pid, started) for pid, started in json.loads(self._file.read_text())]
        except (OSError, ValueError):
            return []


def end_process(pid: int) -> None:
    """SIGINT is the fast and clean stop of PostgreSQL, and the others take it as Ctrl-C."""
    started = start_time(pid)
    for stop_signal in (signal.SIGINT, signal.SIGKILL):
        try:
            os.kill(pid, stop_signal)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + SECONDS_TO_STOP
        while time.monotonic() < deadline:
            if start_time(pid) != started:
                return
            time.sleep(0.05)
