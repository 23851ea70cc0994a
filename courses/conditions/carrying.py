"""Conditions on their way to another place: what they name by a number of this database, by names that hold everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from courses.conditions.trees import DEEPEST, LARGEST, Tree, problems
from ecosystem.predicates import predicates

if TYPE_CHECKING:
    from ecosystem.packaging import Incoming, Outgoing

BY_HAND: Tree = {"released": True}


def tree_packed(tree: Tree | None, out: Outgoing) -> Tree | None:
    """The condition as the package of a course has it."""
    return None if tree is None else _changed(tree, lambda key, value: predicates[key].packed(value, out), [LARGEST])


def tree_unpacked(tree: Any, coming: Incoming) -> tuple[Tree | None, bool]:
    """The condition as it is judged here, and whether it is what the package says.

    What asks for something that is not here stays closed until somebody opens it by hand: dropping that would open it.
    """
    if tree is None:
        return None, True
    try:
        found = _changed(tree, lambda key, value: _arrived(key, value, coming), [LARGEST])
    except (LookupError, ValueError, TypeError, AttributeError):
        return BY_HAND, False
    return (BY_HAND, False) if problems(found) else (found, True)


def _arrived(key: str, value: Any, coming: Incoming) -> Any:
    found = predicates[key].unpacked(value, coming)
    if found is None:
        raise LookupError(key)
    return found


def _changed(tree: Any, change: Callable[[str, Any], Any], left: list[int], depth: int = 1) -> Tree:
    """The same tree with another value at each leaf. ValueError: deeper or larger than a condition can be."""
    if depth > DEEPEST or not isinstance(tree, dict) or len(tree) != 1 or left[0] <= 0:
        raise ValueError("no condition")
    ((key, value),) = tree.items()
    if key in {"all", "any"}:
        return {key: [_changed(part, change, left, depth + 1) for part in value]}
    if key == "not":
        return {key: _changed(value, change, left, depth + 1)}
    left[0] -= 1
    return {key: change(key, value)}
