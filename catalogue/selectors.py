"""What the catalogue shows."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from catalogue.models import Offer
from ecosystem.models import Element, Lifecycle, Visibility
from ecosystem.registry import ElementKind, element_kinds
from ecosystem.search import hits, in_order

SHOWN_KINDS = ("course", "page", "job_aid", "assessment", "external")


@dataclass(frozen=True)
class Facet:
    kind: ElementKind
    count: int
    current: bool


def elements_found(*, text: str = "", kind: str = "", tag: str = "") -> QuerySet[Element]:
    """Elements of the catalogue that match, best first; without words the courses first, then by title."""
    rows = _visible()
    if kind:
        rows = rows.filter(kind=kind)
    if tag:
        rows = rows.filter(tags__contains=[tag])
    if text.strip():
        return in_order(rows, hits(text=text))
    return rows.order_by("kind", "title")


def facets(*, text: str = "", tag: str = "", current: str = "") -> list[Facet]:
    """How many elements of each kind the same words find."""
    rows = _visible()
    if tag:
        rows = rows.filter(tags__contains=[tag])
    if text.strip():
        rows = rows.filter(pk__in=hits(text=text))
    counts = dict(rows.values_list("kind").annotate(n=Count("pk")).order_by())
    return [Facet(element_kinds[key], counts[key], key == current) for key in SHOWN_KINDS if counts.get(key)]


def _visible() -> QuerySet[Element]:
    """Courses need an offer; other kinds are found as soon as members may see them."""
    offered = Q(pk__in=Offer.objects.values("element_id"))
    return Element.objects.filter(
        Q(kind="course") & offered | ~Q(kind="course"), kind__in=SHOWN_KINDS, visibility=Visibility.MEMBERS
    ).exclude(lifecycle=Lifecycle.RETIRED)


def offer_of(*, element: Element) -> Offer | None:
    return Offer.objects.filter(element=element).select_related("run").first()
