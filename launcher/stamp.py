"""Stamps: remember what a slow step was done for, so that it is done again only when that changes."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def fingerprint_of_text(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def fingerprint_of_files(files: Iterable[Path]) -> str:
    """Of the names and the contents."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


class Stamp:
    def __init__(self, file: Path) -> None:
        self._file = file

    def holds(self, fingerprint: str) -> bool:
        return self._file.exists() and self._file.read_text() == fingerprint

    def set(self, fingerprint: str) -> None:
        self._file.write_text(fingerprint)

    def clear(self) -> None:
        self._file.unlink(missing_ok=True)
