"""Asking a server that an administrator named: never one inside our own network, never without TLS, never for long."""

import socket
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool

from ecosystem.outbound.addresses import UnsafeAddressError, resolve

TIMEOUT = 5  # seconds
LARGEST = 1024 * 1024  # bytes


class RefusedAddressError(requests.ConnectionError):
    """The address leads to where we do not ask."""


def is_named_inside(url: str) -> bool:
    """Servers inside our network that whoever runs Grove has named (ISSUERS_INSIDE), as host:port."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"{parts.hostname}:{port}" in settings.ISSUERS_INSIDE


class _PublicHTTPSConnection(HTTPSConnection):
    """To the address that was judged; TLS still asks for the name."""

    def _new_conn(self) -> socket.socket:
        try:
            address = resolve(self.host, self.port)
        except UnsafeAddressError as refusal:
            raise RefusedAddressError(str(refusal)) from refusal
        return socket.create_connection((address, self.port), TIMEOUT)


class _PublicPool(HTTPSConnectionPool):
    ConnectionCls = _PublicHTTPSConnection


class _Guard(HTTPAdapter):
    """``inside``: the server was named by whoever runs Grove."""

    def __init__(self, *, inside: bool) -> None:
        self.inside = inside
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        if not self.inside:
            self.poolmanager.pool_classes_by_scheme = {"https": _PublicPool}

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        kwargs.update(stream=True, timeout=TIMEOUT)
        response = super().send(request, **kwargs)
        body = response.raw.read(LARGEST + 1, decode_content=True)
        response.close()
        if len(body) > LARGEST:
            raise requests.ConnectionError("too large an answer")
        response._content = body  # noqa: SLF001 -- what Response.content does, with a limit
        return response


class GuardedSession(requests.Session):
    """Follows no redirect, knows no proxy, and chooses its guard by the address."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs["allow_redirects"] = False
        return super().request(method, url, *args, **kwargs)

    def get_adapter(self, url: Any) -> Any:
        if is_named_inside(str(url)):
            return _Guard(inside=True)
        if urlsplit(str(url)).scheme != "https":
            raise RefusedAddressError("only https")
        return _Guard(inside=False)
