"""A copy of a whole environment: every table as lines of JSON, its files, and a manifest that says what there is.

Made by a worker, one table at a time, all of them as they were at one moment. Secrets and hashes are left out, and so are
the copies that people asked for of their own data.
"""

from __future__ import annotations

import hashlib
import json
import logging
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import IO, Any

from django.apps import apps
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.translation import gettext as _

from ecosystem.exceptions import EcosystemError
from ecosystem.hints import hint
from ecosystem.hosts import address_of
from ecosystem.models import (
    Environment,
    EnvironmentAncestor,
    EnvironmentExport,
    EnvironmentSetting,
    ExportState,
    Host,
    Membership,
    Person,
    StoredFile,
    TenantModel,
)
from ecosystem.models.base import EVERYTHING
from ecosystem.moments import one_moment
from ecosystem.personal_data import declarations
from ecosystem.powers import administers
from ecosystem.scope import open_scope, system_rows
from ecosystem.services.audit import audit
from ecosystem.services.storage import file_remove, file_store
from ecosystem.tasks import make_environment_exports

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=7)
AGAIN_AFTER = timedelta(minutes=10)
LONGEST = timedelta(hours=6)  # a worker that has not come back by then is dead
MOST_ATTEMPTS = 3
CHUNK = 2000
PERSON = ("id", "email", "name", "language", "time_zone")


@transaction.atomic
def environment_export_ask(*, environment: Environment, by: Membership) -> EnvironmentExport:
    """Ask for a copy of this environment or one below; the file is for administrators here, for a week.

    One at a time: while one is being made, that one is the answer. One that is ready makes place for a newer one.
    """
    chain = EnvironmentAncestor.objects.filter(environment=environment, ancestor_id=by.environment_id)
    if not administers(by) or not chain.exists():
        raise EcosystemError(_("Only an administrator of an environment above can do this."))
    here = EnvironmentExport.objects.filter(environment_id=by.environment_id, subject_id=environment.pk)
    for old in here.filter(state=ExportState.READY).select_for_update():
        _end(old)
    row, created = EnvironmentExport.objects.filter(state=ExportState.WAITING).get_or_create(
        environment_id=by.environment_id, subject_id=environment.pk, defaults={"asked_by_id": by.person_id}
    )
    if created:
        audit(act="environment.copy_asked", by=by.person, target=environment)
        if environment.pk != by.environment_id:
            with open_scope(environment_id=environment.pk):
                audit(act="environment.copy_asked", by=by.person, target=environment)
        hint(make_environment_exports, queue="bulk")
    return row


@transaction.atomic
def environment_export_open(*, export: EnvironmentExport, by: Membership) -> File:
    """The file, to be sent to ``by``; that it was taken stands in the audit logs of both environments."""
    if not administers(by) or export.environment_id != by.environment_id or not is_ready(export=export):
        raise EcosystemError(_("There is no such copy any more."))
    environment = Environment.objects.get(pk=export.subject_id)
    audit(act="environment.copy_downloaded", by=by.person, target=environment)
    if environment.pk != by.environment_id:
        with open_scope(environment_id=environment.pk):
            audit(act="environment.copy_downloaded", by=by.person, target=environment)
    file: File = export.file.open("rb")
    return file


def is_ready(*, export: EnvironmentExport) -> bool:
    """Can it be downloaded now?"""
    return bool(export.state == ExportState.READY and export.expires_at and export.expires_at > timezone.now())


def environment_exports_run_due() -> int:
    """Make what was asked for and remove what is older than a week; returns how many copies were made."""
    due = EnvironmentExport.objects.filter(due_at__lte=timezone.now()).order_by("due_at")
    rows = due.values_list("environment_id", "pk")
    with system_rows(with_archived=True):
        over = list(rows.filter(state=ExportState.READY))
    with system_rows():
        wanted = list(rows.exclude(state=ExportState.READY))
    return sum(_run(environment_id=environment_id, export_id=pk) for environment_id, pk in [*over, *wanted])


def _run(*, environment_id: int, export_id: int) -> bool:
    """A copy that is ready is due again on the day it ends. One that fails is tried again, three times."""
    with open_scope(environment_id=environment_id):
        row = EnvironmentExport.objects.select_for_update(skip_locked=True).filter(pk=export_id).first()
        if row is None or row.due_at is None or row.due_at > timezone.now():
            return False
        if row.state == ExportState.READY:
            _end(row)
            return False
        if row.attempts >= MOST_ATTEMPTS:
            row.state, row.due_at = ExportState.FAILED, None
            row.save(update_fields=["state", "due_at"])
            return False
        row.attempts, row.due_at = row.attempts + 1, timezone.now() + LONGEST
        row.save(update_fields=["attempts", "due_at"])
    try:
        _make(row)
    except Exception:
        logger.exception("copy of environment %s", row.subject_id)
        with open_scope(environment_id=environment_id):
            EnvironmentExport.objects.filter(pk=export_id).update(due_at=timezone.now() + AGAIN_AFTER)
        return False
    return True


