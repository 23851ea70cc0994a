"""Web server, worker and beat as in production, for a bench."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType

import psutil

BIN = Path(sys.executable).parent
ROOT = Path(__file__).resolve().parent.parent


class Servers:
    """Started on entering, stopped on leaving; knows what each costs."""

    def __init__(self, *, port: int, workers: int = 2) -> None:
        self.port, self.workers = port, workers
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "Servers":
        web = [BIN / "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)]
        web += ["--workers", str(self.workers), "--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
        self._start("web", [*web, "config.wsgi:application"])
        self._start("worker", [BIN / "celery", "-A", "config", "worker", "-c", "2", "-Q", "interactive,default,bulk"])
        self._start("beat", [BIN / "celery", "-A", "config", "beat"])
        try:
            self._wait()
        except BaseException:  # nobody leaves what was never entered, and its servers would stay
            self._stop()
            raise
        return self

    def _start(self, name: str, command: list[str | Path]) -> None:
        environment = {**os.environ, "GROVE_DEBUG": "0", "GROVE_LOG": "WARNING", "GROVE_PORT": str(self.port)}
        self.processes[name] = subprocess.Popen(
            list(map(str, command)), cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def _wait(self) -> None:
        for _try in range(1200):  # two minutes, for a machine that others use as well
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise SystemExit("The web server did not come up.")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()

    def _family(self, name: str) -> list[psutil.Process]:
        parent = psutil.Process(self.processes[name].pid)
        return [parent, *parent.children(recursive=True)]

    def cpu_seconds(self, name: str) -> float:
        """User and system time of a process with its children so far."""
        return sum(sum(process.cpu_times()[:2]) for process in self._family(name))

    def memory_mib(self, name: str) -> float:
        """Proportional set size: shared pages count once."""
        return sum(process.memory_full_info().pss for process in self._family(name)) / 2**20


def postgres_cpu_seconds() -> float:
    """All PostgreSQL processes of this machine: a bench runs alone."""
    total = 0.0
    for process in psutil.process_iter(["name"]):
        if process.info["name"] == "postgres":
            try:
                total += sum(process.cpu_times()[:2])
            except psutil.NoSuchProcess:
                continue
    return total
