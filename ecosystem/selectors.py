"""Reads that cross tables."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from ecosystem import clock
from ecosystem.hosts import address_for
from ecosystem.models import Credit, Delegation, Element, EnvironmentAncestor, Host, Membership, Person, Reach, Role
from ecosystem.prepared import Among, Given, prepared
from ecosystem.scope import own_rows, reading_above


def environments_of_person() -> list[Membership]:
    """The person's memberships in every environment, for the switcher."""
    with own_rows():
        return list(
            Membership.objects.filter(ended_at=None).select_related("environment").order_by("environment__name")
        )


@prepared
def _credits(*, elements: Given) -> QuerySet[Credit, tuple[int, str]]:
    return Credit.objects.filter(Among("element_id", elements)).values_list("element_id", "name")


def makers_of(*, elements: list[Element]) -> dict[int, list[str]]:
    """Names of the makers per element id, in credit order."""
    makers: dict[int, list[str]] = {}
    for element_id, name in _credits(elements=[element.pk for element in elements]):
        makers.setdefault(element_id, []).append(name)
    return makers


FOUND_AT_MOST = 20


def delegations_here() -> list[Delegation]:
    """Every delegation that holds or will hold here, given here or above, those that end first on top."""
    with reading_above() as chain:
        covering = Q(environment_id=chain[0]) | Q(reach=Reach.BELOW)
        rows = Delegation.objects.filter(covering, revoked_at=None, ends_at__gt=clock.now())
        return list(rows.select_related("person", "environment", "element").order_by("ends_at", "pk"))


def members_with_roles() -> QuerySet[Membership]:
    """Members who are more than learners here, by name."""
    staff = [role for role in Role.values if role != Role.LEARNER]
    rows = Membership.objects.filter(ended_at=None, roles__overlap=staff)
    return rows.select_related("person").order_by("person__name", "pk")


def people_to_ask(*, words: str, by: Membership) -> list[Membership]:
    """Members here, and where ``by`` is a member above, whose name or e-mail address holds ``words``; at most 20."""
    with reading_above() as chain:
        mine = Membership.objects.filter(person_id=by.person_id, ended_at=None).values_list("environment_id", flat=True)
        places = [chain[0], *set(mine)]
        rows = Membership.objects.filter(environment_id__in=places, ended_at=None, person__is_active=True)
        rows = rows.exclude(person_id=by.person_id).select_related("person")
        if words:
            rows = rows.filter(Q(person__name__icontains=words) | Q(person__email__icontains=words))
        found = rows.order_by("person__name", "person_id", "-environment_id")[: 2 * FOUND_AT_MOST]
        return list({row.person_id: row for row in found}.values())[:FOUND_AT_MOST]


@dataclass(frozen=True)
class Looked:
    """An environment that the person looks after; ``delegation`` None: as administrator of one above it."""

    environment_id: int
    name: str
    delegation: Delegation | None
    href: str


def looked_after() -> list[Looked]:
    """Every environment that the signed-in person looks after by delegation or from above, by name; six queries."""
    now = clock.now()
    with own_rows():
        held = Delegation.objects.filter(revoked_at=None, starts_at__lte=now, ends_at__gt=now).order_by("ends_at")
        given = list(held.select_related("environment"))
        admin = Membership.objects.filter(ended_at=None, roles__contains=[Role.ADMIN])
        admin_of = set(admin.values_list("environment_id", flat=True))
    tops = admin_of | {row.environment_id for row in given}
    below = EnvironmentAncestor.objects.filter(ancestor_id__in=tops, environment__archived_at=None)
    links = list(below.select_related("environment"))
    found: dict[int, Delegation | None] = {
        link.environment_id: None for link in links if link.ancestor_id in admin_of and link.depth
    }
    for row in given:
        for link in links:
            if link.ancestor_id == row.environment_id and (link.depth == 0 or row.reach == Reach.BELOW):
                found.setdefault(link.environment_id, row)
    hosts: dict[int, str] = {}
    for host in Host.objects.filter(environment_id__in=found).order_by("-is_primary", "pk"):
        hosts.setdefault(host.environment_id, host.name)
    names = {link.environment_id: link.environment for link in links}
    rows = [
        Looked(pk, names[pk].name, row, address_for(hosts.get(pk) or f"{names[pk].slug}.localhost"))
        for pk, row in found.items()
    ]
    return sorted(rows, key=lambda one: (one.name, one.environment_id))


def member_of_email(*, email: str) -> Person | None:
    """The member here with this address; None for strangers and for those who have left."""
    member = Membership.objects.select_related("person").filter(person__email=email.strip().lower(), ended_at=None)
    found = member.first()
    return found.person if found else None
