"""What a package consists in: its standard, its title, and the units that people work through."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element as Node

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.utils.translation import gettext as _

from ecosystem.archives import Archive, PackageError

LARGEST_MANIFEST = 2 * 1024 * 1024
MOST_UNITS = 200
MOST_NODES = 50_000


class Standard(StrEnum):
    SCORM12 = "scorm12"
    SCORM2004 = "scorm2004"
    CMI5 = "cmi5"


@dataclass(frozen=True)
class UnitPlan:
    """One thing that is launched: a SCO or asset of SCORM, an assignable unit of cmi5. ``mastery`` is 0 to 1."""

    identifier: str
    title: str
    path: str
    query: str = ""
    mastery: float | None = None
    launch_data: str = ""
    move_on: str = ""
    reports: bool = True  # an asset says nothing: opening it is all there is


@dataclass(frozen=True)
class PackagePlan:
    standard: Standard
    title: str
    units: tuple[UnitPlan, ...]


def plan_read(archive: Archive) -> PackagePlan:
    """The plan in the manifest. Refuses (PackageError) a package without one, or one that leads elsewhere."""
    from content.packages import cmi5, scorm  # noqa: PLC0415 -- they are made of what stands here

    for name, read in (("cmi5.xml", cmi5.read), ("imsmanifest.xml", scorm.read)):
        if name in archive:
            plan = read(_xml(archive.read(name, most=LARGEST_MANIFEST), name), archive)
            break
    else:
        raise PackageError(_missing(archive))
    if not plan.units:
        raise PackageError(_("The package has nothing that could be opened."))
    if len(plan.units) > MOST_UNITS:
        raise PackageError(_("The package has more than %(most)s parts.") % {"most": MOST_UNITS})
    if len({unit.identifier for unit in plan.units}) < len(plan.units):
        raise PackageError(_("Two parts of the package have the same identifier."))
    return plan


def _missing(archive: Archive) -> str:
    inner = next((path for path in archive if path.rpartition("/")[2] in {"imsmanifest.xml", "cmi5.xml"}), None)
    if inner is not None:
        return _("The manifest lies in the folder %(folder)s. Pack what is inside the folder, not the folder.") % {
            "folder": inner.rpartition("/")[0]
        }
    return _("There is no imsmanifest.xml or cmi5.xml in it, so it is no SCORM or cmi5 package.")


def _xml(data: bytes, name: str) -> Node:
    try:
        root = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise PackageError(
            _("%(name)s defines a document type or entities. That can be an attack, so it is not read.")
            % {"name": name}
        ) from None
    except (ParseError, ValueError, LookupError) as error:
        raise PackageError(_("%(name)s cannot be read: it is no valid XML.") % {"name": name}) from error
    for count, _node in enumerate(root.iter()):
        if count > MOST_NODES:
            raise PackageError(_("%(name)s is too large.") % {"name": name})
    return root


def plain(tag: str) -> str:
    """The name of a tag or attribute without its namespace, in small letters."""
    return tag.rpartition("}")[2].lower()


def attribute(node: Node, name: str) -> str:
    """The attribute in whatever namespace and spelling; empty without it."""
    return next((value for key, value in node.attrib.items() if plain(key) == name), "").strip()


def child(node: Node, name: str) -> Node | None:
    return next((one for one in node if plain(one.tag) == name), None)


def text_of(node: Node | None) -> str:
    return " ".join("".join(node.itertext()).split()) if node is not None else ""


def inside(archive: Archive, href: str) -> tuple[str, str]:
    """(path, query) of an address in the package. Refuses (PackageError) one that leads elsewhere or nowhere."""
    parts = urlsplit(href.strip())
    path = unquote(parts.path)
    if parts.scheme or parts.netloc:
        raise PackageError(
            _("The package leads to %(where)s. Only packages that bring their pages along can be run.")
            % {"where": href[:100]}
        )
    while path.startswith("./"):
        path = path[2:]
    if path not in archive:
        raise PackageError(_("The package names %(name)s, which is not in it.") % {"name": path[:100] or "?"})
    query = f"?{parts.query}" if parts.query else ""
    return path, query + (f"#{parts.fragment}" if parts.fragment else "")


def share(text: str, *, of: float = 1.0) -> float | None:
    """A number between 0 and ``of`` as a share; None for anything else."""
    try:
        value = float(text) / of
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None
