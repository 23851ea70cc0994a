"""Lines that can be ticked off: ``- [ ] words`` in the Markdown of a checklist or job aid."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass

from ecosystem.markup import markdown_line_to_html, markdown_to_html

_ITEM = re.compile(r"\s{0,6}[-*+] \[[ xX]\] +(\S.*)")
_FENCE = re.compile(r"\s{0,3}(```|~~~)")
MOST_ITEMS = 200


@dataclass(frozen=True)
class Item:
    """``key`` follows the words: whoever changes one line takes away the ticks of that line only. ``html`` is clean."""

    key: str
    html: str


@dataclass(frozen=True)
class Part:
    """Either text (clean HTML) or a run of items."""

    html: str = ""
    items: tuple[Item, ...] = ()


def parts_of(markdown: str) -> list[Part]:
    """The text in its order, with the lines to tick off taken out of it."""
    found: list[Part] = []
    text: list[str] = []
    items: list[Item] = []
    seen: Counter[str] = Counter()
    fenced = False

    def close_text() -> None:
        if "".join(text).strip():
            found.append(Part(html=markdown_to_html("\n".join(text))))
        text.clear()

    def close_items() -> None:
        if items:
            found.append(Part(items=tuple(items)))
        items.clear()

    for line in markdown.splitlines():
        fenced ^= bool(_FENCE.match(line))
        match = None if fenced or sum(seen.values()) >= MOST_ITEMS else _ITEM.match(line)
        if match:
            close_text()
            words = match[1].strip()
            seen[words] += 1
            digest = hashlib.sha256(words.encode()).hexdigest()[:32]
            items.append(Item(f"{digest}-{seen[words]}", markdown_line_to_html(words)))
        elif line.strip() or text:
            close_items()
            text.append(line)
    close_items()
    close_text()
    return found


def keys_of(markdown: str) -> list[str]:
    return [item.key for part in parts_of(markdown) for item in part.items]
