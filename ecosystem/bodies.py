"""What a script sent, as bytes."""

from django.http import HttpRequest
from django.http.request import RawPostDataException


def body_of(request: HttpRequest) -> bytes:
    """The body as it came. Empty where a form came, whose fields were read on the way here: no script of ours sends one."""
    try:
        return request.body
    except RawPostDataException:
        return b""
