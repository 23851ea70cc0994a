"""`./grove lock`: write requirements/*.txt, with hashes and without the address of any registry, from pyproject.toml."""

import os
from collections.abc import Sequence

from launcher.packages import UV_ENVIRONMENT, find_or_install_uv, prepare_packages
from launcher.places import Places
from launcher.processes import quiet
from launcher.terminal import LauncherError, terminal

OPTIONS = (
    "--generate-hashes",
    "--universal",
    "--python-version=3.11",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
)
EXTRAS: dict[str, tuple[str, ...]] = {"run": (), "test": ("--extra", "test")}


def lock(places: Places, arguments: Sequence[str]) -> int:
    """Versions that the locks already have are kept unless pyproject.toml says otherwise or `--upgrade` is given."""
    if not set(arguments) <= {"--upgrade"}:
        raise LauncherError("./grove lock takes only --upgrade.")
    places.make_state()
    prepare_packages(places, "run")
    uv = find_or_install_uv(places)
    if uv is None:
        raise LauncherError("Locking needs uv, which cannot be installed here: is a package registry reachable?")
    for name, extras in EXTRAS.items():
        target = places.checkout / f"requirements/{name}.txt"
        with terminal.step(f"Locking requirements/{name}.txt"):
            quiet(
                [uv, "pip", "compile", *OPTIONS, *extras, *arguments, "pyproject.toml", "--output-file", target],
                log=places.logs / "lock.log",
                fails="pyproject.toml cannot be locked.",
                cwd=places.checkout,
                env={**os.environ, **UV_ENVIRONMENT},
            )
    return 0