def _end(row: EnvironmentExport) -> None:
    file_remove(path=row.file.name)
    row.state, row.due_at, row.file = ExportState.EXPIRED, None, ""
    row.save(update_fields=["state", "due_at", "file"])


def _make(row: EnvironmentExport) -> None:
    models = _models()
    _note(row, done=0, total=len(models) + 1)
    with tempfile.TemporaryFile() as packed:
        with one_moment() as moment, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            tables = {"ecosystem.Environment": _pack(archive, "ecosystem.Environment", _facts(row.subject_id))}
            for done, model in enumerate(models, start=1):
                label = model._meta.label
                with moment.scope(environment_id=row.subject_id):
                    tables[label] = _pack(archive, label, _rows(model, row.subject_id))
                _note(row, done=done, total=len(models) + 1)
            with moment.scope(environment_id=row.subject_id):
                tables["ecosystem.Person"] = _pack(archive, "ecosystem.Person", _people())
                files = {path: _pack_file(archive, path) for path in _paths()}
            manifest = {
                "environment": Environment.objects.get(pk=row.subject_id).slug,
                "made_at": timezone.now(),
                "tables": tables,
                "files": files,
            }
            archive.writestr("manifest.json", json.dumps(manifest, cls=DjangoJSONEncoder, indent=1))
        packed.seek(0)
        with open_scope(environment_id=row.environment_id):
            fresh = EnvironmentExport.objects.select_for_update().get(pk=row.pk)
            path = f"exports/{fresh.uid}.zip"
            fresh.file.name = file_store(path=path, content=File(packed, name=path), always=True)
            fresh.state, fresh.expires_at = ExportState.READY, timezone.now() + KEPT_FOR
            fresh.due_at, fresh.done = fresh.expires_at, fresh.total
            fresh.save(update_fields=["file", "state", "expires_at", "due_at", "done"])


def _note(row: EnvironmentExport, *, done: int, total: int) -> None:
    """In a transaction of its own, so that the page sees how far it is."""
    with open_scope(environment_id=row.environment_id):
        EnvironmentExport.objects.filter(pk=row.pk).update(done=done, total=total)


def _models() -> list[type[TenantModel]]:
    """Every kind of tenant row but those that are nothing but keys."""
    found = [model for model in apps.get_models() if issubclass(model, TenantModel)]
    return sorted((model for model in found if model.never_copied != EVERYTHING), key=lambda model: model._meta.label)


def columns_of(*, model: type[TenantModel]) -> list[str]:
    """The columns that go into a copy: without secrets, and without what ``personal_data`` hides."""
    hidden = {name for one in declarations() if one.model is model for name in one.hidden} | set(model.never_copied)
    fields = model._meta.local_concrete_fields
    return [field.attname for field in fields if field.name not in hidden and field.name != "environment"]


def _rows(model: type[TenantModel], subject_id: int) -> Iterator[dict[str, Any]]:
    rows = model.objects.filter(environment_id=subject_id).order_by("pk")
    yield from rows.values(*columns_of(model=model)).iterator(chunk_size=CHUNK)


def _facts(subject_id: int) -> Iterator[dict[str, Any]]:
    """The environment itself, with its hosts and settings, which stand outside row-level security."""
    row = Environment.objects.get(pk=subject_id)
    yield {
        **model_to_dict(row, exclude=["parent"]),
        "archived_at": row.archived_at,
        "address": address_of(row),
        "hosts": list(Host.objects.filter(environment=row).order_by("pk").values_list("name", flat=True)),
        "settings": list(EnvironmentSetting.objects.filter(environment=row).values("key", "value", "locked")),
    }


def _people() -> Iterator[dict[str, Any]]:
    """Who the rows mean: everybody who is or was a member."""
    here = Membership.objects.values("person_id")
    yield from Person.objects.filter(pk__in=here).order_by("pk").values(*PERSON).iterator(chunk_size=CHUNK)


def _pack(archive: zipfile.ZipFile, label: str, rows: Iterator[dict[str, Any]]) -> dict[str, Any]:
    name, digest, count = f"tables/{label}.jsonl", hashlib.sha256(), 0
    with archive.open(name, "w", force_zip64=True) as out:
        for row in rows:
            line = (json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False) + "\n").encode()
            digest.update(line)
            out.write(line)
            count += 1
    return {"file": name, "rows": count, "sha256": digest.hexdigest()}


def _paths() -> list[str]:
    rows = StoredFile.objects.exclude(path__startswith="exports/").exclude(path__startswith="imports/")
    return list(rows.order_by("path").values_list("path", flat=True))


def _pack_file(archive: zipfile.ZipFile, path: str) -> dict[str, Any]:
    """A file that is not there any more is said to be missing, and stops nothing."""
    try:
        source: IO[bytes] = default_storage.open(path)
    except FileNotFoundError:
        return {"missing": True}
    digest, size = hashlib.sha256(), 0
    with source, archive.open(f"files/{path}", "w", force_zip64=True) as out:
        while chunk := source.read(1 << 20):
            digest.update(chunk)
            out.write(chunk)
            size += len(chunk)
    return {"bytes": size, "sha256": digest.hexdigest()}
