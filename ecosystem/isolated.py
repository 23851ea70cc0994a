"""The host beside each host on which things run that strangers made: packages, documents with scripts.

Browsers keep it apart from the site: its pages see no cookie, no page and no store of ours, and nothing of ours is
served there (``config/isolated_urls.py``). Nobody is signed in on it; what may be read is in a signed address.
"""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

SALT = "ecosystem.isolated"
HOURS = 12
Words = tuple[str | int, ...]


def host_behind(name: str) -> str | None:
    """The host of the site, when ``name`` is the isolated one beside it."""
    before, after = settings.ISOLATED_HOST.split("{host}")
    inner = name[len(before) : len(name) - len(after)]
    return inner if inner and name == f"{before}{inner}{after}" else None


def isolated_origin(request: HttpRequest) -> str:
    """``https://host[:port]`` beside the host of the request."""
    return isolated_beside(f"{request.scheme}://{request.get_host()}")


def isolated_beside(origin: str) -> str:
    """The origin (``https://host[:port]``) of the isolated host beside that of a site."""
    scheme, _slashes, host = origin.partition("://")
    name, colon, port = host.partition(":")
    return f"{scheme}://{settings.ISOLATED_HOST.replace('{host}', name)}{colon}{port}"


def site_origin(request: HttpRequest) -> str:
    """The site behind the isolated host of the request."""
    name, _colon, port = request.get_host().partition(":")
    return f"{request.scheme}://{host_behind(name) or name}{':' if port else ''}{port}"


def sign(*words: str | int) -> str:
    """A word for an address that says what may be read there, for twelve hours."""
    return signing.dumps(list(words), salt=SALT)


def unsign(token: str) -> Words | None:
    """What was signed, unless it is forged or too old."""
    try:
        return tuple(signing.loads(token, salt=SALT, max_age=HOURS * 3600))
    except signing.BadSignature:
        return None
