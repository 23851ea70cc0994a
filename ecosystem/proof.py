"""Sensitive acts ask once more who it is: password, second factor, passkey, or a code by e-mail. Good for five minutes."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

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


def _keep_what_was_typed(request: HttpRequest) -> None:
    """allauth goes on with a form only where its address has no query; it keeps ``GET``, which is read here, by itself."""
    if request.method == "POST" and request.GET:
        request.META["QUERY_STRING"] = ""


def proof_required(view: View | None = None, *, reading_is_free: bool = False) -> Any:
    """Ask who it is before ``view`` runs; afterwards the request goes on where it was."""

    def decorate(inner: View) -> View:
        @wraps(inner)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            free = reading_is_free and request.method in {"GET", "HEAD"}
            if request.user.is_authenticated and not free and not is_proven(request):
                _keep_what_was_typed(request)
                raise ReauthenticationRequired
            return inner(request, *args, **kwargs)

        return asked

    return decorate(view) if view is not None else decorate
