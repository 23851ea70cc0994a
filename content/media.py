"""What a file is, by its content; its name must say the same. Nothing here trusts what a browser claims."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _

from content.exceptions import ContentError

MB = 1024 * 1024
LARGEST_DOCUMENT = 50 * MB
LARGEST_VIDEO = 190 * MB  # the proxy takes 200 MB at once
LARGEST_CAPTIONS = MB
LONGEST_VIDEO = 24 * 3600  # seconds
MOST_BOXES = 10_000
PDF = "application/pdf"
MP4 = "video/mp4"
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


def document_type(*, name: str, file: IO[bytes], size: int) -> str:
    """What the document is. Refuses (ContentError) other kinds, a content that is not what the name says, and large ones."""
    if size > LARGEST_DOCUMENT:
        raise ContentError(_("The file is larger than %(most)s MB.") % {"most": LARGEST_DOCUMENT // MB})
    ending = ending_of(name)
    if ending not in DOCUMENTS:
        raise ContentError(
            _("Files of this kind cannot be kept. These can: %(kinds)s.") % {"kinds": ", ".join(DOCUMENTS)}
        )
    media_type, begins = DOCUMENTS[ending]
    file.seek(0)
    fits = file.read(len(begins)) == begins if begins else _is_text(file.read())
    file.seek(0)
    if not fits:
        raise ContentError(_("What is in the file is not what its name says (%(ending)s).") % {"ending": ending})
    return media_type


def _is_text(data: bytes) -> bool:
    try:
        return "\x00" not in data.decode()
    except UnicodeDecodeError:
        return False


def video_seconds(*, name: str, file: IO[bytes], size: int) -> float:
    """The length of an MP4, read from its movie header (ISO 14496-12). Refuses (ContentError) anything else."""
    if size > LARGEST_VIDEO:
        raise ContentError(_("The video is larger than %(most)s MB.") % {"most": LARGEST_VIDEO // MB})
    file.seek(4)
    if ending_of(name) not in {"mp4", "m4v"} or file.read(4) != b"ftyp":
        raise ContentError(_("This is no MP4 video. Save it as MP4 (H.264), which plays everywhere."))
    try:
        seconds = _movie_seconds(file, size)
    except (struct.error, ValueError, ZeroDivisionError):
        seconds = None
    file.seek(0)
    if seconds is None or not 0 < seconds <= LONGEST_VIDEO:
        raise ContentError(_("The length of the video cannot be read. The file may be damaged: save it again."))
    return seconds


def _movie_seconds(file: IO[bytes], size: int) -> float | None:
    for kind, start, end in _boxes(file, 0, size):
        if kind != b"moov":
            continue
        for inner, begin, _end in _boxes(file, start, end):
            if inner == b"mvhd":
                file.seek(begin)
                version = file.read(4)[0]
                if version == 1:
                    _made, _changed, scale, units = struct.unpack(">QQIQ", file.read(28))
                else:
                    _made, _changed, scale, units = struct.unpack(">IIII", file.read(16))
                return float(units / scale)
    return None


def _boxes(file: IO[bytes], start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(kind, where its content begins, where it ends) of each box between the two places."""
    for _count in range(MOST_BOXES):
        if start + 8 > end:
            return
        file.seek(start)
        length, kind = struct.unpack(">I4s", file.read(8))
        begin = start + 8
        if length == 1:
            (length,) = struct.unpack(">Q", file.read(8))
            begin += 8
        stop = end if length == 0 else start + length
        if stop < begin or stop > end:
            raise ValueError("a box that is larger than what it lies in")
        yield kind, begin, stop
        start = stop


def captions_text(data: bytes) -> bytes:
    """WebVTT as it is kept. Refuses (ContentError) anything else."""
    if len(data) > LARGEST_CAPTIONS:
        raise ContentError(_("The captions are larger than 1 MB."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ContentError(_("Save the captions as UTF-8.")) from None
    if not re.match(r"WEBVTT(?:[ \t\r\n]|\Z)", text) or "-->" not in text or "\x00" in text:
        raise ContentError(_("These are no captions in the form WebVTT (.vtt)."))
    return text.encode()
