"""The one way into the audit log, called by services in the transaction of the act itself."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from ecosystem import clock
from ecosystem.models import AuditEntry, Person
from ecosystem.scope import current_scope


def audit(
    *,
    act: str,
    by: Person | None,
    target: models.Model | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> AuditEntry:
    """Write down that ``by`` (None: the system itself) did ``act`` in the open scope's environment.

    ``act`` is a verb phrase in the past tense with dots, such as ``member.roles_set``. Values must be what JSON or
    Django's encoder can hold; fields with equal values on both sides are left out. Never pass secrets.
    """
    entry = _entry(act, by, target, before, after)
    entry.save(force_insert=True)
    return entry


def audit_many(
    *, act: str, by: Person | None, changes: Iterable[tuple[models.Model, dict[str, Any], dict[str, Any]]]
) -> None:
    """The same act on each of many, as (what, before, after), in one statement."""
    AuditEntry.objects.bulk_create(_entry(act, by, *change) for change in changes)


def _name_of(target: models.Model) -> str:
    """As people know it, where ``str`` has only numbers."""
    return str(getattr(target, "audit_name", "") or target)


def _entry(
    act: str,
    by: Person | None,
    target: models.Model | None,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> AuditEntry:
    old, new = dict(before or {}), dict(after or {})
    for name in [name for name in old if name in new and old[name] == new[name]]:
        del old[name], new[name]
    return AuditEntry(
        environment_id=current_scope().environment_id,
        at=clock.now(),
        actor_id=by.pk if by else None,
        actor_name=by.name if by else "",
        act=act,
        model=target._meta.label_lower if target is not None else "",
        object_id=str(target.pk) if target is not None else "",
        object_name=_name_of(target)[:200] if target is not None else "",
        before=old,
        after=new,
    )
