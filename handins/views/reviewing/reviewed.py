"""The work that an address of whoever marks names."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest

from ecosystem.people_views.reading import actor
from handins.models import Round
from handins.selectors.queue import round_for


def reviewed_round(request: HttpRequest, uid: UUID) -> Round:
    """Not found: a round of somebody whose work this person does not mark, their own, and a draft."""
    found = round_for(actor(request), uid)
    if found is None:
        raise Http404
    return found
