"""The audit log as a file, of any length: read a batch at a time while it is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem.audit_selectors import AuditWish, audit_found, links_of, places_below
from ecosystem.exceptions import EcosystemError
from ecosystem.models import AuditEntry, AuditLink, Environment, Membership
from ecosystem.rules import may_set
from ecosystem.scope import open_scope
from ecosystem.services.audit import audit
from ecosystem.spreadsheets import csv_lines

BATCH = 500
KINDS = ("csv", "jsonl")
COLUMNS = (
    "id", "at", "actor_id", "actor", "act", "model", "object_id", "object_name", "before", "after", "position", "hash",
)  # fmt: skip


@transaction.atomic
def audit_export(*, wish: AuditWish, kind: str, environment: Environment, by: Membership) -> Iterator[str]:
    """The entries of ``environment`` (that of ``by``, or one below) that fit, newest first, as CSV or JSON lines.

    That it was done is an entry of that environment's log. The lines are read when they are asked for, after this
    transaction. Refused to all but administrators, here or above.
    """
    if kind not in KINDS:
        raise EcosystemError(_("There is no such kind of file."))
    reached = {place.pk for place in places_below(environment_id=by.environment_id)}
    if not may_set(by) or environment.pk not in reached:
        raise EcosystemError(_("Only an administrator can export the audit log."))
    wanted = {name: value for name, value in asdict(wish).items() if value not in ("", None)}
    with open_scope(environment_id=environment.pk, person_id=by.person_id):
        audit(act="audit.exported", by=by.person, target=environment, after={"format": kind, **wanted})
    rows = _rows(wish, environment_id=environment.pk, person_id=by.person_id)
    if kind == "csv":
        return csv_lines(columns=COLUMNS, rows=(_cells(row) for row in rows))
    return (json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False) + "\n" for row in rows)


def _rows(wish: AuditWish, *, environment_id: int, person_id: int) -> Iterator[dict[str, Any]]:
    after = wish.after
    while True:
        with open_scope(environment_id=environment_id, person_id=person_id):
            page = audit_found(wish=replace(wish, after=after), most=BATCH)
            links = links_of(entries=page.entries)
        yield from (_facts(entry, links.get(entry.pk)) for entry in page.entries)
        if page.next is None:
            return
        after = page.next


def _facts(entry: AuditEntry, link: AuditLink | None) -> dict[str, Any]:
    values = (
        entry.pk, entry.at, entry.actor_id, entry.actor_name, entry.act, entry.model, entry.object_id,
        entry.object_name, entry.before, entry.after, link and link.position, link.hash if link else "",
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def _cells(row: dict[str, Any]) -> list[Any]:
    row = {**row, "at": row["at"].isoformat()}
    return [
        json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False) if isinstance(value, dict) else value
        for value in row.values()
    ]
