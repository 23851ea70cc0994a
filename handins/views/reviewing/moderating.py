"""A mark that somebody else looks at: upheld or not."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.people_views.reading import actor
from handins.access import may_review
from handins.services.moderating import verdict_give
from handins.views.reviewing.reviewed import reviewed_round


@requires(may_review)
@require_http_methods(["POST"])
def verdict(request: HttpRequest, uid: UUID) -> HttpResponse:
    """``do=uphold`` or ``do=return``, with words."""
    found, is_upheld = reviewed_round(request, uid), request.POST.get("do") == "uphold"
    try:
        verdict_give(round=found, is_upheld=is_upheld, words=request.POST.get("words", ""), by=actor(request))
    except EcosystemError as refusal:
        request.undo = True  # type: ignore[attr-defined]
        messages.error(request, str(refusal))
        return redirect("reviewing:round", uid)
    messages.success(request, _("Upheld.") if is_upheld else _("Not upheld. Whoever marked it is told why."))
    return redirect("/reviewing/?state=moderate")
