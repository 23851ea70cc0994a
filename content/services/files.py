"""Documents: brought in, replaced by a newer one."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.core.files.base import File
from django.db import transaction

from content.models import Document
from content.services.facts import facts_change
from ecosystem.documents import document_type, plain_name
from ecosystem.models import Person
from ecosystem.scope import current_scope
from ecosystem.services.audit import audit
from ecosystem.services.elements import element_create
from ecosystem.services.storage import file_remove, file_store


@transaction.atomic
def document_create(*, title: str, upload: File, creators: Iterable[Person | str], **facts: Any) -> Document:
    """A new element of the kind ``file``. Refuses what ``document_type`` refuses, and a full environment."""
    name = plain_name(upload.name or "")
    media_type = document_type(name=name, file=upload, size=upload.size)  # type: ignore[arg-type]
    element = element_create(kind="file", title=title, creators=creators, **facts)
    return Document.objects.create(
        environment_id=current_scope().environment_id,
        element=element,
        name=name,
        media_type=media_type,
        size=upload.size,
        file=_stored(upload),
    )


@transaction.atomic
def document_save(*, document: Document, by: Person, upload: File | None = None, **facts: Any) -> Document:
    """Change what is said about it and, with ``upload``, the file itself. Refuses what comes from above."""
    facts_change(element=document.element, by=by, **facts)
    fresh = Document.objects.select_for_update(of=("self",)).select_related("element").get(pk=document.pk)
    if upload is None:
        return fresh
    before = {"file": fresh.name, "size": fresh.size}
    name = plain_name(upload.name or "")
    fresh.media_type = document_type(name=name, file=upload, size=upload.size)  # type: ignore[arg-type]
    old, fresh.name, fresh.size = fresh.file.name, name, upload.size
    fresh.file = _stored(upload)
    fresh.save(update_fields=["name", "media_type", "size", "file"])
    file_remove(path=old)
    audit(act="file.replaced", by=by, target=fresh, before=before, after={"file": name, "size": upload.size})
    return fresh


def _stored(upload: File) -> str:
    """Under a name that nobody chose."""
    return file_store(path=f"documents/{current_scope().environment_id}/{uuid.uuid4()}.bin", content=upload)
