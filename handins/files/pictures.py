"""A page of a PDF that somebody handed in, as a picture: made by a process of its own under limits of time, memory and pixels."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from ecosystem.documents import MB
from handins.files.apart import said_apart

LARGEST, SECONDS, MOST_PAGES_SHOWN = 50 * MB, 10, 500
MEDIA_TYPE = "image/webp"


@dataclass(frozen=True)
class Picture:
    """``data`` is a WebP of ``width`` by ``height``, empty where the file has no such page; ``pages``: how many it has."""

    data: bytes
    width: int
    height: int
    pages: int


def picture_of(content: IO[bytes], *, number: int, size: int, seconds: float = SECONDS) -> Picture | None:
    """None for what cannot be shown: too large, locked, broken, or made to be slow or to swell."""
    if size > LARGEST or not 1 <= number <= MOST_PAGES_SHOWN:
        return None
    with TemporaryDirectory() as folder:
        source, target = Path(folder, "source"), Path(folder, "target")
        with source.open("wb") as copy:
            shutil.copyfileobj(content, copy)
        words = (str(source), str(number), str(target))
        said = (said_apart("handins.files.painter", *words, limit=SECONDS, seconds=seconds) or b"").split()
        if len(said) != 3:
            return None
        pages, width, height = map(int, said)
        return Picture(target.read_bytes() if width else b"", width, height, pages)
