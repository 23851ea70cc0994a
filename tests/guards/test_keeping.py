"""What our code keeps in the process is noticed, by whichever way it keeps it."""

import sys
from collections.abc import Callable
from importlib.util import find_spec

import pytest

from tests.guards import cross_holes_keeping as kept
from tests.guards.cross_keeping import SHARED, Keeper


def _by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "own", lambda slug: type("Row", (), {"summary": slug}))
    kept._summary("a-name-of-its-own")


@pytest.fixture
def keeper():
    yield Keeper()
    kept.forget()


WAYS: dict[str, Callable[[pytest.MonkeyPatch], object]] = {
    "a list of a module": lambda _patch: kept.remembered.append("a title"),
    "a cache of a function": _by_name,
    "an attribute of a class": lambda patch: patch.setattr(kept._Shelf, "last", "another title"),
    "a new attribute": lambda patch: patch.setattr(kept._Shelf, "first", "a title", raising=False),
}


@pytest.mark.parametrize("way", WAYS)
def test_it_is_noticed(way, keeper, monkeypatch):
    before = keeper.holds()
    assert keeper.holds() == before
    WAYS[way](monkeypatch)
    assert keeper.holds() != before


def test_all_that_is_known_exists():
    assert [name for name in SHARED if name not in sys.modules and find_spec(name) is None] == []
