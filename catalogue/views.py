from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalogue.exceptions import CatalogueError
from catalogue.finding import Finding
from catalogue.selectors import elements_shown, offer_of
from catalogue.services import offer_take
from courses.models import Activity
from courses.selectors.learning import enrolment_for
from ecosystem.access import requires
from ecosystem.addresses import address
from ecosystem.models import Element
from ecosystem.registry import element_kinds
from ecosystem.rules import is_member
from ecosystem.selectors import makers_of
from ecosystem.slugs import row_of_slug

PER_PAGE = 24


@requires(is_member)
def index(request: HttpRequest) -> HttpResponse:
    """Search with facets, as a plain GET form: every result has an address."""
    wish = {name: request.GET.get(name, "").strip()[:200].replace("\x00", "") for name in ("q", "kind", "tag")}
    found = Finding(text=wish["q"], kind=wish["kind"], tag=wish["tag"])
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    elements = page.object_list
    makers = makers_of(elements=elements)
    return render(
        request,
        "catalogue/index.html",
        {
            "cards": [_card(element, makers.get(element.pk, [])) for element in elements],
            "page": page,
            "wish": wish,
            "query": urlencode({name: value for name, value in wish.items() if value}),
            "facets": [(facet, "?" + urlencode({**wish, "kind": facet.kind.key})) for facet in found.facets()],
            "everything": "?" + urlencode({"q": wish["q"]}),
        },
    )


def _card(element: Element, makers: list[str]) -> dict[str, Any]:
    facts = [("clock", _("%(minutes)s min") % {"minutes": element.minutes})] if element.minutes else []
    if makers:
        facts.append(("sprout", makers[0] if len(makers) == 1 else f"{makers[0]} +{len(makers) - 1}"))
    return {
        "title": element.title,
        "href": address("catalogue:item", element.slug),
        "art": element.cover,
        "kind": element_kinds[element.kind].label,
        "summary": element.summary,
        "facts": facts,
    }


@requires(is_member)
def item(request: HttpRequest, slug: str) -> HttpResponse:
    """What it is, who made it, and the way in."""
    membership = request.membership  # type: ignore[attr-defined]
    element = row_of_slug(elements_shown(membership=membership), slug)
    kind = element_kinds[element.kind]
    if element.kind != "course":
        if not kind.href(element):
            raise Http404
        return redirect(kind.href(element))
    offer = offer_of(element=element)
    enrolment = enrolment_for(membership=membership, course=element)
    plan = (
        list(Activity.objects.filter(version=offer.run.version_id).select_related("block"))
        if offer and offer.run
        else []
    )
    return render(
        request,
        "catalogue/item.html",
        {
            "element": element,
            "offer": offer,
            "enrolment": enrolment,
            "plan": plan,
            "makers": makers_of(elements=[element]).get(element.pk, []),
        },
    )


@requires(is_member)
@require_POST
def enrol(request: HttpRequest, slug: str) -> HttpResponse:
    membership = request.membership  # type: ignore[attr-defined]
    course = row_of_slug(elements_shown(membership=membership).filter(kind="course"), slug)
    offer = offer_of(element=course)
    if offer is None:
        raise Http404
    try:
        offer_take(offer=offer, person=membership.person)
    except CatalogueError as refusal:
        messages.error(request, str(refusal))
        return redirect("catalogue:item", slug=slug)
    return redirect("courses:course", slug=slug)
