"""A package becomes a course: first looked at, then all of it or nothing, as a draft."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DataError, IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from courses.exceptions import AlreadyHereError, CourseError
from courses.models import CourseImport
from courses.package_manifest import COURSE, FACTS, Entry, Manifest, manifest_read, refuse_part
from ecosystem import clock
from ecosystem.archives import PackageError, archive_read
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Element, Membership
from ecosystem.packaging import Incoming, packaged_kinds
from ecosystem.registry import element_kinds
from ecosystem.rules import is_author
from ecosystem.services.audit import audit
from ecosystem.services.elements import credits_set, elements_connect
from ecosystem.services.storage import files_gone_on_failure, files_on_trial
from ecosystem.slugs import slug_free
from ecosystem.visibility import elements_for

Refuse = Callable[[str, str], None]


@dataclass
class Preview:
    """What bringing in a package would do. ``problems`` are (what, why); with one of them nothing can be brought in.

    ``notes``: (what, why) of what is left out or different. ``earlier``: what became of this course before; ``same``: of
    exactly this package.
    """

    title: str = ""
    summary: str = ""
    makers: list[str] = field(default_factory=list)
    steps: int = 0
    elements: list[tuple[str, str, str]] = field(default_factory=list)  # (icon, kind, title)
    notes: list[tuple[str, str]] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    earlier: list[CourseImport] = field(default_factory=list)
    same: CourseImport | None = None


def package_preview(*, file: IO[bytes], size: int, by: Membership) -> Preview:
    """Bring it in on trial and take everything back. Refuses (PackageError) what is no package of a course."""
    manifest, coming = _opened(file, size, by)
    found = Preview(
        title=manifest.course["title"],
        summary=manifest.course["summary"],
        makers=list(dict.fromkeys(one["name"] for entry in manifest.elements for one in entry["credits"])),
        earlier=list(_earlier(manifest)),
    )
    found.same = next((row for row in found.earlier if row.digest == manifest.digest), None)
    with files_on_trial(), transaction.atomic():
        _bring(manifest, coming, lambda what, why: found.problems.append((what, why)))
        transaction.set_rollback(True)
    here = {entry["uid"] for entry in manifest.elements if entry["uid"] in coming.elements}
    for entry in manifest.elements:
        if entry["uid"] in here and entry["part"] is not None and entry is not manifest.course:
            kind = element_kinds[entry["kind"]]
            found.elements.append((kind.icon, str(kind.label), entry["title"]))
    found.notes = coming.notes
    blocks = manifest.course["part"].get("blocks", []) if not found.problems else []
    found.steps = sum(step["element"] in here for block in blocks for step in block["activities"])
    return found


@transaction.atomic
def package_import(*, file: IO[bytes], size: int, by: Membership, again: bool = False) -> Element:
    """The course of a package with everything that comes along, as a draft of ``by``; all of it or nothing.

    Every maker is credited by name. People, roles, runs and enrolments are never read. Refuses (AlreadyHereError) a package
    that is here already unless ``again``, which makes another course of it.
    """
    manifest, coming = _opened(file, size, by)
    wait_turn(name=manifest.digest)
    same = _earlier(manifest).filter(digest=manifest.digest).first()
    if same is not None and not again:
        raise AlreadyHereError(_("This package is here already. Nothing was changed."), course=same.element)
    with files_gone_on_failure():
        course = _bring(manifest, coming, _refuse)
        CourseImport.objects.create(
            environment_id=by.environment_id,
            element=course,
            origin=manifest.course["uid"],
            digest=manifest.digest,
            by=by.person,
            at=clock.now(),
        )
        facts = {"title": course.title, "elements": len(coming.elements), "manifest": manifest.digest}
        audit(act="course.imported", by=by.person, target=course, after=facts)
    return course


def wait_turn(*, name: str) -> None:
    """Who brings in what has this name at the same moment goes one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('grove import'), hashtext(%s))", [name])


def _refuse(what: str, why: str) -> None:
    raise PackageError(f"{what}: {why}")


def _opened(file: IO[bytes], size: int, by: Membership) -> tuple[Manifest, Incoming]:
    if not is_author(by):
        raise CourseError(_("You cannot make a course here."))
    archive = archive_read(file, size=size, bounds=COURSE)
    manifest = manifest_read(archive)
    coming = Incoming(archive, by)
    coming.notes += [
        (name[:80], _("This is not read: people, roles, enrolments and the like never come with a course."))
        for name in manifest.strange
    ]
    return manifest, coming


def _earlier(manifest: Manifest) -> Any:
    rows = CourseImport.objects.filter(origin=manifest.course["uid"]).select_related("element")
    return rows.order_by("-at", "-pk")


def _bring(manifest: Manifest, coming: Incoming, refuse: Refuse) -> Element:
    """Make everything. ``refuse`` hears what cannot be made; when it returns, the rest is tried."""
    ordered = sorted(manifest.elements, key=lambda entry: getattr(packaged_kinds.get(entry["kind"]), "order", 0))
    for entry in ordered:
        with _refusing(entry["title"], refuse), transaction.atomic():
            _arrive(entry, coming)
    for entry in ordered:
        element = coming.elements.get(entry["uid"])
        kind = packaged_kinds.get(entry["kind"])
        if element is not None and entry["part"] is not None and kind is not None and kind.join is not None:
            with _refusing(entry["title"], refuse), transaction.atomic():
                kind.join(element=element, part=entry["part"], coming=coming)
    for one in manifest.connections:
        source, target = coming.elements.get(one["source"]), coming.elements.get(one["target"])
        if source is not None and target is not None and source != target:
            elements_connect(source=source, target=target, kind=one["kind"], hypothesis=one["hypothesis"])
    return coming.elements.get(manifest.course["uid"])  # type: ignore[return-value]  # refused before when it is not


@contextmanager
def _refusing(what: str, refuse: Refuse) -> Iterator[None]:
    """What goes wrong with one element is said of it."""
    try:
        yield
    except EcosystemError as error:
        refuse(what, str(error))
    except ValidationError as error:
        refuse(what, " ".join(error.messages))
    except (IntegrityError, DataError, ObjectDoesNotExist):
        refuse(what, _("What the package says of it cannot be kept."))


def _arrive(entry: Entry, coming: Incoming) -> None:
    kind = packaged_kinds.get(entry["kind"])
    if entry["part"] is None:
        _look_for(entry, coming)
    elif kind is None:
        why = _("Things of the kind “%(kind)s” are not known here.") % {"kind": entry["kind"]}
        coming.notes.append((entry["title"], why))
    else:
        refuse_part(entry, kind)
        made = kind.make(facts=_facts(entry, coming), part=entry["part"], coming=coming)
        credits_set(element=made, credits=[(one["name"], one["role"]) for one in entry["credits"]])
        coming.elements[entry["uid"]] = made


def _look_for(entry: Entry, coming: Incoming) -> None:
    """What is only named is used when it is here, such as a page that an environment above lends to both."""
    found = elements_for(coming.by).filter(uid=entry["uid"], kind=entry["kind"]).first()
    if found is not None:
        coming.elements[entry["uid"]] = found
        return
    why = _("The package only names it, because it belongs to somebody else or cannot be packed, and it is not here.")
    coming.notes.append((entry["title"], why))


def _facts(entry: Entry, coming: Incoming) -> dict[str, Any]:
    facts = {name: entry[name] for name in FACTS}
    facts["slug"] = slug_free(title=entry["slug"], kind=entry["kind"])
    creators = list(dict.fromkeys(one["name"] for one in entry["credits"]))
    return {**facts, "creators": creators, "owner": coming.by.person}
