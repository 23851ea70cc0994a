"""``/dev/mail/``: what would have been sent. Only in development; elsewhere these addresses do not exist."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from ecosystem.access import requires
from ecosystem.rules import anyone
from notifications.sent_files import SentFile, sent_file, sent_files

# A letter is shown as a mail program would: no script, no request, nothing but its own styles and drawings.
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups; frame-ancestors 'self'"
)


def _only_in_development() -> None:
    if not settings.DEBUG:
        raise Http404


def _letter(name: str) -> SentFile:
    _only_in_development()
    found = sent_file(name)
    if found is None:
        raise Http404
    return found


@requires(anyone)
@never_cache
@require_GET
def letters(request: HttpRequest) -> HttpResponse:
    _only_in_development()
    return render(request, "notifications/sent.html", {"letters": sent_files()})


@requires(anyone)
@never_cache
@require_GET
def letter(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "notifications/sent_one.html", {"letter": _letter(name)})


@xframe_options_sameorigin
@requires(anyone)
@never_cache
@require_GET
def letter_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part alone, for the frame of the page above."""
    answer = HttpResponse(_letter(name).html)
    answer.headers["Content-Security-Policy"] = LETTER_POLICY
    return answer
