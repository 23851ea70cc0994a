"""Home, and the small addresses every page needs."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from ecosystem.access import requires
from ecosystem.models import Environment
from ecosystem.navigation import own_path
from ecosystem.registry import home_sections, todos
from ecosystem.rules import anyone, is_member

YEAR = 365 * 24 * 3600


@requires(anyone)
def home(request: HttpRequest) -> HttpResponse:
    """What to do next, in one order over everything; a welcome for visitors."""
    if request.membership is None:  # type: ignore[attr-defined]
        return render(request, "ecosystem/welcome.html")
    if not is_member(request.membership):  # type: ignore[attr-defined]
        return HttpResponseRedirect(reverse("delegation-mine"))
    found = sorted(
        (todo for provider in todos for todo in provider(request.membership)),  # type: ignore[attr-defined]
        key=lambda todo: todo.rank,
    )
    first, rest = (found[0], found[1:6]) if found else (None, [])
    return render(
        request,
        "ecosystem/home.html",
        {
            "greeting": _greeting(),
            "next_up": first,
            "also": rest,
            "count": min(len(found), 6),
            "minutes": sum(todo.minutes for todo in found[:6]),
            "sections": [section for make in home_sections if (section := make(request.membership))],  # type: ignore[attr-defined]
        },
    )


def _greeting() -> str:
    hour = timezone.localtime().hour
    if hour < 12:
        return _("Good morning")
    return _("Good afternoon") if hour < 18 else _("Good evening")


@requires(anyone)
@cache_control(max_age=YEAR, immutable=True, public=True)
def theme(request: HttpRequest, digest: str) -> HttpResponse:
    """The stylesheet of the environment's look. The address changes with its content."""
    here = request.environment.pk  # type: ignore[attr-defined]
    css = Environment.objects.filter(pk=here, theme_hash=digest).values_list("theme_css", flat=True).first()
    if css is None:
        raise Http404
    return HttpResponse(css, content_type="text/css")


@requires(anyone)
@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the device says; kept in a cookie for a year."""
    response = HttpResponseRedirect(own_path(request))
    choice = request.POST.get("theme", "")
    if choice in {"light", "dark"}:
        response.set_cookie("theme", choice, max_age=YEAR, samesite="Lax", secure=settings.HTTPS, httponly=True)
    else:
        response.delete_cookie("theme")
    return response


@requires(anyone)
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Another language for this device."""
    response = HttpResponseRedirect(own_path(request))
    choice = request.POST.get("language", "")
    if choice in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, choice, max_age=YEAR, samesite="Lax", secure=settings.HTTPS, httponly=True
        )
    return response
