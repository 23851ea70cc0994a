"""A file between looking at it and importing it: one per person, outside the database, gone after use."""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from ecosystem.scope import current_scope


def upload_keep(*, person_id: int, data: bytes) -> str:
    """Keep the file and return its key; what the person kept before goes."""
    upload_forget(person_id=person_id)
    key = hashlib.sha256(data).hexdigest()
    default_storage.save(f"{_folder(person_id)}/{key}.xml", ContentFile(data))
    return key


def upload_take(*, person_id: int, key: str) -> bytes | None:
    """The kept file, or None when it is not (or no longer) there."""
    path = f"{_folder(person_id)}/{key}.xml"
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
        default_storage.delete(f"{folder}/{name}")


def _folder(person_id: int) -> str:
    return f"imports/{current_scope().environment_id}/{person_id}"
