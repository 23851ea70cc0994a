"""What a text in Markdown holds besides words: its pictures, and how two texts differ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from markdown_it import MarkdownIt

MOST_CHARACTERS = 200_000
MOST_LINES = 3000  # comparing grows with the square
AROUND = 2  # lines that are the same, shown beside what changed
_ATTACHMENT = re.compile(r"attachment:[0-9a-f]{64}\Z")
_MARKDOWN = MarkdownIt("commonmark", {"html": False})


@dataclass(frozen=True)
class Picture:
    """``says`` is what a screen reader reads out."""

    says: str
    address: str

    @property
    def is_ours(self) -> bool:
        return bool(_ATTACHMENT.match(self.address))


def pictures_of(markdown: str) -> Iterator[Picture]:
    """Every picture of the text, in its order."""
    for block in _MARKDOWN.parse(markdown):
        for token in block.children or ():
            if token.type == "image":
                yield Picture(token.content.strip(), str(token.attrs.get("src", "")))


@dataclass(frozen=True)
class Line:
    """``kind``: same, added, removed, or gap for lines that are left out."""

    kind: str
    text: str


def difference(before: str, after: str) -> list[Line] | None:
    """What became of the lines, with a little around each change; None when the texts are too long to compare."""
    old, new = before.splitlines(), after.splitlines()
    if len(old) > MOST_LINES or len(new) > MOST_LINES:
        return None
    found: list[Line] = []
    for group in SequenceMatcher(None, old, new, autojunk=True).get_grouped_opcodes(AROUND):
        if found or group[0][1] > 0:
            found.append(Line("gap", ""))
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                found += [Line("same", text) for text in old[i1:i2]]
                continue
            found += [Line("removed", text) for text in old[i1:i2]]
            found += [Line("added", text) for text in new[j1:j2]]
    return found
