"""The language of a request: chosen by cookie, else the person's, else the environment's."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

KNOWN = {code for code, _ in settings.LANGUAGES}


class LanguageMiddleware:
    """Activate language and time zone for the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        environment = getattr(request, "environment", None)
        wishes = [
            request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME),
            getattr(request.user, "language", None),
            environment.language if environment else None,
        ]
        language = next((wish for wish in wishes if wish in KNOWN), settings.LANGUAGE_CODE)
        zone = getattr(request.user, "time_zone", "") or (environment.time_zone if environment else settings.TIME_ZONE)
        with translation.override(language), timezone.override(zone):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
