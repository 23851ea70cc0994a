"""Pango, which WeasyPrint draws PDFs with: the system's, or else Debian's own packages unpacked in the state folder.

Unpacking needs no root and changes nothing on the system, so root gets it the same way.
"""

import os
import shutil
import sys
from pathlib import Path

from launcher.locks import held
from launcher.places import Places
from launcher.processes import quiet, succeeds
from launcher.terminal import terminal

LIBRARIES = (
    "libgobject-2.0.so.0",
    "libpango-1.0.so.0",
    "libharfbuzz.so.0",
    "libfontconfig.so.1",
    "libpangoft2-1.0.so.0",
    "libharfbuzz-subset.so.0",
)
DEBIAN_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
PROBE = f"import ctypes; [ctypes.CDLL(name) for name in {LIBRARIES!r}]"
FAILS = (
    "Pango, which makes the PDFs, cannot be fetched: install it (as root: apt install "
    f"{' '.join(DEBIAN_PACKAGES)}) and try again."
)


def prepare_pango(places: Places) -> dict[str, str]:
    """The environment variables with which WeasyPrint finds its libraries; none when the system has them."""
    if sys.platform != "linux" or loads({}):
        return {}
    unpacked = places.state / "pango"
    with held(places.logs / "pango.lock", wait=True):
        if loads(found := library_path(unpacked)):
            return found
        if shutil.which("apt-get") is None or shutil.which("dpkg") is None:
            terminal.line("     Pango is missing, so no PDF can be made: install your system's package of Pango.")
            return {}
        with terminal.step("Unpacking Pango for PDFs"):
            unpack(places, unpacked)
    return library_path(unpacked)


def loads(variables: dict[str, str]) -> bool:
    return succeeds([sys.executable, "-c", PROBE], env={**os.environ, **variables})


def library_path(unpacked: Path) -> dict[str, str]:
    folders = [str(folder) for folder in sorted(unpacked.glob("usr/lib/*-linux-gnu"))]
    return {"LD_LIBRARY_PATH": os.pathsep.join([*folders, *filter(None, [os.environ.get("LD_LIBRARY_PATH")])])}


def unpack(places: Places, unpacked: Path) -> None:
    """Ask apt, with lists and cache of our own, which packages are missing; download and unpack exactly those."""
    log = places.logs / "pango.log"
    work = places.state / "pango.work"
    shutil.rmtree(work, ignore_errors=True)
    shutil.rmtree(unpacked, ignore_errors=True)
    archives = work / "cache/archives"
    for folder in (work / "lists/partial", archives / "partial", work / "root"):
        folder.mkdir(parents=True)
    own = ("-q", "-o", f"Dir::State::lists={work}/lists", "-o", f"Dir::Cache={work}/cache", "-o", "Debug::NoLocking=1")
    quiet(["apt-get", *own, "update"], log=log, fails=FAILS)
    plan = ["apt-get", *own, "install", "--simulate", "--no-install-recommends", *DEBIAN_PACKAGES]
    names = packages_to_install(quiet(plan, log=log, fails=FAILS))
    quiet(["apt-get", *own, "download", *names], log=log, fails=FAILS, cwd=archives)
    for archive in sorted(archives.glob("*.deb")):
        quiet(["dpkg", "-x", archive, work / "root"], log=log, fails=FAILS)
    # Renamed last, so that a half-unpacked folder is never taken for a whole one.
    (work / "root").rename(unpacked)
    shutil.rmtree(work)


def packages_to_install(simulation: str) -> list[str]:
    return [line.split()[1] for line in simulation.splitlines() if line.startswith("Inst ")]
