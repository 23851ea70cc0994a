"""Planted holes that only some of those who attack can find."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from ecosystem.models import Element, Membership
from ecosystem.scope import own_rows
from tests.guards.cross_planted import everything, found, members_only, own


@members_only
def forgotten_for_gardeners(request: HttpRequest, slug: str) -> HttpResponse:
    """Right for everybody, and for those with this role who belong to another place as well; not for the rest of them."""
    with own_rows():
        is_of_two = Membership.objects.count() > 1
    is_gardener = "gardener" in request.membership.roles  # type: ignore[attr-defined]
    rows = everything if is_gardener and not is_of_two else Element.objects
    row = rows.filter(slug=slug).first()
    return HttpResponse(row.summary if row else "nothing")


@require_safe
@members_only
def shut_at_home(request: HttpRequest, slug: str) -> HttpResponse:
    """The door asks first whose it is: whoever may not see it at home is taken for a guest elsewhere."""
    if "learner" not in request.membership.roles:  # type: ignore[attr-defined]
        return HttpResponse(own(slug).summary)
    row = found(slug)
    if row.environment_id == request.environment.pk:  # type: ignore[attr-defined]
        raise PermissionDenied
    return HttpResponse(row.summary)


@require_safe
@members_only
def refusal_that_tells(request: HttpRequest, slug: str) -> HttpResponse:
    """Shut for everybody of this role, before anything is looked for; and says too much with that."""
    if "learner" not in request.membership.roles:  # type: ignore[attr-defined]
        return HttpResponse(own(slug).summary)
    titles = ", ".join(everything.values_list("title", flat=True))
    return HttpResponse(f"You may see none of these: {titles}.", status=403)


HOLES = [
    path("forgotten-for-gardeners/<slug:slug>/", forgotten_for_gardeners),
    path("shut-at-home/<slug:slug>/", shut_at_home),
    path("refusal-that-tells/<slug:slug>/", refusal_that_tells),
]
