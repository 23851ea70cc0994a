"""Two hand-ins that are alike, side by side, for whoever marks both."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ecosystem.access import requires
from handins.access import may_review
from handins.models import Similarity
from handins.selectors.similarity import pairs_of
from handins.views.reviewing.reviewed import reviewed_round


@requires(may_review)
@require_safe
def similar(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The passages that both have. Not found: where this person does not mark both."""
    found = Similarity.objects.filter(uid=uid).values_list("fingerprint__round__uid", "other__round__uid").first()
    if found is None:
        raise Http404
    here, there = (reviewed_round(request, one) for one in found)
    context = {"round": here, "other": there, "pairs": pairs_of(here, there)}
    return render(request, "handins/similar.html", context)
