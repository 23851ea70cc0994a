"""Elements: making them, crediting, connecting, offering down."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from ecosystem.exceptions import EcosystemError
from ecosystem.models import Availability, Connection, Credit, Element, Environment, EnvironmentAncestor, Person
from ecosystem.registry import element_kinds
from ecosystem.scope import current_scope, open_scope
from ecosystem.search import index_element


@transaction.atomic
def element_create(
    *,
    kind: str,
    title: str,
    creators: Iterable[Person | str],
    slug: str = "",
    owner: Person | None = None,
    **facts: Any,
) -> Element:
    """A new element of the open environment, with its makers credited.

    Refuses an unknown kind, an element without a maker, and (IntegrityError) a slug that is taken.
    """
    if kind not in element_kinds:
        raise EcosystemError(_("There is no kind of element called “%(kind)s”.") % {"kind": kind})
    makers = list(creators)
    if not makers:
        raise EcosystemError(_("Say who made it: every element credits at least one person."))
    environment_id = current_scope().environment_id
    element = Element(
        environment_id=environment_id,
        kind=kind,
        title=title,
        slug=slug or slugify(title)[:100],
        owner=owner or next((maker for maker in makers if isinstance(maker, Person)), None),
        **facts,
    )
    element.clean_fields(exclude=["environment", "owner"])
    element.save()
    Availability.objects.create(environment_id=environment_id, element=element, origin_id=environment_id, offered=False)
    Credit.objects.bulk_create(
        [
            Credit(
                environment_id=environment_id,
                element=element,
                person=maker if isinstance(maker, Person) else None,
                name=maker.name if isinstance(maker, Person) else maker,
                position=position,
            )
            for position, maker in enumerate(makers)
        ]
    )
    index_element(element=element)
    return element


@transaction.atomic
def credits_set(*, element: Element, credits: Iterable[tuple[str, str]]) -> None:
    """Who made an own element, as (name, role) in their order, in place of who is said to have made it now."""
    made = list(dict.fromkeys(credits))
    if not made:
        raise EcosystemError(_("Say who made it: every element credits at least one person."))
    Credit.objects.filter(element=element).delete()
    common = {"environment_id": element.environment_id, "element": element}
    rows = [Credit(**common, name=name, role=role, position=place) for place, (name, role) in enumerate(made)]
    Credit.objects.bulk_create(rows)


@transaction.atomic
def elements_connect(
    *, source: Element, target: Element, kind: str, hypothesis: str = "", owner: Person | None = None
) -> Connection:
    """Connect two elements available here; the same connection twice is one."""
    connection, _created = Connection.objects.get_or_create(
        environment_id=current_scope().environment_id,
        source=source,
        target=target,
        kind=kind,
        defaults={"hypothesis": hypothesis, "owner": owner},
    )
    return connection


def element_closure(*, element: Element) -> set[int]:
    """The element and everything it uses (a course: its pages, quizzes and their banks)."""
    found, todo = set(), {element.pk}
    while todo:
        known = {row.pk: row for row in Element.objects.filter(pk__in=todo)}
        found |= set(known)
        todo = set()
        for row in known.values():
            if kind := element_kinds.get(row.kind):
                todo |= kind.uses(row) - found
    return found


@transaction.atomic
def element_offer(*, element: Element, to: Environment) -> int:
    """Offer an own element, with all it uses, to an environment below; returns how many became available.

    Refuses an environment that is not below the open one and elements that are not ours.
    """
    origin = current_scope().environment_id
    below = EnvironmentAncestor.objects.filter(environment=to, ancestor_id=origin, depth__gt=0).exists()
    if not below:
        raise EcosystemError(_("Elements can only be offered to an environment below this one."))
    ids = element_closure(element=element)
    ours = set(Element.objects.filter(pk__in=ids, environment_id=origin).values_list("pk", flat=True))
    if ids != ours:
        raise EcosystemError(_("Only elements of this environment can be offered."))
    with open_scope(environment_id=to.pk):
        rows = [Availability(environment=to, element_id=pk, origin_id=origin, offered=True) for pk in sorted(ids)]
        before = Availability.objects.filter(element_id__in=ids).count()
        Availability.objects.bulk_create(rows, ignore_conflicts=True)
        for row in Element.objects.filter(pk__in=ids):
            index_element(element=row)
        return len(ids) - before


FACTS = frozenset(
    {
        "title", "slug", "summary", "language", "tags", "minutes", "cover", "url", "owner",
        "lifecycle", "visibility", "why", "review_on",
    }
)  # fmt: skip
FOUND_BY = frozenset({"title", "summary", "language", "tags"})


@transaction.atomic
def element_update(*, element: Element, **facts: Any) -> Element:
    """Change facts of an own element; what others have changed meanwhile stays.

    Refuses elements of another environment, facts that belong to its app, and a slug that is taken.
    """
    if not set(facts) <= FACTS:
        raise EcosystemError(
            _("These cannot be changed: %(names)s.") % {"names": ", ".join(sorted(set(facts) - FACTS))}
        )
    if element.environment_id != current_scope().environment_id:
        raise EcosystemError(_("It comes from the environment above and is changed there."))
    fresh = Element.objects.select_for_update().get(pk=element.pk)
    for name, value in facts.items():
        setattr(fresh, name, value)
    fresh.clean_fields(exclude=["environment", "owner"])
    same = Element.objects.filter(environment_id=fresh.environment_id, slug=fresh.slug).exclude(pk=fresh.pk)
    if same.exists():
        raise EcosystemError(_("There is already an element with the address “%(slug)s”.") % {"slug": fresh.slug})
    fresh.save(update_fields=[*facts, "updated_at"])
    if not FOUND_BY.isdisjoint(facts):
        index_element(element=fresh)
    return fresh


@transaction.atomic
def connection_update(*, connection: Connection, hypothesis: str, owner: Person | None) -> Connection:
    """Reword what is expected of a connection. Its ends and kind stay: another connection is another row."""
    connection.hypothesis, connection.owner = hypothesis, owner
    connection.save(update_fields=["hypothesis", "owner"])
    return connection


@transaction.atomic
def elements_disconnect(*, connection: Connection) -> None:
    """Take a connection away; the elements stay."""
    connection.delete()
