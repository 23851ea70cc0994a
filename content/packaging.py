"""What content writes into the package of a course, and makes from one.

Pages go with their text and the pictures it names, not with every text they have had. Everything that comes in goes through
the services, and is judged like an upload.
"""

from __future__ import annotations

import tempfile
import zipfile
from typing import IO, Any

from content.media import LARGEST_CAPTIONS
from content.models import Document, Image, Package, Page, Standard, Video
from content.services import document_create, link_create, package_create, page_create, video_create
from content.words import pictures_of
from ecosystem.archives import CHUNK
from ecosystem.markup import ATTACHMENT_SCHEME
from ecosystem.models import Element
from ecosystem.packaging import (
    FILE,
    NO_TIME,
    Incoming,
    Outgoing,
    PackagedKind,
    closed_schema,
    or_null,
    packaged_kinds,
)
from ecosystem.pictures import LARGEST

Part = dict[str, Any]
NAME = {"type": "string", "minLength": 1, "maxLength": 250}
MOST_PICTURES = 200


def _page_out(element: Element, out: Outgoing) -> Part:
    page = Page.objects.get(element=element)
    named = [one.address.removeprefix(f"{ATTACHMENT_SCHEME}:") for one in pictures_of(page.markdown)]
    rows = {row.sha256: row for row in Image.objects.filter(element=element, sha256__in=named)}
    pictures = []
    for sha256 in dict.fromkeys(named):
        with rows[sha256].file.open() as file:
            pictures.append({"name": rows[sha256].name, "file": out.file(file)})
    return {"markdown": page.markdown, "pictures": pictures}


class _PageIn:
    """A page, job aid, checklist or task."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __call__(self, *, facts: dict[str, Any], part: Part, coming: Incoming) -> Element:
        pictures = {
            one["file"]: (one["name"], coming.read(one["file"], most=LARGEST)) for one in part["pictures"]
        }  # fmt: skip
        made = page_create(
            kind=self.kind, markdown=part["markdown"], by=coming.by.person, pictures=pictures, **facts
        )  # fmt: skip
        element: Element = made.element
        return element


def _file_out(element: Element, out: Outgoing) -> Part:
    row = Document.objects.get(element=element)
    with row.file.open() as file:
        return {"name": row.name, "file": out.file(file)}


def _file_in(*, facts: dict[str, Any], part: Part, coming: Incoming) -> Element:
    with coming.file(part["file"], name=part["name"]) as file:
        return document_create(upload=file, **facts).element


def _link_out(element: Element, out: Outgoing) -> Part:
    return {"url": element.url}


def _link_in(*, facts: dict[str, Any], part: Part, coming: Incoming) -> Element:
    return link_create(url=part["url"], **facts).element


def _video_out(element: Element, out: Outgoing) -> Part:
    row = Video.objects.get(element=element)
    with row.file.open() as file:
        part: Part = {"name": row.name, "file": out.file(file), "captions": None, "no_captions_because": ""}
    if not row.captions:
        return {**part, "no_captions_because": row.no_captions_because}
    with row.captions.open() as file:
        return {**part, "captions": out.file(file)}


def _captions(part: Part, coming: Incoming) -> bytes | None:
    return coming.read(part["captions"], most=LARGEST_CAPTIONS) if part["captions"] else None


def _video_in(*, facts: dict[str, Any], part: Part, coming: Incoming) -> Element:
    with coming.file(part["file"], name=part["name"]) as file:
        made = video_create(
            upload=file, captions=_captions(part, coming), no_captions_because=part["no_captions_because"], **facts
        )  # fmt: skip
    element: Element = made.element
    return element


def _package_out(element: Element, out: Outgoing) -> Part:
    """Packed again from its files, so that it is one that any other platform takes too."""
    row = Package.objects.get(element=element)
    with tempfile.TemporaryFile() as packed:
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for one in sorted(row.files.all(), key=lambda file: file.path):
                with one.file.open() as source:
                    _copy(source, archive, one.path)
        return {"name": row.name, "standard": row.standard, "file": out.file(packed)}


def _copy(source: IO[bytes], archive: zipfile.ZipFile, path: str) -> None:
    entry = zipfile.ZipInfo(path, NO_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(entry, "w") as goal:
        while piece := source.read(CHUNK):
            goal.write(piece)


def _package_in(*, facts: dict[str, Any], part: Part, coming: Incoming) -> Element:
    with coming.file(part["file"], name=part["name"]) as file:
        return package_create(upload=file, **facts).element


PAGE = closed_schema(
    markdown={"type": "string"},
    pictures={"type": "array", "maxItems": MOST_PICTURES, "items": closed_schema(name=NAME, file=FILE)},
)
for _key in ("page", "job_aid", "checklist", "task"):
    packaged_kinds.register(_key, PackagedKind(PAGE, _page_out, _PageIn(_key)))
packaged_kinds.register(
    "file", PackagedKind(closed_schema(name=NAME, file=FILE), _file_out, _file_in)
)  # fmt: skip
packaged_kinds.register(
    "link",
    PackagedKind(closed_schema(url={"type": "string", "minLength": 1, "maxLength": 200}), _link_out, _link_in),
)
packaged_kinds.register(
    "video",
    PackagedKind(
        closed_schema(
            name=NAME,
            file=FILE,
            captions=or_null(FILE),
            no_captions_because={"type": "string", "maxLength": 300},
        ),
        _video_out,
        _video_in,
    ),
)
packaged_kinds.register(
    "package",
    PackagedKind(
        closed_schema(name=NAME, standard={"enum": Standard.values}, file=FILE),
        _package_out,
        _package_in,
    ),
)
