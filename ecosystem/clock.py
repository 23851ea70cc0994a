"""What time it is, for services: now, unless somebody plays the past or the future.

The demo's history and the course simulator set it. Deadlines of requests never do. They are judged by the clock of this
machine, so work is done only while that agrees with the clock of the database, which all machines share: a clock that jumps
would make what has ended valid again, or end what goes on.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.db import OperationalError
from django.utils import timezone

TOLERANCE = 60  # seconds; machines that keep time differ by milliseconds

_played: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """The moment at which a service acts, with time zone."""
    return _played.get() or timezone.now()


class ClockError(OperationalError):
    """The clock of this machine is wrong, or that of the database."""


def refuse_another_time(database: float) -> None:
    """Raises ClockError when ``database``, seconds since 1970, is not about now here."""
    ahead = time.time() - database
    if abs(ahead) > TOLERANCE:
        raise ClockError(f"The clock of this machine is {ahead:+.0f} s from that of the database.")


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let services act at ``moment``."""
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    token = _played.set(moment)
    try:
        yield
    finally:
        _played.reset(token)
