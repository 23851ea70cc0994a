"""Of which request or task this line speaks: an id that travels from the request into the tasks it starts."""

import re
import uuid
from contextvars import ContextVar
from typing import NamedTuple

HEADER = "X-Request-ID"
# What a proxy in front may send: long enough to be told apart, nothing that breaks a line or a header.
SANE = re.compile(r"[A-Za-z0-9_-]{8,64}")


class Trace(NamedTuple):
    """``environment`` is the slug for a request; tasks know the id only."""

    request_id: str = ""
    environment: str = ""
    environment_id: int | None = None


trace: ContextVar[Trace] = ContextVar("trace", default=Trace())  # noqa: B039 -- a tuple does not change


def sane_id(given: str | None) -> str:
    """The id that came with a request if it is fit to be written down, otherwise a new one."""
    return given if given and SANE.fullmatch(given) else uuid.uuid4().hex
