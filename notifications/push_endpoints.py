"""Where pushes may be sent to. The address comes from a browser, so it is checked when it is stored and when it is used.

Only https, only push services by name, only public addresses; the name is resolved once and the connection made to
that very address, so that a name cannot point somewhere else between look and use. Redirects are not followed.
"""

import http.client
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from ecosystem.outbound import NoHostError, UnsafeAddressError, resolve

SECONDS = 10
SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    ".push.services.mozilla.com",
    ".notify.windows.com",
    ".push.apple.com",
)


class EndpointError(ValueError):
    """An address we do not send to."""


@dataclass(frozen=True)
class Reply:
    status: int
    retry_after: int  # seconds, 0 when it did not say


def endpoint_check(endpoint: str) -> SplitResult:
    """The parts of an address that may be sent to, judged by its text; EndpointError otherwise."""
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError as error:
        raise EndpointError("no address") from error
    if _is_trusted(parts):
        return parts
    host = (parts.hostname or "").lower()
    known = any(host.endswith(name) if name.startswith(".") else host == name for name in _services())
    if parts.scheme != "https" or port not in {None, 443} or parts.username or parts.password or not known:
        raise EndpointError("not an address of a push service")
    return parts


def _services() -> tuple[str, ...]:
    return (*SERVICES, *settings.PUSH_SERVICES)


def _is_trusted(parts: SplitResult) -> bool:
    """Whether the settings let this origin past all checks; only tests do."""
    return f"{parts.scheme}://{parts.netloc}" in settings.PUSH_TRUSTED_ORIGINS


def _address_of(host: str) -> str:
    try:
        return resolve(host, 443)
    except NoHostError as error:
        raise ConnectionError(f"{host} has no address") from error
    except UnsafeAddressError as refusal:
        raise EndpointError("not a public address") from refusal


class _Pinned(http.client.HTTPSConnection):
    """TLS to the host by name, on the address that was checked."""

    def __init__(self, host: str, *, address: str) -> None:
        self._address, self._tls = address, ssl.create_default_context()
        super().__init__(host, 443, timeout=SECONDS, context=self._tls)

    def connect(self) -> None:
        plain = socket.create_connection((self._address, 443), SECONDS)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)


def endpoint_post(endpoint: str, *, body: bytes, headers: dict[str, str]) -> Reply:
    """Send once. EndpointError: refused before connecting. OSError and HTTPException: nobody knows."""
    parts = endpoint_check(endpoint)
    host = parts.hostname or ""
    connection: http.client.HTTPConnection
    if _is_trusted(parts):
        connection = http.client.HTTPConnection(host, parts.port or 80, timeout=SECONDS)
    else:
        connection = _Pinned(host, address=_address_of(host))
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path or "/", body=body, headers=headers)
        answer = connection.getresponse()
        wait = answer.getheader("Retry-After", "")
        return Reply(answer.status, int(wait) if wait.isdigit() else 0)
    finally:
        connection.close()
