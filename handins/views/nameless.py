"""Work that is marked without names: its files, and the name when an administrator asks for it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_admin
from ecosystem.serving import HARMLESS, stored_file
from handins.anonymity import neutral_name
from handins.files.nameless import can_clean, cleaned
from handins.models import HandinFile
from handins.services.naming import name_reveal
from handins.views.reviewing.reviewed import reviewed_round

AS_IT_IS = "as-it-is"


def nameless_download(
    request: HttpRequest, file: HandinFile, *, back: str, name: str | None = None
) -> HttpResponseBase:
    """Under a neutral name and without what it says about its maker. Where that cannot be taken out, it is said first."""
    name = name or neutral_name(file)
    if not can_clean(file.media_type):
        return stored_file(request, file.file, media_type=file.media_type, name=name, as_attachment=True)
    try:
        with file.file.storage.open(file.file.name) as content:
            data = cleaned(content, media_type=file.media_type, size=file.size)
    except FileNotFoundError:
        raise Http404 from None
    if data is None and AS_IT_IS in request.GET:
        return stored_file(request, file.file, media_type=file.media_type, name=name, as_attachment=True)
    if data is None:
        return render(request, "handins/uncleaned.html", {"name": name, "back": back, "as_is": f"?{AS_IT_IS}"})
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment",
        "Content-Security-Policy": HARMLESS, "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-cache",
    }  # fmt: skip
    return HttpResponse(data, content_type=file.media_type, headers=headers)


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
