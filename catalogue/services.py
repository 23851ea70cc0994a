"""Offering elements, and taking an offer up."""

from django.db import transaction
from django.utils.translation import gettext as _

from catalogue.exceptions import CatalogueError
from catalogue.models import Access, Offer
from courses.models import CourseRun, Enrolment
from courses.services import enrolment_create
from ecosystem import clock
from ecosystem.models import Element, Lifecycle, Person
from ecosystem.scope import current_scope
from ecosystem.setting_kinds import setting_here


@transaction.atomic
def offer_make(*, element: Element, run: CourseRun | None = None, access: str = Access.FREE) -> Offer:
    """Put an element into the catalogue of the open environment; again changes the offer."""
    offer, _created = Offer.objects.update_or_create(
        environment_id=current_scope().environment_id, element=element, defaults={"run": run, "access": access}
    )
    return offer


@transaction.atomic
def offer_take(*, offer: Offer, person: Person) -> Enrolment:
    """Enrol the person through the offer; twice is once. Refuses closed offers, those outside their dates and
    what has been retired."""
    now = clock.now()
    if not setting_here("self_enrolment"):
        raise CatalogueError(_("You cannot enrol by yourself here. Ask the people who offer it."))
    if offer.run is None or offer.access != Access.FREE:
        raise CatalogueError(_("You cannot enrol in this by yourself. Ask the people who offer it."))
    if offer.element.lifecycle == Lifecycle.RETIRED:
        raise CatalogueError(_("This is no longer offered."))
    if (offer.opens_at and now < offer.opens_at) or (offer.closes_at and now >= offer.closes_at):
        raise CatalogueError(_("Enrolment is not open at this moment."))
    return enrolment_create(run=offer.run, person=person)
