"""One process that has loaded Grove and from which the processes of a site are forked.

Loading takes 2.5 s of a core; a site has three such processes, and tests of faults kill and start them again and again. What
is forked runs the same program with the same arguments as a process that loads for itself.
"""

import json
import os
import signal
import subprocess
import sys
import time
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

import psutil

PROGRAMS = {"granian": "granian.cli:entrypoint", "celery": "celery.__main__:main"}
# What these load when they begin.
LOADED_LATER = (
    "celery.__main__", "celery.bin.celery", "celery.apps.beat", "celery.apps.worker", "celery.concurrency.prefork",
    "django_celery_beat.schedulers", "granian.cli", "granian.server", "kombu.transport.redis",
)  # fmt: skip


class Nursery:
    """The side of the test: asks for processes."""

    def __init__(self, environment: dict[str, str], *, code: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.live.nursery"],
            cwd=code,
            env={**environment, "DJANGO_SETTINGS_MODULE": "config.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def fork(self, command: list[str], log: Path, *, database: str, first: str = "") -> "Forked":
        """``first``: Python that is run before the program begins."""
        return Forked(self.ask(command=command, log=str(log), database=database, first=first), self)

    def run(self, script: str, out: Path, *, database: str) -> "Forked":
        """A few lines of Python, as the site's own code; what they print, or why they failed, comes into ``out``."""
        return Forked(self.ask(script=script, log=str(out), database=database), self)

    def ask(self, **what: Any) -> int:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(what).encode() + b"\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()


class Forked:
    """As much of ``subprocess.Popen`` as the tests use."""

    def __init__(self, pid: int, nursery: Nursery) -> None:
        self.pid, self.nursery = pid, nursery

    def terminate(self) -> None:
        os.kill(self.pid, signal.SIGTERM)

    def wait(self, timeout: float = 60) -> int:
        """Its exit code; the nursery is not asked for another process meanwhile."""
        end = time.monotonic() + timeout
        while psutil.Process(self.pid).status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < end, f"process {self.pid} does not end"
            time.sleep(0.02)
        return self.nursery.ask(wait=self.pid)


def serve() -> None:
    """The side of the nursery: a line asks for a process or for the end of one, a number answers."""
    import config.wsgi  # as the web server does

    assert config.wsgi.application
    from config.celery import app

    for name in LOADED_LATER:
        import_module(name)
    app.loader.import_default_modules()  # tasks; and the checks, whose second time takes a third
    app.finalize()
    for line in sys.stdin:
        asked = json.loads(line)
        if "wait" in asked:
            answer = os.waitstatus_to_exitcode(os.waitpid(asked["wait"], 0)[1])
        elif (answer := os.fork()) == 0:
            become(asked)
        else:  # a group of its own before it is told of, so that whoever asked can kill it at once
            os.setpgid(answer, answer)
        print(answer, flush=True)


def become(asked: dict[str, Any]) -> None:
    """Runs the program of the command, or the script, and does not come back."""
    os.setpgid(0, 0)  # or the nursery did already
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number, path, how in ((0, os.devnull, os.O_RDONLY), (1, asked["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)):
        os.dup2(os.open(path, how), number)
    os.dup2(1, 2)
    use_database(asked["database"])
    code: Any = 1
    try:
        if "script" in asked:
            exec(compile(asked["script"], "<script>", "exec"), {"__name__": "__main__"})
        else:
            exec(compile(asked["first"], "<first>", "exec"), {})
            begin(asked["command"])
        code = 0
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001 -- whatever it was, the one who asked reads it
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 0 if code is None else 1)


def use_database(address: str) -> None:
    """Nothing has asked one yet."""
    from django.db import connections

    from config import stores

    os.environ["DATABASE_URL"] = address
    connections.settings["default"].update(stores.database(address))


def begin(command: list[str]) -> None:
    module, name = PROGRAMS[Path(command[0]).name].split(":")
    sys.argv = command
    getattr(__import__(module, fromlist=[name]), name)()


if __name__ == "__main__":
    serve()
