"""What our own code keeps in the process from one request to the next: whoever keeps nothing can show nothing of it to another.

Containers, caches and names of modules, wherever a function of ours reaches them. Of each is known how much it holds; what it
holds may be anybody's.
"""

from __future__ import annotations

import dis
import inspect
import sys
from collections import deque
from collections.abc import Iterator
from functools import _lru_cache_wrapper, cache
from functools import cached_property as plain_cached_property
from itertools import islice
from operator import is_
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any
from weakref import WeakKeyDictionary, WeakSet, WeakValueDictionary

from django.utils.functional import cached_property

ROOT = Path(__file__).resolve().parents[2]
# What every page keeps by the same few lines, and what this attack keeps itself: with its packages.
SHARED = {
    "ecosystem.addresses": "addresses, by their names and all that stands in them",
    "ecosystem.components": "parts of pages, by all that they are made of",
    "ecosystem.frame": "what goes around pages, by all that it is made of",
    "ecosystem.hosts": "which environment has which host",
    "ecosystem.middleware.language": "translations of words",
    "ecosystem.postgresql": "pieces of SQL",
    "ecosystem.prepared": "SQL without its values",
    "ecosystem.prepared_rows": "how rows become objects",
    "ecosystem.templatetags.ui": "icons",
    "tests.guards.cross_bodies": "what is sent",
    "tests.guards.cross_reads": "what is looked for in SQL",
    "tests.guards.cross_sessions": "sessions, by what is in them",
    "tests.guards.cross_looking": "what code asks of the method of a request",
}
CONTAINERS = (list, dict, set, deque, bytearray, WeakKeyDictionary, WeakValueDictionary, WeakSet)
CACHED = (cached_property, plain_cached_property)
STORE_GLOBAL = dis.opmap["STORE_GLOBAL"]


class Held:
    """Another is equal if all is as large, and what has a name is the same object: 15 000 of them, looked at often."""

    __slots__ = ("sizes", "values")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, sizes: tuple[int, ...], values: list[Any]) -> None:
        self.sizes, self.values = sizes, values

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Held):
            return NotImplemented
        is_as_large = self.sizes == other.sizes and len(self.values) == len(other.values)
        return is_as_large and all(map(is_, self.values, other.values))


class Keeper:
    """All that is loaded when it is made."""

    def __init__(self) -> None:
        self.containers: dict[int, Any] = {}
        self.caches: dict[int, Any] = {}
        self.holders: list[Any] = []  # of attributes, to which more may be added
        self.attributes: list[tuple[Any, int]] = []  # whose first so many may be given other values
        self.names: set[tuple[str, str]] = set()  # of modules, which a function gives other values
        self._seen: set[int] = set()
        for module in _own_modules():
            for value in list(vars(module).values()):
                self._visit(value)

    def holds(self) -> Held:
        """The same as long as nothing was kept."""
        sizes = (
            *map(len, self.containers.values()),
            *map(len, self.holders),
            *(cache.cache_info().misses for cache in self.caches.values()),
        )
        values: list[Any] = []
        for held, count in self.attributes:
            values += held.values() if len(held) == count else islice(held.values(), count)
        values += (getattr(sys.modules[module], name, None) for module, name in self.names)
        return Held(sizes, values)

    def _visit(self, value: Any) -> None:
        if id(value) in self._seen or isinstance(value, ModuleType):
            return
        self._seen.add(id(value))
        if isinstance(value, CONTAINERS):
            self.containers[id(value)] = value
        elif isinstance(value, _lru_cache_wrapper):
            if _is_ours(value.__wrapped__.__module__):
                self.caches[id(value)] = value
            self._visit(value.__wrapped__)
        elif isinstance(value, classmethod | staticmethod):
            self._visit(value.__func__)
        elif isinstance(value, property):
            self._visit(value.fget)
        elif inspect.isfunction(value):
            self._visit_function(value)
        elif _is_ours((value if isinstance(value, type) else type(value)).__module__):
            self._visit_holder(value)

    def _visit_function(self, function: Any) -> None:
        self.names |= {(function.__module__, name) for name in _gives_names(function.__code__)}
        if _is_shared(function.__globals__.get("__name__", "")):
            self._visit(getattr(function, "__wrapped__", None))
            return
        cells = [cell.cell_contents for cell in function.__closure__ or () if _is_filled(cell)]
        for held in (*cells, *(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()):
            self._visit(held)
        for held in list(vars(function).values()):
            self._visit(held)

    def _visit_holder(self, value: Any) -> None:
        held = getattr(value, "__dict__", {})
        kind = value if isinstance(value, type) else type(value)
        if not any(isinstance(one, CACHED) for base in kind.__mro__ for one in vars(base).values()):
            self.holders.append(held)
        self.attributes.append((held, len(held)))
        for one in list(held.values()):
            self._visit(one)


def _own_modules() -> Iterator[ModuleType]:
    return (module for name, module in list(sys.modules.items()) if _is_ours(name))


@cache
def _is_ours(module: str) -> bool:
    file = getattr(sys.modules.get(module), "__file__", None) or ""
    if _is_shared(module):
        return False
    return file.startswith(f"{ROOT}/") and "/.venv/" not in file


@cache
def _is_shared(module: str) -> bool:
    return module in SHARED or any(module.startswith(f"{name}.") for name in SHARED)


def _is_filled(cell: Any) -> bool:
    try:
        return cell.cell_contents is not cell
    except ValueError:
        return False


def _gives_names(code: CodeType) -> set[str]:
    """The names of its module to which a function gives values."""
    names = (
        {one.argval for one in dis.get_instructions(code) if one.opname == "STORE_GLOBAL"}
        if (STORE_GLOBAL in code.co_code[::2])
        else set()
    )
    for within in code.co_consts:
        if isinstance(within, CodeType):
            names |= _gives_names(within)
    return names
