"""Help at the moment of need: search first, short answers, ticks of one's own, a code to scan, a frame for other sites."""

from __future__ import annotations

import io

import segno
from django.contrib import messages
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from content.models import Image, MissedSearch, Page
from content.selectors import (
    aids_here,
    answers_to,
    embeddable_page,
    missed_searches,
    own_page,
    parts_shown,
    shown_row,
    ticked_by,
)
from content.services import help_judge, page_embeddable, page_open, search_handle, search_miss, ticks_save
from content.views.reading import about
from ecosystem.access import requires
from ecosystem.gates import closed_page
from ecosystem.middleware.headers import POLICY
from ecosystem.models import Person
from ecosystem.rules import anyone, is_author, is_member
from ecosystem.serving import stored_file
from ecosystem.setting_kinds import setting_here

PER_PAGE = 50
PINNED = "img/icons.svg", "css/base.css", "css/app.css", "css/content.css", "js/app.js", "js/support.js"


@requires(is_member)
def search(request: HttpRequest) -> HttpResponse:
    """Answers to the words; without words what is used most. Words that find nothing are counted for gardeners."""
    text = request.GET.get("q", "").strip()[:200].replace("\x00", "")
    membership = request.membership  # type: ignore[attr-defined]
    answers = answers_to(text=text, membership=membership) if text else []
    if text and not answers:
        search_miss(text=text)
    aids = aids_here(membership=membership) if not answers else []
    return render(request, "content/support.html", {"q": text, "answers": answers, "aids": aids})


@requires(is_member)
def aid(request: HttpRequest, slug: str) -> HttpResponse:
    page, closed = _aid(request, slug)
    if closed:
        return closed
    page_open(element=page.element)
    ticked = ticked_by(page=page, person_id=request.membership.person_id)  # type: ignore[attr-defined]
    parts = parts_shown(page.markdown, ticked=ticked)
    items = [item for part in parts for item in part.items]
    context = {
        "page": page,
        "parts": parts,
        "count": len(items),
        "ticked": sum(item.is_ticked for item in items),
        **about(request, page.element),
    }
    return render(request, "content/aid.html", context)


@requires(is_member)
@require_POST
def ticks(request: HttpRequest, slug: str) -> HttpResponse:
    page, closed = _aid(request, slug)
    if closed:
        return closed
    wanted = [] if "again" in request.POST else request.POST.getlist("item")[:500]
    ticks_save(page=page, items=wanted)
    return redirect("content:aid", slug=slug)


@requires(is_member)
@require_POST
def helped(request: HttpRequest, slug: str) -> HttpResponse:
    page, closed = _aid(request, slug)
    if closed:
        return closed
    help_judge(page=page, helped=request.POST.get("helped") == "yes")
    messages.success(request, _("Thank you. Who made it sees how many it helped."))
    return redirect("content:aid", slug=slug)


@requires(is_member)
def code(request: HttpRequest, slug: str) -> HttpResponse:
    """A page to print and hang up where the help is needed."""
    page, closed = _aid(request, slug)
    if closed:
        return closed
    address = request.build_absolute_uri(reverse("content:aid", args=[slug]))
    embed = request.build_absolute_uri(reverse("content:embed", args=[slug]))
    hosts = setting_here("embed_hosts") if page.embeddable else ""
    context = {"page": page, "address": address, "embed": embed, "hosts": hosts, **about(request, page.element)}
    return render(request, "content/code.html", context)


@requires(is_member)
def code_drawn(request: HttpRequest, slug: str) -> HttpResponse:
    page, closed = _aid(request, slug)
    if closed:
        return closed
    out = io.BytesIO()
    address = request.build_absolute_uri(reverse("content:aid", args=[page.element.slug]))
    segno.make(address, error="m").save(out, kind="svg", scale=8, dark="#000", light="#fff", border=3, xmldecl=False)
    return HttpResponse(
        out.getvalue(),
        content_type="image/svg+xml",
        headers={"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, max-age=3600"},
    )


@requires(is_author)
@require_POST
def embeddable(request: HttpRequest, slug: str) -> HttpResponse:
    page = own_page(slug=slug)
    page_embeddable(page=page, embeddable=request.POST.get("embeddable") == "yes", by=_person(request))
    messages.success(request, _("Saved."))
    return redirect("content:code", slug=slug)


@requires(anyone)
def embed(request: HttpRequest, slug: str) -> HttpResponse:
    """The page in a frame of another site, without anything of a person. Only sites that the environment allows."""
    page, hosts = _embedded(slug)
    parts = parts_shown(page.markdown, embed=slug)
    answer = render(request, "content/embed.html", {"page": page, "element": page.element, "parts": parts})
    answer.headers["Content-Security-Policy"] = POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {hosts}")
    answer.headers["Cache-Control"] = "private, max-age=300"
    answer.xframe_options_exempt = True  # type: ignore[attr-defined]
    return answer


@requires(anyone)
def embed_image(request: HttpRequest, slug: str, sha256: str) -> HttpResponseBase:
    page, _hosts = _embedded(slug)
    found = Image.objects.filter(element_id=page.element_id, sha256=sha256).first()
    if found is None:
        raise Http404
    return stored_file(request, found.file, media_type="image/webp", is_fixed=True)


def _embedded(slug: str) -> tuple[Page, str]:
    page, hosts = embeddable_page(slug=slug), setting_here("embed_hosts")
    if page is None or not hosts:
        raise Http404
    return page, hosts


@requires(is_author)
def missed(request: HttpRequest) -> HttpResponse:
    page = Paginator(missed_searches(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "content/missed.html", {"page": page})


@requires(is_author)
@require_POST
def handled(request: HttpRequest, pk: int) -> HttpResponse:
    found = MissedSearch.objects.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    search_handle(missed=found, by=_person(request))
    messages.success(request, _("Seen to. It comes back when somebody looks for it again in vain."))
    return redirect("content:missed")


@requires(anyone)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of /support/: what somebody keeps on their device opens without network."""
    files = [staticfiles_storage.url(name) for name in PINNED]
    return render(request, "content/sw.js", {"files": files}, content_type="text/javascript")


def _aid(request: HttpRequest, slug: str) -> tuple[Page, HttpResponse | None]:
    page = shown_row(Page, membership=request.membership, slug=slug)  # type: ignore[attr-defined]
    return page, closed_page(request, page.element)


def _person(request: HttpRequest) -> Person:
    return request.membership.person  # type: ignore[attr-defined]
