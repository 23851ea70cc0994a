"""Elements in the package of a course: how the app of each kind writes down what it knows of one, and makes one from that.

A package is a ZIP: ``manifest.json``, and files that are named by their content (``files/<sha256>``). The app that writes
courses knows the manifest; each app registers its kinds here, so nobody imports them. What is about people never goes along.
"""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import IO, Any

from django.core.files.base import File
from django.utils.translation import gettext as _

from ecosystem.archives import CHUNK, Archive, PackageError
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Element, Membership
from ecosystem.registry import Registry

FILES = "files/"
END = "(?![\\s\\S])"  # in a JSON Schema $ lets a line end through
FILE = {"type": "string", "pattern": f"^[0-9a-f]{{64}}{END}"}
UID = {"type": "string", "pattern": f"^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}{END}"}
SLUG = {"type": "string", "pattern": f"^[-a-zA-Z0-9_]{{1,100}}{END}"}
# The same for all, so that the same course twice is the same package.
NO_TIME = (1980, 1, 1, 0, 0, 0)


class Outgoing:
    """A package that is being written. ``elements`` are those it takes along, by id, in the order they were named."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.elements: dict[int, Element] = {}
        self._stored: set[str] = set()
        self._wanted: dict[tuple[int, str], dict[str, None]] = {}

    def element(self, pk: int) -> str:
        """The uid of an element that is then in the package too. Refuses what is not available here any more."""
        if pk not in self.elements:
            found = Element.objects.filter(pk=pk).first()
            if found is None:
                raise EcosystemError(_("The course names something that is not available here any more."))
            self.elements[pk] = found
        return str(self.elements[pk].uid)

    def want(self, pk: int, sort: str, name: str) -> None:
        """Of a large element only what is asked for goes along: this, for one."""
        self.element(pk)
        self._wanted.setdefault((pk, sort), {})[name] = None

    def wanted(self, pk: int, sort: str) -> list[str]:
        return list(self._wanted.get((pk, sort), ()))

    def file(self, source: IO[bytes]) -> str:
        """Put a file in, once; its sha256."""
        digest = hashlib.sha256()
        source.seek(0)
        while piece := source.read(CHUNK):
            digest.update(piece)
        name = digest.hexdigest()
        if name not in self._stored:
            self._stored.add(name)
            source.seek(0)
            entry = zipfile.ZipInfo(FILES + name, NO_TIME)
            with self.archive.open(entry, "w") as goal:
                while piece := source.read(CHUNK):
                    goal.write(piece)
        return name


@dataclass
class Incoming:
    """A package that is being read. ``elements`` are those that are there by now, by the uid they have in the package.

    ``notes``: (what, why) of everything that does not come in as the package has it.
    """

    archive: Archive
    by: Membership
    elements: dict[str, Element] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def has(self, sha256: str) -> bool:
        return FILES + sha256 in self.archive

    def size(self, sha256: str) -> int:
        return self.archive.entries[FILES + sha256].file_size

    def file(self, sha256: str, *, name: str) -> File:
        """The file, under ``name``. Refuses (PackageError) one that is not there, or is not what its name says."""
        if not self.has(sha256):
            raise PackageError(_("A file that the package names is not in it."))
        with ExitStack() as closing:
            kept, digest = closing.enter_context(tempfile.TemporaryFile()), hashlib.sha256()
            for piece in self.archive.pieces(FILES + sha256):
                digest.update(piece)
                kept.write(piece)
            if digest.hexdigest() != sha256:
                raise PackageError(_("A file of the package has been changed: it is not what its name says."))
            kept.seek(0)
            closing.pop_all()  # whoever gets it closes it
        return File(kept, name=name)

    def read(self, sha256: str, *, most: int) -> bytes:
        """The content of a small file. Refuses what ``file`` refuses, and more than ``most`` bytes."""
        if self.has(sha256) and self.size(sha256) > most:
            raise PackageError(_("%(name)s in the package is too large.") % {"name": FILES + sha256})
        with self.file(sha256, name=sha256) as found:
            content: bytes = found.read()
            return content


@dataclass(frozen=True)
class PackagedKind:
    """What an app does for elements of one kind.

    ``schema``: JSON Schema of the *part*, the JSON that the app writes and reads. ``write(element, out)`` gives it.
    ``make(facts=, part=, coming=)``: the new element, or a refusal; ``facts`` go to ``element_create``. ``join(element=,
    part=, coming=)``: what points at other elements, once all are made. Kinds of a smaller ``order`` are made first, and
    written last.
    """

    schema: dict[str, Any]
    write: Callable[[Element, Outgoing], dict[str, Any]]
    make: Callable[..., Element]
    join: Callable[..., None] | None = None
    order: int = 1


packaged_kinds: Registry[PackagedKind] = Registry()


def closed_schema(**properties: Any) -> dict[str, Any]:
    """A JSON Schema of an object that has exactly these properties."""
    return {
        "type": "object", "properties": properties, "required": sorted(properties), "additionalProperties": False,
    }  # fmt: skip


def or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}
