"""Files without what they say about who made them. What is in the text, the picture or the sound itself stays.

What is large, locked, signed or odd is left as it is, and that is said. A process under limits does it (``cleaner.py``), so
that a file which was made to be slow or to swell holds nobody up.
"""

from __future__ import annotations

import select
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import IO, Self

from django.conf import settings

from ecosystem.documents import MB, PDF

# How long a file may take, and all files of one answer together: a request keeps a transaction open for as long.
LARGEST, SECONDS, ALL_SECONDS = 20 * MB, 10, 30
PLAIN = ("text/plain; charset=utf-8", "text/csv; charset=utf-8")
OFFICE, OPEN = "application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument."
PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG"}


def can_clean(media_type: str) -> bool:
    """Whether files of this kind can be freed of their maker's name, as a rule."""
    return media_type in PLAIN or media_type in PICTURES or media_type == PDF or media_type.startswith((OFFICE, OPEN))


class Cleaner:
    """One process for any number of files, begun with the first; where it dies or is too slow, the next file gets another.

    After ``ALL_SECONDS`` no file that needs a process is freed any more.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._until = monotonic() + ALL_SECONDS

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def cleaned(self, content: IO[bytes], *, media_type: str, size: int) -> bytes | None:
        """The file without its metadata; None for what cannot be freed of it."""
        if not can_clean(media_type) or size > LARGEST:
            return None
        if media_type in PLAIN:
            return content.read()
        if monotonic() >= self._until:
            return None
        kind = "pdf" if media_type == PDF else PICTURES.get(media_type, "packed")
        with TemporaryDirectory() as folder:
            source, target = Path(folder, "source"), Path(folder, "target")
            with source.open("wb") as copy:
                shutil.copyfileobj(content, copy)
            return target.read_bytes() if self._asked(f"{kind}\t{source}\t{target}\n") else None

    def _asked(self, line: str) -> bool:
        process = self._process or self._begun()
        try:
            process.stdin.write(line)  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
            patience = max(0, min(SECONDS, self._until - monotonic()))
            ready, _writable, _failed = select.select([process.stdout], [], [], patience)
            answer = process.stdout.readline() if ready else ""  # type: ignore[union-attr]
        except BrokenPipeError:
            answer = ""
        if not answer:
            self._end()
        return answer == "yes\n"

    def _begun(self) -> subprocess.Popen[str]:
        limits = [str(settings.PDF_MEMORY_MB), str(ALL_SECONDS)]
        command = [sys.executable, "-m", "ecosystem.nameless.cleaner", *limits]
        self._process = subprocess.Popen(  # noqa: S603 -- our own module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            cwd=settings.BASE_DIR, env={},
        )  # fmt: skip
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            with self._process:  # closes its pipes and waits for its end
                self._process = None


def cleaned(content: IO[bytes], *, media_type: str, size: int) -> bytes | None:
    with Cleaner() as one:
        return one.cleaned(content, media_type=media_type, size=size)
