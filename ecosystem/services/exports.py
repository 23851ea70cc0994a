"""A copy of everything about a person: asked for, made in the background, gone after a week."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from datetime import timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from ecosystem.hints import hint
from ecosystem.languages import language_of, speaking
from ecosystem.models import DataExport, Environment, ExportState, Membership, Person
from ecosystem.personal_data import Personal, declarations
from ecosystem.scope import open_scope, own_rows, system_rows
from ecosystem.services.audit import audit
from ecosystem.services.storage import file_remove, file_store
from ecosystem.tasks import make_exports

logger = logging.getLogger(__name__)

BATCH = 20
MOST_ATTEMPTS = 5
AGAIN_AFTER = timedelta(minutes=10)
KEPT_FOR = timedelta(days=7)


@transaction.atomic
def data_export_ask(*, membership: Membership) -> DataExport:
    """Ask for a copy. One at a time: while one is being made or is there, that one is the answer."""
    row, created = DataExport.objects.filter(state__in=[ExportState.WAITING, ExportState.READY]).get_or_create(
        environment_id=membership.environment_id, person_id=membership.person_id
    )
    if created:
        audit(act="data_export.asked", by=membership.person, target=row)
        hint(make_exports, queue="bulk")
    return row


def data_exports_run_due() -> int:
    """Make what was asked for and remove what is older than a week; returns how many copies were made."""
    due = DataExport.objects.filter(due_at__lte=timezone.now()).order_by("due_at")
    rows = due.values_list("environment_id", "pk", "person_id")
    with system_rows(with_archived=True):
        over = list(rows.filter(state=ExportState.READY)[:BATCH])
    with system_rows():
        wanted = list(rows.exclude(state=ExportState.READY)[:BATCH])
    return sum(_run(environment_id=one, export_id=pk, person_id=who) for one, pk, who in [*over, *wanted])


def _run(*, environment_id: int, export_id: int, person_id: int) -> bool:
    """A copy that is ready is due again on the day it ends. One that fails is tried again, five times."""
    try:
        with open_scope(environment_id=environment_id, person_id=person_id):
            row = DataExport.objects.select_for_update(skip_locked=True).filter(pk=export_id).first()
            if row is None or row.due_at is None or row.due_at > timezone.now():
                return False
            if row.state == ExportState.READY:
                _end(row)
                return False
            _make(row)
    except Exception:
        logger.exception("data export %s", export_id)
        with open_scope(environment_id=environment_id):
            row = DataExport.objects.get(pk=export_id)
            row.attempts += 1
            row.due_at = timezone.now() + AGAIN_AFTER
            if row.attempts >= MOST_ATTEMPTS:
                row.state, row.due_at = ExportState.FAILED, None
            row.save(update_fields=["attempts", "due_at", "state"])
        return False
    return True


def _end(row: DataExport) -> None:
    file_remove(path=row.file.name)
    row.state, row.due_at, row.file = ExportState.EXPIRED, None, ""
    row.save(update_fields=["state", "due_at", "file"])


def _make(row: DataExport) -> None:
    person = Person.objects.get(pk=row.person_id)
    environment = Environment.objects.get(pk=row.environment_id)
    with speaking(language_of(person=person, environment=environment), environment=environment):
        data = data_of_person(person=person)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("data.json", json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
            archive.writestr("index.html", render_to_string("ecosystem/people/export.html", {"data": data}))
            if person.picture and default_storage.exists(person.picture.name):
                with default_storage.open(person.picture.name) as picture:
                    archive.writestr(person.picture.name, picture.read())
    row.file.name = file_store(path=f"exports/{row.uid}.zip", content=packed.getvalue(), always=True)
    row.state, row.expires_at = ExportState.READY, timezone.now() + KEPT_FOR
    row.due_at = row.expires_at
    row.save(update_fields=["file", "state", "expires_at", "due_at"])


def data_of_person(*, person: Person) -> dict[str, Any]:
    """Everything declared about the person of the open scope, in every environment they belong to."""
    with own_rows():
        own = [(one, _values(one, person)) for one in declarations() if _is_own(one)]
        environments = list(Membership.objects.values_list("environment_id", flat=True))
    found: dict[str, list[dict[str, Any]]] = {one.model._meta.label: rows for one, rows in own}
    for environment_id in environments:
        with open_scope(environment_id=environment_id, person_id=person.pk):
            for one in declarations():
                if one.is_tenant and not _is_own(one):
                    found.setdefault(one.model._meta.label, []).extend(_values(one, person))
                if one.withhold is not None:
                    rows = [row for row in found[one.model._meta.label] if row["environment_id"] == environment_id]
                    one.withhold(person, rows)
    for one in declarations():
        if not one.is_tenant:
            found[one.model._meta.label] = _values(one, person)
    names = dict(Environment.objects.filter(pk__in=environments).values_list("pk", "name"))
    return {
        "person": person.name,
        "made_at": timezone.now(),
        "environments": list(names.values()),
        "sections": [
            {
                "name": one.name,
                "model": one.model._meta.label,
                "purpose": str(one.purpose),
                "retention": str(one.retention),
                "rows": [_with_name(row, names) for row in found[one.model._meta.label]],
            }
            for one in declarations()
            if found.get(one.model._meta.label)
        ],
    }


def _is_own(one: Personal) -> bool:
    """Readable by ``own_rows()``: a private table with the column ``person_id``."""
    return one.is_tenant and one.model.tenancy.has_person and not one.model.tenancy.element_column  # type: ignore[attr-defined]


def _values(one: Personal, person: Person) -> list[dict[str, Any]]:
    rows = one.model.objects.filter(one.rows(person)).order_by("pk")
    return [{name: value for name, value in row.items() if name not in one.hidden} for row in rows.values()]


def _with_name(row: dict[str, Any], names: dict[int, str]) -> dict[str, Any]:
    place = row.pop("environment_id", None)
    return {"environment": names.get(place, ""), **row} if place else row
