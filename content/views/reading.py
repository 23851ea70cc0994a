"""Reading pages, files and links, and being done with them."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from content.models import Document, Image, Link, Page
from content.selectors import shown_row, with_images
from content.services import page_finish, page_open
from ecosystem.access import requires
from ecosystem.documents import PDF
from ecosystem.gates import closed_page
from ecosystem.isolated import isolated_origin, sign
from ecosystem.models import Element
from ecosystem.navigation import own_path
from ecosystem.registry import element_kinds
from ecosystem.rules import is_author, is_member
from ecosystem.selectors import makers_of
from ecosystem.serving import framing, stored_file
from ecosystem.slugs import row_of_slug
from ecosystem.visibility import openable

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
# What one is done with by saying so.
SAID = ("page", "job_aid", "checklist", "file", "link")


def about(request: HttpRequest, element: Element) -> dict[str, Any]:
    """What every page of an element shows around it."""
    ours = element.environment_id == request.environment.pk  # type: ignore[attr-defined]
    return {
        "element": element,
        "makers": makers_of(elements=[element]).get(element.pk, []),
        "onward": own_path(request, default=""),
        "may_edit": ours and is_author(request.membership),  # type: ignore[attr-defined]
    }


@requires(is_member)
def page(request: HttpRequest, slug: str) -> HttpResponse:
    found = shown_row(Page, membership=request.membership, slug=slug)  # type: ignore[attr-defined]
    if closed := closed_page(request, found.element):
        return closed
    if found.element.kind != "page":
        onward = own_path(request, default="")
        query = f"?{urlencode({'next': onward})}" if onward else ""
        return redirect(element_kinds[found.element.kind].href(found.element) + query)
    page_open(element=found.element)
    context = {"page": found, "html": with_images(found.html), **about(request, found.element)}
    return render(request, "content/page.html", context)


@requires(is_member)
@require_POST
def finish(request: HttpRequest, slug: str) -> HttpResponse:
    rows = Element.objects.filter(openable(request.membership), kind__in=SAID)  # type: ignore[attr-defined]
    found = row_of_slug(rows, slug)
    if closed := closed_page(request, found):
        return closed
    page_finish(element=found)
    return redirect(own_path(request, default=element_kinds[found.kind].href(found)))


@requires(is_member)
def image(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """A picture of a page that the person may open. Its bytes are fixed by its address and can do nothing but show."""
    if not _SHA256.match(sha256):
        raise Http404
    rows = Image.objects.filter(openable(request.membership, element="element__"), sha256=sha256)  # type: ignore[attr-defined]
    found = rows.first()
    if found is None:
        raise Http404
    return stored_file(request, found.file, media_type="image/webp", is_fixed=True)


@requires(is_member)
def document(request: HttpRequest, slug: str) -> HttpResponse:
    """A file to download; a PDF is also shown, from the isolated host, since it may hold scripts."""
    found = shown_row(Document, membership=request.membership, slug=slug)  # type: ignore[attr-defined]
    if closed := closed_page(request, found.element):
        return closed
    page_open(element=found.element)
    context = {"document": found, **about(request, found.element)}
    if found.media_type != PDF:
        return render(request, "content/file.html", context)
    origin = isolated_origin(request)
    context["viewer"] = f"{origin}/documents/{sign('document', request.environment.pk, found.pk)}/"  # type: ignore[attr-defined]
    return framing(render(request, "content/file.html", context), origin)


@requires(is_member)
def download(request: HttpRequest, slug: str) -> HttpResponseBase:
    found = shown_row(Document, membership=request.membership, slug=slug)  # type: ignore[attr-defined]
    if closed := closed_page(request, found.element):
        return closed
    return stored_file(request, found.file, media_type=found.media_type, name=found.name, as_attachment=True)


@requires(is_member)
def link(request: HttpRequest, slug: str) -> HttpResponse:
    found = shown_row(Link, membership=request.membership, slug=slug)  # type: ignore[attr-defined]
    if closed := closed_page(request, found.element):
        return closed
    page_open(element=found.element)
    return render(request, "content/link.html", {"link": found, **about(request, found.element)})
