"""What is served on the isolated host: files of strangers, for who holds a signed address. Nobody is signed in here."""

from __future__ import annotations

import mimetypes
from typing import cast

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render

from content.models import Document, Package, PackageFile
from ecosystem.access import requires
from ecosystem.documents import PDF
from ecosystem.isolated import site_origin, unsign
from ecosystem.rules import anyone
from ecosystem.serving import framed, stored_file

# A viewer of the browser shows it; a PDF in a sandboxed frame would stay empty.
PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"
# What packages do is anything, but only here: nothing comes from elsewhere and nothing goes there.
PACKAGE_POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; form-action 'self'; base-uri 'self'; object-src 'none'; "
    "sandbox allow-scripts allow-same-origin allow-forms allow-modals allow-popups allow-downloads"
)
PLAYER_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'"
)
TYPES = {
    "js": "text/javascript", "mjs": "text/javascript", "css": "text/css", "html": "text/html", "htm": "text/html",
    "xhtml": "application/xhtml+xml", "json": "application/json", "xml": "application/xml", "svg": "image/svg+xml",
    "woff": "font/woff", "woff2": "font/woff2", "ttf": "font/ttf", "wasm": "application/wasm", "vtt": "text/vtt",
    "mp4": "video/mp4", "webm": "video/webm", "mp3": "audio/mpeg", "m4a": "audio/mp4", "webp": "image/webp",
}  # fmt: skip


def read_token(request: HttpRequest, token: str, what: str) -> int:
    """The number that was signed for this environment and use; 404 otherwise."""
    match unsign(token):
        case (str(use), int(environment_id), int(pk)) if use == what and environment_id == request.environment.pk:  # type: ignore[attr-defined]
            return pk
    raise Http404


@requires(anyone)
def document(request: HttpRequest, token: str) -> HttpResponseBase:
    found = Document.objects.filter(pk=read_token(request, token, "document"), media_type=PDF).first()
    if found is None:
        raise Http404
    answer = stored_file(request, found.file, media_type=PDF, name=found.name)
    return framed(answer, PDF_POLICY, by=site_origin(request))


@requires(anyone)
def player(request: HttpRequest, token: str) -> HttpResponseBase:
    """Our own page around a SCORM package: it holds the run-time that the package looks for in its parent."""
    found = _package(request, token)
    answer = render(request, "content/player.html", {"package": found, "site": site_origin(request)})
    return framed(answer, PLAYER_POLICY, by=site_origin(request))


@requires(anyone)
def package_file(request: HttpRequest, token: str, path: str) -> HttpResponseBase:
    found = PackageFile.objects.filter(package=_package(request, token), path=path).first()
    if found is None:
        raise Http404
    answer = stored_file(request, found.file, media_type=media_type_of(path))
    return framed(answer, PACKAGE_POLICY, by=site_origin(request))


def _package(request: HttpRequest, token: str) -> Package:
    found = Package.objects.filter(pk=read_token(request, token, "package")).first()
    if found is None:
        raise Http404
    return cast(Package, found)


def media_type_of(path: str) -> str:
    """By its ending; what the platform does not know is a download."""
    ending = path.rpartition(".")[2].lower()
    guess = TYPES.get(ending) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    return f"{guess}; charset=utf-8" if guess in {"text/javascript", "text/css", "application/json"} else guess


@requires(anyone)
def ended(request: HttpRequest, token: str) -> HttpResponseBase:
    """Where a cmi5 unit goes when it is done: tells the page of the site around it."""
    _package(request, token)
    answer = render(request, "content/ended.html", {"site": site_origin(request)})
    return framed(answer, PLAYER_POLICY, by=site_origin(request))
