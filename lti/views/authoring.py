"""Activities in tools for their authors, and what the tools said of people for those who mark."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Visibility
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_author, may_see_results
from lti.claims import is_final
from lti.forms import LinkForm
from lti.models import percent_of, share_of
from lti.selectors import link_own, link_shown, links_here, people_of, tools_here
from lti.services import link_make, link_set

PER_PAGE = 50


@requires(is_author)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    page = Paginator(links_here(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "lti/links.html", {"page": page, "has_tools": tools_here(only_on=True).exists()})


@requires(is_author)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    here = request.environment  # type: ignore[attr-defined]
    first = {"language": here.language, "visibility": Visibility.PRIVATE, "minutes": 15}
    form = LinkForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = link_make(by=actor(request), **form.own(), **form.of_element())
        except EcosystemError as refusal:
            form.add_error("target_url", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("lti:settings", made.element.slug)
    return _page(request, form, None)


@requires(is_author)
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    link = link_own(slug=slug)
    form = LinkForm.of(link, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            link_set(link=link, by=actor(request), element=form.of_element(), **form.own())
        except EcosystemError as refusal:
            request.undo = True  # type: ignore[attr-defined]
            form.add_error("target_url", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("lti:settings", slug)
    return _page(request, form, link)


@requires(may_see_results)
@require_safe
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who opened it last when, and what the tool said of them; of those whose results one may see."""
    link = link_shown(membership=actor(request), slug=slug)
    page = Paginator(people_of(link=link, membership=actor(request)), PER_PAGE).get_page(request.GET.get("page"))
    for row in page.object_list:
        share = share_of(row.given, row.maximum)
        row.is_final = is_final(row.progress, row.grading)
        row.percent = percent_of(share)
        row.passed = link.is_passed(share) if row.is_final and share is not None else None
    return render(request, "lti/people.html", {"link": link, "element": link.element, "page": page})


def _page(request: HttpRequest, form: LinkForm, link: object | None) -> HttpResponse:
    context = {"form": form, "link": link, "has_tools": tools_here(only_on=True).exists()}
    return render(request, "lti/settings.html", context, status=400 if form.errors else 200)
