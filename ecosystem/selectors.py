"""Reads that cross tables."""

from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Q, QuerySet

from ecosystem import clock
from ecosystem.hosts import addresses_of
from ecosystem.models import (
    STAFF,
    Credit,
    Delegation,
    Element,
    EnvironmentAncestor,
    Membership,
    Person,
    Power,
    Reach,
    Role,
    SignIn,
)
from ecosystem.powers import ROLE_POWERS, reasons_of
from ecosystem.prepared import Among, Given, prepared
from ecosystem.scope import own_rows, reading_above
from ecosystem.spans import WHOLE, Span, span_of

PLACES_KEPT = 300  # seconds


def environments_of_person() -> list[Membership]:
    """The person's memberships in every environment, for the switcher."""
    with own_rows():
        return list(
            Membership.objects.filter(ended_at=None).select_related("environment").order_by("environment__name")
        )


def where_signed_in() -> list[int]:
    """Ids of the environments where a sign-in of the person runs: as a member, or as somebody from above."""
    with own_rows():
        return sorted(set(SignIn.objects.filter(ended_at=None).values_list("environment_id", flat=True)))


def places_to_go() -> list[Membership]:
    """Those of ``environments_of_person`` that are not archived."""
    return [row for row in environments_of_person() if row.environment.archived_at is None]


@dataclass(frozen=True)
class Place:
    """An environment to go to, with its address without a final slash."""

    environment_id: int
    name: str
    href: str


def places_of(*, person: Person) -> list[Place]:
    """For the switcher on every page: the environments of the signed-in person when there are several, else none.

    Who is in one costs nothing, because the person already says so; the others ask the database once in five minutes.
    """
    if person.places < 2:
        return []
    key = f"places:{person.pk}:{person.places}"
    kept: list[Place] | None = cache.get(key)
    if kept is None:
        mine = [row.environment for row in places_to_go()]
        addresses = addresses_of(environments=mine)
        kept = [Place(row.pk, row.name, addresses[row.pk]) for row in mine]
        cache.set(key, kept, PLACES_KEPT)
    return kept if len(kept) > 1 else []


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
LOOKS_AFTER_PEOPLE = {role for role, powers in ROLE_POWERS.items() if Power.MANAGE_PEOPLE in powers}


def delegations_over(span: Span) -> Q:
    """Those that whoever may pass on as far as ``span`` looks after: all, or those over these courses and groups."""
    return Q() if span.everything else Q(element_id__in=span.courses) | Q(group_id__in=span.groups)


def delegations_here(*, span: Span = WHOLE) -> list[Delegation]:
    """Every delegation that holds or will hold here, given here or above, those that end first on top."""
    with reading_above() as chain:
        covering = (Q(environment_id=chain[0]) | Q(reach=Reach.BELOW)) & delegations_over(span)
        rows = Delegation.objects.filter(covering, revoked_at=None, ends_at__gt=clock.now())
        return list(rows.select_related("person", "environment", "element", "group").order_by("ends_at", "pk"))


def members_with_roles(*, span: Span = WHOLE) -> QuerySet[Membership]:
    """Members who are more than learners here, by name; of those whom ``span`` reaches."""
    rows = Membership.objects.filter(span.of_people(), ended_at=None, roles__overlap=STAFF)
    return rows.select_related("person").order_by("person__name", "pk")


def people_to_ask(*, words: str, by: Membership, address: str = "") -> list[Membership]:
    """Members whose name or e-mail address holds ``words``: here, and above where ``by`` may see people; at most 20.

    Where ``by`` is a member above and may not see people, somebody is found by their whole ``address`` only. Who may pass
    on over single courses and groups only finds the people in them, and colleagues: who is more than a learner.
    """
    span = span_of(by, Power.DELEGATE)
    reasons = [reason for reason in reasons_of(by) if reason.is_whole and reason.power == Power.MANAGE_PEOPLE]
    with reading_above() as chain:
        mine = Membership.objects.filter(person_id=by.person_id, ended_at=None).exclude(environment_id=chain[0])
        above = dict(mine.values_list("environment_id", "roles")) if span.everything else {}
        in_sight = chain[: max((reason.level for reason in reasons), default=0) + 1]
        seen = [chain[0], *(pk for pk, roles in above.items() if pk in in_sight or LOOKS_AFTER_PEOPLE & set(roles))]
        wanted = Q(environment_id__in=seen) & (span.of_people() | Q(roles__overlap=STAFF))
        if words:
            wanted &= Q(person__name__icontains=words) | Q(person__email__icontains=words)
        if address:
            wanted |= Q(environment_id__in=list(above), person__email=address.strip().lower())
        rows = Membership.objects.filter(wanted, ended_at=None, person__is_active=True)
        rows = rows.exclude(person_id=by.person_id).select_related("person")
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
    names = {link.environment_id: link.environment for link in links}
    addresses = addresses_of(environments=[names[pk] for pk in found])
    rows = [Looked(pk, names[pk].name, row, addresses[pk]) for pk, row in found.items()]
    return sorted(rows, key=lambda one: (one.name, one.environment_id))


def member_of_email(*, email: str) -> Person | None:
    """The member here with this address; None for strangers and for those who have left."""
    member = Membership.objects.select_related("person").filter(person__email=email.strip().lower(), ended_at=None)
    found = member.first()
    return found.person if found else None
