"""Lending a course to an environment below, or moving it to another one: first what would change, then it happens."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ecosystem.access import requires
from ecosystem.environment_tree import Destination, destinations
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Element
from ecosystem.people_views.reading import actor, text_of
from ecosystem.rules import may_set
from ecosystem.scope import current_scope
from ecosystem.services.lending import element_lend, element_take_back, lending_preview
from ecosystem.services.moving import element_move, move_preview
from ecosystem.slugs import row_of_slug

ACTS = {"lend": element_lend, "take-back": element_take_back, "move": element_move}
MOST = 200


@requires(may_set)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    rows = _own().filter(kind="course").order_by("title")[:MOST]
    return render(request, "ecosystem/environments/sharing.html", {"rows": rows})


@requires(may_set)
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, slug: str) -> HttpResponse:
    """Where it could go; with ``to`` what that would change; posted, it happens."""
    element, by = row_of_slug(_own(), slug), actor(request)
    places = destinations(element=element, by=by)
    place = next((one for one in places if one.slug == text_of(request.GET, "to")), None)
    act = ACTS.get(request.POST.get("act", ""))
    if act is not None and place is not None:
        try:
            act(element=element, to=place.environment, by=by)
        except EcosystemError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Done. It is in the audit log of both."))
            return redirect("settings:sharing") if act is element_move else redirect("settings:share", slug)
    facts: dict[str, Any] = {"element": element, "places": places, "place": place}
    if place is not None:
        facts |= _differences(element, place, by)
    return render(request, "ecosystem/environments/share.html", facts)


def _differences(element: Element, place: Destination, by: Any) -> dict[str, Any]:
    lending = lending_preview(element=element, to=place.environment) if place.is_below else None
    return {"lending": lending, "move": move_preview(element=element, to=place.environment, by=by)}


def _own() -> Any:
    return Element.objects.filter(environment_id=current_scope().environment_id)
