"""``manifest.json`` of the package of a course: what must be in it, and how it is read. docs/course-package.md says it in words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator

from ecosystem.archives import MB, Archive, Bounds, PackageError
from ecosystem.models import ConnectionKind, Lifecycle, Visibility
from ecosystem.models.elements import Cover
from ecosystem.packaging import END, SLUG, UID, PackagedKind, closed_schema
from ecosystem.received import json_keepable

FORMAT, VERSION = "grove-course", 1
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 16 * MB
MOST_ELEMENTS = 2000
# A course has larger files and more of them than a package of other software.
COURSE = Bounds(file=190 * MB, files=6000, directory=2 * MB)
ABOVE, KIND = "above", "kind"

TITLE = {"type": "string", "minLength": 1, "maxLength": 200}
TEXT = {"type": "string"}
FACTS: dict[str, Any] = {
    "title": TITLE,
    "slug": SLUG,
    "summary": TEXT,
    "language": {"type": "string", "pattern": f"^[a-z]{{2,3}}(-[a-zA-Z]{{2,4}})?{END}"},
    "tags": {"type": "array", "maxItems": 100, "items": {"type": "string", "minLength": 1, "maxLength": 60}},
    "minutes": {"type": "integer", "minimum": 0, "maximum": 2**31 - 1},
    "cover": {"enum": Cover.values},
    "lifecycle": {"enum": Lifecycle.values},
    "visibility": {"enum": Visibility.values},
    "why": TEXT,
}
CREDIT = closed_schema(
    name={"type": "string", "minLength": 1, "maxLength": 120}, role={"type": "string", "minLength": 1, "maxLength": 40}
)
ENTRY = {
    "type": "object",
    "properties": {
        "uid": UID,
        "kind": {"type": "string", "pattern": f"^[a-z0-9_]{{1,40}}{END}"},
        **FACTS,
        "credits": {"type": "array", "minItems": 1, "maxItems": 200, "items": CREDIT},
        "part": {"type": ["object", "null"]},
        "left_out": {"enum": [ABOVE, KIND]},
    },
    "required": ["uid", "kind", *FACTS, "credits", "part"],
}
CONNECTION = closed_schema(
    source=UID, target=UID, kind={"enum": ConnectionKind.values}, hypothesis=TEXT
)  # fmt: skip
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "format": {"const": FORMAT},
        "version": {"const": VERSION},
        "course": UID,
        "elements": {"type": "array", "minItems": 1, "maxItems": MOST_ELEMENTS, "items": ENTRY},
        "connections": {"type": "array", "maxItems": 10 * MOST_ELEMENTS, "items": CONNECTION},
    },
    "required": ["format", "version", "course", "elements", "connections"],
}

OF_OTHER_SOFTWARE = "imsmanifest.xml", "moodle_backup.xml"

Entry = dict[str, Any]


@dataclass(frozen=True)
class Manifest:
    """``strange``: names of parts that this format does not know, such as people or enrolments; they are not read."""

    course: Entry
    elements: list[Entry]
    connections: list[dict[str, str]]
    digest: str
    strange: tuple[str, ...]


def manifest_read(archive: Archive) -> Manifest:
    """The manifest of the package. Refuses (PackageError) with the place and the reason what it cannot be."""
    if MANIFEST not in archive and any(name in archive for name in OF_OTHER_SOFTWARE):
        raise PackageError(
            _(
                "This is a package of other software. Common Cartridges and Moodle backups cannot be read here;"
                " a SCORM package goes in under Content, questions go into a question bank."
            )
        )
    if MANIFEST not in archive:
        raise PackageError(_("There is no manifest.json in it, so it is no package of a course."))
    content = archive.read(MANIFEST, most=LARGEST_MANIFEST)
    try:
        data = json_keepable(content)
    except (ValueError, RecursionError):
        raise PackageError(_("manifest.json cannot be read.")) from None
    if isinstance(data, dict) and data.get("format") == FORMAT and data.get("version") != VERSION:
        raise PackageError(_("This package is of another version of the format. Bring Grove up to date."))
    refuse_wrong(data, SCHEMA, MANIFEST)
    entries = {entry["uid"]: entry for entry in data["elements"]}
    if len(entries) < len(data["elements"]):
        raise PackageError(_("Two elements of the package have the same uid."))
    course = entries.get(data["course"])
    if course is None or course["kind"] != "course" or course["part"] is None:
        raise PackageError(_("The course itself is not in the package."))
    strange = {*(set(data) - set(SCHEMA["properties"]) - {"$schema"})}
    for entry in data["elements"]:
        strange |= set(entry) - set(ENTRY["properties"])
    return Manifest(
        course, data["elements"], data["connections"], hashlib.sha256(content).hexdigest(), tuple(sorted(strange))
    )


def refuse_part(entry: Entry, kind: PackagedKind) -> None:
    """Refuse (PackageError) what is no part of an element of this kind."""
    refuse_wrong(entry["part"], kind.schema, f"{MANIFEST}, {entry['title'][:80]}")


def refuse_wrong(data: Any, schema: dict[str, Any], where: str) -> None:
    wrong = next(_wrong(data, schema), None)
    if wrong is not None:
        raise PackageError(_("%(where)s is not as it should be: %(wrong)s") % {"where": where, "wrong": wrong})


def _wrong(data: Any, schema: dict[str, Any]) -> Iterator[str]:
    for error in Draft202012Validator(schema).iter_errors(data):
        place = "/".join(str(step) for step in error.absolute_path)
        yield f"{place or '.'} ({error.validator})"
