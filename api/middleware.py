"""Software that speaks without TLS is refused instead of sent on: a key that went out in the clear must not go unnoticed."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

# What software asks; SECURE_REDIRECT_EXEMPT names the same. deploy/Caddyfile does it for who comes through the proxy.
FOR_SOFTWARE = ("/api/v1/", "/oauth/token/", "/oauth/revoke/", "/lti/token", "/lti/items")


class EncryptedOnlyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SECURE_SSL_REDIRECT and not request.is_secure() and request.path.startswith(FOR_SOFTWARE):
            said = "Only over HTTPS. What was sent could be read on the way: if there was a key in it, revoke it."
            body = {"type": "about:blank", "title": "HTTPS is needed", "status": 403, "detail": said}
            return JsonResponse(body, status=403, content_type="application/problem+json")
        return self.get_response(request)
