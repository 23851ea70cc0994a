"""Give a file to somebody who may not learn whose it is."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header

from ecosystem.nameless.cleaning import can_clean, cleaned
from ecosystem.serving import HARMLESS, stored_file

AS_IT_IS = "as-it-is"


def nameless_file(
    request: HttpRequest, file: Any, *, media_type: str, size: int, name: str, back: str
) -> HttpResponseBase:
    """Under ``name`` and without what it says about its maker. Where that cannot be taken out, a page says so first, with
    a way ``back``. ``file``: where it is stored."""
    if not can_clean(media_type):
        return stored_file(request, file, media_type=media_type, name=name, as_attachment=True)
    try:
        with file.storage.open(file.name) as content:
            data = cleaned(content, media_type=media_type, size=size)
    except FileNotFoundError:
        raise Http404 from None
    if data is None and AS_IT_IS in request.GET:
        return stored_file(request, file, media_type=media_type, name=name, as_attachment=True)
    if data is None:
        return render(request, "ecosystem/uncleaned.html", {"name": name, "back": back, "as_is": f"?{AS_IT_IS}"})
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment",
        "Content-Security-Policy": HARMLESS, "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-cache",
    }  # fmt: skip
    return HttpResponse(data, content_type=media_type, headers=headers)
