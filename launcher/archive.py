"""One file that holds everything that must not be lost: the database, the files of people, and a manifest to check both by.

A tar with `manifest.json` first, then `database.dump` (pg_dump, custom format) and `media/...`.
"""

import hashlib
import hmac
import json
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from launcher.database_address import without_password
from launcher.extracting import extract_inside
from launcher.managing import psql_variables
from launcher.places import Places
from launcher.postgres import server_environment
from launcher.processes import quiet
from launcher.roles import apply_sql
from launcher.terminal import LauncherError

FORMAT = 1
MANIFEST, DUMP, MEDIA = "manifest.json", "database.dump", "media"
PIECE = 1 << 20
# Transaction numbers belong to the old cluster (records/migrations/0004_feed.py); older archives have none.
RESTART_FEED = {
    "unless": "SELECT WHERE to_regproc('public.records_feed_restart') IS NULL",
    "sql": "SELECT records_feed_restart()",
}


def sums_of(places: Places, url: str, *, log: Path, dump: list[str] | None = None) -> dict[str, Any]:
    """Rows and checksum of each table as `url` sees them, which must be all; with a dump of the same moment."""
    script = Path(__file__).with_name("table_sums.py")
    said = quiet(
        [places.python, script],
        log=log,
        fails=f"The database at {without_password(url)} cannot be read.",
        env=server_environment(),
        text_in=json.dumps({"url": url, "dump": dump}),
    )
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return found


def mark_of(secret_key: str) -> str:
    """By which a restore tells whether it has the SECRET_KEY with which secrets in the database are sealed."""
    return hmac.new(secret_key.encode(), b"grove.backup", hashlib.sha256).hexdigest()


def write_archive(
    places: Places, *, ops_url: str, programs: Path, media: Path, target: Path, log: Path, secret_key: str
) -> dict[str, Any]:
    """Write `target`, which must not exist, and return its manifest. An interrupted backup leaves no such file.

    The database is dumped before the files are read: a file that is added meanwhile is too many, none is missing.
    """
    if target.exists():
        raise LauncherError(f"{target} exists already: a backup never overwrites another.")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        dump = Path(folder) / DUMP
        seen = sums_of(places, ops_url, log=log, dump=[str(programs / "pg_dump"), str(dump)])
        files = sorted(path for path in media.rglob("*") if path.is_file() and not path.is_symlink())
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "key": mark_of(secret_key),
            **seen,
            "dump": sha256(dump),
            "files": {str(path.relative_to(media)): sha256(path) for path in files},
        }
        (Path(folder) / MANIFEST).write_text(json.dumps(manifest, indent=1))
        unfinished = Path(folder) / "archive"
        with tarfile.open(unfinished, "w") as archive:
            archive.add(Path(folder) / MANIFEST, MANIFEST)
            archive.add(dump, DUMP)
            for path in files:
                archive.add(path, f"{MEDIA}/{path.relative_to(media)}")
        unfinished.chmod(0o600)
        unfinished.rename(target)
    return manifest


def read_archive(
    places: Places, *, source: Path, admin_url: str, ops_url: str, programs: Path, media: Path, log: Path
) -> dict[str, Any]:
    """Bring an archive back into a prepared, empty database and folder, and prove it by the manifest's sums.

    Refuses a damaged archive and a database that has tables, before anything is written.
    """
    with unpacked(source) as (folder, manifest):
        if sums_of(places, ops_url, log=log)["tables"]:
            raise LauncherError("The database is not empty, and a restore overwrites nothing.")
        if any(path.is_file() for path in media.rglob("*")):
            raise LauncherError(f"There are files in {media}, and a restore overwrites nothing.")
        account = psql_variables(admin_url)
        quiet(
            [
                *(programs / "pg_restore", "--no-password", "--exit-on-error", "--single-transaction"),
                *("--dbname", account["PGDATABASE"], folder / DUMP),
            ],
            log=log,
            fails="The database could not be restored; nothing of it was kept.",
            env={**server_environment(), **account},
        )
        found = sums_of(places, ops_url, log=log)
        wrong = [name for part in ("tables", "sequences") for name in differences(manifest[part], found[part])]
        if wrong:
            raise LauncherError(f"Restored, but not the same as what was saved: {', '.join(wrong[:5])}.")
        apply_sql(
            places, [{"url": admin_url, **RESTART_FEED}], log=log, fails="The change feed could not be restarted."
        )
        media.mkdir(parents=True, exist_ok=True)
        shutil.copytree(folder / MEDIA, media, dirs_exist_ok=True)
    return manifest


@contextmanager
def unpacked(source: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """A folder with what is in the archive, after each part has been compared with the manifest."""
    with tempfile.TemporaryDirectory(dir=source.parent, prefix=".restore-") as name:
        folder = Path(name)
        try:
            with tarfile.open(source, "r:") as archive:
                extract_inside(archive, folder)
            manifest = json.loads((folder / MANIFEST).read_text())
        except (OSError, tarfile.TarError, ValueError) as error:
            raise LauncherError(f"{source} is not a backup of Grove, or it is cut off.") from error
        if manifest.get("format") != FORMAT:
            raise LauncherError(f"{source} has format {manifest.get('format')}, and this Grove reads {FORMAT}.")
        (folder / MEDIA).mkdir(exist_ok=True)
        kept = {
            str(path.relative_to(folder / MEDIA)): sha256(path)
            for path in (folder / MEDIA).rglob("*")
            if path.is_file()
        }
        damaged = differences(manifest["files"], kept)
        if not (folder / DUMP).exists() or sha256(folder / DUMP) != manifest["dump"]:
            damaged.append(DUMP)
        if damaged:
            raise LauncherError(f"{source} is damaged: {', '.join(damaged[:5])}.")
        yield folder, manifest


def differences(wanted: dict[str, Any], found: dict[str, Any]) -> list[str]:
    return sorted(name for name in {*wanted, *found} if wanted.get(name) != found.get(name))


def sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        read: Callable[[], bytes] = lambda: opened.read(PIECE)  # noqa: E731
        for piece in iter(read, b""):
            digest.update(piece)
    return digest.hexdigest()
