"""The language of a request: chosen by cookie, else the person's, else the environment's."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import trans_real

from ecosystem.concepts import own_words_in_force
from ecosystem.models import Environment

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
        keep_found(language)
        with translation.override(language), timezone.override(zone), own_words_of(environment, request.path):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def own_words_of(environment: Environment | None, path: str) -> AbstractContextManager[None]:
    """What an environment calls things holds on its pages; other software is answered in the usual words."""
    if environment is None or path.startswith("/api/"):
        return nullcontext()
    return own_words_in_force(environment_id=environment.pk, words=environment.words)


def keep_found(language: str) -> None:
    """Let the translation of a language keep what it found: a page asks for a hundred texts, each in several catalogues."""
    found = trans_real.translation(language)
    if "gettext" not in vars(found):  # before ``concepts`` puts an environment's own words in, which differ
        found.gettext = lru_cache(maxsize=8192)(found.gettext)  # type: ignore[method-assign]
