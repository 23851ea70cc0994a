"""Room on Python's own stack for all calls of a request, of a task, and of whatever else makes many.

Python 3.11 keeps the frames of calls in chunks of 16 KB and gives a chunk back to the system as soon as the call that began it
has returned. Where a loop calls across the end of a chunk, each call maps memory and gives it back: up to 1 700 page faults for
a list of the admin, and another page a week later, when one call more or less stands above it. A call that needs much room gets
a chunk that is large enough for all calls within it.
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
