"""The words of a file that somebody handed in, read by a process of its own under limits of time and memory."""

from __future__ import annotations

import shutil
import tempfile

from ecosystem.documents import ending_of
from handins.files.apart import said_apart
from handins.files.reader import MOST_CHARACTERS, OFFICE
from handins.models import HandinFile

SECONDS = 20


def words_in_file(file: HandinFile, *, seconds: float = SECONDS) -> str:
    """Nothing where it has no words, cannot be read, or takes too long. Of other kinds than texts, PDF and office, nothing."""
    kind = ending_of(file.name)
    if kind in {"txt", "csv"}:
        with file.file.open("rb") as source:
            return str(source.read(4 * MOST_CHARACTERS).decode(errors="ignore").replace("\x00", ""))[:MOST_CHARACTERS]
    if kind != "pdf" and kind not in OFFICE:
        return ""
    with tempfile.NamedTemporaryFile(suffix=f".{kind}") as copy:
        with file.file.open("rb") as source:
            shutil.copyfileobj(source, copy)
        copy.flush()
        said = said_apart("handins.files.reader", kind, copy.name, limit=SECONDS, seconds=seconds)
    return (said or b"").decode(errors="ignore").replace("\x00", "")
