"""One line per event: plain, or JSON with GROVE_LOG_FORMAT=json. What people write or are called is left out.

Messages of our own code hold ids only. Those of Django and Celery may quote a path or the text of an exception, which can
hold an address or a token: the filter takes both out. Of an exception its type and where it happened are kept.
"""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from django.conf import settings

from ecosystem.telemetry.tracing import trace

ADDRESS = re.compile(r"[^\s@<>\"'(),=:]+@[^\s@<>\"'(),:]+\.[A-Za-z]{2,}")
# What a call may add with ``extra=``; anything else stays out of the line.
FIELDS = ("method", "route", "status", "ms", "task", "task_id", "outcome")
OF_CELERY = "celery."


def route_of(request: Any) -> str:
    """The name of the route, never the path: ids and tokens stand in paths."""
    match = getattr(request, "resolver_match", None)
    if match is not None:
        return match.view_name if match.url_name else match.route or "(start)"
    return "static" if request.path.startswith(settings.STATIC_URL) else "(none)"


class WithoutPeople(logging.Filter):
    """Rewrites what others log: no paths, no texts of exceptions, no arguments and results of tasks, no addresses."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is not None and hasattr(request, "resolver_match"):
            record.msg, record.args = f"{getattr(record, 'status_code', '')} {route_of(request)}".strip(), ()
        elif record.name.startswith(OF_CELERY) and isinstance(record.args, dict):
            hidden = {"exc": "(see the traceback)", "return_value": "", "args": "", "kwargs": "", "traceback": ""}
            record.args = {**record.args, **hidden}
        if not settings.DEBUG:
            record.msg, record.args = ADDRESS.sub("[address]", record.getMessage()), ()
        return True


class PlainLine(logging.Formatter):
    """``LEVEL logger message``, then the fields that are set, then where an exception happened."""

    def formatException(  # noqa: N802 -- the name logging calls
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        return super().formatException(ei) if settings.DEBUG else "\n".join(where(ei[1]))

    def format(self, record: logging.LogRecord) -> str:
        told = {**fields_of(record), "request": trace.get().request_id, "environment": trace.get().environment}
        line = super().format(record)
        first, *rest = line.split("\n")
        return "\n".join([" ".join([first, *(f"{key}={value}" for key, value in told.items() if value != "")]), *rest])


class JsonLine(logging.Formatter):
    """One JSON object: time, level, logger, message, request id, environment, the fields, an exception's places."""

    def format(self, record: logging.LogRecord) -> str:
        now = trace.get()
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": now.request_id or None,
            "environment": now.environment or None,
            "environment_id": now.environment_id,
            **fields_of(record),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = where(record.exc_info[1])
        return json.dumps({key: value for key, value in line.items() if value is not None}, ensure_ascii=False)


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    return {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}


def where(error: BaseException | None) -> list[str]:
    """The type of an exception and of what caused it, each with its places in the code; not what it says."""
    found: list[str] = []
    while error is not None and len(found) < 200:
        found.append(f"{type(error).__module__}.{type(error).__qualname__}")
        found += [
            f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
        ]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found
