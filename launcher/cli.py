"""The commands of `./grove`, one line each."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from launcher.linting import fmt, lint
from launcher.locking import lock
from launcher.managing import demo, manage, migrate, psql, reset, shell
from launcher.places import Places, find_places
from launcher.running import run
from launcher.saving import backup, restore
from launcher.session import stop_on_signals
from launcher.terminal import LauncherError, terminal
from launcher.testing import bench, test


@dataclass(frozen=True)
class Subcommand:
    usage: str
    does: str
    act: Callable[[Places, Sequence[str]], int]
    hands_over: bool = False  # another program's output is the point, so standard output is left to it


COMMANDS = {
    "run": Subcommand("run", "set everything up and run Grove with the demo, until Ctrl-C", run),
    "test": Subcommand("test [pytest arguments]", "set everything up and run the tests, browser tests included", test),
    "lint": Subcommand("lint", "every check of code, types, layers, templates and migrations", lint),
    "fmt": Subcommand("fmt [files]", "put code and templates in the house layout", fmt),
    "shell": Subcommand("shell", "a Python prompt inside Grove", shell, hands_over=True),
    "psql": Subcommand("psql [arguments]", "a database prompt, as the owner of the tables", psql, hands_over=True),
    "migrate": Subcommand(
        "migrate [arguments]", "bring the database up to date, as its owner", migrate, hands_over=True
    ),
    "demo": Subcommand("demo [arguments]", "load the demo ecosystem", demo, hands_over=True),
    "bench": Subcommand("bench NAME [arguments]", "measure speed and memory, on data of its own", bench),
    "manage": Subcommand("manage COMMAND [arguments]", "any command of manage.py", manage, hands_over=True),
    "backup": Subcommand("backup FILE", "save the database and the files in one archive", backup),
    "restore": Subcommand("restore FILE", "bring an archive back where there is no data yet, and compare", restore),
    "lock": Subcommand("lock [--upgrade]", "write the lock files from pyproject.toml", lock),
    "reset": Subcommand("reset --yes", "delete the data of ./grove run and start afresh next time", reset),
}
USAGE_WIDTH = max(len(command.usage) for command in COMMANDS.values()) + 2
INTERRUPTED = 130


def usage() -> str:
    lines = [f"  ./grove {command.usage.ljust(USAGE_WIDTH)}{command.does}" for command in COMMANDS.values()]
    return "\n".join(["Grove's commands:", *lines])


def main(arguments: Sequence[str]) -> int:
    """The exit code. Whatever a person can put right is told in a sentence; GROVE_DEBUG=1 adds where it happened."""
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        terminal.line(usage())
        return 0
    command = COMMANDS.get(arguments[0])
    if command is None:
        terminal.line(f"There is no ./grove {arguments[0]}.\n{usage()}")
        return 2
    os.umask(0o022)
    if command.hands_over:
        terminal.leave_standard_output()
    stop_on_signals()
    try:
        return command.act(find_places(Path(__file__).resolve().parent.parent), arguments[1:])
    except LauncherError as error:
        terminal.failure(error)
        if os.environ.get("GROVE_DEBUG") == "1":
            raise
        return 1
    except KeyboardInterrupt:
        terminal.line("\nStopped.")
        return INTERRUPTED
