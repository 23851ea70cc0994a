"""The look of an environment on one page, with a preview; its icon and its legal pages."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST

from ecosystem.access import requires
from ecosystem.environment_forms import LookForm
from ecosystem.look import LEGAL, colour_verdicts, sentences_in, verdict_words
from ecosystem.markup import markdown_to_html
from ecosystem.middleware.headers import POLICY
from ecosystem.models import AuditEntry, Environment
from ecosystem.rules import anyone, may_brand
from ecosystem.services.look import LOOK_CHANGED, look_restore, look_save
from ecosystem.theme import ThemeError, theme_css

YEAR = 365 * 24 * 3600
EARLIER = 5
# The preview is framed by our own page only.
FRAMED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
LOOK_LABELS = ("name", "tagline", "brand", "accent", "font", "radius", "logo_svg", "favicon_svg", "words", "legal")


@requires(may_brand)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    environment = _environment(request)
    form = LookForm(request.POST or None, request.FILES or None, environment=environment)
    if request.method == "POST" and form.is_valid():
        changed = look_save(by=request.membership, **form.look())  # type: ignore[attr-defined]
        messages.success(
            request, _("Saved. Everybody sees it within a few seconds.") if changed else _("Nothing changed.")
        )
        return redirect("settings:look")
    entries = AuditEntry.objects.filter(act=LOOK_CHANGED).order_by("-id")[:EARLIER]
    earlier = [{"row": row, "what": _what_changed(row)} for row in entries]
    return render(request, "ecosystem/environments/look.html", {"form": form, "earlier": earlier})


@requires(may_brand)
@require_http_methods(["GET", "HEAD", "POST"])
@xframe_options_sameorigin
def preview(request: HttpRequest) -> HttpResponse:
    """A few pieces of a page in the look that is typed (POST) or saved (GET). Keeps nothing."""
    environment = _environment(request)
    form = LookForm(request.POST or None, request.FILES or None, environment=environment)
    names = ("name", "tagline", "brand", "accent", "font", "radius", "logo_svg")
    look: dict[str, Any] = {name: getattr(environment, name) for name in names}
    if request.method == "POST" and form.is_valid():
        look = form.look()
    verdicts = colour_verdicts(brand=look["brand"], accent=look["accent"])
    context = {
        "form": form,
        "look": look,
        "logo": mark_safe(look["logo_svg"]),  # noqa: S308 -- cleaned by ecosystem.logo, in the form or when it was saved
        "css": urlencode({name: look[name] for name in ("brand", "accent", "font", "radius")}),
        "spoken": sentences_in(look.get("words", environment.words), environment=environment),
        "verdicts": [(*verdict_words(name, one), one.is_kept) for name, one in verdicts.items()],
    }
    response = render(request, "ecosystem/environments/preview.html", context)
    response.headers["Content-Security-Policy"] = FRAMED
    return response


@requires(may_brand)
def preview_css(request: HttpRequest) -> HttpResponse:
    """The style sheet of a look that is not saved."""
    radius = request.GET.get("radius", "")
    try:
        css = theme_css(
            brand=request.GET.get("brand", ""),
            accent=request.GET.get("accent", ""),
            font=request.GET.get("font", ""),
            radius=int(radius) if radius.isascii() and radius.isdecimal() and len(radius) < 3 else -1,
        )
    except ThemeError:
        raise Http404 from None
    return HttpResponse(css, content_type="text/css")


@requires(may_brand)
@require_POST
def put_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo one earlier change of the look."""
    entry = get_object_or_404(AuditEntry.objects.filter(act=LOOK_CHANGED), pk=pk)
    changed = look_restore(entry=entry, by=request.membership)  # type: ignore[attr-defined]
    messages.success(request, _("The earlier look is back.") if changed else _("It looks like that already."))
    return redirect("settings:look")


@requires(anyone)
@cache_control(max_age=YEAR, immutable=True, public=True)
def icon(request: HttpRequest, digest: str) -> HttpResponse:
    """The icon of the browser tab: the environment's own, else its logo."""
    environment = Environment.objects.filter(pk=request.environment.pk, theme_hash=digest).first()  # type: ignore[attr-defined]
    drawing = (environment.favicon_svg or environment.logo_svg) if environment else ""
    if not drawing:
        raise Http404
    if "xmlns=" not in drawing:
        drawing = drawing.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    return HttpResponse(drawing, content_type="image/svg+xml")


@requires(anyone)
def legal(request: HttpRequest, kind: str) -> HttpResponse:
    """Imprint, privacy or terms of the environment, for everybody."""
    environment = request.environment  # type: ignore[attr-defined]
    text = environment.legal.get(kind) if kind in LEGAL else ""
    if not text:
        raise Http404
    html = mark_safe(markdown_to_html(text))  # noqa: S308 -- cleaned by markdown_to_html
    return render(request, "ecosystem/environments/legal.html", {"heading": LEGAL[kind], "html": html})


def _environment(request: HttpRequest) -> Environment:
    """As it is in the database: what a request knows may be a few seconds old."""
    return Environment.objects.get(pk=request.environment.pk)  # type: ignore[attr-defined]


def _what_changed(entry: AuditEntry) -> str:
    labels = [Environment._meta.get_field(name).verbose_name for name in LOOK_LABELS if name in entry.before]
    return ", ".join(str(label) for label in labels)
