"""With GROVE_DEBUG, which ``./grove run`` sets: whoever looks around sees our own page where there is nothing.

Django's for developers lists every address of the site, and our Content-Security-Policy leaves it without style.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.views.defaults import page_not_found


class NotFoundMiddleware:
    """The innermost, so that the page is drawn as in production: for whoever is signed in, in their language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            resolve(request.path_info, getattr(request, "urlconf", None))
        except Resolver404 as nowhere:
            return page_not_found(request, nowhere)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return page_not_found(request, exception) if isinstance(exception, Http404) else None
