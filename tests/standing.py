"""What stands already when a test begins, so that it is not made again for each: the cast, and larger worlds.

A world is made once for all of a run, by the same services as ever, and committed; each process has a copy of that
database. A test that asks for all fixtures of a world runs in that copy, in a transaction that is rolled back; of several
worlds in the one declared last, which is the dearest. The fixtures give what stands and make what does not.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connections

from tests import databases
from tests.cores import commits
from tests.scenes import made_once, what_was_made

World = dict[str, Any]  # by the names of the fixtures that give it, and "count": how many people were made for it


@dataclass(frozen=True)
class _Declared:
    fixtures: frozenset[str]
    make: Callable[[], World]
    folder: str  # or file, whose fixtures give it


@dataclass(frozen=True)
class _Copy:
    """The database of this process in which a world stands, and what was made, to be read anew by each test."""

    name: str
    connection: Any
    made: bytes


_declared: list[_Declared] = []
_copies: dict[str, _Copy] = {}


def stands(*fixtures: str, folder: str = "tests") -> Callable[[Callable[[], World]], Callable[[], World]]:
    """The function makes what these fixtures give, in the open transaction."""

    def declare(make: Callable[[], World]) -> Callable[[], World]:
        _declared.append(_Declared(frozenset(fixtures), make, folder))
        return make

    return declare


@contextmanager
def standing_for(item: pytest.Item, *, unblock: Callable[[], AbstractContextManager[None]]) -> Iterator[World]:
    """Run the test in the database of its world, if there is one; inside is what stands there."""
    declared = _world_of(item)
    if declared is None:
        yield {}
        return
    if (copy := _copies.get(declared.make.__name__)) is None:
        with unblock():  # no test's transaction is open yet
            copy = _copy_of(declared)
    before = connections["default"]
    name = before.settings_dict["NAME"]  # one dictionary for all connections of an alias
    connections["default"], before.settings_dict["NAME"] = copy.connection, copy.name
    try:
        yield pickle.loads(copy.made)
    finally:
        connections["default"], before.settings_dict["NAME"] = before, name


def standing_ends() -> None:
    """The copies go with their process."""
    for copy in _copies.values():
        copy.connection.close()
        databases.drop(copy.name)
    _copies.clear()


def _world_of(item: pytest.Item) -> _Declared | None:
    if commits(item):
        return None  # what it does would stay
    asked = item._fixtureinfo.name2fixturedefs  # a file may have an ``env`` of its own
    for declared in reversed(_declared):
        if all(name in asked and asked[name][-1].baseid in {"tests", declared.folder} for name in declared.fixtures):
            return declared
    return None


def _copy_of(declared: _Declared) -> _Copy:
    key = declared.make.__name__
    name = f"grove_world_{key}_{os.environ.get('PYTEST_XDIST_WORKER', 'solo')}_{os.getpid()}"
    databases.clone(made_once(declared.make), name)
    copy = _copies[key] = _Copy(name, connections.create_connection("default"), what_was_made(name))
    return copy
