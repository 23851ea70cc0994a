"""Which Python `.venv` is made of: of those of one version on this machine, the quickest.

A Python that somebody built without profile-guided optimisation, as pyenv does, takes about an eighth more time for every
page than Debian's own. Which is which stands nowhere in a build, so each does a little work and says how long it took.
"""

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

USUAL = ("/usr/bin", "/usr/local/bin")
# Another must be clearly quicker: the one that runs the launcher is the one that the person chose.
CLEARLY = 0.9
LONGEST = 20  # seconds; what takes longer is no help
# In turn, because a machine that others share may be half as quick from one second to the next: each must meet a good one.
TRIES = 8

# Calls, objects, texts and dictionaries, as in templates and queries; the best of some rounds, because others work too.
# What Grove needs of the standard library is loaded first: a Python cut down to less ends here.
PROBE = """
import bz2, ctypes, decimal, hashlib, lzma, sqlite3, ssl, time, venv, zlib

class One:
    def __init__(self, value): self.value = value
    def more(self, by): return self.value + by

def work():
    total, found = 0, {}
    for n in range(20000):
        total = One(n).more(total)
        found[f"{n % 97}:{total % 7}"] = [name for name in ("a", "b")]
    return sorted(found)

times = []
for _ in range(9):
    begun = time.process_time()
    work()
    times.append(time.process_time() - begun)
print(min(times))
"""


def quickest(*, path: str, log: Path, running: str = sys.executable) -> str:
    """The program to make `.venv` with. ``path`` is where the system looks for programs, as in PATH.

    How long each took, or why it is no Python for Grove, is written to ``log``: every page is as quick as what is chosen here.
    """
    others = found_in([*path.split(os.pathsep), *USUAL], but=running)
    seconds: dict[str, float] = {}
    seen: list[str] = []
    for python in [running, *others] * TRIES:
        taken = seconds_of(python)
        if isinstance(taken, float):
            seconds[python] = min(taken, seconds.get(python, taken))
        else:
            seen.append(f"# {python}: {taken}\n")
    with log.open("a") as file:
        file.writelines([*seen, *(f"# {python}: {taken * 1000:.1f} ms\n" for python, taken in seconds.items())])
    return chosen(seconds, running=running)


def chosen(seconds: Mapping[str, float], *, running: str) -> str:
    best = min(seconds, key=seconds.__getitem__, default=running)
    return best if running not in seconds or seconds[best] < CLEARLY * seconds[running] else running


def found_in(folders: Iterable[str], *, but: str) -> list[str]:
    """Each program once, whatever names lead to it; none of the running one, nor of an environment such as ours."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    known, found = {os.path.realpath(but)}, []
    for folder in folders:
        python = Path(folder) / name
        real = os.path.realpath(python)
        is_other = folder and real not in known and os.access(python, os.X_OK)
        if is_other and not (python.parent.parent / "pyvenv.cfg").exists():
            leads_to = program_of(python)
            if leads_to not in known:
                found.append(str(python))
            known |= {real, leads_to}
    return found


def program_of(python: Path) -> str:
    """To which it leads: what pyenv puts on the path is a script that starts another."""
    try:
        asked = [str(python), "-I", "-c", "import os, sys; print(os.path.realpath(sys.executable))"]
        said = subprocess.run(asked, capture_output=True, text=True, timeout=LONGEST, check=False).stdout.strip()
    except (OSError, ValueError, subprocess.TimeoutExpired):
        said = ""
    return said if said.startswith("/") else os.path.realpath(python)


def seconds_of(python: str) -> float | str:
    """Or, of a program that is no whole Python, what it said."""
    try:
        done = subprocess.run([python, "-I", "-c", PROBE], capture_output=True, text=True, timeout=LONGEST, check=False)
        return float(done.stdout) if done.returncode == 0 else f"ended with {done.returncode}: {done.stderr[-300:]!r}"
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        return str(error)
