"""cmi5.xml (cmi5 1.0, course structure)."""

from __future__ import annotations

from xml.etree.ElementTree import Element as Node

from django.utils.translation import gettext as _

from content.packages.plan import PackagePlan, Standard, UnitPlan, attribute, child, inside, plain, share, text_of
from ecosystem.archives import Archive, PackageError

MOVE_ON = frozenset({"Passed", "Completed", "CompletedAndPassed", "CompletedOrPassed", "NotApplicable"})


def read(root: Node, archive: Archive) -> PackagePlan:
    """The plan of the course; its assignable units in the order of the file, whatever block they are in."""
    course = child(root, "course")
    if plain(root.tag) != "coursestructure" or course is None:
        raise PackageError(_("cmi5.xml holds no course structure."))
    units = tuple(_unit(node, archive) for node in root.iter() if plain(node.tag) == "au")
    return PackagePlan(Standard.CMI5, _words(child(course, "title"))[:200], units)


def _unit(node: Node, archive: Archive) -> UnitPlan:
    move_on = attribute(node, "moveon") or "NotApplicable"
    if move_on not in MOVE_ON:
        raise PackageError(
            _("cmi5.xml has a rule for moving on that does not exist: %(rule)s.") % {"rule": move_on[:40]}
        )
    path, query = inside(archive, text_of(child(node, "url")))
    identifier = attribute(node, "id")
    if not identifier or len(identifier) > 500:
        raise PackageError(_("A part in cmi5.xml has no identifier."))
    return UnitPlan(
        identifier=identifier,
        title=_words(child(node, "title"))[:200] or path.rpartition("/")[2],
        path=path,
        query=query,
        mastery=share(attribute(node, "masteryscore")) if attribute(node, "masteryscore") else None,
        launch_data=text_of(child(node, "launchparameters"))[:4096],
        move_on=move_on,
    )


def _words(node: Node | None) -> str:
    """The first of the languages."""
    return text_of(node[0]) if node is not None and len(node) else text_of(node)
