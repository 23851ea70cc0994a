"""What a document is, by its content; its name must say the same. Nothing here trusts what a browser claims."""

from __future__ import annotations

import re
from typing import IO

from django.utils.translation import gettext as _

from ecosystem.exceptions import EcosystemError

MB = 1024 * 1024
LARGEST_DOCUMENT = 50 * MB
PDF = "application/pdf"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
# ending -> (what it is, how it begins); no beginning means text.
DOCUMENTS: dict[str, tuple[str, bytes]] = {
    "pdf": (PDF, b"%PDF-"),
    "docx": (f"{_OFFICE}wordprocessingml.document", b"PK\x03\x04"),
    "xlsx": (f"{_OFFICE}spreadsheetml.sheet", b"PK\x03\x04"),
    "pptx": (f"{_OFFICE}presentationml.presentation", b"PK\x03\x04"),
    "odt": (f"{_OPEN}text", b"PK\x03\x04"),
    "ods": (f"{_OPEN}spreadsheet", b"PK\x03\x04"),
    "odp": (f"{_OPEN}presentation", b"PK\x03\x04"),
    "epub": ("application/epub+zip", b"PK\x03\x04"),
    "png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "jpg": ("image/jpeg", b"\xff\xd8\xff"),
    "jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    "mp3": ("audio/mpeg", b"ID3"),
    "txt": ("text/plain; charset=utf-8", b""),
    "csv": ("text/csv; charset=utf-8", b""),
}
_UNWANTED = re.compile(r"[\x00-\x1f\x7f/\\\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def plain_name(name: str) -> str:
    """The last part of the name without anything that could mislead: no folders, no controls, no dots at the ends."""
    last = re.split(r"[/\\]", name)[-1]
    return _UNWANTED.sub("", last).strip(" .")[:200] or "file"


def ending_of(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


class DocumentError(EcosystemError):
    """Why a document is not taken."""


def document_type(*, name: str, file: IO[bytes], size: int) -> str:
    """What the document is. Refuses (DocumentError) other kinds, a content that is not what the name says, and large ones."""
    if size > LARGEST_DOCUMENT:
        raise DocumentError(_("The file is larger than %(most)s MB.") % {"most": LARGEST_DOCUMENT // MB})
    ending = ending_of(name)
    if ending not in DOCUMENTS:
        raise DocumentError(
            _("Files of this kind cannot be kept. These can: %(kinds)s.") % {"kinds": ", ".join(DOCUMENTS)}
        )
    media_type, begins = DOCUMENTS[ending]
    file.seek(0)
    fits = file.read(len(begins)) == begins if begins else _is_text(file.read())
    file.seek(0)
    if not fits:
        raise DocumentError(_("What is in the file is not what its name says (%(ending)s).") % {"ending": ending})
    return media_type


def _is_text(data: bytes) -> bool:
    try:
        return "\x00" not in data.decode()
    except UnicodeDecodeError:
        return False
