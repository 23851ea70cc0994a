"""Asking a server that an administrator named: never one inside our own network, never without TLS, never for long."""

import ipaddress
import socket
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool

TIMEOUT = 5  # seconds
LARGEST = 1024 * 1024  # bytes


class RefusedAddressError(requests.ConnectionError):
    """The address leads to where we do not ask."""


def is_named_inside(url: str) -> bool:
    """Servers inside our network that whoever runs Grove has named (ISSUERS_INSIDE), as host:port."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"{parts.hostname}:{port}" in settings.ISSUERS_INSIDE


def _refuse_private(sock: socket.socket) -> None:
    """Looks at the address that was really connected to, so that a name cannot change its mind in between."""
    if not ipaddress.ip_address(sock.getpeername()[0]).is_global:
        sock.close()
        raise RefusedAddressError("not a public address")


class _PublicHTTPSConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        sock: socket.socket = super()._new_conn()
        _refuse_private(sock)
        return sock


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
