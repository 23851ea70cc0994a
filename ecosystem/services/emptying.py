"""Taking rows away in every environment, archived ones too, in small transactions, so that nobody waits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from django.db.models import QuerySet

from ecosystem.models import Environment
from ecosystem.scope import open_scope

logger = logging.getLogger(__name__)


def empty_everywhere(*, finds: Iterable[Callable[[], QuerySet]], batch: int) -> int:
    """Delete what each of ``finds`` finds in the open scope; returns how many rows. What fails in one environment is
    logged, stops nothing and is found again the next time."""
    finds, gone = list(finds), 0
    for environment_id in Environment.objects.order_by("pk").values_list("pk", flat=True):
        for find in finds:
            try:
                gone += _empty(find, environment_id=environment_id, batch=batch)
            except Exception:
                logger.exception("%s in environment %s", find.__name__, environment_id)
    return gone


def _empty(find: Callable[[], QuerySet], *, environment_id: int, batch: int) -> int:
    gone = 0
    while True:
        with open_scope(environment_id=environment_id):
            ids = list(find().order_by("pk").values_list("pk", flat=True)[:batch])
            find().filter(pk__in=ids).delete()
        gone += len(ids)
        if len(ids) < batch:
            return gone
