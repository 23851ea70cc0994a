"""Which files can be handed in: documents, and recordings, which may be large. Told by their content, as everywhere."""

from __future__ import annotations

from typing import IO

from django.utils.translation import gettext as _

from ecosystem.documents import DOCUMENTS, LARGEST_DOCUMENT, MB, DocumentError, document_type, ending_of

# ending -> (what it is, where its mark stands, its mark)
RECORDINGS: dict[str, tuple[str, int, bytes]] = {
    "mp4": ("video/mp4", 4, b"ftyp"),
    "m4v": ("video/mp4", 4, b"ftyp"),
    "mov": ("video/quicktime", 4, b"ftyp"),
    "webm": ("video/webm", 0, b"\x1a\x45\xdf\xa3"),
    "weba": ("audio/webm", 0, b"\x1a\x45\xdf\xa3"),
    "m4a": ("audio/mp4", 4, b"ftyp"),
    "ogg": ("audio/ogg", 0, b"OggS"),
    "wav": ("audio/wav", 8, b"WAVE"),
}
ENDINGS = (*DOCUMENTS, *RECORDINGS)
AUDIO, VIDEO = ("weba", "webm", "m4a", "mp4", "ogg", "wav", "mp3"), ("webm", "mp4", "m4v", "mov")
MOST_MB = 2048  # of a recording; a document is never larger than LARGEST_DOCUMENT
MARK = 16  # so many bytes at the beginning tell what is no text


def refuse_size(*, name: str, size: int, most_mb: int) -> None:
    """Refuses (DocumentError) what is too large, or of a kind that cannot be kept, before anything of it has come."""
    ending = ending_of(name)
    if ending not in ENDINGS:
        raise DocumentError(
            _("Files of this kind cannot be kept. These can: %(kinds)s.") % {"kinds": ", ".join(ENDINGS)}
        )
    most = most_mb if ending in RECORDINGS else min(most_mb, LARGEST_DOCUMENT // MB)
    if size > most * MB:
        raise DocumentError(_("The file is larger than %(most)s MB.") % {"most": most})


def refuse_beginning(*, name: str, beginning: bytes) -> None:
    """Refuses a file whose first bytes are not what its name says. A text is looked at once all of it is there."""
    ending = ending_of(name)
    if ending in RECORDINGS:
        _media_type, place, mark = RECORDINGS[ending]
    else:
        place, mark = 0, DOCUMENTS[ending][1]
    if beginning[place : place + len(mark)] != mark:
        raise DocumentError(_("What is in the file is not what its name says (%(ending)s).") % {"ending": ending})


def file_type(*, name: str, file: IO[bytes], size: int, most_mb: int) -> str:
    """What the file is. Refuses (DocumentError) other kinds, a content that is not what the name says, and large ones."""
    refuse_size(name=name, size=size, most_mb=most_mb)
    if ending_of(name) not in RECORDINGS:
        return document_type(name=name, file=file, size=size)
    file.seek(0)
    refuse_beginning(name=name, beginning=file.read(MARK))
    file.seek(0)
    return RECORDINGS[ending_of(name)][0]
