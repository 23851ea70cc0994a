"""Posting to an address that a person typed: HTTPS only, no redirect, no proxy, limited in time and size."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from ecosystem.outbound.addresses import UnsafeAddressError, resolve
from ecosystem.outbound.deadline import Deadline

CONNECT_SECONDS = 5
TOTAL_SECONDS = 15
LARGEST_ANSWER = 16 * 1024  # bytes that are read and thrown away
LOWEST_PORT = 1024


@dataclass(frozen=True)
class Target:
    """A parsed address: where to connect and what to ask for."""

    secure: bool
    host: str
    port: int
    path: str


@dataclass(frozen=True)
class Outcome:
    """The status, 0 when there was none, and then why."""

    status: int
    error: str = ""

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


def target_of(url: str, *, plain: bool = False) -> Target:
    """Refuses (UnsafeAddressError) everything but https with a plain host name; http to this machine when allowed.

    ``plain``: http will do.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UnsafeAddressError(_("This is not an address.")) from error
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in {"https", "http"} or not host or parts.username or parts.password or not host.isascii():
        raise UnsafeAddressError(_("Write an address such as https://example.org/hook."))
    secure = parts.scheme == "https"
    if not secure and not plain and not settings.WEBHOOKS_TO_THIS_MACHINE:
        raise UnsafeAddressError(_("The address must begin with https://."))
    port = port or (443 if secure else 80)
    if port not in {80, 443} and port < LOWEST_PORT:
        raise UnsafeAddressError(_("This port is not for the web."))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii() or any(character <= " " for character in path):
        raise UnsafeAddressError(_("This is not an address."))
    return Target(secure, host, port, path)


def resolve_target(target: Target) -> str:
    """The one address to connect to; this machine only when the settings say so. UnsafeAddressError otherwise."""
    return resolve(target.host, target.port, this_machine=settings.WEBHOOKS_TO_THIS_MACHINE)


def post(*, url: str, body: bytes, headers: dict[str, str]) -> Outcome:
    """Send it and say what came back; never raises for what is wrong on the other side."""
    try:
        target = target_of(url)
        address = resolve_target(target)
    except UnsafeAddressError as refusal:
        return Outcome(0, str(refusal))
    with Deadline(TOTAL_SECONDS) as deadline:
        try:
            with connected(target, address, deadline) as connection:
                connection.request("POST", target.path, body=body, headers={**headers, "Connection": "close"})
                response = connection.getresponse()
                response.read(LARGEST_ANSWER)
                return Outcome(response.status)
        except (OSError, http.client.HTTPException) as error:
            late = deadline.is_over
            return Outcome(0, "No answer in time." if late else f"{type(error).__name__}: {error}"[:300])


@contextmanager
def connected(target: Target, address: str, deadline: Deadline) -> Iterator[http.client.HTTPConnection]:
    """A connection to ``address`` that speaks to ``host``."""
    connection = http.client.HTTPConnection(target.host, target.port, timeout=CONNECT_SECONDS)
    plain = deadline.watch(socket.create_connection((address, target.port), timeout=CONNECT_SECONDS))
    try:
        connection.sock = plain
        if target.secure:
            context = ssl.create_default_context()
            connection.sock = context.wrap_socket(plain, server_hostname=target.host)
        connection.sock.settimeout(TOTAL_SECONDS)
        yield connection
    finally:
        connection.close()
        plain.close()
