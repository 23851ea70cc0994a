"""Text files from strangers: their encoding told from the bytes, their lines counted."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.question_types.base import storable

LARGEST_TEXT = 25 * 1024 * 1024  # bytes
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


class TextRefusedError(ValueError):
    """The file is not read; the message says why."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """Lines without their ends; `notice` when the encoding had to be guessed."""

    lines: list[str]
    notice: str = ""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def read_text(data: bytes) -> TextFile:
    """Return the lines of the file. TextRefusedError: too large, empty, or no text at all."""
    if len(data) > LARGEST_TEXT:
        raise TextRefusedError(_("The file is larger than %(most)s MB.") % {"most": LARGEST_TEXT // 1024 // 1024})
    text, notice = _decoded(data)
    if not text.strip():
        raise TextRefusedError(_("The file is empty."))
    if "\x00" in text:
        raise TextRefusedError(_("This is no file of text."))
    return TextFile(storable(text).replace("\r\n", "\n").replace("\r", "\n").split("\n"), notice)


def _decoded(data: bytes) -> tuple[str, str]:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding), ""
    except (UnicodeDecodeError, UnicodeError):
        if encoding != "utf-8":
            raise TextRefusedError(_("The encoding of the file cannot be read. Save it as UTF-8.")) from None
    guessed = data.decode("cp1252", "replace")
    return guessed, _("The file is not in UTF-8; letters with accents are read as Windows writes them.")
