"""What a film or its captions are, by their content (documents: ``ecosystem.documents``)."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _

from content.exceptions import ContentError
from ecosystem.documents import ending_of

MB = 1024 * 1024
LARGEST_VIDEO = 190 * MB  # the proxy takes 200 MB at once
LARGEST_CAPTIONS = MB
LONGEST_VIDEO = 24 * 3600  # seconds
MOST_BOXES = 10_000
MP4 = "video/mp4"


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
