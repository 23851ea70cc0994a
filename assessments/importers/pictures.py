"""Pictures, sounds and films inside imported HTML: taken out, checked by their bytes, and named `attachment:<sha256>`
where they stood."""

import base64
import binascii
import hashlib
import io
import re
import struct
import warnings
from collections.abc import Mapping
from html import unescape
from urllib.parse import unquote

from django.utils.translation import gettext as _
from PIL import Image

from assessments.importers.results import Attachment, QuestionRefusedError
from ecosystem.markup import ATTACHMENT_SCHEME
from ecosystem.pictures import MOST_PIXELS, UNREADABLE

MB = 1024 * 1024
LARGEST_PICTURE = 5 * MB
LARGEST_MEDIA = 20 * MB

_FILE_REFERENCE = re.compile(r"@@PLUGINFILE@@/([^\"'<>\s?#]*)(?:[?#][^\"'<>\s]*)?")
_DATA_REFERENCE = re.compile(r"(src\s*=\s*)([\"'])data:[^\"'>]*?;base64,([^\"'>]*)\2", re.IGNORECASE)
_PICTURES = (
    ("image/png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("image/jpeg", re.compile(rb"\xff\xd8\xff")),
    ("image/gif", re.compile(rb"GIF8[79]a")),
)
_MEDIA = (
    ("audio/mpeg", re.compile(rb"ID3|\xff[\xf2\xf3\xfa\xfb]")),
    ("audio/mp4", re.compile(rb".{4}ftypM4A", re.DOTALL)),
    ("video/mp4", re.compile(rb".{4}ftyp(?:isom|iso2|iso5|iso6|mp41|mp42|avc1|dash|M4V)", re.DOTALL)),
    ("video/webm", re.compile(rb"\x1aE\xdf\xa3.{1,60}webm", re.DOTALL)),
    ("audio/ogg", re.compile(rb"OggS")),
    ("audio/wav", re.compile(rb"RIFF.{4}WAVE", re.DOTALL)),
)
MEDIA_TYPES = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "video/mp4": "mp4",
    "video/webm": "webm",
}
_LOOKS_LIKE_SVG = re.compile(rb"<svg[\s>]", re.IGNORECASE)
# How editors write a sound or a film: with sources inside, or as a link that a page turns into a player.
_WITH_SOURCES = re.compile(
    r"<(audio|video)\b[^>]{0,400}>(?:(?!</\1).){0,1000}?<source\b[^>]{0,400}?\bsrc\s*=\s*(\"[^\"]{0,400}\"|'[^']{0,400}')(?:(?!</\1).){0,1000}</\1\s*>",
    re.IGNORECASE | re.DOTALL,
)
_LINK = re.compile(
    rf"<a\b[^>]{{0,400}}?\bhref\s*=\s*[\"']{ATTACHMENT_SCHEME}:([0-9a-f]{{64}})[\"'][^>]{{0,400}}>(.{{0,400}}?)</a\s*>",
    re.I | re.S,
)


def take_out_pictures(html: str, files: Mapping[str, str], taken: dict[str, Attachment]) -> str:
    """Return the HTML with each embedded picture replaced by its placeholder, and add the pictures to `taken`.

    files: path inside the question -> base64, as the file brought them; data: addresses are taken out too.
    QuestionRefusedError: a file that is missing, broken, too large, or no PNG, JPEG, GIF, MP3, OGG, WAV, MP4 or WebM
    (SVG can carry scripts).
    """

    def from_file(found: re.Match[str]) -> str:
        path = unquote(unescape(found[1]))
        if path not in files:
            raise QuestionRefusedError(_("The file %(name)s is not in the export.") % {"name": path})
        name = path.rsplit("/", 1)[-1]
        return keep_file(name=name, content=_decoded(name, files[path]), taken=taken)

    def from_address(found: re.Match[str]) -> str:
        content = _decoded("picture", unquote(found[3]))
        return found[1] + found[2] + keep_file(name="picture", content=content, taken=taken) + found[2]

    placed = _DATA_REFERENCE.sub(from_address, _FILE_REFERENCE.sub(from_file, html))
    return _players(placed, taken)


def keep_file(*, name: str, content: bytes, taken: dict[str, Attachment]) -> str:
    """Add the file to `taken` and return its placeholder."""
    digest = hashlib.sha256(content).hexdigest()
    if digest not in taken:
        media_type = media_type_of(name, content)
        taken[digest] = Attachment(sha256=digest, name=name, media_type=media_type, content=content)
    return f"{ATTACHMENT_SCHEME}:{digest}"


def picture_size(content: bytes) -> tuple[int, int]:
    """Return width and height in pixels as the header says; (0, 0) when it says nothing that can be read."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content[:3] == b"GIF" and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return width, height
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Image.open(io.BytesIO(content)).size
    except (*UNREADABLE, Image.DecompressionBombError):
        return 0, 0


def _players(html: str, taken: Mapping[str, Attachment]) -> str:
    html = _WITH_SOURCES.sub(lambda found: f"<{found[1].lower()} src={found[2]}></{found[1].lower()}>", html)

    def player(found: re.Match[str]) -> str:
        attachment = taken.get(found[1])
        kind = attachment.media_type.partition("/")[0] if attachment else ""
        if kind not in {"audio", "video"}:
            return found[0]
        return f'{found[2]} <{kind} src="{ATTACHMENT_SCHEME}:{found[1]}"></{kind}>'

    return _LINK.sub(player, html)


def _decoded(name: str, encoded: str) -> bytes:
    packed = "".join(encoded.split())
    # Four characters carry three bytes: refused before the memory is spent.
    if len(packed) > LARGEST_MEDIA // 3 * 4 + 4:
        raise _too_large(name, LARGEST_MEDIA)
    try:
        return base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        raise QuestionRefusedError(_("The picture %(name)s is damaged.") % {"name": name}) from None


def _too_large(name: str, most: int) -> QuestionRefusedError:
    return QuestionRefusedError(_("The file %(name)s is larger than %(most)s MB.") % {"name": name, "most": most // MB})


def media_type_of(name: str, content: bytes) -> str:
    """Return what the bytes are. QuestionRefusedError: nothing that can be shown or played, or too large."""
    for signatures, most in ((_PICTURES, LARGEST_PICTURE), (_MEDIA, LARGEST_MEDIA)):
        media_type = next((kind for kind, signature in signatures if signature.match(content)), "")
        if not media_type:
            continue
        if len(content) > most:
            raise _too_large(name, most)
        _refuse_many_pixels(name, media_type, content)
        return media_type
    if _LOOKS_LIKE_SVG.search(content[:4096]):
        reason = _("The picture %(name)s is SVG, which can carry scripts. Save it as PNG.")
    else:
        reason = _("The file %(name)s is no picture, sound or film of the kinds that can be shown.")
    raise QuestionRefusedError(reason % {"name": name})


def _refuse_many_pixels(name: str, media_type: str, content: bytes) -> None:
    width, height = picture_size(content) if media_type.startswith("image/") else (0, 0)
    if width * height > MOST_PIXELS:
        raise QuestionRefusedError(_("The picture %(name)s has too many pixels.") % {"name": name})
