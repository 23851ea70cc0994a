"""A ZIP from a stranger: judged by its directory, before a byte of it is unpacked."""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _

from ecosystem.exceptions import EcosystemError

MB = 1024 * 1024
LARGEST_ARCHIVE = 190 * MB  # the proxy takes 200 MB at once
LARGEST_FILE = 150 * MB
LARGEST_UNPACKED = 400 * MB
MOST_FILES = 1500
LARGEST_DIRECTORY = MB  # enough for as many files with the longest paths
LONGEST_PATH = 240
CHUNK = 256 * 1024
# Text packs well, films do not: a whole package that shrinks to a fiftieth is made to fill a disk.
WORST_RATIO = 50
SMALL = 10 * MB  # below this a bomb does no harm
# The record at the end of a ZIP, and those before it in a large one: signature, then what is read of it.
_END = struct.Struct("<4s6xHLL2x")
_END_64 = struct.Struct("<4s28xQQQ")
_LOCATOR = struct.Struct("<4s4xQ4x")
_LONGEST_COMMENT = 2**16
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|]|\u202e")


class PackageError(EcosystemError):
    """Why the package is not taken."""


@dataclass(frozen=True)
class Bounds:
    """How much an archive may hold, in bytes and numbers."""

    file: int = LARGEST_FILE
    files: int = MOST_FILES
    directory: int = LARGEST_DIRECTORY


PACKAGE = Bounds()


@dataclass(frozen=True)
class Archive:
    """The files of a package by path; reading one gives at most what the directory said."""

    file: zipfile.ZipFile
    entries: dict[str, zipfile.ZipInfo]
    bounds: Bounds = PACKAGE

    @property
    def size(self) -> int:
        return sum(entry.file_size for entry in self.entries.values())

    def read(self, path: str, *, most: int | None = None) -> bytes:
        """The content. Refuses (PackageError) what is damaged or larger than ``most`` bytes."""
        return b"".join(self.pieces(path, most=most))

    def pieces(self, path: str, *, most: int | None = None) -> Iterator[bytes]:
        """The content bit by bit, for what is not wanted in memory at once. Refuses what ``read`` refuses."""
        left = self.bounds.file if most is None else most
        if self.entries[path].file_size > left:
            raise PackageError(_("%(name)s in the package is too large.") % {"name": path})
        try:
            with self.file.open(self.entries[path]) as source:
                while left > 0 and (piece := source.read(min(CHUNK, left))):
                    left -= len(piece)
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise PackageError(_("%(name)s in the package is damaged.") % {"name": path}) from error

    def __contains__(self, path: object) -> bool:
        return path in self.entries

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)


def archive_read(file: IO[bytes], *, size: int, bounds: Bounds = PACKAGE) -> Archive:
    """The archive, when all of it may be unpacked; PackageError with the reason otherwise. Writes nothing."""
    if size > LARGEST_ARCHIVE:
        raise PackageError(_("The package is larger than %(most)s MB.") % {"most": LARGEST_ARCHIVE // MB})
    _judge_directory(file, size, bounds)
    try:
        archive = zipfile.ZipFile(file)
        entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, UnicodeDecodeError):
        raise PackageError(_("This is no ZIP file, or it is damaged.")) from None
    if len(entries) > bounds.files:
        raise PackageError(_("The package has more than %(most)s files.") % {"most": bounds.files})
    known: dict[str, zipfile.ZipInfo] = {}
    seen: set[str] = set()
    for entry in entries:
        _judge(entry)
        if entry.is_dir():
            continue
        if entry.filename.casefold() in seen:
            raise PackageError(_("Two files of the package have the same name: %(name)s.") % {"name": entry.filename})
        seen.add(entry.filename.casefold())
        known[entry.filename] = entry
    _judge_sizes(list(known.values()), size, bounds)
    return Archive(archive, known, bounds)


def _judge_directory(file: IO[bytes], size: int, bounds: Bounds) -> None:
    """By the record at its end: zipfile builds an object for every entry that the directory has room for."""
    file.seek(max(size - _LONGEST_COMMENT - _END.size - _LOCATOR.size - _END_64.size, 0))
    tail = file.read(size)
    at = tail.rfind(b"PK\5\6")
    damaged = PackageError(_("This is no ZIP file, or it is damaged."))
    if at < 0 or at + _END.size > len(tail):
        raise damaged
    end = size - len(tail) + at
    _signature, count, length, start = _END.unpack_from(tail, at)
    before = at - _LOCATOR.size
    if before >= 0 and tail.startswith(b"PK\6\7", before):
        end += -_LOCATOR.size - _END_64.size
        before -= _END_64.size
        if before < 0 or _LOCATOR.unpack_from(tail, at - _LOCATOR.size)[1] != end:
            raise damaged
        signature, count, length, start = _END_64.unpack_from(tail, before)
        if signature != b"PK\6\6":
            raise damaged
    if start + length != end:
        raise damaged
    if count > bounds.files or length > bounds.directory:
        raise PackageError(_("The package has more than %(most)s files.") % {"most": bounds.files})


def _judge(entry: zipfile.ZipInfo) -> None:
    # orig_filename: the reader cuts names at a NUL.
    name = entry.orig_filename
    parts = name.rstrip("/").split("/")
    if _FORBIDDEN.search(name) or name.startswith("/") or len(name) > LONGEST_PATH or {"", ".", ".."} & set(parts):
        raise PackageError(
            _("A file of the package has a name that leads elsewhere or cannot be kept: %(name)s.")
            % {"name": ascii(name[:80])}
        )
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise PackageError(_("%(name)s in the package is a link or a device, not a file.") % {"name": name})
    if entry.flag_bits & 1:
        raise PackageError(_("The package is protected by a password."))
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise PackageError(_("%(name)s is packed in a way that is not usual in packages.") % {"name": name})


def _judge_sizes(entries: list[zipfile.ZipInfo], size: int, bounds: Bounds) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > LARGEST_UNPACKED or any(entry.file_size > bounds.file for entry in entries):
        raise PackageError(
            _("Unpacked, the package would be larger than %(most)s MB.") % {"most": LARGEST_UNPACKED // MB}
        )
    if unpacked > SMALL and unpacked > WORST_RATIO * size:
        raise PackageError(
            _("Unpacked, the package would be %(times)s times as large. That looks like an attack.")
            % {"times": unpacked // max(size, 1)}
        )
