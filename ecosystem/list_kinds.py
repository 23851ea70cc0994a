"""What can be brought in from a CSV file beside people: its columns, what a good line is, and what is done with it.

Everything is written by the services that the pages use. A line is checked with all others of its file, so that a
file of a thousand lines asks the database a few times only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem.csv_reading import Problem
from ecosystem.models import Connection, ConnectionKind, Element, Group, Membership, Person
from ecosystem.people_access import may_see_people
from ecosystem.registry import Words
from ecosystem.rules import Rule, is_gardener
from ecosystem.scope import current_scope
from ecosystem.services.elements import connection_update, element_create, element_update, elements_connect
from ecosystem.services.groups import group_members_add, group_save

Row = dict[str, Any]
PARTS = {"title", "slug", "summary", "why", "url", "language", "lifecycle", "visibility", "minutes", "review_on"}


@dataclass(frozen=True)
class ListKind:
    """``check`` gives the reasons why lines cannot be used, ``write`` does what the lines say."""

    key: str
    label: Words
    help: Words
    columns: tuple[str, ...]
    required: tuple[str, ...]
    sample: str
    rule: Rule
    check: Callable[[list[Row]], list[Problem]]
    write: Callable[[list[Row], Membership], None]
    back: str


def _people(rows: list[Row], column: str) -> dict[str, Person]:
    """The members named by their address in a column."""
    emails = {row[column] for row in rows if row[column]}
    members = Membership.objects.filter(person__email__in=emails, ended_at=None).select_related("person")
    return {member.person.email: member.person for member in members}


def _unknown_people(rows: list[Row], column: str) -> list[Problem]:
    known = _people(rows, column)
    reason = _("Nobody with this e-mail address is a member here.")
    return [Problem(row["line"], reason, row[column]) for row in rows if row[column] and row[column] not in known]


# --- elements ----------------------------------------------------------------------------------------------------
def _facts(row: Row) -> dict[str, Any]:
    """What a line says of an element; empty cells say nothing."""
    facts: dict[str, Any] = {name: row[name] for name in PARTS if row[name]}
    if row["tags"]:
        facts["tags"] = [tag.strip() for tag in row["tags"].split("|") if tag.strip()]
    return facts


def _slug(row: Row) -> str:
    return row["slug"] or slugify(row["title"])[:100]


def _known_elements(rows: list[Row]) -> dict[str, Element]:
    here = current_scope().environment_id
    found = Element.objects.filter(environment_id=here, slug__in={_slug(row) for row in rows})
    return {element.slug: element for element in found}


def _element_reasons(row: Row, known: dict[str, Element]) -> list[str]:
    element = known.get(_slug(row))
    if row["kind"] not in ("", "external"):
        return [_("Only outside tools (external) can be brought in from a file.")]
    if element is not None and element.kind != "external":
        return [_("There is already something else with the address “%(slug)s”.") % {"slug": element.slug}]
    trial = Element(
        environment_id=current_scope().environment_id, kind="external", **{**_facts(row), "slug": _slug(row)}
    )
    try:
        trial.clean_fields(exclude=["environment", "owner"])
    except ValidationError as error:
        return [f"{name}: {' '.join(said)}" for name, said in error.message_dict.items()]
    return []


def elements_check(rows: list[Row]) -> list[Problem]:
    known, found, seen = _known_elements(rows), _unknown_people(rows, "owner"), {}
    for row in rows:
        found += [Problem(row["line"], reason, row["title"][:80]) for reason in _element_reasons(row, known)]
        if (first := seen.setdefault(_slug(row), row["line"])) != row["line"]:
            found.append(Problem(row["line"], _("The same address is on line %(line)s.") % {"line": first}, _slug(row)))
    return found


def elements_write(rows: list[Row], by: Membership) -> None:
    known, people = _known_elements(rows), _people(rows, "owner")
    for row in rows:
        facts = _facts(row)
        if row["owner"]:
            facts["owner"] = people[row["owner"]]
        if element := known.get(_slug(row)):
            element_update(element=element, **facts)
        else:
            element_create(kind="external", creators=[by.person], **{**facts, "slug": _slug(row)})


# --- connections -------------------------------------------------------------------------------------------------
KINDS = {kind.value: kind for kind in ConnectionKind}


def _ends(rows: list[Row]) -> dict[str, Element]:
    """The elements that lines name, one's own before those from above."""
    slugs = {row[end] for row in rows for end in ("source", "target")}
    here = current_scope().environment_id
    found: dict[str, Element] = {}
    for element in sorted(Element.objects.filter(slug__in=slugs), key=lambda one: one.environment_id == here):
        found[element.slug] = element
    return found


