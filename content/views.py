from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from content.models import Page
from content.services import page_finish, page_open
from ecosystem.access import requires
from ecosystem.gates import closed_page
from ecosystem.navigation import own_path
from ecosystem.rules import is_member
from ecosystem.selectors import makers_of
from ecosystem.slugs import row_of_slug
from ecosystem.visibility import openable


@requires(is_member)
def page(request: HttpRequest, slug: str) -> HttpResponse:
    found = _page(request, slug)
    if closed := closed_page(request, found.element):
        return closed
    page_open(element=found.element)
    makers = makers_of(elements=[found.element]).get(found.element_id, [])
    onward = own_path(request, default="")
    return render(
        request, "content/page.html", {"page": found, "element": found.element, "makers": makers, "onward": onward}
    )


@requires(is_member)
@require_POST
def finish(request: HttpRequest, slug: str) -> HttpResponse:
    found = _page(request, slug)
    if closed := closed_page(request, found.element):
        return closed
    page_finish(element=found.element)
    return redirect(own_path(request, default=reverse("content:page", args=[slug])))


def _page(request: HttpRequest, slug: str) -> Page:
    rows = Page.objects.filter(openable(request.membership, element="element__"))  # type: ignore[attr-defined]
    return row_of_slug(rows.select_related("element"), slug, element="element__")
