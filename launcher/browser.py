"""A Chromium for the browser tests: the machine's own, or else the one inside an npm package. Never none."""

import os
import platform
import shutil
import sys
from pathlib import Path

from launcher.locks import held
from launcher.places import Places
from launcher.processes import quiet
from launcher.stamp import Stamp, fingerprint_of_files
from launcher.terminal import LauncherError, terminal

NAMES = ("chromium", "chromium-headless-shell", "google-chrome", "google-chrome-stable", "chrome")
ASK = "install Chromium or Chrome, or set CHROMIUM to where it is, and try again."


def prepare_browser(places: Places) -> dict[str, str]:
    """The environment variables with which the tests start Chromium through Playwright."""
    return {**find_chromium(places), **find_node()}


def find_chromium(places: Places) -> dict[str, str]:
    """`CHROMIUM`, and for the unpacked one `CHROMIUM_LIBS`: libraries that only the browser may see."""
    if given := os.environ.get("CHROMIUM"):
        if shutil.which(given) is None:
            raise LauncherError(f"CHROMIUM says {given}, which is not a program: correct it, or unset it.")
        return {"CHROMIUM": given}
    for name in NAMES:
        if found := shutil.which(name):
            return {"CHROMIUM": found}
    if sys.platform != "linux" or platform.machine() != "x86_64":
        raise LauncherError(f"The browser tests need a browser: {ASK}")
    folder = places.state / "chromium"
    stamp = Stamp(folder / ".stamp")
    package = places.checkout / "tools/browser"
    wanted = fingerprint_of_files([package / "package-lock.json"])
    with held(places.logs / "chromium.lock", wait=True):
        if not stamp.holds(wanted):
            with terminal.step("Fetching Chromium from its npm package (70 MB)"):
                fetch(places, package, folder)
            stamp.set(wanted)
    return {"CHROMIUM": str(folder / "chromium"), "CHROMIUM_LIBS": str(folder / "al2023/lib")}


def fetch(places: Places, package: Path, folder: Path) -> None:
    log = places.logs / "chromium.log"
    work = places.state / "chromium.npm"
    shutil.rmtree(work, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(package, work, ignore=shutil.ignore_patterns("node_modules"))
    # No install scripts: of the package only its compressed files are used, none of its JavaScript.
    npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    quiet(npm, log=log, cwd=work, fails=f"Chromium cannot be fetched with npm: {ASK}")
    source = work / "node_modules/@sparticuz/chromium/bin"
    unpack: list[str | Path] = [places.python, "-m", "launcher.unpack_chromium", source.resolve(), folder.resolve()]
    quiet(unpack, log=log, cwd=places.checkout, fails=f"Chromium cannot be unpacked: {ASK}")
    shutil.rmtree(work)


def find_node() -> dict[str, str]:
    """Playwright's own node needs a library that a fresh Debian lacks; the machine's node does as well."""
    if "PLAYWRIGHT_NODEJS_PATH" in os.environ:
        return {}
    node = shutil.which("node")
    return {"PLAYWRIGHT_NODEJS_PATH": node} if node else {}
