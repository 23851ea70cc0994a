"""The letters that development writes into files instead of sending them, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.utils.dateparse import parse_datetime
from django.utils.timezone import make_aware

NEWEST = 100
RULER = b"\n" + b"-" * 79 + b"\n"  # Django's file backend writes one after each letter


@dataclass(frozen=True)
class SentFile:
    """``name`` is file and place in it, such as ``20260131-101500-1234.log-0``."""

    name: str
    message: EmailMessage

    @property
    def at(self) -> object:
        """When it was written, by the name of the file."""
        stamp = self.name[:15]
        text = f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}T{stamp[9:11]}:{stamp[11:13]}:{stamp[13:15]}"
        found = parse_datetime(text)
        return make_aware(found) if found else None

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.message.get_body(preferencelist=(kind,))
        return str(part.get_content()) if part else ""

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in self.message.items()]


def sent_files() -> list[SentFile]:
    """The newest hundred."""
    found: list[SentFile] = []
    for file in sorted(Path(settings.MAIL_DIR).glob("*.log"), reverse=True):
        found += reversed(_letters(file))
        if len(found) >= NEWEST:
            break
    return found[:NEWEST]


def sent_file(name: str) -> SentFile | None:
    """The one of this name, when there is one."""
    return next((one for one in sent_files() if one.name == name), None)


def _letters(file: Path) -> list[SentFile]:
    parts = [part for part in file.read_bytes().split(RULER) if part.strip()]
    return [
        SentFile(f"{file.name}-{place}", message_from_bytes(part, policy=policy.default))  # type: ignore[arg-type]
        for place, part in enumerate(parts)
    ]
