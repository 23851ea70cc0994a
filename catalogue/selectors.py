"""What the catalogue shows."""

from django.db.models import Q, QuerySet

from catalogue.models import Access, Offer
from courses.models import Enrolment, EnrolmentState
from ecosystem import clock
from ecosystem.models import Element, Lifecycle, Membership, Visibility
from ecosystem.prepared import Given, prepared
from ecosystem.rules import is_author

SHOWN_KINDS = (
    "course", "job_aid", "checklist", "package", "video", "file", "link", "external", "page", "assessment",
)  # fmt: skip


def visible_elements() -> QuerySet[Element]:
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
    found = visible_elements().values("pk")
    return Element.objects.filter(Q(pk__in=found) | Q(pk__in=_taken(membership.person_id)))


def _taken(person: Given) -> QuerySet[Enrolment, dict[str, int]]:
    mine = Enrolment.objects.filter(person_id=person, state__in=EnrolmentState.living())
    return mine.values("element_id")


def offer_of(*, element: Element) -> Offer | None:
    return Offer.objects.filter(element=element).select_related("run").first()


def offers_for(*, membership: Membership, limit: int = 6) -> list[Offer]:
    """Open offers of courses the person has not enrolled in."""
    return _open_offers(person=membership.person_id, now=clock.now())[:limit]


@prepared
def _open_offers(*, person: Given, now: Given) -> QuerySet[Offer]:
    offers = Offer.objects.filter(
        Q(opens_at=None) | Q(opens_at__lte=now),
        Q(closes_at=None) | Q(closes_at__gt=now),
        access=Access.FREE,
        run__isnull=False,
        element__in=visible_elements(),
    ).exclude(element_id__in=_taken(person))
    return offers.select_related("element").order_by("-created_at", "pk")[:6]
