"""Error reports for Sentry, or what speaks its language: only where SENTRY_DSN is set, and never about a person."""

from typing import Any

import sentry_sdk
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.transport import Transport

from ecosystem.telemetry.tracing import trace

# Everything else of an event may quote what somebody wrote: bodies, headers, local variables, log lines.
KEPT = ("event_id", "timestamp", "level", "platform", "release", "environment", "sdk", "type", "transaction")


def report_errors(*, dsn: str, transport: type[Transport] | None = None) -> None:
    """Begin to send errors. Local variables, bodies, cookies, addresses and breadcrumbs are off, and ``scrubbed`` checks."""
    sentry_sdk.init(
        dsn=dsn,
        transport=transport,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        default_integrations=False,
        integrations=[DjangoIntegration(), CeleryIntegration()],
        before_send=scrubbed,
    )


def scrubbed(event: dict[str, Any], _hint: dict[str, Any]) -> dict[str, Any]:
    """The event with the types of its exceptions and their places in the code, and nothing of what they say."""
    clean = {key: event[key] for key in KEPT if key in event}
    values = (event.get("exception") or {}).get("values") or []
    clean["exception"] = {"values": [_without_words(value) for value in values]}
    now = trace.get()
    clean["tags"] = {"request_id": now.request_id, "environment_id": str(now.environment_id or "")}
    return clean


def _without_words(value: dict[str, Any]) -> dict[str, Any]:
    frames = [
        {key: frame[key] for key in ("filename", "function", "module", "lineno", "in_app") if key in frame}
        for frame in (value.get("stacktrace") or {}).get("frames") or []
    ]
    return {"type": value.get("type"), "module": value.get("module"), "value": "", "stacktrace": {"frames": frames}}
