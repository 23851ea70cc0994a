"""Working through a package: its parts, the page with the player, and what the player hands over."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from content.cmi import beginning, learner_id
from content.models import Package, PackageUnit, Standard, UnitState
from content.selectors import shown_row, units_shown
from content.services import launch_create, unit_open, unit_report
from content.views.reading import about
from ecosystem.access import requires
from ecosystem.bodies import body_of
from ecosystem.exceptions import EcosystemError
from ecosystem.gates import closed_page
from ecosystem.isolated import isolated_origin, sign
from ecosystem.models import Membership
from ecosystem.received import json_received
from ecosystem.rules import anyone, is_member
from ecosystem.serving import framing


@requires(is_member)
def package(request: HttpRequest, slug: str) -> HttpResponse:
    """The parts with their state; with one part only, what one would do next is to open it."""
    found = shown_row(Package, membership=request.membership, slug=slug)  # type: ignore[attr-defined]
    if closed := closed_page(request, found.element):
        return closed
    units = units_shown(package=found, person_id=request.membership.person_id)  # type: ignore[attr-defined]
    following = next((row for row in units if not row.is_done), units[0])
    done = sum(row.is_done for row in units)
    context = {"package": found, "units": units, "following": following, "done": done, **about(request, found.element)}
    return render(request, "content/package.html", context)


@requires(is_member)
def play(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """One part in its frame. What it begins with stands in the page and is handed to the frame by message."""
    found, unit = _unit(request, slug, position)
    if closed := closed_page(request, found.element):
        return closed
    membership = request.membership  # type: ignore[attr-defined]
    row = unit_open(package=found, unit=unit)
    origin = isolated_origin(request)
    token = sign("package", request.environment.pk, found.pk)  # type: ignore[attr-defined]
    if found.standard == Standard.CMI5:
        frame = launch_create(package=found, unit=unit, membership=membership, origin=origin, token=token)
        begin: dict[str, object] = {}
    else:
        frame = f"{origin}/packages/{token}/player/"
        begin = _begin(found, unit, row, membership)
    onward = request.GET.get("next", "")
    context = {
        "package": found,
        "unit": unit,
        "frame": frame,
        "begin": begin,
        "origin": origin,
        "back": reverse("content:package", args=[slug]) + (f"?{urlencode({'next': onward})}" if onward else ""),
        **about(request, found.element),
    }
    return framing(render(request, "content/play.html", context), origin)


def _begin(package: Package, unit: PackageUnit, row: UnitState, membership: Membership) -> dict[str, object]:
    cmi = beginning(
        package.standard,
        row.cmi,
        name=membership.person.name,
        learner=learner_id(environment_id=row.environment_id, person_id=row.person_id),
        launch_data=unit.launch_data,
        mastery=unit.mastery,
    )
    return {"standard": package.standard, "path": f"{unit.path}{unit.query}", "cmi": cmi, "sequence": row.sequence}


# Not @requires(is_member): a redirect to the sign-in page would look like success to a player.
@requires(anyone)
@require_POST
def report(request: HttpRequest, slug: str, position: int) -> HttpResponse:
    """{"cmi": {...}, "sequence": number} of the person's own player."""
    if not is_member(request.membership):  # type: ignore[attr-defined]
        return JsonResponse({"detail": _("Sign in again.")}, status=401)
    found, unit = _unit(request, slug, position)
    if closed := closed_page(request, found.element):
        return closed
    try:
        said = json_received(body_of(request))
        cmi, sequence = said["cmi"], said["sequence"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return JsonResponse({"detail": _("This cannot be read.")}, status=400)
    if not isinstance(cmi, dict) or type(sequence) is not int or not 0 <= sequence < 2**53:
        return JsonResponse({"detail": _("This cannot be read.")}, status=400)
    try:
        row = unit_report(package=found, unit=unit, cmi=cmi, sequence=sequence)
    except EcosystemError as refusal:
        return JsonResponse({"detail": str(refusal)}, status=409)
    return JsonResponse({"status": row.status, "score": row.score, "sequence": row.sequence})


def _unit(request: HttpRequest, slug: str, position: int) -> tuple[Package, PackageUnit]:
    found = shown_row(Package, membership=request.membership, slug=slug)  # type: ignore[attr-defined]
    unit = found.units.filter(position=position).first() if position < 2**15 else None
    if unit is None or (found.standard == Standard.CMI5 and request.method == "POST"):
        raise Http404
    return found, unit
