"""Packages: brought in whole or not at all, and replaced."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from content.exceptions import ContentError
from content.models import Package, PackageFile, PackageUnit
from content.packages import Archive, PackagePlan, archive_read, plan_read
from content.services.facts import facts_change
from ecosystem.documents import plain_name
from ecosystem.models import Person
from ecosystem.scope import current_scope
from ecosystem.services.audit import audit
from ecosystem.services.elements import element_create
from ecosystem.services.storage import file_remove, files_store


@transaction.atomic
def package_create(*, title: str, upload: File, creators: Iterable[Person | str], **facts: Any) -> Package:
    """A new element of the kind ``package``. Without a title it takes the one in the manifest.

    Refuses (PackageError) with the reason; nothing of a refused package stays, no row and no file.
    """
    archive, plan = _judged(upload)
    element = element_create(kind="package", title=title or plan.title, creators=creators, **facts)
    package = Package.objects.create(
        environment_id=current_scope().environment_id,
        element=element,
        standard=plan.standard.value,
        name=plain_name(upload.name or ""),
        size=archive.size,
    )
    _unpack(package, archive, plan)
    return package


@transaction.atomic
def package_save(*, package: Package, by: Person, upload: File | None = None, **facts: Any) -> Package:
    """Change what is said about it and, with ``upload``, the package. Where people are in units that stay is kept.

    Refuses what ``package_create`` refuses, a package of another standard, and what comes from above.
    """
    facts_change(element=package.element, by=by, **facts)
    fresh = Package.objects.select_for_update(of=("self",)).select_related("element").get(pk=package.pk)
    if upload is None:
        return fresh
    archive, plan = _judged(upload)
    if plan.standard.value != fresh.standard:
        raise ContentError(
            _("This package is of another standard. Bring it in as a new one, so that nobody's results get mixed up.")
        )
    before = {"file": fresh.name, "size": fresh.size, "version": fresh.revision}
    old = list(fresh.files.values_list("file", flat=True))
    fresh.files.all().delete()
    fresh.units.all().delete()
    fresh.name, fresh.size, fresh.revision = plain_name(upload.name or ""), archive.size, fresh.revision + 1
    fresh.save(update_fields=["name", "size", "revision"])
    _unpack(fresh, archive, plan)
    for path in old:
        file_remove(path=path)
    after = {"file": fresh.name, "size": fresh.size, "version": fresh.revision}
    audit(act="package.replaced", by=by, target=fresh, before=before, after=after)
    return fresh


def _judged(upload: File) -> tuple[Archive, PackagePlan]:
    archive = archive_read(upload.file or upload, size=upload.size)
    return archive, plan_read(archive)


def _unpack(package: Package, archive: Archive, plan: PackagePlan) -> None:
    """All files and units."""
    folder = f"packages/{package.environment_id}/{uuid.uuid4()}"
    common = {"environment_id": package.environment_id, "element_id": package.element_id, "package": package}
    contents = ((f"{folder}/{number}.bin", archive.read(path)) for number, path in enumerate(archive))
    stored = files_store(files=contents, size=archive.size)
    PackageFile.objects.bulk_create(
        [
            PackageFile(**common, path=path, size=size, file=file)
            for path, (file, size) in zip(archive, stored, strict=True)
        ],
        batch_size=500,
    )
    PackageUnit.objects.bulk_create(
        [
            PackageUnit(
                **common,
                position=position,
                identifier=unit.identifier,
                title=unit.title,
                path=unit.path,
                query=unit.query,
                mastery=unit.mastery,
                launch_data=unit.launch_data,
                move_on=unit.move_on,
                reports=unit.reports,
            )
            for position, unit in enumerate(plan.units, 1)
        ]
    )
