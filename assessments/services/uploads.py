"""A file between looking at it and importing it: one per person, outside the database, gone after use."""

import hashlib

from django.core.files.storage import default_storage

from ecosystem.scope import current_scope
from ecosystem.services.storage import file_remove, file_store


def upload_keep(*, person_id: int, data: bytes) -> str:
    """Keep the file and return its key; what the person kept before goes. Refuses when the environment is full."""
    upload_forget(person_id=person_id)
    key = hashlib.sha256(data).hexdigest()
    file_store(path=f"{_folder(person_id)}/{key}.bin", content=data, keep=True)
    return key


def upload_take(*, person_id: int, key: str) -> bytes | None:
    """The kept file, or None when it is not (or no longer) there."""
    path = f"{_folder(person_id)}/{key}.bin"
    if not default_storage.exists(path):
        return None
    with default_storage.open(path) as file:
        return file.read()


def upload_forget(*, person_id: int) -> None:
    folder = _folder(person_id)
    try:
        names = default_storage.listdir(folder)[1]
    except FileNotFoundError:
        return
    for name in names:
        file_remove(path=f"{folder}/{name}", at_once=True)


def _folder(person_id: int) -> str:
    return f"imports/{current_scope().environment_id}/{person_id}"
