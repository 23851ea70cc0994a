"""How far a file has been read, for who waits: importers say each question, whoever watches may stop them."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_watcher: ContextVar[Callable[[], None] | None] = ContextVar("who watches an import", default=None)
_SIGNS = re.compile(rb"<question[\s>]|^ANSWER:|(?<!\\)\{", re.MULTILINE)


def one_read() -> None:
    """Another question has been read, or left out. Whatever the watcher raises ends the reading."""
    watcher = _watcher.get()
    if watcher is not None:
        watcher()


@contextmanager
def watched(each: Callable[[], None]) -> Iterator[None]:
    """Call ``each`` for every question that is read in the body."""
    token = _watcher.set(each)
    try:
        yield
    finally:
        _watcher.reset(token)


def about_how_many(data: bytes) -> int:
    """Questions that the file seems to have, for a bar that grows; never less than 1, and often wrong by a few."""
    if data[:2] == b"PK":
        try:
            return max(1, len(zipfile.ZipFile(io.BytesIO(data)).filelist))
        except (zipfile.BadZipFile, ValueError, NotImplementedError):
            return 1
    return max(1, sum(1 for _found in _SIGNS.finditer(data)) or data.count(b"\n"))
