"""What was stored, in an order that never changes behind a reader: for change feeds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from ecosystem.models import AuditEntry
from ecosystem.models.changes import horizon
from records.exceptions import FeedError
from records.models import Statement

RECORD, AUDIT = 0, 1


@dataclass(frozen=True, order=True)
class Place:
    """Just after a row: the number of its transaction, its kind (RECORD or AUDIT) and its key."""

    tx: int = -1
    kind: int = RECORD
    key: str = ""


@dataclass(frozen=True)
class Change:
    place: Place
    row: Statement | AuditEntry


def changes_after(*, place: Place, person_id: int | None, with_audit: bool, limit: int) -> list[Change]:
    """At most ``limit`` changes after the place, oldest first; ``person_id`` None means of everybody.

    Only rows whose transaction lies below the horizon: all before them have ended, so whoever goes on from the last
    one has missed nothing, however late a slow transaction commits. The horizon is read first and holds for both
    tables. Raises FeedError for a place of another cluster, as after a restore.
    """
    lowest, next_one = horizon()
    if place.tx >= next_one:
        raise FeedError("This place is of another database. Begin again without a cursor.")
    statements = Statement.objects.filter(tx__lt=lowest).select_related("person", "element")
    if person_id is not None:
        statements = statements.filter(person_id=person_id)
    found = _page(statements, place, RECORD, limit)
    if with_audit:
        found += _page(AuditEntry.objects.filter(tx__lt=lowest), place, AUDIT, limit)
    # UUIDs and numbers sort as in the database within one kind, so only transaction and kind are compared here.
    found.sort(key=lambda change: (change.place.tx, change.place.kind))
    return found[:limit]


def _page(rows: QuerySet, place: Place, kind: int, limit: int) -> list[Change]:
    later = Q(tx__gt=place.tx)
    if kind == place.kind and place.key:
        later |= Q(tx=place.tx, pk__gt=UUID(place.key) if kind == RECORD else int(place.key))
    elif kind > place.kind:
        later |= Q(tx=place.tx)
    page: Iterable[Statement | AuditEntry] = rows.filter(later).order_by("tx", "pk")[:limit]
    return [Change(Place(row.tx, kind, str(row.pk)), row) for row in page]
