"""Where the pictures of a page are to be had."""

import re
from collections.abc import Set
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from content.ticks import parts_of

_ATTACHMENT = re.compile(r'(<img\b[^>]*? src=")attachment:([0-9a-f]{64})"')


@dataclass(frozen=True)
class ShownItem:
    key: str
    html: SafeString
    is_ticked: bool


@dataclass(frozen=True)
class ShownPart:
    """A piece of text, or lines to tick off."""

    html: SafeString
    items: list[ShownItem]


def parts_shown(markdown: str, *, ticked: Set[str] = frozenset(), embed: str = "") -> list[ShownPart]:
    """The text of a page in its order, ready to be shown; ``embed`` as in ``with_images``."""
    return [
        ShownPart(
            with_images(part.html, embed=embed),
            [ShownItem(item.key, with_images(item.html, embed=embed), item.key in ticked) for item in part.items],
        )
        for part in parts_of(markdown)
    ]


def with_images(html: str, *, embed: str = "") -> SafeString:
    """Clean HTML of a page with the addresses of its pictures put in; safe when the HTML was.

    ``embed``: the slug of a page that is shown inside another site, where nobody is signed in.
    """

    def address(found: re.Match[str]) -> str:
        where = (
            reverse("content:embed-image", args=[embed, found[2]])
            if embed
            else reverse("content:image", args=[found[2]])
        )
        return f'{found[1]}{where}"'

    return mark_safe(_ATTACHMENT.sub(address, html))  # noqa: S308 -- what is put in is a path of ours
