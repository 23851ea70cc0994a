"""What the catalogue shows."""

from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from catalogue.models import Access, Offer
from courses.models import Enrolment, EnrolmentState
from ecosystem import clock
from ecosystem.models import Element, Lifecycle, Membership, Visibility
from ecosystem.registry import ElementKind, element_kinds
from ecosystem.rules import is_author
from ecosystem.search import hits, in_order

SHOWN_KINDS = ("course", "job_aid", "external", "page", "assessment")


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
    by_kind = Case(
        *(When(kind=kind, then=Value(at)) for at, kind in enumerate(SHOWN_KINDS)), output_field=IntegerField()
    )
    return rows.order_by(by_kind, "title")


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


def elements_shown(*, membership: Membership) -> QuerySet[Element]:
    """What has a page in the catalogue: what can be found there and the courses the person is in.

    Authors, gardeners and administrators see everything that is available here.
    """
    if is_author(membership):
        return Element.objects.all()
    found = _visible().values("pk")
    return Element.objects.filter(Q(pk__in=found) | Q(pk__in=_taken(membership)))


def _taken(membership: Membership) -> QuerySet[Enrolment, dict[str, int]]:
    mine = Enrolment.objects.filter(person_id=membership.person_id, state__in=EnrolmentState.living())
    return mine.values("element_id")


def offer_of(*, element: Element) -> Offer | None:
    return Offer.objects.filter(element=element).select_related("run").first()


def offers_for(*, membership: Membership, limit: int = 6) -> list[Offer]:
    """Open offers of courses the person has not enrolled in."""
    now = clock.now()
    offers = Offer.objects.filter(
        Q(opens_at=None) | Q(opens_at__lte=now),
        Q(closes_at=None) | Q(closes_at__gt=now),
        access=Access.FREE,
        run__isnull=False,
        element__in=_visible(),
    ).exclude(element_id__in=_taken(membership))
    return list(offers.select_related("element").order_by("-created_at", "pk")[:limit])
