"""What every page of the site gets. Nothing here queries unless the page uses it."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe

from ecosystem.frame import Frame, entries_of
from ecosystem.look import legal_links, own_words
from ecosystem.registry import role_pages
from ecosystem.selectors import Place, places_of
from ecosystem.signals import SESSION_VIEWING

APPEARANCES = {"light", "dark"}


class PageEnvironment:
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
        self.said = tuple(sorted(self.words.items()))
        self.legal_links = legal_links(environment)


def page(request: HttpRequest) -> dict[str, Any]:
    environment = getattr(request, "environment", None)
    membership = getattr(request, "membership", None)
    chosen = request.COOKIES.get("theme", "")
    appearance = chosen if chosen in APPEARANCES else ""
    page_environment = PageEnvironment(environment) if environment else None
    return {
        "environment": page_environment,
        "person": membership.person if membership else None,
        "membership": membership,
        "appearance": appearance,
        "frame": SimpleLazyObject(partial(_frame, request, page_environment, membership, appearance)),
        "viewing": _viewing(request),
    }


def _frame(request: HttpRequest, page_environment: PageEnvironment, membership: Any, appearance: str) -> Frame:
    person, unread = membership.person, _unread(membership)
    return Frame(
        environment=page_environment,
        here=membership.environment_id,
        entries=entries_of(path=request.path, words=page_environment.words, membership=membership),
        pages=tuple(
            (page, page_environment.words.get(key) or page.label)
            for key, page in role_pages.items()
            if page.rule(membership)
        ),
        places=tuple(_places(request, membership)),
        appearance=appearance,
        filled={
            "next": request.get_full_path(),
            "name": person.name,
            "initials": person.initials,
            "photo": person.photo,
            "unread": str(unread or ""),
        },
    )


def _places(request: HttpRequest, membership: Any) -> list[Place]:
    """Where else the person can go; nowhere while the site is seen as somebody else."""
    if getattr(request, "viewer", None) is not None:
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
    return badge(membership) if badge else 0


# Filled by notifications; a dictionary because context processors are named by path in settings.
unread_badge: dict[str, Any] = {}
