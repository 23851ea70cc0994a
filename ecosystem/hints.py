"""Tell Celery after the commit. The row is the truth; the message only makes it quick."""

import logging
from typing import Any

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def hint(task: Task, *, queue: str, **kwargs: Any) -> None:
    """Start ``task`` once the open transaction has committed.

    When the broker is away nothing is lost and nobody waits: a sweep by beat finds the row.
    """

    def send() -> None:
        try:
            task.apply_async(kwargs=kwargs, queue=queue)
        except OperationalError:
            logger.warning("the broker is away; %s waits for the sweep", task.name)

    transaction.on_commit(send, robust=True)
