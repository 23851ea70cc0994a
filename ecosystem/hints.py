"""Tell Celery after the commit. The row is the truth; the message only makes it quick."""

import logging
import time
from typing import Any

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

# A broker that hangs costs a second each time it is told something: so long after a failure nobody tells it.
PAUSE = 3  # seconds


class _Broker:
    """What this process knows of it."""

    away_until = 0.0


def hint(task: Task, *, queue: str, **kwargs: Any) -> None:
    """Start ``task`` once the open transaction has committed.

    When the broker is away or hangs nothing is lost and nobody waits for long: a sweep by beat finds the row.
    """

    def send() -> None:
        if time.monotonic() < _Broker.away_until:
            return
        try:
            task.apply_async(kwargs=kwargs, queue=queue)
        except OperationalError:
            _Broker.away_until = time.monotonic() + PAUSE
            logger.warning("the broker is away; %s waits for the sweep", task.name)

    transaction.on_commit(send, robust=True)
