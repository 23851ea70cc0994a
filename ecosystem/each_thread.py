"""What Django keeps for each thread, and settings, without a call in Python each time somebody asks.

Django looks for an event loop whenever it is asked for a connection, and asks a context and a lock for the language. Whoever
serves here is a thread without a loop, for which that is a plain ``threading.local``. Settings are asked for several times a
query. Both together were a twelfth of what a page costs.
"""

from __future__ import annotations

from threading import local

from django.conf import LazySettings
from django.core.cache import caches
from django.db import connections
from django.urls import base
from django.utils import timezone
from django.utils.translation import trans_real

KEPT = (
    (connections, "_connections"),
    (caches, "_connections"),
    (trans_real, "_active"),
    (timezone, "_active"),
    (base, "_prefixes"),
    (base, "_urlconfs"),
)


def each_thread_by_itself() -> None:
    """Before the first connection is made and the first language chosen."""
    for place, name in KEPT:
        setattr(place, name, local())
    # What it would hide from whoever asks are methods of the lazy object itself, of which no setting has the name.
    LazySettings.__getattribute__ = object.__getattribute__  # type: ignore[method-assign]
