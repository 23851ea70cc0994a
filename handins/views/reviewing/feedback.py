"""Files and recordings beside a mark, for whoever gives feedback."""

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
from ecosystem.uids import uid_of
from handins.access import may_review
from handins.models import FeedbackFile
from handins.selectors.double import not_sealed
from handins.services.feedback_files import feedback_file_add, feedback_file_remove
from handins.views.reviewing.reviewed import reviewed_round


@requires(may_review)
@require_http_methods(["POST"])
def files(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Add what was chosen, or take one away: ``do=remove:`` with its uid."""
    by = actor(request)
    found = reviewed_round(request, uid)
    wish = request.POST.get("do", "add")
    gone = FeedbackFile.objects.filter(not_sealed(by), round=found, uid=uid_of(wish.removeprefix("remove:"))).first()
    try:
        if gone is not None:
            feedback_file_remove(file=gone, by=by)
        for upload in request.FILES.getlist("files"):
            feedback_file_add(round=found, upload=upload, by=by)
    except EcosystemError as refusal:
        request.undo = True  # type: ignore[attr-defined]
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved."))
    return redirect("reviewing:round", uid)
