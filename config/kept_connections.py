"""Workers keep their connections to PostgreSQL from one task to the next, as the web server does between requests.

Celery closes them before and after each task. A new connection costs both sides more than most tasks do: its process, the
proof of the password, and the plans of the first statements.
"""

from typing import Any

from celery import Celery
from celery.fixups.django import DjangoFixup, DjangoWorkerFixup
from django.db import close_old_connections


class KeepsConnections(DjangoWorkerFixup):
    """What is old or broken goes (``CONN_MAX_AGE``, ``CONN_HEALTH_CHECKS``). What was made before the fork still goes at the fork."""

    def on_task_prerun(self, sender: Any, **_: Any) -> None:
        if not getattr(sender.request, "is_eager", False):
            close_old_connections()

    def on_task_postrun(self, sender: Any, **_: Any) -> None:
        if not getattr(sender.request, "is_eager", False):
            close_old_connections()
            self.close_cache()


class Fixup(DjangoFixup):
    @property
    def worker_fixup(self) -> DjangoWorkerFixup:
        if self._worker_fixup is None:
            self._worker_fixup = KeepsConnections(self.app)
        return self._worker_fixup


def fixup(app: Celery) -> DjangoFixup:
    """In place of Celery's own, which is named in its ``BUILTIN_FIXUPS``."""
    return Fixup(app).install()
