"""From host name to environment, remembered for a few seconds per process."""

import time
from typing import NamedTuple

from django.conf import settings

from ecosystem.models import Environment, Host

SECONDS = 5.0


class _Kept(NamedTuple):
    until: float
    environment: Environment | None


_kept: dict[str, _Kept] = {}


def environment_for_host(name: str) -> Environment | None:
    """The environment served on ``name`` (without port), or None. At most five seconds old."""
    now = time.monotonic()
    kept = _kept.get(name)
    if kept is None or kept.until < now:
        if len(_kept) > 2000:  # strangers may ask for any name
            _kept.clear()
        host = Host.objects.select_related("environment").filter(name=name).first()
        kept = _kept[name] = _Kept(now + SECONDS, host.environment if host else None)
    return kept.environment


def forget_hosts() -> None:
    _kept.clear()


def address_of(environment: Environment) -> str:
    """``https://host[:port]`` for links in mail and feeds, without a final slash."""
    host = environment.hosts.order_by("-is_primary", "id").first()
    return address_for(host.name if host else f"{environment.slug}.localhost")


def addresses_of(*, environments: list[Environment]) -> dict[int, str]:
    """``https://host`` of each environment by id; one query."""
    names: dict[int, str] = {}
    for host in Host.objects.filter(environment__in=environments).order_by("-is_primary", "pk"):
        names.setdefault(host.environment_id, host.name)
    return {row.pk: address_for(names.get(row.pk) or f"{row.slug}.localhost") for row in environments}


def address_for(name: str) -> str:
    """``https://name[:port]`` of a host name, without a final slash."""
    if settings.HTTPS:
        return f"https://{name}"
    return f"http://{name}:{settings.GROVE_PORT}"
