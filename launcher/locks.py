"""One holder at a time: the kernel frees the lock when the process ends, however it ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class LockedError(Exception):
    """Somebody else holds it."""


@contextmanager
def held(file: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock during the block. Without `wait`, raises `LockedError` when another process has it."""
    with file.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise LockedError from error
        yield


def is_held(file: Path) -> bool:
    try:
        with held(file):
            return False
    except LockedError:
        return True
