"""The addresses that a tool is told of its platform, and where a browser may be sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from ecosystem.hosts import address_of
from ecosystem.models import Environment
from ecosystem.outbound.asking import is_named_inside

HOST = re.compile(r"[a-z0-9.-]+\Z")


@dataclass(frozen=True)
class Platform:
    """This environment, as tools know it."""

    issuer: str

    @property
    def auth_url(self) -> str:
        return self.issuer + reverse("lti:auth")

    @property
    def token_url(self) -> str:
        return self.issuer + reverse("lti:token")

    @property
    def keys_url(self) -> str:
        return self.issuer + reverse("lti:jwks")

    @property
    def items_url(self) -> str:
        return self.issuer + reverse("lti:items")

    def item_url(self, uid: object) -> str:
        return self.issuer + reverse("lti:item", args=[uid])


def platform_of(environment: Environment) -> Platform:
    return Platform(address_of(environment))


def is_for_browsers(url: str) -> bool:
    """https, or http on the person's own machine; no name, password or part of a page in it.

    The host in ASCII, for it goes into a header, which Django encodes as a whole for one other letter.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not (HOST.match(host) or _is_ip(host)) or parts.netloc.endswith(":"):
        return False
    if "@" in parts.netloc or parts.fragment or any(sign in url for sign in " ;,'\"\\<>"):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def is_for_us(url: str) -> bool:
    """What may be asked from here: https, or a server inside that whoever runs Grove has named."""
    return is_for_browsers(url) and (urlsplit(url).scheme == "https" or is_named_inside(url))


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return "%" not in host  # which names a network card


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        # Not every browser takes the second for this machine; the tool of development has such an address.
        return host == "localhost" or (settings.DEBUG and host.endswith(".localhost"))
