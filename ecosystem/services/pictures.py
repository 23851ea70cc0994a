"""The face of a person, the same in every environment."""

import uuid

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from ecosystem.models import Person
from ecosystem.pictures import face_drawn


@transaction.atomic
def picture_set(*, person: Person, data: bytes) -> Person:
    """Draw an uploaded picture anew and keep only that; the earlier one goes. Refuses what ``face_drawn`` refuses."""
    face = face_drawn(data)
    row = Person.objects.select_for_update().get(pk=person.pk)
    _forget_file(row)
    row.picture.save(f"{uuid.uuid4()}.webp", ContentFile(face), save=False)
    row.save(update_fields=["picture"])
    return row


@transaction.atomic
def picture_remove(*, person: Person) -> None:
    """Back to the initials. Twice is once."""
    row = Person.objects.select_for_update().get(pk=person.pk)
    _forget_file(row)
    row.picture = ""
    row.save(update_fields=["picture"])


def _forget_file(row: Person) -> None:
    """After the commit, since a page may still show it until then."""
    if name := row.picture.name:
        transaction.on_commit(lambda: default_storage.delete(name))
