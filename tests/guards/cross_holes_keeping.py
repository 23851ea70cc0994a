"""Planted holes that keep what one has seen, in the cache or in the process, and show it to another."""

from __future__ import annotations

from functools import lru_cache

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from ecosystem.models import Element
from tests.guards.cross_planted import members_only, own

remembered: list[str] = []


class _Shelf:
    """Kept in an attribute, given another value each time."""

    last = ""


def forget() -> None:
    """As a process that has just begun."""
    remembered.clear()
    _summary.cache_clear()
    _Shelf.last = ""


def titles() -> list[str]:
    return list(Element.objects.values_list("title", flat=True))


@members_only
def cached_list(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"titles": cache.get_or_set("planted", titles, 60)})


@members_only
def cached_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The address is the key, and every tenant has the same addresses."""
    return HttpResponse(cache.get_or_set(f"planted{request.path}", lambda: own(slug).summary, 60))


@members_only
def cached_many(request: HttpRequest) -> HttpResponse:
    """All of them at once."""
    kept = cache.get_many(["planted:first", "planted:last"])
    if not kept:
        cache.set_many({"planted:first": titles()[0], "planted:last": titles()[-1]}, 60)
    return JsonResponse(kept)


@members_only
def kept_in_memory(request: HttpRequest) -> HttpResponse:
    if not remembered:
        remembered.extend(titles())
    return JsonResponse({"titles": remembered})


@lru_cache(maxsize=100)
def _summary(slug: str) -> str:
    return own(slug).summary


@members_only
def kept_by_name(request: HttpRequest, slug: str) -> HttpResponse:
    """Read once for all who name it."""
    return HttpResponse(_summary(slug))


@members_only
def kept_in_an_attribute(request: HttpRequest) -> HttpResponse:
    before, _Shelf.last = _Shelf.last, titles()[0]
    return HttpResponse(f"Before this: {before}")


HOLES = [
    path("cached-list/", cached_list),
    path("cached-page/<slug:slug>/", cached_page),
    path("cached-many/", cached_many),
    path("kept-in-memory/", kept_in_memory),
    path("kept-by-name/<slug:slug>/", kept_by_name),
    path("kept-in-an-attribute/", kept_in_an_attribute),
]
