"""Lots that anybody can draw again: no number but the seed decides, and the seed was promised before anybody could enter.

Before: SHA-256 of the seed is published. After: the seed and the numbers of the seats. The order is that of SHA-256 of
``seed:number``, smallest first; ``printf '%s' "SEED:NUMBER" | sha256sum`` gives the same.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable

BYTES = 32


def seed_new() -> str:
    """256 random bits."""
    return secrets.token_hex(BYTES)


def promise_of(seed: str) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()


def drawn(numbers: Iterable[str], *, seed: str) -> list[str]:
    """The numbers in the order in which they are drawn. In what order they are given does not matter."""
    return sorted(numbers, key=lambda number: (hashlib.sha256(f"{seed}:{number}".encode()).hexdigest(), number))
