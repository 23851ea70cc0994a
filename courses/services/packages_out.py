"""A course as a package: everything it consists of, in one file that can be brought in elsewhere."""

from __future__ import annotations

import json
import tempfile
import zipfile
from dataclasses import dataclass
from typing import IO, Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _

from courses.access import may_build
from courses.exceptions import CourseError
from courses.models import CourseVersion, VersionState
from courses.package_manifest import ABOVE, COURSE, FACTS, FORMAT, KIND, LARGEST_MANIFEST, MANIFEST, VERSION
from courses.packaging import course_out
from ecosystem.archives import LARGEST_ARCHIVE, MB
from ecosystem.models import Connection, Credit, Element, Membership
from ecosystem.packaging import NO_TIME, Outgoing, packaged_kinds
from ecosystem.rules import is_author
from ecosystem.services.audit import audit


@dataclass
class Written:
    """A package in a temporary file, at its beginning. ``left_out``: titles of what it only names."""

    file: IO[bytes]
    size: int
    elements: int
    left_out: list[str]


def course_export(*, course: Element, by: Membership, draft: bool = False) -> Written:
    """The package of what is published, or with ``draft`` of the draft (also when nothing is published yet).

    For whoever may change content here: a package holds the right answers. Elements from above, and of kinds that cannot be
    packed, are named only. Refuses a course from above, a file that is gone, and what would be too large to bring in.
    """
    if not (is_author(by) and may_build(by, course)):
        raise CourseError(_("You cannot change this course."))
    versions = CourseVersion.objects.filter(element=course)
    version = versions.filter(state=VersionState.DRAFT).first() if draft else None
    packed = tempfile.TemporaryFile()  # noqa: SIM115 -- whoever gets it reads it
    with zipfile.ZipFile(packed, "w") as archive:
        out = Outgoing(archive)
        manifest = _manifest(course, version or versions.order_by("-number").first(), out)
        content = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
        archive.writestr(zipfile.ZipInfo(MANIFEST, NO_TIME), content, zipfile.ZIP_DEFLATED)
        count = len(archive.infolist())
    size = packed.tell()
    if size > LARGEST_ARCHIVE or count > COURSE.files or len(content) > LARGEST_MANIFEST:
        raise CourseError(
            _(
                "The package would have %(size)s MB, and at most %(most)s MB can be brought in anywhere. Make two courses."
            )
            % {"size": -(-size // MB), "most": LARGEST_ARCHIVE // MB}
        )
    packed.seek(0)
    entries = manifest["elements"]
    audit(act="course.exported", by=by.person, target=course, after={"elements": len(entries), "bytes": size})
    return Written(packed, size, len(entries), [one["title"] for one in entries if one["part"] is None])


def _manifest(course: Element, version: CourseVersion | None, out: Outgoing) -> dict[str, Any]:
    uid = out.element(course.pk)
    parts: dict[int, dict[str, Any]] = {}
    while todo := [element for pk, element in out.elements.items() if pk not in parts]:
        # What others ask something of comes last, when all is known that they ask.
        element = max(todo, key=lambda one: getattr(packaged_kinds.get(one.kind), "order", 0))
        parts[element.pk] = _part(element, out, course, version)
    return {
        "format": FORMAT,
        "version": VERSION,
        "course": uid,
        "elements": [{**_facts(element), **parts[pk]} for pk, element in out.elements.items()],
        "connections": _connections(out),
    }


def _part(element: Element, out: Outgoing, course: Element, version: CourseVersion | None) -> dict[str, Any]:
    kind = packaged_kinds.get(element.kind)
    if element.environment_id != course.environment_id:
        return {"part": None, "left_out": ABOVE}
    if kind is None:
        return {"part": None, "left_out": KIND}
    if element.pk == course.pk:
        return {"part": course_out(course, out, version)}
    try:
        return {"part": kind.write(element, out)}
    except (FileNotFoundError, ObjectDoesNotExist):
        raise CourseError(_("“%(title)s” is not complete: its file is gone.") % {"title": element.title}) from None


def _facts(element: Element) -> dict[str, Any]:
    made = Credit.objects.filter(element=element).order_by("position", "pk").values("name", "role")
    facts = {name: getattr(element, name) for name in FACTS}
    return {"uid": str(element.uid), "kind": element.kind, **facts, "credits": list(made)}


def _connections(out: Outgoing) -> list[dict[str, str]]:
    """Between elements of the package, in their order."""
    places = {pk: place for place, pk in enumerate(out.elements)}
    rows = Connection.objects.filter(source_id__in=places, target_id__in=places)
    ordered = sorted(rows, key=lambda row: (places[row.source_id], places[row.target_id], row.kind))
    return [
        {
            "source": out.element(row.source_id), "target": out.element(row.target_id), "kind": row.kind,
            "hypothesis": row.hypothesis,
        }
        for row in ordered
    ]  # fmt: skip
