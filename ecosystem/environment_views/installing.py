"""What lets a phone keep an environment as an app: its manifest and its icon. iOS needs that for push messages."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from ecosystem.access import requires
from ecosystem.app_icon import SIZES, app_icon
from ecosystem.environment_views.look import YEAR
from ecosystem.rules import anyone
from ecosystem.theme import tokens

SHORT = 12  # letters below an icon


@requires(anyone)
@require_safe
@cache_control(max_age=3600, public=True)
def manifest(request: HttpRequest) -> HttpResponse:
    """Name, colours and icons, as saved. Shows nothing that the sign-in page does not."""
    environment = request.environment  # type: ignore[attr-defined]
    colours, digest = tokens(brand=environment.brand), environment.theme_hash or "default"
    sizes = [size for size in SIZES if size != 180]
    icons = [
        {
            "src": reverse("app-icon", args=[digest, size]),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size in sizes
        for purpose in ("any", "maskable")
    ]
    facts = {
        "id": "/",
        "name": environment.name,
        "short_name": environment.name if len(environment.name) <= SHORT else environment.name.split()[0][:SHORT],
        "description": environment.tagline,
        "lang": get_language(),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": colours["brand"],
        "background_color": colours["bg"],
        "icons": icons,
    }
    return JsonResponse(facts, content_type="application/manifest+json")


@requires(anyone)
@require_safe
@cache_control(max_age=YEAR, immutable=True, public=True)
def icon(request: HttpRequest, digest: str, size: int) -> HttpResponse:
    """The icon in one of the sizes that phones ask for. The address changes with the look."""
    environment = request.environment  # type: ignore[attr-defined]
    if size not in SIZES or digest != (environment.theme_hash or "default"):
        raise Http404
    return HttpResponse(app_icon(name=environment.name, brand=environment.brand, size=size), content_type="image/png")