def connections_check(rows: list[Row]) -> list[Problem]:
    ends, found = _ends(rows), _unknown_people(rows, "owner")
    for row in rows:
        for end in ("source", "target"):
            if row[end] not in ends:
                found.append(Problem(row["line"], _("There is no element with this address."), row[end][:80]))
        if row["kind"] not in KINDS:
            found.append(Problem(row["line"], _("There is no such kind of connection."), row["kind"][:80]))
        if row["source"] == row["target"]:
            found.append(Problem(row["line"], _("An element cannot be connected to itself."), row["source"][:80]))
    return found


def connections_write(rows: list[Row], by: Membership) -> None:
    ends, people = _ends(rows), _people(rows, "owner")
    for row in rows:
        owner = people.get(row["owner"])
        connection: Connection = elements_connect(
            source=ends[row["source"]], target=ends[row["target"]], kind=row["kind"], hypothesis=row["hypothesis"],
            owner=owner,
        )  # fmt: skip
        wanted = (row["hypothesis"] or connection.hypothesis, owner or connection.owner)
        if wanted != (connection.hypothesis, connection.owner):
            connection_update(connection=connection, hypothesis=wanted[0], owner=wanted[1])


# --- groups ------------------------------------------------------------------------------------------------------
def groups_check(rows: list[Row]) -> list[Problem]:
    found = _unknown_people(rows, "email")
    for row in rows:
        for name, longest in (("group", 80), ("about", 200)):
            if len(row[name]) > longest:
                reason = _("“%(name)s” is longer than %(most)s characters.") % {"name": name, "most": longest}
                found.append(Problem(row["line"], reason, row[name][:80]))
    return found


def groups_write(rows: list[Row], by: Membership) -> None:
    people, groups = _people(rows, "email"), {group.name.lower(): group for group in Group.objects.all()}
    wanted: dict[str, list[Row]] = {}
    for row in rows:
        wanted.setdefault(" ".join(row["group"].split()).lower(), []).append(row)
    for name, lines in wanted.items():
        group = groups.get(name)
        about = next((row["about"] for row in lines if row["about"]), "")
        if group is None or (about and about != group.about):
            kept = {"name": group.name, "rule": group.rule} if group else {"name": lines[0]["group"]}
            group = group_save(group=group, about=about, by=by, **kept)
        ids = [people[row["email"]].pk for row in lines if row["email"]]
        group_members_add(group=group, person_ids=ids, by=by)


LIST_KINDS = {
    kind.key: kind
    for kind in (
        ListKind(
            "elements",
            gettext_lazy("Outside tools"),
            gettext_lazy("A line whose slug is here already changes that element; empty cells leave it as it is. Tags are parted by a bar (|)."),
            ("title", "slug", "kind", "summary", "why", "url", "language", "tags", "minutes", "lifecycle", "visibility", "review_on", "owner"),
            ("title",),
            "title,slug,summary,url,tags,owner\r\nHandbook,handbook,What everybody needs,https://example.org/handbook,safety|start,ama@example.org\r\n",
            is_gardener,
            elements_check,
            elements_write,
            "admin:ecosystem_element_changelist",
        ),
        ListKind(
            "connections",
            gettext_lazy("Connections"),
            gettext_lazy("Source and target are the slugs of elements. A connection that is there already gets the new hypothesis and owner."),
            ("source", "kind", "target", "hypothesis", "owner"),
            ("source", "kind", "target"),
            "source,kind,target,hypothesis,owner\r\nhandbook,reinforces,safety-course,People look things up after the course,ama@example.org\r\n",
            is_gardener,
            connections_check,
            connections_write,
            "admin:ecosystem_connection_changelist",
        ),
        ListKind(
            "groups",
            gettext_lazy("Groups and who is in them"),
            gettext_lazy("One line for each person in a group. A group that is not here yet is made; nobody is taken out."),
            ("group", "about", "email"),
            ("group",),
            "group,about,email\r\nNight shift,Everybody on nights,ama@example.org\r\nNight shift,,jan@example.org\r\n",
            may_see_people,
            groups_check,
            groups_write,
            "people:groups",
        ),
    )
}  # fmt: skip
