"""Which elements a person may open. The one rule behind pages, quizzes and the API.

Apps above can open more to a person: a course registers the elements of the activities somebody is enrolled for.
"""

from collections.abc import Callable

from django.db.models import Q, QuerySet

from ecosystem.models import Credit, Element, Membership, Visibility
from ecosystem.powers import courses_of
from ecosystem.registry import Registry
from ecosystem.rules import is_author

# membership -> ids of elements that are open to the person whatever their visibility.
openings: Registry[Callable[[Membership], QuerySet]] = Registry()


def openable(membership: Membership, *, element: str = "") -> Q:
    """Rows whose element the person may open; ``element`` is the path to it, as in ``"element__"``.

    What members may see, what one owns or is credited for, what a course asks of one, and courses one has powers over.
    Who may change content here opens everything that is available here.
    """
    if is_author(membership):
        return Q()
    person = membership.person_id
    made = Credit.objects.filter(person_id=person).values("element_id")
    allowed = Q(**{f"{element}pk__in": made}) | Q(**{f"{element}owner_id": person})
    if membership.is_current:
        allowed |= Q(**{f"{element}visibility": Visibility.MEMBERS})
    if courses := courses_of(membership):
        allowed |= Q(**{f"{element}pk__in": courses})
    for opening in openings:
        allowed |= Q(**{f"{element}pk__in": opening(membership)})
    return allowed


def may_open(membership: Membership, element: Element) -> bool:
    """The same of one element that is at hand and available here: a query only where the element itself does not say."""
    if is_author(membership) or element.owner_id == membership.person_id:
        return True
    if membership.is_current and element.visibility == Visibility.MEMBERS:
        return True
    return Element.objects.filter(openable(membership), pk=element.pk).exists()


def elements_for(membership: Membership) -> QuerySet[Element]:
    """Every element available here that the person may open."""
    return Element.objects.filter(openable(membership))
