"""Which links still lead somewhere, for who looks after them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from content.models import Link
from content.selectors import links_here, own_element, own_row
from content.services import link_check_soon
from ecosystem.access import requires
from ecosystem.rules import is_author

PER_PAGE = 50


@requires(is_author)
def index(request: HttpRequest) -> HttpResponse:
    page = Paginator(links_here(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "content/links.html", {"page": page})


@requires(is_author)
@require_POST
def check(request: HttpRequest, slug: str) -> HttpResponse:
    link_check_soon(link=own_row(Link, element=own_element(slug=slug)))
    messages.success(request, _("It is looked at in a moment."))
    return redirect("content:links")
