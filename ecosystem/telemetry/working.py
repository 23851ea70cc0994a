"""Tasks: the request id comes along in the message, each end is a line and a figure."""

import logging
import time
from contextvars import Token
from typing import Any

from celery import signals
from celery.app.task import Task

from ecosystem.telemetry import figures
from ecosystem.telemetry.port import serve_figures
from ecosystem.telemetry.tracing import Trace, sane_id, trace

logger = logging.getLogger("grove.task")
HEADER = "grove_request_id"
_open: dict[str, tuple[float, Token[Trace]]] = {}


@signals.before_task_publish.connect
def give_id_along(headers: dict[str, Any] | None = None, **_: Any) -> None:
    if headers is not None and (request_id := trace.get().request_id):
        headers[HEADER] = request_id


@signals.task_prerun.connect
def begin(task_id: str, task: Task, kwargs: dict[str, Any] | None = None, **_: Any) -> None:
    """The id of the request that asked for it, else that of the task itself."""
    # From a message it is an attribute; a task that is run in place keeps its headers together.
    given = getattr(task.request, HEADER, None) or (task.request.headers or {}).get(HEADER) or task_id
    token = trace.set(Trace(sane_id(given), environment_id=(kwargs or {}).get("environment_id")))
    _open[task_id] = (time.perf_counter(), token)


@signals.task_postrun.connect
def end(task_id: str, task: Task, state: str | None = None, **_: Any) -> None:
    began, token = _open.pop(task_id, (None, None))
    if began is None or token is None:
        return
    seconds, outcome = time.perf_counter() - began, (state or "UNKNOWN").lower()
    figures.tasks.labels(task.name, outcome).inc()
    figures.task_seconds.labels(task.name).observe(seconds)
    logger.info(
        "task",
        extra={"task": task.name, "task_id": task_id, "outcome": outcome, "ms": round(seconds * 1000, 1)},
    )
    trace.reset(token)


@signals.worker_ready.connect
def worker_is_ready(**_: Any) -> None:
    serve_figures()
