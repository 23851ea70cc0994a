"""`./grove lint` and `./grove fmt`: every check is run, each with its seconds, and a summary closes."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from launcher.django_environment import django_environment
from launcher.places import Places
from launcher.preparation import prepare
from launcher.processes import as_text
from launcher.servers import start_servers
from launcher.session import test_instance
from launcher.terminal import LauncherError, terminal

NAME_WIDTH = 28
NOT_OURS = {".venv", ".git", "node_modules"}
DJANGO_VERSION = "5.2"


def lint(places: Places, arguments: Sequence[str]) -> int:
    """0 when all checks pass, 1 otherwise."""
    if arguments:
        raise LauncherError("./grove lint takes no arguments.")
    more = prepare(places, lock_name="test")
    with test_instance(places) as (instance, supervisor):
        servers = start_servers(places, instance, supervisor, for_tests=True)
        variables = {**more, **servers.variables(with_admin=False)}
        environment = django_environment(places, instance, given=os.environ, more=variables)
        terminal.line()
        # One uses one core, and types take as long as all the others together.
        with ThreadPoolExecutor(max_workers=2) as pool:
            running = {
                name: pool.submit(passes, places, name, command, environment)
                for name, command in checks(places).items()
            }
        failed = [name for name, verdict in running.items() if not verdict.result()]
    if failed:
        terminal.line(f"\nFailed: {', '.join(failed)}.")
        return 1
    terminal.line("\nAll checks pass.")
    return 0


def checks(places: Places) -> dict[str, list[str]]:
    programs = places.venv / "bin"
    manage = [str(places.python), "manage.py"]
    templates = template_files(places.checkout)
    found = {
        "types": [f"{programs}/mypy"],
        "ruff check": [f"{programs}/ruff", "check", "--quiet", "."],
        "ruff format": [f"{programs}/ruff", "format", "--check", "--quiet", "."],
        "import contracts": [f"{programs}/lint-imports"],
        "templates": [f"{programs}/djade", "--check", "--target-version", DJANGO_VERSION, *templates],
        "django check": [*manage, "check", "--fail-level", "WARNING"],
        "migrations are complete": [*manage, "makemigrations", "--check", "--dry-run"],
    }
    if not templates:
        del found["templates"]
    return found


def template_files(checkout: Path) -> list[str]:
    return sorted(
        str(file.relative_to(checkout))
        for file in checkout.glob("**/templates/**/*.html")
        if not NOT_OURS.intersection(file.relative_to(checkout).parts)
    )


def passes(places: Places, name: str, command: Sequence[str], environment: Mapping[str, str]) -> bool:
    """What a check prints is shown only when it fails."""
    started = time.monotonic()
    done = subprocess.run(
        command, cwd=places.checkout, env=environment, capture_output=True, text=True, errors="replace", check=False
    )
    verdict = "ok" if done.returncode == 0 else terminal.paint("FAILED", "error")
    told = f"{name.ljust(NAME_WIDTH)} {time.monotonic() - started:5.1f} s  {verdict}"
    if done.returncode != 0:
        told = f"{told}\n{(done.stdout + done.stderr).rstrip()}"
    terminal.line(told)
    return done.returncode == 0


def fmt(places: Places, arguments: Sequence[str]) -> int:
    """Rewrites files: imports, layout of code, layout of templates. What it cannot put right `lint` still reports."""
    prepare(places, lock_name="test")
    programs = places.venv / "bin"
    what = list(arguments) or ["."]
    commands: list[list[str]] = [
        [f"{programs}/ruff", "check", "--fix", "--quiet", "--exit-zero", *what],
        [f"{programs}/ruff", "format", *what],
    ]
    if not arguments and (templates := template_files(places.checkout)):
        commands.append([f"{programs}/djade", "--target-version", DJANGO_VERSION, *templates])
    for command in commands:
        subprocess.run(as_text(command), cwd=places.checkout, check=False)
    return 0
