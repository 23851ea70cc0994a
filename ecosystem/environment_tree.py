"""An environment with what is below it, as administrators see it: a tree with members, storage and state."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count, Sum

from ecosystem.hosts import address_for
from ecosystem.limits import PEOPLE, STORAGE
from ecosystem.models import (
    Availability,
    Element,
    Environment,
    EnvironmentAncestor,
    EnvironmentExport,
    EnvironmentSetting,
    Host,
    Membership,
    Role,
    SeatEntry,
    StoredFile,
)
from ecosystem.scope import current_scope, open_scope, own_rows
from ecosystem.setting_kinds import setting_of

MB = 1024 * 1024
SHOWN = ("theme_css", "logo_svg", "favicon_svg", "words", "legal")  # what a list need not read
ENTRIES = 50


@dataclass
class Branch:
    """``depth`` 0 is the environment asked from. ``members`` and ``used`` (bytes) are its own; ``people`` (each once, without
    archived environments) and ``stored`` (bytes) count what is below too, as the limits do. A limit of 0 is none of its own.
    """

    environment: Environment
    depth: int
    host: str
    members: int = 0
    used: int = 0
    people: int = 0
    stored: int = 0
    people_limit: int = 0
    storage_limit: int = 0
    below: list[Branch] = field(default_factory=list)

    @property
    def href(self) -> str:
        return address_for(self.host)

    @property
    def is_archived(self) -> bool:
        return self.environment.archived_at is not None

    @property
    def active_below(self) -> int:
        return sum(not one.is_archived for one in self.below)


def branches() -> list[Branch]:
    """The open scope's environment and everything below it, each after the one above it; eight statements."""
    return list(_found())


def branch_of(slug: str) -> Branch | None:
    """One of ``branches``; None for what is elsewhere, above, or nowhere."""
    return next((one for one in _found() if one.environment.slug == slug), None)


def _found() -> list[Branch]:
    scope = current_scope()
    links = EnvironmentAncestor.objects.filter(ancestor_id=scope.environment_id).select_related("environment")
    links = links.defer(*(f"environment__{name}" for name in SHOWN)).order_by("depth", "environment__name")
    rows = [(link.environment, link.depth) for link in links]
    ids = [environment.pk for environment, _depth in rows]
    hosts: dict[int, str] = {}
    for host in Host.objects.filter(environment_id__in=ids).order_by("-is_primary", "pk"):
        hosts.setdefault(host.environment_id, host.name)
    limits = _own_limits(rows)
    below = "environment__ancestor_links__ancestor_id"
    with open_scope(environment_id=scope.environment_id, person_id=scope.person_id, readable=tuple(ids)):
        current = Membership.objects.filter(environment_id__in=ids, ended_at=None)
        members = dict(current.values_list("environment_id").annotate(Count("pk")).order_by())
        counted = current.filter(environment__archived_at=None).values_list(below)
        people = dict(counted.annotate(Count("person_id", distinct=True)).order_by())
        files = StoredFile.objects.filter(environment_id__in=ids)
        used = dict(files.values_list("environment_id").annotate(Sum("size")).order_by())
        stored = dict(files.values_list(below).annotate(Sum("size")).order_by())
    known: dict[int, Branch] = {}
    for environment, depth in rows:
        pk = environment.pk
        branch = Branch(environment, depth, hosts.get(pk) or f"{environment.slug}.localhost")
        branch.members, branch.used = members.get(pk, 0), used.get(pk, 0)
        branch.people, branch.stored = people.get(pk, 0), stored.get(pk, 0)
        branch.people_limit, branch.storage_limit = limits.get((pk, PEOPLE), 0), limits.get((pk, STORAGE), 0) * MB
        known[pk] = branch
        if depth and environment.parent_id in known:
            known[environment.parent_id].below.append(branch)
    return _in_order(known[scope.environment_id])


def _own_limits(rows: list[tuple[Environment, int]]) -> dict[tuple[int, str], int]:
    """(environment, key) -> its own limit, where no environment above has locked another."""
    places = {environment.pk: environment for environment, _depth in rows}
    own = EnvironmentSetting.objects.filter(environment_id__in=places, key__in=[PEOPLE, STORAGE])
    facts = own.values_list("environment_id", "key", "value")
    return {(pk, key): value for pk, key, value in facts if setting_of(places[pk], key) == value}


def _in_order(branch: Branch) -> list[Branch]:
    return [branch, *(found for one in branch.below for found in _in_order(one))]


def seat_entries(environment: Environment) -> list[SeatEntry]:
    """Who took and freed seats in this environment or one below, the newest first."""
    scope = current_scope()
    with open_scope(environment_id=scope.environment_id, person_id=scope.person_id, readable=(environment.pk,)):
        rows = SeatEntry.objects.filter(environment_id=environment.pk).select_related("person")
        return list(rows.order_by("-at", "-id")[:ENTRIES])


def newest_export(environment: Environment) -> EnvironmentExport | None:
    """The last copy of it that was asked for from here."""
    return EnvironmentExport.objects.filter(subject_id=environment.pk).order_by("-pk").first()


@dataclass(frozen=True)
class Destination:
    """Where an element of this environment could be lent (below) or moved by this administrator."""

    environment: Environment
    is_below: bool
    is_lent: bool

    @property
    def slug(self) -> str:
        return str(self.environment.slug)


def destinations(*, element: Element, by: Membership) -> list[Destination]:
    """Every environment of the same root, not archived, that ``by`` is administrator of, by name; seven statements."""
    here = by.environment_id
    with own_rows():
        admin = Membership.objects.filter(ended_at=None, roles__contains=[Role.ADMIN])
        tops = set(admin.values_list("environment_id", flat=True))
    root = EnvironmentAncestor.objects.filter(environment_id=here).order_by("-depth").values("ancestor_id")[:1]
    tree = Environment.objects.filter(ancestor_links__ancestor_id__in=root, archived_at=None).exclude(pk=here)
    found = tree.filter(pk__in=EnvironmentAncestor.objects.filter(ancestor_id__in=tops).values("environment_id"))
    rows = list(found.defer(*SHOWN).order_by("name", "pk"))
    below = set(EnvironmentAncestor.objects.filter(ancestor_id=here).values_list("environment_id", flat=True))
    scope = current_scope()
    with open_scope(environment_id=here, person_id=scope.person_id, readable=tuple(below)):
        lent = Availability.objects.filter(element=element, offered=True, origin_id=here)
        lent_to = set(lent.values_list("environment_id", flat=True))
    return [Destination(row, row.pk in below, row.pk in lent_to) for row in rows]
