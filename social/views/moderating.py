"""What who guides does with posts; a learner gets 404."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_here
from social.forms.posting import HideForm
from social.models import Post
from social.selectors.places import post_path
from social.selectors.rooms import post_shown
from social.services import post_hide, post_mark_helpful, post_show, thread_pin
from social.views.reading import Place, along, kept, place_of, post_of


def _guided(place: Place) -> Place:
    if not place.circle.is_guide:
        raise Http404
    return place


def _back(request: HttpRequest, place: Place, post: Post | None = None) -> HttpResponse:
    if post is not None:
        return redirect(post_path(post, **kept(request)))
    return redirect(reverse("discussions:thread", args=[place.thread.uid]) + along(request))


@requires(is_here)
@require_http_methods(["GET", "HEAD", "POST"])
def hide(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Hide a post from the others, and say why."""
    post, place = post_of(request, uid)
    _guided(place)
    form = HideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            post_hide(post=post, by=actor(request), **form.cleaned_data)
        except EcosystemError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The post is hidden, and its author is told why."))
            return _back(request, place, post)
    shown = post_shown(post, by=actor(request), is_guide=True)
    context = {"shown": shown, "place": place, "form": form, "along": along(request)}
    return render(request, "social/hide.html", context, status=400 if form.errors else 200)


@requires(is_here)
@require_POST
def show(request: HttpRequest, uid: UUID) -> HttpResponse:
    post, place = post_of(request, uid)
    _guided(place)
    post_show(post=post, by=actor(request))
    messages.success(request, _("The post is seen again."))
    return _back(request, place, post)


@requires(is_here)
@require_POST
def helpful(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Mark a reply as a good answer, or no longer."""
    post, place = post_of(request, uid)
    _guided(place)
    try:
        post_mark_helpful(post=post, is_helpful=request.POST.get("is") == "yes", by=actor(request))
    except EcosystemError as refusal:
        messages.error(request, str(refusal))
    return _back(request, place, post)


@requires(is_here)
@require_POST
def pin(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Put a thread above the others, or back in turn."""
    place = _guided(place_of(request, uid))
    try:
        thread_pin(thread=place.thread, is_pinned=request.POST.get("is") == "yes", by=actor(request))
    except EcosystemError as refusal:
        messages.error(request, str(refusal))
    return _back(request, place)
