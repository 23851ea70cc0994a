"""Addresses are found by their first two words: only those that may fit are tried.

Django tries the patterns of all addresses one after the other, and writes down each that did not fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from django.urls import ResolverMatch, URLPattern, URLResolver
from django.urls.resolvers import RoutePattern

Entry = URLPattern | URLResolver
Words = tuple[str, ...]  # how an address begins, as far as it is written out and at most so many
AT_MOST = 2


def by_first_words(entries: Iterable[Entry]) -> list[Entry]:
    """The same addresses in the same order, as one entry."""
    return [_ByFirstWords(RoutePattern(""), list(entries))]


class _ByFirstWords(URLResolver):
    """Has all entries, for whoever looks for the address of a name, and leaves a request to those that may fit."""

    @cached_property
    def _begins(self) -> list[tuple[Entry, set[Words]]]:
        return [(entry, set(_beginnings(entry))) for entry in self.url_patterns]

    @cached_property
    def _few(self) -> dict[Words, URLResolver | None]:
        """By how an address begins; made when it is asked for, for no other words than there are."""
        begins = {words for _entry, these in self._begins for words in these}
        return {(): None, **{words[:many]: None for words in begins for many in range(len(words) + 1)}}

    def resolve(self, path: Any) -> ResolverMatch:
        words = tuple(str(path).split("/", AT_MOST)[:AT_MOST])
        while words not in self._few:
            words = words[:-1]
        few = self._few[words]
        if few is None:
            fitting = [entry for entry, begins in self._begins if any(words[: len(one)] == one for one in begins)]
            few = self._few[words] = URLResolver(RoutePattern(""), fitting)
        return few.resolve(path)


def _beginnings(entry: Entry) -> Iterator[Words]:
    """With which words its addresses begin; with none, if that is not written out."""
    route = str(entry.pattern)
    if not isinstance(entry.pattern, RoutePattern):
        yield ()
    elif isinstance(entry, URLPattern) or "<" in route:
        yield _written_out(route)
    elif route and not route.endswith("/"):  # goes on within the word
        yield _written_out(route + "<")
    else:
        words = tuple(route.split("/")[:-1])
        for below in entry.url_patterns:
            for one in _beginnings(below):
                yield (*words, *one)[:AT_MOST]


def _written_out(route: str) -> Words:
    """The words before the first that is looked up."""
    words = route.partition("<")[0].split("/")
    return tuple(words[:-1] if "<" in route else words)[:AT_MOST]
