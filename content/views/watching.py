"""Watching a video: on from where one was, and what the player says it has shown."""

from __future__ import annotations

import json

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from content.media import MP4
from content.models import Video
from content.selectors import shown_row
from content.services import video_open, video_watched
from content.services.videos import ENOUGH
from content.views.reading import about
from ecosystem.access import requires
from ecosystem.bodies import body_of
from ecosystem.exceptions import EcosystemError
from ecosystem.gates import closed_page
from ecosystem.percents import percent_of
from ecosystem.rules import anyone, is_member
from ecosystem.serving import stored_file


@requires(is_member)
def video(request: HttpRequest, slug: str) -> HttpResponse:
    found = shown_row(Video, membership=request.membership, slug=slug)  # type: ignore[attr-defined]
    if closed := closed_page(request, found.element):
        return closed
    row = video_open(video=found)
    context = {
        "video": found,
        "row": row,
        "percent": percent_of(row.share),
        "enough": int(ENOUGH * 100),
        **about(request, found.element),
    }
    return render(request, "content/video.html", context)


# Not @requires(is_member): a redirect to the sign-in page would look like success to a player.
@requires(anyone)
@require_POST
def watched(request: HttpRequest, slug: str) -> HttpResponse:
    """{"position": seconds, "spans": [[from, to], ...]} of the person's own player."""
    if not is_member(request.membership):  # type: ignore[attr-defined]
        return JsonResponse({"detail": _("Sign in again.")}, status=401)
    found = shown_row(Video, membership=request.membership, slug=slug)  # type: ignore[attr-defined]
    if closed := closed_page(request, found.element):
        return closed
    try:
        said = json.loads(body_of(request))
        position = float(said["position"])
        spans = [(float(start), float(end)) for start, end in said["spans"]]
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
        return JsonResponse({"detail": _("This cannot be read.")}, status=400)
    try:
        row = video_watched(video=found, position=position, spans=spans)
    except EcosystemError as refusal:
        return JsonResponse({"detail": str(refusal)}, status=409)
    return JsonResponse({"percent": percent_of(row.share), "completed": row.completed_at is not None})


@requires(is_member)
def file(request: HttpRequest, slug: str) -> HttpResponseBase:
    found = _video(request, slug)
    return stored_file(request, found.file, media_type=MP4, name=found.name)


@requires(is_member)
def captions(request: HttpRequest, slug: str) -> HttpResponseBase:
    found = _video(request, slug)
    if not found.captions:
        raise Http404
    return stored_file(request, found.captions, media_type="text/vtt; charset=utf-8")


def _video(request: HttpRequest, slug: str) -> Video:
    found = shown_row(Video, membership=request.membership, slug=slug)  # type: ignore[attr-defined]
    if closed_page(request, found.element):
        raise Http404
    return found
