"""Asking a server that an administrator named: never one inside our own network, never without TLS, never for long."""

import socket
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from ecosystem.outbound.addresses import UnsafeAddressError, resolve
from ecosystem.outbound.deadline import Deadline

TIMEOUT = 5  # seconds, for one step
TOTAL_SECONDS = 10
LARGEST = 1024 * 1024  # bytes


class RefusedAddressError(requests.ConnectionError):
    """The address leads to where we do not ask."""


def is_named_inside(url: str) -> bool:
    """Servers inside our network that whoever runs Grove has named (ISSUERS_INSIDE), as host:port."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"{parts.hostname}:{port}" in settings.ISSUERS_INSIDE


class _HTTPConnection(HTTPConnection):
    """To a server inside, which need not speak TLS."""

    def __init__(self, *args: Any, deadline: Deadline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deadline = deadline

    def _new_conn(self) -> socket.socket:
        return self.deadline.watch(super()._new_conn())


class _HTTPSConnection(HTTPSConnection):
    """To a server inside."""

    def __init__(self, *args: Any, deadline: Deadline, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deadline = deadline

    def _new_conn(self) -> socket.socket:
        return self.deadline.watch(super()._new_conn())


class _PublicHTTPSConnection(_HTTPSConnection):
    """To the address that was judged; TLS still asks for the name."""

    def _new_conn(self) -> socket.socket:
        try:
            address = resolve(self.host, self.port)
        except UnsafeAddressError as refusal:
            raise RefusedAddressError(str(refusal)) from refusal
        return self.deadline.watch(socket.create_connection((address, self.port), TIMEOUT))


class _InsidePlainPool(HTTPConnectionPool):
    ConnectionCls = _HTTPConnection


class _InsidePool(HTTPSConnectionPool):
    ConnectionCls = _HTTPSConnection


class _PublicPool(HTTPSConnectionPool):
    ConnectionCls = _PublicHTTPSConnection


class _Guard(HTTPAdapter):
    """``inside``: the server was named by whoever runs Grove. For one request."""

    def __init__(self, *, inside: bool) -> None:
        self.inside = inside
        super().__init__(max_retries=0)

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        kwargs.update(stream=True, timeout=TIMEOUT)
        pools = {"http": _InsidePlainPool, "https": _InsidePool} if self.inside else {"https": _PublicPool}
        with Deadline(TOTAL_SECONDS) as deadline:
            self.poolmanager.pool_classes_by_scheme = {
                scheme: partial(pool, deadline=deadline) for scheme, pool in pools.items()
            }
            try:
                response = super().send(request, **kwargs)
                with response:
                    body = response.raw.read(LARGEST + 1, decode_content=True)
            except HTTPError as error:
                raise requests.ConnectionError(error, request=request) from error
            if deadline.is_over:
                raise requests.ReadTimeout("no answer in time", request=request)
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
