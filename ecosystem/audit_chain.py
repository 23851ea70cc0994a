"""Is the audit log as it was written? Each entry is a link of the chain of its environment (``AuditLink``).

The links are made by the database when a transaction commits (the first migration): two triggers, the second of
which runs after every other check of that commit, takes the chain of the environment and closes the link. Here the
hashes are worked out anew, without the functions of the database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from ecosystem.models import AuditEntry, AuditLink
from ecosystem.scope import current_scope

BATCH = 2000
# Nobody keeps an entry for longer (the function ecosystem_audit_forget), so an older one may be gone.
KEPT = "2 years"
MOMENT = "to_char({}.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
DIGEST = """
    CASE WHEN e.id IS NOT NULL THEN encode(sha256(convert_to(jsonb_build_array(
        e.environment_id, e.id, e.nonce, {moment}, e.actor_id, e.actor_name, e.act, e.model, e.object_id,
        e.object_name, e.before, e.after)::text, 'UTF8')), 'hex') END
""".format(moment=MOMENT.format("e"))
LINKS = f"""
    SELECT l.position, l.entry_id, {MOMENT.format("l")}, l.digest, l.hash, e.act, {DIGEST}, l.at < now() - interval '{KEPT}'
    FROM ecosystem_auditlink l
    LEFT JOIN ecosystem_auditentry e ON e.environment_id = l.environment_id AND e.id = l.entry_id
    WHERE l.environment_id = %s AND l.position > %s ORDER BY l.position LIMIT {BATCH}
"""  # noqa: S608 -- constants of this module


@dataclass(frozen=True)
class Break:
    """The first entry that is not as it was written. ``reason``: changed, missing, relinked or unlinked."""

    entry_id: int
    reason: str
    act: str = ""
    at: str = ""


@dataclass(frozen=True)
class Chain:
    """What was found in one environment: ``hash`` is that of the last link, at ``length``."""

    length: int
    hash: str
    broken: Break | None = None


def chain_checked() -> Chain:
    """Go along the chain of the open scope's environment to its end, or to the first break."""
    before, length = "", 0
    for position, entry_id, at, digest, hashed, act, content, is_old in _links():
        length += 1
        if position != length:
            return Chain(length - 1, before, Break(entry_id, "relinked", act or "", at))
        reason = _fault(content=content, digest=digest, is_old=is_old)
        if not reason and hashed != linked(before=before, at=at, digest=digest):
            reason = "relinked"
        if reason:
            return Chain(length - 1, before, Break(entry_id, reason, act or "", at))
        before = hashed
    stray = _without_link()
    return Chain(length, before, Break(stray.pk, "unlinked", stray.act, str(stray.at)) if stray else None)


def linked(*, before: str, at: str, digest: str) -> str:
    """The hash of a link that follows the one with the hash ``before`` (empty for the first)."""
    return hashlib.sha256(f"{before}|{at}|{digest}".encode()).hexdigest()


def holds_link(*, position: int, hashed: str) -> bool:
    """Whether the chain of the open scope's environment has this hash at this place: what somebody noted down earlier."""
    return AuditLink.objects.filter(position=position, hash=hashed).exists()


def _fault(*, content: str | None, digest: str, is_old: bool) -> str:
    if content is None:
        return "" if is_old else "missing"
    return "" if content == digest else "changed"


def _links() -> Iterator[tuple[Any, ...]]:
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(LINKS, [current_scope().environment_id, last])
            rows = cursor.fetchall()
        yield from rows
        if len(rows) < BATCH:
            return
        last = rows[-1][0]


def _without_link() -> AuditEntry | None:
    links = AuditLink.objects.filter(position__isnull=False).values("entry_id")
    return AuditEntry.objects.exclude(pk__in=links).order_by("pk").first()
