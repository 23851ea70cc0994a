"""Addresses of the pages that everybody's pages link to, written once per process."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse


def address(name: str, *args: Any) -> str:
    """The path of a view as ``reverse`` gives it, kept: for links that stand on pages opened all day."""
    return _address(settings.ROOT_URLCONF, name, args)


@lru_cache(maxsize=8192)
def _address(routes: str, name: str, args: tuple[Any, ...]) -> str:
    return reverse(name, urlconf=routes, args=args)
