"""Files out of the storage: never a page, never more than was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from ecosystem.middleware.headers import POLICY

HARMLESS = "default-src 'none'; sandbox"
KEPT = "private, max-age=31536000, immutable"
PIECE = 256 * 1024
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})\Z")


def stored_file(
    request: HttpRequest,
    file: Any,
    *,
    media_type: str,
    name: str = "",
    as_attachment: bool = False,
    is_fixed: bool = False,
    policy: str = HARMLESS,
) -> HttpResponseBase:
    """The file, or the one range of it that was asked for (RFC 9110). ``is_fixed``: its address names its content."""
    try:
        size = file.size
    except FileNotFoundError:
        raise Http404 from None
    span = _span(request.headers.get("Range", ""), size)
    headers = {
        "Content-Type": media_type,
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": content_disposition_header(as_attachment, name) or "inline",
        "Cache-Control": KEPT if is_fixed else "private, no-cache",
        "Accept-Ranges": "bytes",
    }
    if span is None:
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    start, end, part = span
    headers["Content-Length"] = str(end - start)
    if part:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return StreamingHttpResponse(_pieces(file, start, end - start), status=206 if part else 200, headers=headers)


def _span(wish: str, size: int) -> tuple[int, int, bool] | None:
    """(start, end, is a part); None when there is no such part. Anything but one range of bytes means everything."""
    found = _RANGE.match(wish)
    if found is None or found[1] == found[2] == "":
        return 0, size, False
    if found[1] == "":
        start, end = max(size - int(found[2]), 0), size
    else:
        start, end = int(found[1]), min(int(found[2]) + 1, size) if found[2] else size
    return (start, end, True) if start < end else None


def _pieces(file: Any, start: int, left: int) -> Iterator[bytes]:
    """Part of the file, which is opened by whoever reads and by nobody else."""
    with file.storage.open(file.name) as handle:
        handle.seek(start)
        while left > 0 and (piece := handle.read(min(PIECE, left))):
            left -= len(piece)
            yield piece


def framing(response: HttpResponse, origin: str) -> HttpResponse:
    """The page may show what lies on the isolated host, and nothing else."""
    response.headers["Content-Security-Policy"] = f"{POLICY}; frame-src {origin}"
    return response


def framed(response: HttpResponseBase, policy: str, *, by: str) -> HttpResponseBase:
    """The answer may stand in a frame of the origin ``by``, or of its own."""
    response.headers["Content-Security-Policy"] = f"{policy}; frame-ancestors 'self' {by}"
    response.xframe_options_exempt = True  # type: ignore[attr-defined]
    return response
