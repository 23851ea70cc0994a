"""The frame around the page of a member: top bar, navigation and menu.

It looks the same for everybody who has the same pages, but for a few places: who it is, what is unread, where forms
lead and their token. So it is rendered once with marks in these places and kept, and a page only fills the marks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from ecosystem.registry import NavEntry, RolePage, Words, nav

if TYPE_CHECKING:
    from ecosystem.context import PageEnvironment
    from ecosystem.models import Membership
    from ecosystem.selectors import Place

# At most about 4 MB a process.
KEPT_COUNT = 400
# No text of a tenant holds a NUL: PostgreSQL stores none.
MARK = re.compile("\0([a-z_]+)\0")
FILLED = ("csrf_token", "next", "name", "initials", "photo", "unread")

_kept: dict[tuple[Any, ...], list[str]] = {}


@dataclass(frozen=True)
class Shown:
    """An entry of the navigation as it stands on this page; ``word`` is what this environment calls it, if it does."""

    entry: NavEntry
    word: str
    badge: int
    current: bool

    @property
    def icon(self) -> str:
        return self.entry.icon

    @property
    def href(self) -> str:
        return self.entry.href()

    @property
    def label(self) -> str:
        return self.word or str(self.entry.label)

    @property
    def short(self) -> str:
        return self.word or str(self.entry.short)


@dataclass(frozen=True)
class Frame:
    """What decides how the frame looks, and what is ``filled`` into it for this page (all of ``FILLED`` but the token)."""

    environment: PageEnvironment
    here: int
    entries: tuple[Shown, ...]
    pages: tuple[tuple[RolePage, Words], ...]  # with what the environment calls each
    places: tuple[Place, ...]
    appearance: str
    filled: dict[str, str]

    @cached_property
    def key(self) -> tuple[Any, ...]:
        shown = tuple((one.entry.key, one.word, one.badge, one.current) for one in self.entries)
        pages = tuple((id(page), word) for page, word in self.pages)
        looks = (self.environment.said, self.environment.name, self.environment.logo_svg, *self.environment.legal_links)
        has = (bool(self.filled["photo"]), bool(self.filled["unread"]))
        return (get_language(), looks, self.here, shown, pages, self.places, self.appearance, has)


def entries_of(*, path: str, words: dict[str, str], membership: Membership) -> tuple[Shown, ...]:
    """The navigation of this person, with the entry marked under which ``path`` stands."""
    found = []
    for entry in nav:
        if entry.rule(membership):
            href = entry.href()
            current = path == href if href == "/" else path.startswith(href)
            badge = entry.badge(membership) if entry.badge else 0
            found.append(Shown(entry, words.get(entry.key, ""), badge, current))
    return tuple(found)


def frame_render(part: str, frame: Frame, *, csrf_token: str) -> SafeString:
    """One part of it: the template ``ui/frame_….html``, filled."""
    key = (part, *frame.key)
    pieces = _kept.get(key)
    if pieces is None:
        pieces = MARK.split(render_to_string(f"ui/frame_{part}.html", _given(frame)))
        if len(_kept) >= KEPT_COUNT:
            _kept.clear()
        _kept[key] = pieces
    values = {**frame.filled, "csrf_token": csrf_token}
    filled = [escape(values[piece]) if at % 2 else piece for at, piece in enumerate(pieces)]
    return mark_safe("".join(filled))  # noqa: S308 -- ours, and values that were escaped


def _given(frame: Frame) -> dict[str, Any]:
    """What the templates see: marks for what is filled, and nothing where there is nothing to fill in."""
    return {
        **{name: mark_safe(f"\0{name}\0" if frame.filled.get(name, True) else "") for name in FILLED},  # noqa: S308
        "environment": frame.environment,
        "here": frame.here,
        "nav": frame.entries,
        "role_links": [(word, page.href()) for page, word in frame.pages],
        "places": frame.places,
        "appearance": frame.appearance,
    }
