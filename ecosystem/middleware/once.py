"""A form that is sent twice does once what it does: a double press, or a second try on a slow line."""

import time
from collections.abc import Callable
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from redis.exceptions import RedisError

SECONDS = 20
# Signing in hands out cookies, and counts its tries by itself.
LEFT_ALONE = ("/accounts/", "/api/", "/oauth/")
OF_A_PAGE = frozenset({settings.SESSION_COOKIE_NAME, "messages"})
RUNNING = "…"


class OnceMiddleware:
    """The same form of the same page with the same content leads where it led, when it comes again within ``SECONDS``.

    Each form of a page has a token of its own, so the same form on a page that was loaded anew counts as another; and so
    does one that was sent with other content in between. Only what ended in a redirect is remembered, after its commit.
    Without Redis nothing is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        keys = _keys(request)
        if keys is None:
            return self.get_response(request)
        place, key = keys
        if cache.get(place) not in (None, key):
            cache.delete(key)
        cache.set(place, key, SECONDS)
        if not _is_first(key):
            if where := _where_it_led(key):
                return HttpResponseRedirect(where)
            cache.set(key, RUNNING, SECONDS)
        where = ""
        try:
            response = self.get_response(request)
            if response.status_code in {302, 303} and set(response.cookies) <= OF_A_PAGE:
                where = response.headers["Location"]
            return response
        finally:
            if where:
                cache.set(key, where, SECONDS)
            else:
                cache.delete(key)


def _keys(request: HttpRequest) -> tuple[str, str] | None:
    """One for the form, one for the form with its content; None for what is no form of a signed-in person's page."""
    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if request.method != "POST" or not session or request.path_info.startswith(LEFT_ALONE):
        return None
    try:
        token = request.POST.get("csrfmiddlewaretoken")
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):  # said by whoever reads it next
        return None
    if not token:
        return None
    place = repr((session, request.get_full_path(), token))
    fields = sorted((name, values) for name, values in request.POST.lists())
    files = sorted((name, file.name, file.size) for name, many in request.FILES.lists() for file in many)
    return _hashed(place), _hashed(repr((place, fields, files)))


def _hashed(text: str) -> str:
    return "once:" + sha256(text.encode(errors="replace")).hexdigest()


def _is_first(key: str) -> bool:
    try:
        return bool(cache.add(key, RUNNING, SECONDS))
    except RedisError:  # `add` itself fails aloud, for what must never happen twice
        return True


def _where_it_led(key: str) -> str:
    """Once the first is done; empty when it led nowhere, or takes too long."""
    until = time.monotonic() + SECONDS / 2
    while (said := cache.get(key)) == RUNNING and time.monotonic() < until:
        time.sleep(0.05)
    return "" if said in (None, RUNNING) else str(said)
