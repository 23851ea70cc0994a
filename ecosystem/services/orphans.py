"""Files that nothing names: left behind by a process that was killed, or by what was rolled back, after it had written them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from ecosystem.models import Environment, Person, StoredFile
from ecosystem.scope import open_scope
from ecosystem.services.storage import files_count

# Longer than anything takes that stores a file first and commits later.
OLDER_THAN = timedelta(hours=24)
# Where Grove keeps files; whatever else lies beside them is somebody else's.
FOLDERS = (
    "answers",
    "certificates",
    "documents",
    "exports",
    "faces",
    "handins",
    "images",
    "imports",
    "packages",
    "pictures",
    "videos",
)


def files_orphaned_remove() -> int:
    """Delete those that are older than a day; returns how many. Twice is once."""
    files_count()  # what a row names is no orphan, be it counted or not
    named = _named()
    before = timezone.now() - OLDER_THAN
    gone = 0
    for folder in FOLDERS:
        for path in _files(folder):
            if path not in named and default_storage.get_modified_time(path) < before:
                default_storage.delete(path)
                gone += 1
    return gone


def _named() -> set[str]:
    found = set(Person.objects.exclude(picture="").values_list("picture", flat=True))
    for environment_id in Environment.objects.order_by("pk").values_list("pk", flat=True):
        with open_scope(environment_id=environment_id):
            found.update(StoredFile.objects.values_list("path", flat=True))
    return found


def _files(folder: str) -> Iterator[str]:
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in names)
    for below in folders:
        yield from _files(f"{folder}/{below}")
