"""What every page of the site gets. Nothing here queries unless the page uses it."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe

from ecosystem.look import legal_links, own_words
from ecosystem.registry import nav, role_pages
from ecosystem.selectors import Place, places_of
from ecosystem.signals import SESSION_VIEWING

APPEARANCES = {"light", "dark"}


class _PageEnvironment:
    """The environment as a template needs it."""

    def __init__(self, environment: Any) -> None:
        self.name, self.slug, self.font = environment.name, environment.slug, environment.font
        self.tagline, self.language, self.brand = environment.tagline, environment.language, environment.brand
        self.logo_svg = mark_safe(environment.logo_svg)  # noqa: S308 -- cleaned by ecosystem.logo when it was saved
        self.theme_href = f"/theme/{environment.theme_hash or 'default'}.css"
        self.has_icon = bool(environment.favicon_svg or environment.logo_svg)
        self.icon_href = f"/theme/{environment.theme_hash or 'default'}.svg"
        self.app_icon_href = f"/theme/{environment.theme_hash or 'default'}/180.png"
        self.words = own_words(environment)
        self.legal_links = legal_links(environment)


def _entries(request: HttpRequest) -> list[dict[str, Any]]:
    membership = request.membership  # type: ignore[attr-defined]
    found = []
    words = own_words(request.environment)  # type: ignore[attr-defined]
    for entry in nav:
        if not entry.rule(membership):
            continue
        href = entry.href()
        here = request.path == href if href == "/" else request.path.startswith(href)
        found.append(
            {
                "key": entry.key,
                "icon": entry.icon,
                "label": words.get(entry.key, entry.label),
                "short": words.get(entry.key, entry.short),
                "href": href,
                "badge": entry.badge(membership) if entry.badge else 0,
                "current": here,
            }
        )
    return found


def page(request: HttpRequest) -> dict[str, Any]:
    environment = getattr(request, "environment", None)
    membership = getattr(request, "membership", None)
    appearance = request.COOKIES.get("theme", "")
    return {
        "environment": _PageEnvironment(environment) if environment else None,
        "person": membership.person if membership else None,
        "membership": membership,
        "appearance": appearance if appearance in APPEARANCES else "",
        "nav": SimpleLazyObject(lambda: _entries(request) if membership else []),
        "role_links": SimpleLazyObject(
            lambda: [(page.label, page.href()) for page in role_pages if page.rule(membership)] if membership else []
        ),
        "places": SimpleLazyObject(lambda: _places(request, membership)),
        "viewing": _viewing(request),
        "unread": SimpleLazyObject(lambda: _unread(membership)),
    }


def _places(request: HttpRequest, membership: Any) -> list[Place]:
    """Where else the person can go; nowhere while the site is seen as somebody else."""
    if membership is None or getattr(request, "viewer", None) is not None:
        return []
    return places_of(person=membership.person)


def _viewing(request: HttpRequest) -> dict[str, Any] | None:
    """Whom the page is seen as, and until when; None as a rule."""
    if getattr(request, "viewer", None) is None:
        return None
    until = datetime.fromtimestamp(request.session[SESSION_VIEWING]["until"], tz=UTC)
    return {"name": request.membership.person.name, "until": until}  # type: ignore[attr-defined]


def _unread(membership: Any) -> int:
    badge = unread_badge.get("count")
    return badge(membership) if badge and membership else 0


# Filled by notifications; a dictionary because context processors are named by path in settings.
unread_badge: dict[str, Any] = {}
