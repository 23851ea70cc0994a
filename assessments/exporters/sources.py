"""What an exporter is given, and what it gives back."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

from assessments.exporters.reasons import LeftOut
from assessments.importers.pictures import MEDIA_TYPES
from assessments.models import Question, QuestionVersion
from ecosystem.markup import ATTACHMENT_SCHEME

_PLACEHOLDER = re.compile(rf"{ATTACHMENT_SCHEME}:([0-9a-f]{{64}})")
_VOID = frozenset({"br", "hr", "img"})


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, sound or film of the bank; `read` gives its bytes."""

    sha256: str
    media_type: str
    read: Callable[[], bytes]

    @property
    def filename(self) -> str:
        return f"{self.sha256[:32]}.{MEDIA_TYPES.get(self.media_type, 'bin')}"


@dataclass(frozen=True, slots=True)
class Source:
    """A question with the version to write."""

    question: Question
    version: QuestionVersion


@dataclass(slots=True)
class Exported:
    """The file, what is not in it, and what of a question is not."""

    filename: str
    content: bytes = b""
    media_type: str = "application/xml"
    written: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    notes: list[LeftOut] = field(default_factory=list)


def media_in(html: str, media: Mapping[str, Media], used: dict[str, Media], *, folder: str) -> str:
    """Return the HTML with its placeholders as addresses of files, and remember which files those are."""

    def placed(found: re.Match[str]) -> str:
        one = media.get(found[1])
        if one is None:
            return found[0]
        used[one.sha256] = one
        return f"{folder}{one.filename}"

    return _PLACEHOLDER.sub(placed, html)


class _Xhtml(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = "".join(f' {name}="{escape(value or "")}"' for name, value in attrs)
        self.parts.append(f"<{tag}{said}/>" if tag in _VOID else f"<{tag}{said}>")
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while (last := self._open.pop()) != tag:
                self.parts.append(f"</{last}>")
            self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.parts.append(escape(data, quote=False))

    def written(self) -> str:
        return "".join([*self.parts, *(f"</{tag}>" for tag in reversed(self._open))])


def xhtml(html: str) -> str:
    """Return clean HTML as well-formed XML."""
    parser = _Xhtml()
    parser.feed(html)
    parser.close()
    return xml_safe(parser.written())


def xml_safe(text: str) -> str:
    """Return the text without the control characters that XML cannot hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)
