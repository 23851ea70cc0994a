"""Addresses that begin with the same word stand together, so that one look passes them all by.

Django tries the patterns of all addresses one after the other, and writes down each that did not fit.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from django.urls import URLPattern, URLResolver, include, path
from django.urls.resolvers import RoutePattern

Entry = URLPattern | URLResolver


def by_first_word(entries: Iterable[Entry]) -> list[Entry]:
    """The same addresses in the same order; neighbours that begin with the same word are one entry."""
    found: list[Entry] = []
    for word, neighbours in groupby(entries, _first_word):
        alike = list(neighbours)
        if word and len(alike) > 1:
            found.append(path(word, include([_below(word, entry) for entry in alike])))
        else:
            found += alike
    return found


def _first_word(entry: Entry) -> str:
    """With its slash; empty where an address begins with anything else."""
    word, slash, _rest = str(entry.pattern).partition("/")
    return f"{word}/" if isinstance(entry.pattern, RoutePattern) and slash and "<" not in word else ""


def _below(word: str, entry: Entry) -> Entry:
    rest = str(entry.pattern).removeprefix(word)
    if isinstance(entry, URLResolver):
        return URLResolver(
            RoutePattern(rest), entry.urlconf_name, entry.default_kwargs, entry.app_name, entry.namespace
        )
    pattern = RoutePattern(rest, name=entry.name, is_endpoint=True)
    return URLPattern(pattern, entry.callback, entry.default_args, entry.name)
