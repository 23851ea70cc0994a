"""Two transactions that cannot both go on: PostgreSQL ends one of them, and doing that again from its beginning is right."""

from django.conf import settings
from django.http import HttpRequest

CODES = {"40001", "40P01"}  # serialization failure, deadlock
TRIES = 3
LARGEST = 1024 * 1024  # bytes of a body that is kept to be read again


def is_conflict(error: BaseException | None) -> bool:
    """Whether this is one, or comes of one."""
    while error is not None:
        if getattr(error, "pgcode", None) in CODES:
            return True
        error = error.__cause__
    return False


def keep_body(request: HttpRequest) -> None:
    """Read a small body before the view does, so that it can be read again. Files are sent once: they can be large."""
    size = request.META.get("CONTENT_LENGTH") or ""
    most = min(LARGEST, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)  # above it, Django and the API say so themselves
    if size.isdecimal() and 0 < int(size) <= most and not request.content_type.startswith("multipart/"):
        request.body  # noqa: B018 -- Django keeps it


def may_repeat(request: HttpRequest) -> bool:
    """Nothing of the first try is left outside of the database: the body is at hand, the session is as it was."""
    has_body = request.META.get("CONTENT_LENGTH") not in {None, "", "0"}
    return not request.session.modified and (hasattr(request, "_body") or not has_body)
