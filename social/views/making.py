"""Discussions for their authors: made and changed."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_author
from ecosystem.scope import current_scope
from ecosystem.slugs import row_of_slug
from social.forms.making import DiscussionForm
from social.selectors import discussions_for
from social.services import discussion_make, discussion_set

PER_PAGE = 50


@requires(is_author)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Every discussion of this environment, the newest first."""
    rows = discussions_for(actor(request)).filter(environment_id=current_scope().environment_id).order_by("-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "social/prompts.html", {"page": page})


@requires(is_author)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = DiscussionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = discussion_make(by=actor(request), **form.cleaned_data)
        except EcosystemError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("The discussion is there. People talk in it once it is a step of their course.")
            )
            return redirect("prompts:settings", made.element.slug)
    return render(request, "social/new.html", {"form": form}, status=400 if form.errors else 200)


@requires(is_author)
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """One of ours; those from above are changed there."""
    rows = discussions_for(actor(request)).filter(environment_id=current_scope().environment_id)
    found = row_of_slug(rows, slug, element="element__")
    form = DiscussionForm.of(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            discussion_set(discussion=found, by=actor(request), **form.cleaned_data)
        except EcosystemError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("prompts:settings", slug)
    return render(
        request, "social/settings.html", {"discussion": found, "form": form}, status=400 if form.errors else 200
    )
