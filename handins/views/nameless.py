"""Work that is marked without names: its files, and the name when an administrator asks for it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.nameless.giving import nameless_file
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_admin
from handins.anonymity import neutral_name
from handins.models import HandinFile
from handins.services.naming import name_reveal
from handins.views.reviewing.reviewed import reviewed_round


def nameless_download(
    request: HttpRequest, file: HandinFile, *, back: str, name: str | None = None
) -> HttpResponseBase:
    """Under a neutral name and without what it says about its maker. Where that cannot be taken out, it is said first."""
    return nameless_file(
        request, file.file, media_type=file.media_type, size=file.size, name=name or neutral_name(file), back=back
    )


@requires(is_admin)
@require_http_methods(["POST"])
def names(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show this administrator whose work it is; the log keeps why."""
    by, found = actor(request), reviewed_round(request, uid)
    try:
        name_reveal(round=found, because=request.POST.get("because", ""), by=by)
    except EcosystemError as refusal:
        request.undo = True  # type: ignore[attr-defined]
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("You see the name now. The log keeps why you looked."))
    return redirect("reviewing:round", uid)
