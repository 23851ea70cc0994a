"""Addresses with planted holes, each of another kind, and harmless neighbours. The attack must find exactly the holes.

They read past the scoped manager, in a database without row-level security: as if both had been forgotten.
"""

from __future__ import annotations

import json

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path

from config.urls import urlpatterns as site
from content.models import Page
from ecosystem.models import Credit, Element
from ecosystem.rules import is_member

everything = Element._base_manager


def _member(request: HttpRequest) -> None:
    if not is_member(request.membership):  # type: ignore[attr-defined]
        raise PermissionDenied


def _found(slug: str) -> Element:
    row = everything.filter(slug=slug).first()
    if row is None:
        raise Http404
    return row


def unscoped_list(request: HttpRequest) -> HttpResponse:
    _member(request)
    return JsonResponse({"titles": list(everything.values_list("title", flat=True))})


def anonymous_list(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"titles": list(everything.values_list("title", flat=True))})


def unscoped_detail(request: HttpRequest, slug: str) -> HttpResponse:
    _member(request)
    return HttpResponse(_found(slug).summary)


def by_query(request: HttpRequest) -> HttpResponse:
    _member(request)
    words = request.GET.get("q", "")
    return JsonResponse({"hits": [row.title for row in everything.filter(summary__contains=words)] if words else []})


def by_body(request: HttpRequest) -> HttpResponse:
    _member(request)
    wish = request.POST.get("target", "")
    row = everything.filter(pk=wish).first() if wish.isdigit() else None
    return HttpResponse(row.title if row else "nothing")


def bulk_in_json(request: HttpRequest) -> HttpResponse:
    _member(request)
    try:
        ids = json.loads(request.body)["ids"]
    except (ValueError, KeyError):
        return HttpResponse("nothing")
    everything.filter(pk__in=ids).update(minutes=99)
    return HttpResponse("done")


def deletes(request: HttpRequest, slug: str) -> HttpResponse:
    _member(request)
    if request.method == "DELETE":
        Credit._base_manager.filter(element__slug=slug).delete()
    return HttpResponse("gone")


def changes_on_get(request: HttpRequest, slug: str) -> HttpResponse:
    _member(request)
    everything.filter(slug=slug).update(minutes=7)
    return HttpResponse("looked")


def patch_only(request: HttpRequest, slug: str) -> HttpResponse:
    _member(request)
    if request.method == "PATCH":
        everything.filter(slug=slug).update(why="changed")
    return HttpResponse("same")


def child_without_parent(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    _member(request)
    if not Element.objects.filter(slug=slug).exists():
        raise Http404
    page = Page._base_manager.filter(pk=pk).first()
    if page is None:
        raise Http404
    return HttpResponse(page.markdown)


def download(request: HttpRequest, slug: str) -> HttpResponse:
    _member(request)
    row = _found(slug)
    return HttpResponse(b"%PDF", headers={"Content-Disposition": f'attachment; filename="{row.title}.pdf"'})


def redirects(request: HttpRequest, slug: str) -> HttpResponse:
    _member(request)
    return HttpResponseRedirect(f"/?from={_found(slug).title}")


def says_whose(request: HttpRequest, slug: str) -> HttpResponse:
    _member(request)
    row = _found(slug)
    if row.environment_id != request.environment.pk:  # type: ignore[attr-defined]
        return HttpResponse(f"“{row.title}” is not yours.", status=403)
    return HttpResponse("yours")


def tells_that_it_exists(request: HttpRequest, slug: str) -> HttpResponse:
    _member(request)
    if _found(slug).environment_id != request.environment.pk:  # type: ignore[attr-defined]
        raise PermissionDenied
    return HttpResponse("yours")


def breaks(request: HttpRequest, slug: str) -> HttpResponse:
    _member(request)
    row = everything.filter(slug=slug).first()
    if row is not None and row.environment_id != request.environment.pk:  # type: ignore[attr-defined]
        raise RuntimeError
    return HttpResponse("fine")


def sets_cookie(request: HttpRequest, slug: str) -> HttpResponse:
    _member(request)
    response = HttpResponse("fine")
    row = everything.filter(slug=slug).first()
    response.set_cookie("last", row.title.replace(" ", "-") if row else "")
    return response


def crosses_at_commit(request: HttpRequest) -> HttpResponse:
    """A reference to the other's row that only the database refuses, when it is too late to say so."""
    _member(request)
    wish = request.POST.get("source", "")
    if wish.isdigit() and (row := Page._base_manager.filter(environment=request.environment).first()):  # type: ignore[attr-defined]
        Credit._base_manager.filter(element_id=row.element_id).update(element_id=int(wish))
    return HttpResponse("saved")


def own_list(request: HttpRequest) -> HttpResponse:
    _member(request)
    return JsonResponse({"titles": list(Element.objects.values_list("title", flat=True))})


def own_detail(request: HttpRequest, slug: str) -> HttpResponse:
    _member(request)
    row = Element.objects.filter(slug=slug).first()
    if row is None:
        raise Http404
    return HttpResponse(row.title)


def own_child(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    _member(request)
    page = Page.objects.filter(pk=pk, element__slug=slug).first()
    if page is None:
        raise Http404
    return HttpResponse(page.markdown)


HARMLESS = [
    path("own-list/", own_list),
    path("own-detail/<slug:slug>/", own_detail),
    path("page-child/<slug:slug>/<int:pk>/own/", own_child),
]
HOLES = [
    path("unscoped-list/", unscoped_list),
    path("anonymous-list/", anonymous_list),
    path("unscoped-detail/<slug:slug>/", unscoped_detail),
    path("by-query/", by_query),
    path("by-body/", by_body),
    path("bulk-in-json/", bulk_in_json),
    path("deletes/<slug:slug>/", deletes),
    path("changes-on-get/<slug:slug>/", changes_on_get),
    path("patch-only/<slug:slug>/", patch_only),
    path("page-child/<slug:slug>/<int:pk>/", child_without_parent),
    path("download/<slug:slug>/", download),
    path("redirects/<slug:slug>/", redirects),
    path("says-whose/<slug:slug>/", says_whose),
    path("tells-that-it-exists/<slug:slug>/", tells_that_it_exists),
    path("breaks/<slug:slug>/", breaks),
    path("sets-cookie/<slug:slug>/", sets_cookie),
    path("crosses-at-commit/", crosses_at_commit),
]
urlpatterns = [*HOLES, *HARMLESS, *site]  # error pages need the addresses of the site
