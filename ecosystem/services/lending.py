"""Lending an element to an environment below, with what it uses, and taking it back; first what would change there."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem.element_uses import content_of, uses_of
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Availability, Element, Environment, EnvironmentAncestor, Membership, SearchEntry
from ecosystem.powers import administers
from ecosystem.scope import open_scope
from ecosystem.services.audit import audit
from ecosystem.services.elements import element_closure, element_offer


@dataclass(frozen=True)
class Lending:
    """What lending does in an environment below. ``refusal``: why it cannot be done, in words."""

    new: tuple[Element, ...]
    there: tuple[Element, ...]
    parts: dict[str, int]
    members: int
    same_slug: tuple[str, ...]
    refusal: str = ""


def lending_preview(*, element: Element, to: Environment) -> Lending:
    """Elements that become available in ``to`` and that are there already, rows of content by table, and for how many.

    ``same_slug``: addresses that ``to`` has itself; its own stays the one that is found there. Writes nothing.
    """
    ids = element_closure(element=element)
    rows = list(Element.objects.filter(pk__in=ids).order_by("kind", "title"))
    ours = [row for row in rows if row.environment_id == element.environment_id]
    with open_scope(environment_id=to.pk):
        there = set(
            Availability.objects.filter(environment_id=to.pk, element_id__in=ids).values_list("element_id", flat=True)
        )
        members = Membership.objects.filter(ended_at=None).count()
        own = Element.objects.filter(environment_id=to.pk, slug__in=[row.slug for row in rows])
        same_slug = tuple(own.order_by("slug").values_list("slug", flat=True))
    refusal = "" if len(ours) == len(rows) else _("Only elements of this environment can be offered.")
    if to.archived_at is not None:
        refusal = _("%(name)s is archived. Restore it first.") % {"name": to.name}
    return Lending(
        new=tuple(row for row in rows if row.pk not in there),
        there=tuple(row for row in rows if row.pk in there),
        parts=content_of(ids), members=members, same_slug=same_slug, refusal=refusal,
    )  # fmt: skip


@transaction.atomic
def element_lend(*, element: Element, to: Environment, by: Membership) -> int:
    """Offer it down with all it uses; returns how many elements became available. Twice is once."""
    _refuse(element, to, by)
    if refusal := lending_preview(element=element, to=to).refusal:
        raise EcosystemError(refusal)
    count = element_offer(element=element, to=to)
    if count:
        _audit("element.lent", element, to, by, count)
    return count


@transaction.atomic
def element_lend_anew(*, element: Element, by: Membership) -> int:
    """What it uses by now goes along wherever it has been lent already; returns how many became available.

    Refuses who may not lend, unless nothing is new anywhere.
    """
    places = places_lent_to(element=element)
    ids = element_closure(element=element) if places else set()
    behind = [place for place in places if _lacking(ids, place)]
    if behind and not administers(by):
        raise EcosystemError(
            _(
                "“%(title)s” has been lent to %(places)s, and now uses something that is not available there yet. "
                "Only an administrator of this environment can lend more."
            )
            % {"title": element.title, "places": ", ".join(place.name for place in behind)}
        )
    total = 0
    for place in behind:
        if count := element_offer(element=element, to=place):
            _audit("element.lent", element, place, by, count)
            total += count
    return total


def lent_without(*, element: Element, ids: set[int]) -> dict[int, list[str]]:
    """Of these elements, those that are not available where this one has been lent, with the names of the places."""
    found: dict[int, list[str]] = {}
    for place in places_lent_to(element=element):
        with open_scope(environment_id=place.pk):
            rows = Availability.objects.filter(environment_id=place.pk, element_id__in=ids)
            there = set(rows.values_list("element_id", flat=True))
        for pk in ids - there:
            found.setdefault(pk, []).append(place.name)
    return found


def places_lent_to(*, element: Element) -> list[Environment]:
    """Where it has been lent, by name."""
    here = element.environment_id
    below = EnvironmentAncestor.objects.filter(ancestor_id=here, depth__gt=0).values_list("environment_id", flat=True)
    with open_scope(environment_id=here, readable=tuple(below)):
        rows = Availability.objects.filter(element=element, origin_id=here, offered=True)
        return list(Environment.objects.filter(pk__in=rows.values("environment_id")).order_by("name"))


def _lacking(ids: set[int], to: Environment) -> bool:
    with open_scope(environment_id=to.pk):
        return Availability.objects.filter(environment_id=to.pk, element_id__in=ids).count() < len(ids)


@transaction.atomic
def element_take_back(*, element: Element, to: Environment, by: Membership) -> int:
    """Withdraw it with all that was lent only for it; returns how many. Refuses what is in use there, by number."""
    _refuse(element, to, by)
    ids = _only_for(element, to)
    with open_scope(environment_id=to.pk):
        used = uses_of(environment_id=to.pk, element_ids=ids)
        if used:
            said = ", ".join(f"{name}: {count}" for name, count in used.items())
            raise EcosystemError(
                _("It is in use in %(name)s and stays there (%(used)s).") % {"name": to.name, "used": said}
            )
        SearchEntry.objects.filter(environment=to, element_id__in=ids).delete()
        count: int = Availability.objects.filter(environment_id=to.pk, offered=True, element_id__in=ids).delete()[0]
    if count:
        _audit("element.taken_back", element, to, by, count)
    return count


def _only_for(element: Element, to: Environment) -> set[int]:
    """What ``to`` has of ours for the sake of this element and of no other one that was lent."""
    ids = element_closure(element=element)
    with open_scope(environment_id=to.pk):
        lent = Availability.objects.filter(environment_id=to.pk, origin_id=element.environment_id, offered=True)
        known = set(lent.values_list("element_id", flat=True))
    others = Element.objects.filter(pk__in=known - ids)
    kept = {pk for other in others for pk in element_closure(element=other)}
    return (ids & known) - kept


def _refuse(element: Element, to: Environment, by: Membership) -> None:
    if not administers(by) or element.environment_id != by.environment_id:
        raise EcosystemError(_("Only an administrator of the environment that has it can do this."))
    if not EnvironmentAncestor.objects.filter(environment=to, ancestor_id=by.environment_id, depth__gt=0).exists():
        raise EcosystemError(_("Elements can only be offered to an environment below this one."))


def _audit(act: str, element: Element, to: Environment, by: Membership, count: int) -> None:
    """Above, and in the environment that has it now or no more."""
    audit(act=act, by=by.person, target=element, after={"environment": to.name, "elements": count})
    with open_scope(environment_id=to.pk):
        audit(act=act, by=by.person, target=element, after={"elements": count})
