"""What time it is, for services: now, unless somebody plays the past or the future.

The demo's history and the course simulator set it. Deadlines of requests never do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_played: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """The moment at which a service acts, with time zone."""
    return _played.get() or timezone.now()


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
