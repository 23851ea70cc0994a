"""The words of a file that somebody handed in, read by a process of its own under limits of time and memory."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile

from django.conf import settings

from ecosystem.documents import ending_of
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
        limits = [str(settings.PDF_MEMORY_MB), str(SECONDS)]
        command = [sys.executable, "-m", "handins.files.reader", kind, copy.name, *limits]
        try:
            read = subprocess.run(  # noqa: S603 -- our own module
                command, capture_output=True, timeout=seconds, cwd=settings.BASE_DIR, check=False, env={}
            )
        except subprocess.TimeoutExpired:
            return ""
    return read.stdout.decode(errors="ignore").replace("\x00", "") if read.returncode == 0 else ""
