"""Django's PostgreSQL connection, but one that answered a moment ago is not asked again whether it is still there.

With ``CONN_HEALTH_CHECKS`` Django asks before every request, which is a twelfth of all questions of a page. A server that
was restarted within that moment costs each connection one request; the next ones get a new connection as before.
"""

import time
from typing import Any

from django.db.backends.postgresql import base

from ecosystem.postgresql.operations import DatabaseOperations

SECONDS = 1.0


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._answered_at = float("-inf")

    def close_if_health_check_failed(self) -> None:
        if time.monotonic() - self._answered_at < SECONDS:
            self.health_check_done = True
        super().close_if_health_check_failed()

    def close_if_unusable_or_obsolete(self) -> None:
        if self.health_check_done and not self.errors_occurred:
            self._answered_at = time.monotonic()
        super().close_if_unusable_or_obsolete()
