"""Pictures that people upload: only what can be drawn again comes in, and only the drawing is kept."""

import io
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.translation import gettext as _
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from ecosystem.exceptions import EcosystemError

LARGEST = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
SIDE = 256  # twice the largest face on a page
FORMATS = ("JPEG", "PNG", "WEBP")
UNREADABLE = (
    UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError,
    struct.error, zlib.error, LookupError, TypeError, AttributeError,  # what broken notes in a file (EXIF) make of the library
)  # fmt: skip
_one_at_a_time = threading.Lock()


def face_drawn(data: bytes) -> bytes:
    """A square WebP of the middle of a picture, without anything else that was in the file (place, camera, comments).

    Refuses files over 5 MB, over 40 million pixels (told by the header, before anything is unpacked), and whatever is no
    JPEG, PNG or WebP by its content.
    """
    upright = _read(data, with_alpha=False)
    face = Image.new("RGB", (SIDE, SIDE))
    face.paste(ImageOps.fit(upright, (SIDE, SIDE)))
    out = io.BytesIO()
    face.save(out, "WEBP", quality=82)
    return out.getvalue()


@dataclass(frozen=True)
class Drawn:
    """A WebP with its size in pixels."""

    content: bytes
    width: int
    height: int


def picture_drawn(data: bytes, *, longest: int = 1600) -> Drawn:
    """The whole picture as WebP, its longer side at most ``longest`` pixels; refuses what ``face_drawn`` refuses."""
    picture = _read(data, with_alpha=True)
    picture.thumbnail((longest, longest))
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=82)
    return Drawn(out.getvalue(), picture.width, picture.height)


def picture_kept(data: bytes, *, longest: int = 1600) -> Drawn:
    """The same bytes when they are a picture as ``picture_drawn`` makes it, which drawing again would wear out; else drawn.

    Refuses what ``face_drawn`` refuses.
    """
    picture = _read(data, with_alpha=True)
    if _is_bare(data) and max(picture.size) <= longest:
        return Drawn(data, picture.width, picture.height)
    return picture_drawn(data, longest=longest)


def _is_bare(data: bytes) -> bool:
    """A still WebP with nothing in the file but the picture: neither notes nor anything behind its end."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or int.from_bytes(data[4:8], "little") != len(data) - 8:
        return False
    at = 12
    while at + 8 <= len(data):
        if data[at : at + 4] not in {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}:
            return False
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8 + length + length % 2
    return at == len(data)


def _read(data: bytes, *, with_alpha: bool) -> Image.Image:
    """The picture, upright and whole, with what is see-through when that is wanted."""
    if len(data) > LARGEST:
        raise EcosystemError(_("The picture is larger than 5 MB."))
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise EcosystemError(_("The picture has too many pixels.")) from None
    except UNREADABLE:
        raise EcosystemError(_("This is no picture we can read. Choose a JPEG, PNG or WebP.")) from None
    if picture.width * picture.height > MOST_PIXELS:
        raise EcosystemError(_("The picture has too many pixels."))
    try:
        with _whole_files():
            upright = ImageOps.exif_transpose(picture)
            return upright.convert("RGBA" if with_alpha and upright.has_transparency_data else "RGB")
    except UNREADABLE:
        raise EcosystemError(_("This is no picture we can read. Choose a JPEG, PNG or WebP.")) from None


@contextmanager
def _whole_files() -> Iterator[None]:
    """A file that ends in the middle is refused, though WeasyPrint tells the library, for the whole process, to take it."""
    with _one_at_a_time:
        before = ImageFile.LOAD_TRUNCATED_IMAGES
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before
