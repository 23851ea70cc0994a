"""Whoever must have a second factor, and has none, first sets one up: no page, admin or API answers before."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from ecosystem.second_factor import is_missing

# What one needs for setting it up, for signing out, and to read the page.
OPEN = ("/accounts/", "/static/", "/theme/", "/legal/", "/i18n/", "/healthz", "/readyz", "/me/appearance/")


class SecondFactorMiddleware:
    """After ScopeMiddleware, which has found out who asks. Bearer tokens are looked at by ``api.authentication``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Who really asks, also while seeing the site as somebody else.
        membership = getattr(request, "viewer", None) or getattr(request, "membership", None)
        if membership is None or request.path.startswith(OPEN):
            return self.get_response(request)
        if not is_missing(environment=request.environment, membership=membership):  # type: ignore[attr-defined]
            return self.get_response(request)
        if request.path.startswith("/api/"):
            body = {"type": "about:blank", "title": "Forbidden", "status": 403, "detail": needed()}
            return JsonResponse(body, status=403, content_type="application/problem+json")
        return redirect("second-factor-needed")


def needed() -> str:
    return _("A second factor is needed here. Set one up first: open /accounts/2fa/needed/.")
