"""Archives of questions: a QTI package by its manifest, or any ZIP whose files are questions.

Judged by its directory before a byte is unpacked; nothing outside it is ever read, nothing is written.
"""

import io
import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _

from assessments.importers.building import MOST_QUESTIONS, Builder
from assessments.importers.qti import add_item
from assessments.importers.qti_reading import normalise, path_in_package
from assessments.importers.results import ImportResult
from assessments.importers.safe_xml import XmlElement, XmlRefusedError, read_xml
from ecosystem.archives import LARGEST_DIRECTORY, LARGEST_FILE, Archive, Bounds, PackageError, archive_read

MANIFEST = "imsmanifest.xml"
# An item of a package is a file.
BOUNDS = Bounds(file=LARGEST_FILE, files=21_000, directory=LARGEST_DIRECTORY * 14)
LARGEST_ITEM = 5 * 1024 * 1024
LARGEST_IN_ALL = 120 * 1024 * 1024  # read into memory
_ITEM = re.compile(r"imsqti_item_xmlv(?:2p\d|3p\d)(?:p\d)?\Z|imsqti_aitem", re.IGNORECASE)
_DIFFICULTIES = {"very easy": 1, "easy": 2, "medium": 3, "difficult": 4, "very difficult": 5}
Reader = Callable[[bytes, str], ImportResult]


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource of a manifest: its path in the package, its kind, and what its metadata say."""

    path: str
    kind: str
    line: int
    tags: tuple[str, ...] | None
    difficulty: int | None


def parse_archive(data: bytes, *, filename: str, read_one: Reader) -> ImportResult:
    """Return the questions of an archive and what could not be read. Never raises.

    read_one: reads a file of the archive that is no item of a manifest.
    """
    builder = Builder(filename=filename)
    try:
        archive = archive_read(io.BytesIO(data), size=len(data), bounds=BOUNDS)
    except PackageError as refused:
        builder.refuse(str(refused))
        return builder.result
    if archive.size > LARGEST_IN_ALL:
        most = LARGEST_IN_ALL // 1024 // 1024
        builder.refuse(_("Unpacked, the package would be larger than %(most)s MB.") % {"most": most})
        return builder.result
    manifest = next((path for path in archive if posixpath.basename(path) == MANIFEST), None)
    if manifest is None:
        _read_files(builder, archive, read_one)
    else:
        _read_package(builder, archive, manifest)
    builder.finish()
    return builder.result


def _read_package(builder: Builder, archive: Archive, manifest: str) -> None:
    try:
        root = read_xml(archive.read(manifest, most=LARGEST_ITEM * 4))
    except (XmlRefusedError, PackageError) as refused:
        builder.refuse(str(refused), line=getattr(refused, "line", 0), file=manifest)
        return
    normalise(root)
    folder = posixpath.dirname(manifest)
    for resource in _resources(root, folder, builder):
        if builder.is_full(line=resource.line):
            return
        if _ITEM.match(resource.kind):
            _read_item(builder, archive, resource)
        elif "test" in resource.kind:
            builder.notice(
                _("A test is not imported, only its questions: make a quiz of them here."),
                line=resource.line,
                file=resource.path,
            )
        elif resource.kind.startswith("imsqti"):
            builder.refuse(
                _("%(kind)s is not supported; QTI 2.1, 2.2 and 3.0 are.") % {"kind": resource.kind[:60]},
                line=resource.line,
                file=resource.path,
            )


def _read_item(builder: Builder, archive: Archive, resource: Resource) -> None:
    if resource.path not in archive:
        builder.refuse(_("The item is not in the package."), line=resource.line, file=resource.path or builder.filename)
        return
    try:
        data = archive.read(resource.path, most=LARGEST_ITEM)
    except PackageError as refused:
        builder.refuse(str(refused), file=resource.path)
        return
    add_item(
        builder,
        data,
        file=resource.path,
        files=partial(_file, archive),
        folder=posixpath.dirname(resource.path),
        tags=resource.tags,
        difficulty=resource.difficulty,
    )


def _file(archive: Archive, path: str) -> bytes | None:
    try:
        return archive.read(path) if path in archive else None
    except PackageError:
        return None


def _resources(root: XmlElement, folder: str, builder: Builder) -> Iterator[Resource]:
    for holder in root.all("resources"):
        for one in holder.all("resource"):
            href = one.attributes.get("href", "")
            first = one.first("file")
            href = href or (first.attributes.get("href", "") if first is not None else "")
            base = holder.attributes.get("base", "") + one.attributes.get("base", "")
            path = path_in_package(posixpath.join(folder, base), href)
            if href and not path:
                builder.refuse(
                    _("The manifest leads out of the package: %(name)s.") % {"name": href[:120]}, line=one.line
                )
                continue
            words, difficulty = _metadata(one)
            yield Resource(path, one.attributes.get("type", ""), one.line, words, difficulty)


def _metadata(resource: XmlElement) -> tuple[tuple[str, ...] | None, int | None]:
    """Return keywords and difficulty as IEEE LOM writes them."""
    tags: list[str] = []
    difficulty = None
    metadata = resource.first("metadata")
    for one in metadata.walk() if metadata is not None else ():
        if one.tag == "keyword":
            tags += [" ".join(part.text.split())[:100] for part in one.walk() if part.tag in {"string", "langstring"}]
        elif one.tag == "difficulty":
            value = next((part for part in one.walk() if part.tag == "value"), None)
            difficulty = _DIFFICULTIES.get(value.text.strip().lower()) if value is not None else None
    return (tuple(tag for tag in tags if tag) if metadata is not None else None), difficulty


def _read_files(builder: Builder, archive: Archive, read_one: Reader) -> None:
    """Every file of the archive that is questions; QTI items may show the pictures beside them."""
    for path in archive:
        ending = path.rpartition(".")[2].lower()
        if ending not in {"xml", "gift", "txt", "csv"} or posixpath.basename(path).startswith("."):
            continue
        try:
            data = archive.read(path, most=LARGEST_IN_ALL)
        except PackageError as refused:
            builder.refuse(str(refused), file=path)
            continue
        if re.search(rb"<(?:\w+:)?(?:qti-assessment-item|assessmentItem)\b", data[:4000]):
            add_item(builder, data, file=path, files=partial(_file, archive), folder=posixpath.dirname(path))
            continue
        _merge(builder, read_one(data, path), path)
        if builder.is_full(line=0):
            return


def _merge(builder: Builder, result: ImportResult, path: str) -> None:
    """Add what one file held; identifiers of several files may be equal, so a repeat is refused, not doubled."""
    known = {question.identifier for question in builder.result.questions}
    for question in result.questions:
        if question.identifier in known:
            builder.refuse(
                _("Another file of the archive has a question with the same identifier."),
                line=question.line,
                name=question.name,
                file=path,
            )
        elif len(builder.result.questions) < MOST_QUESTIONS:
            builder.result.questions.append(question)
    builder.result.problems.extend(result.problems)
