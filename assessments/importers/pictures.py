"""Pictures inside imported HTML: taken out, checked by their bytes, and named `attachment:<sha256>` where they
stood."""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import unquote

from django.utils.translation import gettext as _

from assessments.importers.results import Attachment, QuestionRefusedError
from ecosystem.markup import ATTACHMENT_SCHEME

LARGEST_PICTURE = 5 * 1024 * 1024  # bytes

_FILE_REFERENCE = re.compile(r"@@PLUGINFILE@@/([^\"'<>\s?#]*)(?:[?#][^\"'<>\s]*)?")
_DATA_REFERENCE = re.compile(r"(src\s*=\s*)([\"'])data:[^\"'>]*?;base64,([^\"'>]*)\2", re.IGNORECASE)
_SIGNATURES = (
    ("image/png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("image/jpeg", re.compile(rb"\xff\xd8\xff")),
    ("image/gif", re.compile(rb"GIF8[79]a")),
)
_LOOKS_LIKE_SVG = re.compile(rb"<svg[\s>]", re.IGNORECASE)


def take_out_pictures(html: str, files: Mapping[str, str], taken: dict[str, Attachment]) -> str:
    """Return the HTML with each embedded picture replaced by its placeholder, and add the pictures to `taken`.

    files: path inside the question -> base64, as the file brought them; data: addresses are taken out too.
    QuestionRefusedError: a picture that is missing, broken, too large, or no PNG, JPEG or GIF (SVG can carry scripts).
    """

    def from_file(found: re.Match[str]) -> str:
        path = unquote(unescape(found[1]))
        if path not in files:
            raise QuestionRefusedError(_("The file %(name)s is not in the export.") % {"name": path})
        return _placeholder(name=path.rsplit("/", 1)[-1], encoded=files[path], taken=taken)

    def from_address(found: re.Match[str]) -> str:
        return found[1] + found[2] + _placeholder(name="picture", encoded=unquote(found[3]), taken=taken) + found[2]

    return _DATA_REFERENCE.sub(from_address, _FILE_REFERENCE.sub(from_file, html))


def _placeholder(*, name: str, encoded: str, taken: dict[str, Attachment]) -> str:
    content = _decoded(name, encoded)
    digest = hashlib.sha256(content).hexdigest()
    if digest not in taken:
        taken[digest] = Attachment(sha256=digest, name=name, media_type=media_type_of(name, content), content=content)
    return f"{ATTACHMENT_SCHEME}:{digest}"


def _decoded(name: str, encoded: str) -> bytes:
    packed = "".join(encoded.split())
    # Four characters carry three bytes: refused before the memory is spent.
    if len(packed) > LARGEST_PICTURE // 3 * 4 + 4:
        most = LARGEST_PICTURE // 1024 // 1024
        raise QuestionRefusedError(_("The picture %(name)s is larger than %(most)s MB.") % {"name": name, "most": most})
    try:
        return base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        raise QuestionRefusedError(_("The picture %(name)s is damaged.") % {"name": name}) from None


def media_type_of(name: str, content: bytes) -> str:
    """PNG, JPEG or GIF, as its bytes say. QuestionRefusedError: anything else."""
    for media_type, signature in _SIGNATURES:
        if signature.match(content):
            return media_type
    if _LOOKS_LIKE_SVG.search(content[:4096]):
        reason = _("The picture %(name)s is SVG, which can carry scripts. Save it as PNG.")
    else:
        reason = _("The file %(name)s is not a PNG, JPEG or GIF picture.")
    raise QuestionRefusedError(reason % {"name": name})
