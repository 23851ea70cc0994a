"""When an activity opens: a tree over typed predicates, judged from facts.

``{"all": [...]}``, ``{"any": [...]}``, ``{"not": tree}`` over leaves with one key:

``{"completed": element id}``, ``{"passed": ...}`` and ``{"failed": ...}``: such a record of the person exists.

Nothing here reads the database: facts come in, a verdict or what is missing comes out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Tree = dict[str, Any]
Facts = frozenset[tuple[str, int]]  # (verb, element id)

RECORDS = frozenset({"completed", "passed", "failed"})
# Passing something is also finishing it.
IMPLIED = {"completed": ("completed", "passed")}


@dataclass(frozen=True)
class Lacking:
    """One predicate that does not hold yet; ``negated`` when it must *not* hold."""

    verb: str
    element_id: int
    negated: bool = False

    @property
    def leaves(self) -> tuple[Lacking, ...]:
        return (self,)


@dataclass(frozen=True)
class Group:
    """Parts that must all come true (``every``), or one of them. Never directly inside a group of the same sort."""

    every: bool
    parts: tuple[Missing, ...]

    @property
    def leaves(self) -> tuple[Lacking, ...]:
        return tuple(leaf for part in self.parts for leaf in part.leaves)


Missing = Lacking | Group


def problems(tree: Tree | None, *, path: str = "condition") -> list[str]:
    """What is wrong with a tree, in words; empty when it can be judged."""
    if tree is None:
        return []
    if not isinstance(tree, dict) or len(tree) != 1:
        return [f"{path}: write one of all, any, not or a predicate."]
    ((key, value),) = tree.items()
    if key in {"all", "any"}:
        if not isinstance(value, list) or not value:
            return [f"{path}.{key}: give at least one condition."]
        return [line for index, part in enumerate(value) for line in problems(part, path=f"{path}.{key}[{index}]")]
    if key == "not":
        return problems(value, path=f"{path}.not") if value else [f"{path}.not: say what must not be."]
    return _leaf_problems(key, value, path)


def _leaf_problems(key: str, value: Any, path: str) -> list[str]:
    if key in RECORDS:
        return [] if isinstance(value, int) and not isinstance(value, bool) else [f"{path}.{key}: name an element."]
    return [f"{path}: there is no predicate “{key}”."]


def holds(tree: Tree | None, *, facts: Facts) -> bool:
    """Is it open to somebody with these facts?"""
    if tree is None:
        return True
    ((key, value),) = tree.items()
    if key == "not":
        return not holds(value, facts=facts)
    if key in {"all", "any"}:
        parts = (holds(part, facts=facts) for part in value)
        return all(parts) if key == "all" else any(parts)
    return _recorded(key, value, facts)


def missing(tree: Tree | None, *, facts: Facts) -> Missing | None:
    """What would have to come true besides what holds already; None when the tree holds."""
    return _missing(tree, facts, negated=False)


def _missing(tree: Tree | None, facts: Facts, *, negated: bool) -> Missing | None:
    if tree is None or holds(tree, facts=facts) != negated:
        return None
    ((key, value),) = tree.items()
    if key == "not":
        return _missing(value, facts, negated=not negated)
    if key not in {"all", "any"}:
        return Lacking(key, value, negated)
    # Not all of them is: one of them not.
    every = (key == "all") != negated
    found = (_missing(part, facts, negated=negated) for part in value)
    return _group(every, [part for part in found if part is not None])


def _group(every: bool, parts: list[Missing]) -> Missing:  # noqa: FBT001 -- what sort of group it is
    flat: dict[Missing, None] = {}
    for part in parts:
        inner = part.parts if isinstance(part, Group) and part.every == every else (part,)
        flat.update(dict.fromkeys(inner))
    return next(iter(flat)) if len(flat) == 1 else Group(every, tuple(flat))


def _recorded(verb: str, element_id: int, facts: Facts) -> bool:
    return any((alternative, element_id) in facts for alternative in IMPLIED.get(verb, (verb,)))


def subjects(tree: Tree | None) -> set[int]:
    """The elements whose records can change the verdict."""
    return {value for key, value in _leaves(tree) if key in RECORDS}


def _leaves(tree: Tree | None) -> Iterator[tuple[str, Any]]:
    if not tree:
        return
    ((key, value),) = tree.items()
    if key in {"all", "any"}:
        for part in value:
            yield from _leaves(part)
    elif key == "not":
        yield from _leaves(value)
    else:
        yield key, value
