"""What a webhook says: the type of the event, when it was, and the record as the API shows it."""

import json
from datetime import datetime

from records.models import Statement


def message_of(statement: Statement) -> tuple[str, str]:
    """(type, body as JSON text) of a record."""
    kind = f"record.{statement.verb}"
    element, person = statement.element, statement.person
    data = {
        "id": str(statement.pk),
        "verb": statement.verb,
        "actor": {"name": person.name, "email": person.email} if person else None,
        "element": element.slug if element else None,
        "kind": element.kind if element else None,
        "result": statement.result,
        "context": statement.context,
        "occurred_at": statement.occurred_at.isoformat(),
        "stored_at": statement.stored_at.isoformat(),
    }
    return kind, _body(kind, statement.stored_at, data)


def ping_body(at: datetime) -> str:
    return _body("webhook.ping", at, {})


def _body(kind: str, at: datetime, data: dict[str, object]) -> str:
    return json.dumps({"type": kind, "timestamp": at.isoformat(), "data": data}, separators=(",", ":"))
