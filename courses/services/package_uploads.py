"""A package between looking at it and bringing it in: one per person, outside the database, gone after use."""

import re
import uuid

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from courses.exceptions import CourseError
from courses.services.packages_in import package_import, wait_turn
from ecosystem.models import Element, Membership, StoredFile
from ecosystem.services.storage import file_remove, file_store

_KEY = re.compile(r"[0-9a-f]{32}\Z")


def package_keep(*, upload: File, by: Membership) -> str:
    """Keep the file and return its key; what the person kept before goes. Refuses when the environment is full."""
    package_forget(by=by)
    key = uuid.uuid4().hex
    file_store(path=f"{_folder(by)}/{key}.zip", content=upload)
    return key


@transaction.atomic
def package_import_kept(*, key: str, by: Membership, again: bool = False) -> Element:
    """Bring in the kept file (``package_import``) and let go of it: sent twice, the second finds nothing."""
    wait_turn(name=key)
    path = f"{_folder(by)}/{key}.zip"
    if not _KEY.match(key) or not StoredFile.objects.filter(environment_id=by.environment_id, path=path).exists():
        raise CourseError(_("The file is no longer here. Please choose it again."))
    with default_storage.open(path) as file:
        course = package_import(file=file, size=file.size, by=by, again=again)
    package_forget(by=by)
    return course


def package_forget(*, by: Membership) -> None:
    folder = _folder(by)
    try:
        names = default_storage.listdir(folder)[1]
    except FileNotFoundError:
        return
    for name in names:
        file_remove(path=f"{folder}/{name}")


def _folder(by: Membership) -> str:
    return f"imports/courses/{by.environment_id}/{by.person_id}"
