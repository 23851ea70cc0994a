"""The `.venv` and the locked packages in it. Works with Debian's python3, which has neither ensurepip nor python3-venv."""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from launcher.interpreter import quickest
from launcher.locks import held
from launcher.places import Places
from launcher.processes import quiet, succeeds
from launcher.terminal import LauncherError, terminal

# The test lock holds everything that the run lock holds.
LOCKS = {"run": ("run",), "test": ("run", "test")}
PIP_QUIET = ("--quiet", "--disable-pip-version-check", "--no-input")
# Never fetch another Python; trust the authorities that this machine trusts (a company's own, for one).
UV_ENVIRONMENT = {"UV_PYTHON_DOWNLOADS": "never", "UV_SYSTEM_CERTS": "1", "UV_NO_CONFIG": "1"}


def prepare_packages(places: Places, lock_name: str) -> None:
    """Make `.venv` hold exactly what the lock says. Costs nothing when it already does."""
    with held(places.logs / "packages.lock", wait=True):
        wanted = wanted_stamp(places.checkout / "requirements", lock_name)
        stamp = places.venv / ".grove-packages.json"
        if places.python.exists() and stamp_covers(read_stamp(stamp), wanted):
            return
        if not places.python.exists():
            with terminal.step("Making .venv"):
                make_venv(places)
        count = count_packages((places.checkout / f"requirements/{lock_name}.txt").read_text())
        with terminal.step(f"Installing {count} locked packages"):
            install(places, lock_name)
        stamp.write_text(json.dumps(wanted))


def wanted_stamp(requirements: Path, lock_name: str) -> dict[str, str]:
    return {name: hashlib.sha256((requirements / f"{name}.txt").read_bytes()).hexdigest() for name in LOCKS[lock_name]}


def read_stamp(stamp: Path) -> Mapping[str, str]:
    try:
        return dict(json.loads(stamp.read_text()))
    except (OSError, ValueError):
        return {}


def stamp_covers(stamp: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    return all(stamp.get(name) == digest for name, digest in wanted.items())


def count_packages(lock: str) -> int:
    return sum(1 for line in lock.splitlines() if "==" in line and not line.startswith((" ", "#")))


def make_venv(places: Places) -> None:
    """Without pip, because Debian's python3 cannot put it there without the package python3-venv."""
    if places.venv.is_symlink():
        places.venv.unlink()
    shutil.rmtree(places.venv, ignore_errors=True)
    log = places.logs / "packages.log"
    quiet(
        [quickest(path=os.environ.get("PATH", os.defpath), log=log), "-m", "venv", "--without-pip", places.venv],
        log=log,
        fails=f"The folder {places.venv} cannot be made: is the checkout writable, and is there room on the disk?",
    )


def install(places: Places, lock_name: str) -> None:
    lock = places.checkout / f"requirements/{lock_name}.txt"
    log = places.logs / "packages.log"
    fails = "The packages cannot be installed: is a package registry reachable from here?"
    if uv := find_or_install_uv(places):
        environ = {**os.environ, **UV_ENVIRONMENT}
        into_venv = ["--python", str(places.python), "--require-hashes", "-r", str(lock)]
        quiet([str(uv), "pip", "install", "--quiet", *into_venv], log=log, fails=fails, env=environ)
    else:
        command = [*pip(places), "install", *PIP_QUIET, "--require-hashes", "--only-binary", ":all:", "-r", str(lock)]
        quiet(command, log=log, fails=fails)


def find_or_install_uv(places: Places) -> Path | None:
    """uv installs the lock some fifteen times faster than pip; without it pip does the same."""
    uv = places.venv / "bin/uv"
    if not uv.exists():
        lock = places.checkout / "requirements/uv.txt"
        try:
            quiet(
                [*pip(places), "install", *PIP_QUIET, "--require-hashes", "-r", str(lock)],
                log=places.logs / "packages.log",
                fails="uv cannot be installed.",
            )
        except LauncherError:
            terminal.line("     uv is not to be had here, so pip installs the packages: about a minute.")
            return None
    return uv if succeeds([uv, "--version"]) else None


def pip(places: Places) -> list[str]:
    """The pip beside the Python that runs this launcher, told to install into `.venv`."""
    if not succeeds([sys.executable, "-m", "pip", "--version"]):
        raise LauncherError(
            f"pip is not there for {sys.executable}: install it (Debian, Ubuntu: apt install python3-pip) and try again."
        )
    return [sys.executable, "-m", "pip", "--python", str(places.python)]
