"""Files looked at by a scanner for malware (clamd of ClamAV), when the operator has set one up: GROVE_CLAMD=host:port."""

from __future__ import annotations

import logging
import socket
import struct
from collections.abc import Iterator

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _

from ecosystem.exceptions import EcosystemError

logger = logging.getLogger(__name__)

SECONDS = 30
PIECE = 1 << 16


class ScanError(EcosystemError):
    """Why a file is not taken: something was found in it, or nobody could look."""


def refuse_harmful(content: bytes | File) -> None:
    """Refuse what the scanner finds something in, and everything while it does not answer. Nothing without a scanner."""
    if not settings.CLAMD:
        return
    try:
        verdict = _verdict(content)
    except OSError as error:
        logger.warning("the scanner does not answer: %s", type(error).__name__)
        raise ScanError(_("Files cannot be looked at just now, so none are taken. Please try again later.")) from error
    if verdict.endswith(" FOUND"):
        logger.warning("the scanner found something: %s", verdict.removeprefix("stream: "))
        raise ScanError(_("The scanner found something harmful in this file, so it is not taken."))
    if not verdict.endswith(" OK"):
        logger.error("the scanner could not look: %s", verdict)
        raise ScanError(_("The scanner could not look at this file, so it is not taken."))


def _verdict(content: bytes | File) -> str:
    """What clamd says of a stream: `stream: OK`, `stream: NAME FOUND` or an error."""
    host, _colon, port = settings.CLAMD.rpartition(":")
    with socket.create_connection((host, int(port)), SECONDS) as connection:
        connection.sendall(b"zINSTREAM\0")
        for piece in _pieces(content):
            connection.sendall(struct.pack("!L", len(piece)) + piece)
        connection.sendall(struct.pack("!L", 0))
        said = b""
        while not said.endswith(b"\0"):
            piece = connection.recv(4096)
            if not piece:
                raise ConnectionError("it hung up")
            said += piece
    return said.rstrip(b"\0").decode(errors="replace").strip()


def _pieces(content: bytes | File) -> Iterator[bytes]:
    if isinstance(content, bytes):
        for start in range(0, len(content), PIECE):
            yield content[start : start + PIECE]
    else:
        content.seek(0)
        yield from (piece for piece in content.chunks(PIECE) if piece)
        content.seek(0)
