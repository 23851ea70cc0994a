"""Run a command to its end: quietly into a log, aloud with a label, or in front of the person.

Commands are always lists that the launcher makes itself; no shell reads them.
"""

import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launcher.terminal import LauncherError

Command = Sequence[str | Path]


@dataclass(frozen=True)
class Account:
    """The account a server runs under when the launcher itself is root."""

    uid: int
    gid: int


def popen_account(account: Account | None) -> dict[str, Any]:
    return {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}


def succeeds(command: Command, *, env: Mapping[str, str] | None = None) -> bool:
    try:
        return subprocess.run(as_text(command), env=env, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def quiet(
    command: Command,
    *,
    log: Path,
    fails: str,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    account: Account | None = None,
    text_in: str | None = None,
) -> str:
    """Run it and return what it printed, which is also added to `log`. If it does not succeed, `fails` is the sentence.

    What goes in by `text_in` is not logged: passwords travel that way.
    """
    try:
        done = subprocess.run(
            as_text(command),
            cwd=cwd,
            env=env,
            input=text_in,
            stdin=subprocess.DEVNULL if text_in is None else None,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            **popen_account(account),
        )
    except OSError as error:
        raise LauncherError(f"{fails} ({command[0]}: {error.strerror})") from error
    append_to_log(log, command, done.stdout)
    if done.returncode != 0:
        raise LauncherError(with_reason(fails, done.stdout), log=log)
    return str(done.stdout)


def aloud(
    command: Command, *, each_line: Callable[[str], None], log: Path, fails: str, cwd: Path, env: Mapping[str, str]
) -> None:
    """Run it and pass each line on as it is printed."""
    heard: list[str] = []
    with subprocess.Popen(
        as_text(command),
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            heard.append(line)
            each_line(line.rstrip())
    append_to_log(log, command, "".join(heard))
    if process.returncode != 0:
        raise LauncherError(with_reason(fails, "".join(heard)), log=log)


def in_front(command: Command, *, cwd: Path, env: Mapping[str, str]) -> int:
    """Give the command the terminal, wait for it, and return its exit code.

    Ctrl-C is the command's: it gets the signal itself, so the launcher only waits, and then tidies up.
    """
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        # The command must not inherit "ignore": a program started that way would never see Ctrl-C.
        process = subprocess.Popen(
            as_text(command),
            cwd=cwd,
            env=env,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  no threads run here
        )
        try:
            code = process.wait()
        except BaseException:
            process.terminate()
            process.wait()
            raise
    finally:
        signal.signal(signal.SIGINT, previous)
    return code if code >= 0 else 128 - code


def as_text(command: Command) -> list[str]:
    return [str(part) for part in command]


def append_to_log(log: Path, command: Command, output: str) -> None:
    with log.open("a") as file:
        file.write(f"$ {' '.join(as_text(command))}\n{output}\n")


def with_reason(sentence: str, output: str) -> str:
    """Add the last line the command printed, which for nearly every program is the reason."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return f"{sentence} It said: {lines[-1][:300]}" if lines else sentence
