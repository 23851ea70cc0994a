"""Room on Python's own stack for all calls of a PDF or a test.

Python 3.11 keeps the frames of calls in chunks of 16 KB and gives a chunk back to the system as soon as the call that began it
has returned. Where a loop calls across the end of a chunk, each call maps memory and gives it back: up to 5 300 page faults for
one page, by how deep the stack happens to be. A call that needs much room gets a chunk that is large enough for all calls
within it. Not for each request of a web server with threads: there to map and give back that one costs more than it saves.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

SLOTS = 66_000  # of 8 bytes: half of a chunk of 1 MB, so that the calls within it have the other half


def with_room(call: Callable[P, R]) -> Callable[P, R]:
    """The same, with all that it calls in one chunk (the default recursion limit fits)."""

    @wraps(call)
    def within(*given: Any, **named: Any) -> R:
        return call(*given, **named)

    within.__code__ = within.__code__.replace(co_stacksize=SLOTS)
    return within
