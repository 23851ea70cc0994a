"""The time zones that there are: asked of the library once, which reads hundreds of files each time (12 ms)."""

from functools import lru_cache
from zoneinfo import available_timezones


@lru_cache(maxsize=1)
def known_zones() -> frozenset[str]:
    return frozenset(available_timezones())


@lru_cache(maxsize=1)
def zone_choices() -> tuple[tuple[str, str], ...]:
    """(name, how it reads): those of places, and UTC."""
    return tuple((name, name.replace("_", " ")) for name in sorted(known_zones()) if "/" in name or name == "UTC")
