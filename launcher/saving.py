"""`./grove backup FILE` and `./grove restore FILE`."""

import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from launcher.archive import mark_of, read_archive, write_archive
from launcher.database_address import with_user
from launcher.places import Instance, Places
from launcher.postgres import server_programs
from launcher.preparation import prepare
from launcher.secret import kept_secret
from launcher.servers import database_identity, role_passwords, start_servers
from launcher.session import InUseError, django_session, own_instance
from launcher.stamp import Stamp, fingerprint_of_text
from launcher.terminal import LauncherError, terminal

OTHER_KEY = (
    "SECRET_KEY is another one than where this was saved: set that one, or have it in SECRET_KEY_FALLBACKS. Until then"
    " authenticator apps, sign-in by an organisation and webhooks do not work."
)


def backup(places: Places, arguments: Sequence[str]) -> int:
    """Beside a running `./grove run` too: what is saved is one moment."""
    target = only_file(arguments, "backup")
    more = prepare(places, lock_name="run")
    instance = places.instance("run")
    began = time.monotonic()
    with django_session(places, "./grove backup", more=more) as environment:
        if environment.get("STORAGE_URL"):
            terminal.line("The files are in STORAGE_URL and are not part of this backup: save that bucket too.")
        with terminal.step("Saving the database and the files"):
            manifest = write_archive(
                places,
                ops_url=ops_address(instance, environment["DATABASE_URL"]),
                programs=server_programs(places),
                media=Path(environment["MEDIA_ROOT"]),
                target=target,
                log=instance.logs / "backup.log",
                secret_key=environment["SECRET_KEY"],
            )
    terminal.line(
        f"{target}: {counted(manifest)}, {target.stat().st_size / 1e6:.1f} MB, {time.monotonic() - began:.1f} s"
    )
    return 0


def restore(places: Places, arguments: Sequence[str]) -> int:
    """Into a Grove that has no data yet. The next `./grove run` then serves it, after any newer migrations."""
    source = only_file(arguments, "restore")
    if not source.is_file():
        raise LauncherError(f"There is no file {source}.")
    prepare(places, lock_name="run")
    try:
        with own_instance(places, "run") as (instance, supervisor):
            servers = start_servers(places, instance, supervisor, for_tests=False)
            if servers.database.admin is None:
                raise LauncherError("A restore makes tables for several roles: set DATABASE_ADMIN_URL as well.")
            began = time.monotonic()
            with terminal.step("Restoring the database and the files, and comparing them"):
                manifest = read_archive(
                    places,
                    source=source,
                    admin_url=servers.database.admin,
                    ops_url=ops_address(instance, servers.database.app),
                    programs=server_programs(places),
                    media=instance.folder / "media",
                    log=instance.logs / "restore.log",
                )
            # What was restored is not to be mixed with the demo.
            Stamp(instance.folder / "demo-loaded").set(fingerprint_of_text(database_identity(instance)))
    except InUseError:
        raise LauncherError("Grove is running from this checkout: stop it first.") from None
    terminal.line(f"Restored and equal: {counted(manifest)}, {time.monotonic() - began:.1f} s")
    if is_sealed_otherwise(manifest, secret_key=os.environ.get("SECRET_KEY") or kept_secret(instance, "secret_key")):
        terminal.line(OTHER_KEY)
    return 0


def is_sealed_otherwise(manifest: dict[str, Any], *, secret_key: str) -> bool:
    """Whether secrets in the database are sealed with another SECRET_KEY; archives of before say nothing of it."""
    known = [secret_key, *os.environ.get("SECRET_KEY_FALLBACKS", "").replace(",", " ").split()]
    return "key" in manifest and manifest["key"] not in map(mark_of, known)


def ops_address(instance: Instance, url: str) -> str:
    """That of grove_ops: DATABASE_OPS_URL when the database was made by somebody else."""
    if given := os.environ.get("DATABASE_OPS_URL"):
        return given
    return with_user(url, user="grove_ops", password=role_passwords(instance).ops)


def only_file(arguments: Sequence[str], command: str) -> Path:
    if len(arguments) != 1 or arguments[0].startswith("-"):
        raise LauncherError(f"Say which file: ./grove {command} grove-2026-01-31.tar, for example.")
    return Path(arguments[0]).absolute()


def counted(manifest: dict[str, Any]) -> str:
    rows = sum(count for count, _sum in manifest["tables"].values())
    return f"{len(manifest['tables'])} tables, {rows} rows, {len(manifest['files'])} files"
