"""Changing a tree in small steps, as the editor offers them. Pure: a new tree each time, never with a part that says nothing.

A **path** leads to a part: ``""`` is all of it, ``"0.1"`` the second part of its first part.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from courses.conditions.trees import Tree
from courses.exceptions import CourseError

SORTS = ("all", "any")


def part_at(tree: Tree | None, path: str) -> Tree:
    """The part at a path. Refuses a path that leads nowhere: somebody else has changed the condition meanwhile."""
    part = tree
    for index in _steps(path):
        inner = parts_of(part) if part else []
        if index >= len(inner):
            raise CourseError(_("This part of the condition is no longer there."))
        part = inner[index]
    if part is None:
        raise CourseError(_("This part of the condition is no longer there."))
    return part


def parts_of(tree: Tree) -> list[Tree]:
    ((key, value),) = tree.items()
    if key in SORTS:
        return list(value)
    return [value] if key == "not" else []


def joined(tree: Tree | None, path: str, leaf: Tree, *, sort: str) -> Tree:
    """With one more predicate: besides the part at the path (``all``), or instead of it (``any``)."""
    if tree is None:
        return leaf
    if sort not in SORTS:
        raise CourseError(_("Say whether both must hold or one of them."))
    return _tidy(_changed(tree, _steps(path), lambda part: {sort: [part, leaf]})) or leaf


def replaced(tree: Tree | None, path: str, leaf: Tree) -> Tree:
    part_at(tree, path)
    return _tidy(_changed(tree, _steps(path), lambda _part: leaf)) or leaf


def removed(tree: Tree | None, path: str) -> Tree | None:
    part_at(tree, path)
    return _tidy(_changed(tree, _steps(path), lambda _part: None))


def turned(tree: Tree | None, path: str) -> Tree | None:
    """What must be must not be, and the other way round."""
    part_at(tree, path)
    return _tidy(_changed(tree, _steps(path), lambda part: {"not": part}))


def switched(tree: Tree | None, path: str) -> Tree | None:
    """All of these becomes one of these, and the other way round."""
    ((key, value),) = part_at(tree, path).items()
    if key == "not":
        return switched(tree, f"{path}.0".lstrip("."))
    if key not in SORTS:
        raise CourseError(_("This part of the condition is no longer there."))
    other = SORTS[1 - SORTS.index(key)]
    return _tidy(_changed(tree, _steps(path), lambda _part: {other: value}))


def _steps(path: str) -> list[int]:
    steps = path.split(".") if path else []
    if not all(step.isascii() and step.isdigit() and len(step) < 4 for step in steps):
        raise CourseError(_("This part of the condition is no longer there."))
    return [int(step) for step in steps]


def _changed(tree: Any, steps: list[int], change: Callable[[Tree], Any]) -> Any:
    """``None`` where a part is gone."""
    if not steps:
        return change(tree)
    (key,) = tree
    inner = parts_of(tree)
    inner[steps[0]] = _changed(inner[steps[0]], steps[1:], change)
    return {key: inner[0]} if key == "not" else {key: inner}


def _tidy(tree: Any) -> Tree | None:
    """Without empty groups, groups of one, groups inside groups of the same sort, and *not not*."""
    if tree is None:
        return None
    ((key, value),) = tree.items()
    if key == "not":
        inner = _tidy(value)
        if inner is None:
            return None
        return inner.get("not", {"not": inner})
    if key not in SORTS:
        return {key: value}
    parts: list[Tree] = []
    for part in value:
        tidy = _tidy(part)
        if tidy is not None:
            parts += tidy.get(key, [tidy])
    if len(parts) < 2:
        return parts[0] if parts else None
    return {key: parts}
