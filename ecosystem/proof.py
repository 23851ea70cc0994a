"""Sensitive acts ask once more who it is: password, second factor, passkey, or a code by e-mail. Good for five minutes."""

import secrets
import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from ecosystem.sealing import seal_facts, unseal_facts
from ecosystem.signals import SESSION_VIEWING

TICKET = "go_on"
GOOD_FOR = 600  # seconds that a form waits for its proof
MOST_KEPT = 64 * 1024  # characters of it
View = Callable[..., HttpResponse]


def is_proven(request: HttpRequest) -> bool:
    """Has the person of this session shown again who they are, in the last minutes? Signing in does not count."""
    if not request.user.is_authenticated:
        return False
    times = [row["at"] for row in get_authentication_records(request, request.user) if row.get("reauthenticated")]
    return bool(times) and time.time() - times[-1] < app_settings.REAUTHENTICATION_TIMEOUT


def refuse_unproven(request: Any) -> None:
    """For the API: the session of a page must have shown it too. A key was made with proof, and carries its scopes."""
    if request.auth is None and not is_proven(request._request):
        raise PermissionDenied(_("Show first that it is you: open /accounts/reauthenticate/ and try again."))


def ask_first(request: HttpRequest) -> HttpResponse:
    """Ask who it is; what was posted waits in the session, and goes on at its own address by a ticket that is good once.

    allauth would answer it where the password was typed: the next form on that page would be sent to the wrong place.
    What is too large to wait has a ticket all the same, on which the page says that it must be sent again.
    """
    where = request.get_full_path()
    if request.method == "POST":
        ticket, posted = secrets.token_urlsafe(16), request.POST.urlencode()
        request.session.pop(TICKET, None)
        if len(posted) <= MOST_KEPT:
            facts = {"path": request.path, "get": request.GET.urlencode(), "post": posted}
            # There may be a password in it, and sessions are rows of the database.
            request.session[TICKET] = {"ticket": ticket, "at": int(time.time()), "sealed": seal_facts(facts)}
        where += ("&" if request.GET else "?") + urlencode({TICKET: ticket})
    methods = get_adapter().get_reauthentication_methods(request.user)
    asking = methods[0]["url"] if methods else reverse("account_login")
    return HttpResponseRedirect(f"{asking}?{urlencode({'next': where})}")


def go_on(request: HttpRequest) -> HttpResponse | None:
    """Make of a request with a ticket the one that was posted before.

    Without proof it is asked for; a ticket that is old, used or of another form is answered with a page that says so.
    """
    if request.method != "GET" or TICKET not in request.GET or not request.user.is_authenticated:
        return None
    kept = _waiting(request, request.GET[TICKET])
    if kept is None or SESSION_VIEWING in request.session:
        return _not_done(request)
    if not is_proven(request):
        return ask_first(request)
    del request.session[TICKET]
    if not _is_first(request.GET[TICKET]):
        return _not_done(request)
    len(request.FILES)  # none, which is found out while it is a GET
    request.GET, request.POST = QueryDict(kept["get"]), QueryDict(kept["post"])  # type: ignore[assignment]
    request.method, request.META["QUERY_STRING"] = "POST", kept["get"]
    return None


def _waiting(request: HttpRequest, ticket: str) -> dict[str, Any] | None:
    """The form of this address that waits for this ticket, for ten minutes."""
    row = request.session.get(TICKET) or {}
    if row.get("ticket") != ticket or not 0 <= time.time() - row.get("at", 0) <= GOOD_FOR:
        return None
    try:
        kept = unseal_facts(row["sealed"])
    except ValueError:
        return None
    return kept if kept["path"] == request.path else None


def _is_first(ticket: str) -> bool:
    """Two requests at one moment both find it in the session; while nobody can tell, it is not the first."""
    try:
        return bool(cache.add(f"go-on:{ticket}", 1, 2 * GOOD_FOR))
    except RedisError:
        return False


def _not_done(request: HttpRequest) -> HttpResponse:
    return render(request, "ecosystem/not_done.html", status=400)


def proof_required(view: View | None = None, *, reading_is_free: bool = False) -> Any:
    """Ask who it is before ``view`` runs; afterwards the request goes on where it was."""

    def decorate(inner: View) -> View:
        @wraps(inner)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            free = reading_is_free and request.method in {"GET", "HEAD"}
            if request.user.is_authenticated and not free and not is_proven(request):
                return ask_first(request)
            return inner(request, *args, **kwargs)

        return asked

    return decorate(view) if view is not None else decorate
