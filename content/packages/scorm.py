"""imsmanifest.xml of SCORM 1.2 and 2004 (2nd to 4th edition)."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin
from xml.etree.ElementTree import Element as Node

from django.utils.translation import gettext as _

from content.packages.plan import PackagePlan, Standard, UnitPlan, attribute, child, inside, plain, share, text_of
from ecosystem.archives import Archive, PackageError

DEEPEST = 12


def read(root: Node, archive: Archive) -> PackagePlan:
    """The plan of the default organization; every leaf that has a resource is a unit, in its order."""
    standard = _standard(root)
    organizations, resources = child(root, "organizations"), child(root, "resources")
    if organizations is None or resources is None:
        raise PackageError(_("The manifest names no parts."))
    base = urljoin(attribute(root, "base"), attribute(resources, "base"))
    known = {attribute(node, "identifier"): node for node in resources if plain(node.tag) == "resource"}
    wanted = attribute(organizations, "default")
    plans = [node for node in organizations if plain(node.tag) == "organization"]
    chosen = next((node for node in plans if attribute(node, "identifier") == wanted), plans[0] if plans else None)
    if chosen is None:
        raise PackageError(_("The manifest names no parts."))
    units = []
    for item in _leaves(chosen, 0):
        resource = known.get(attribute(item, "identifierref"))
        if resource is None or not attribute(resource, "href"):
            continue
        units.append(_unit(item, resource, base, archive))
    title = text_of(child(chosen, "title"))[:200]
    return PackagePlan(standard, title, tuple(units))


def _standard(root: Node) -> Standard:
    metadata = child(root, "metadata")
    said = text_of(child(metadata, "schemaversion")) if metadata is not None else ""
    names = {key.rpartition("}")[0] for node in root.iter() for key in (node.tag, *node.attrib)}
    if said.startswith(("2004", "CAM 1.3", "1.3")) or any("adlcp_v1p3" in name for name in names):
        return Standard.SCORM2004
    if said.startswith("1.2") or any("adlcp_rootv1p2" in name for name in names):
        return Standard.SCORM12
    raise PackageError(_("The manifest is of another standard than SCORM 1.2 and SCORM 2004."))


def _leaves(node: Node, depth: int) -> Iterator[Node]:
    if depth > DEEPEST:
        raise PackageError(_("The parts of the manifest are nested too deeply."))
    for item in (one for one in node if plain(one.tag) == "item"):
        if attribute(item, "isvisible").lower() == "false" and not attribute(item, "identifierref"):
            continue
        if attribute(item, "identifierref"):
            yield item
        yield from _leaves(item, depth + 1)


def _unit(item: Node, resource: Node, base: str, archive: Archive) -> UnitPlan:
    href = urljoin(urljoin(base, attribute(resource, "base")), attribute(resource, "href"))
    path, query = inside(archive, href)
    return UnitPlan(
        identifier=attribute(item, "identifier")[:250],
        title=text_of(child(item, "title"))[:200] or path.rpartition("/")[2],
        path=path,
        query=_joined(query, attribute(item, "parameters")),
        mastery=_mastery(item),
        launch_data=text_of(child(item, "datafromlms"))[:4096],
        reports=attribute(resource, "scormtype").lower() == "sco",
    )


def _joined(query: str, parameters: str) -> str:
    """SCORM 2004 CAM 3.4.1.4: parameters begin with ?, & or # as they are meant, or with neither."""
    words = parameters.lstrip("?&").replace("\n", "").strip()
    if not words:
        return query
    if words.startswith("#"):
        return query + words if "#" not in query else query
    before, _sharp, after = query.partition("#")
    joined = f"{before}&{words}" if before else f"?{words}"
    return f"{joined}#{after}" if after else joined


def _mastery(item: Node) -> float | None:
    """masteryscore of 1.2 in percent, minNormalizedMeasure of the primary objective of 2004."""
    if (node := child(item, "masteryscore")) is not None:
        return share(text_of(node), of=100)
    for node in item.iter():
        if plain(node.tag) == "primaryobjective" and attribute(node, "satisfiedbymeasure").lower() == "true":
            measure = child(node, "minnormalizedmeasure")
            return share(text_of(measure)) if measure is not None else 1.0
    return None
