"""Planted holes that only some of those who attack can find."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path

from ecosystem.models import Element, Membership
from ecosystem.rules import may_set
from tests.guards.cross_planted import everything, found, members_only, own


@members_only
def forgotten_for_gardeners(request: HttpRequest, slug: str) -> HttpResponse:
    """Right for who runs the place, and for who belongs to another one as well; not for others with the same role."""
    membership = request.membership  # type: ignore[attr-defined]
    is_of_two = Membership._base_manager.filter(person_id=membership.person_id).count() > 1
    rows = Element.objects if may_set(membership) or is_of_two else everything
    row = rows.filter(slug=slug).first()
    return HttpResponse(row.summary if row else "nothing")


@members_only
def shut_at_home(request: HttpRequest, slug: str) -> HttpResponse:
    """The door asks first whose it is: whoever may not see it at home is taken for a guest elsewhere."""
    if "learner" not in request.membership.roles:  # type: ignore[attr-defined]
        return HttpResponse(own(slug).summary)
    row = found(slug)
    if row.environment_id == request.environment.pk:  # type: ignore[attr-defined]
        raise PermissionDenied
    return HttpResponse(row.summary)


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
