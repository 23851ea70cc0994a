"""The commands that hand over to `manage.py` or to the database's own shell."""

import os
import shutil
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from launcher.locks import LockedError, held
from launcher.places import Places
from launcher.postgres import server_programs
from launcher.preparation import prepare
from launcher.processes import in_front
from launcher.session import django_session
from launcher.terminal import LauncherError, terminal


def manage(places: Places, arguments: Sequence[str]) -> int:
    more = prepare(places, lock_name="run")
    with django_session(places, f"./grove {' '.join(['manage', *arguments[:1]])}", more=more) as environment:
        return in_front([str(places.python), "manage.py", *arguments], cwd=places.checkout, env=environment)


def shell(places: Places, arguments: Sequence[str]) -> int:
    return manage(places, ["shell", *arguments])


def migrate(places: Places, arguments: Sequence[str]) -> int:
    return manage(places, ["migrate", "--database", "owner", *arguments])


def demo(places: Places, arguments: Sequence[str]) -> int:
    return manage(places, ["demo", *arguments])


def psql(places: Places, arguments: Sequence[str]) -> int:
    """As the owner. The password goes by the environment, which other accounts cannot read."""
    more = prepare(places, lock_name="run")
    with django_session(places, "./grove psql", more=more) as environment:
        address = environment["DATABASE_OWNER_URL"]
        program = server_programs(places) / "psql"
        return in_front([str(program), *arguments], cwd=places.checkout, env={**os.environ, **psql_variables(address)})


def psql_variables(address: str) -> dict[str, str]:
    parts = urlsplit(address)
    return {
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
    }


def reset(places: Places, arguments: Sequence[str]) -> int:
    """Forget the data of `./grove run`, its files and mails included, and those of benches. What DATABASE_URL points at is
    left alone."""
    if list(arguments) != ["--yes"]:
        raise LauncherError(
            "This deletes the data of ./grove run, mails and files included: ./grove reset --yes does it."
        )
    places.make_state()
    for name in ("run", "bench"):
        instance = places.instance(name)
        try:
            with held(instance.folder / "lock"):
                shutil.rmtree(instance.folder)
        except LockedError:
            raise LauncherError(f"./grove {name} is going on in this checkout: stop it first.") from None
    terminal.line("Done: the next ./grove run starts afresh.")
    return 0
