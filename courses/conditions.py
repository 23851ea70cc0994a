"""When an activity opens: a tree over typed predicates, judged from facts.

``{"all": [...]}``, ``{"any": [...]}``, ``{"not": tree}`` over leaves with one key:

``{"completed": element id}``, ``{"passed": ...}`` and ``{"failed": ...}``: such a record of the person exists.

Nothing here reads the database: facts come in, a verdict with its reasons comes out.
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
class Leaf:
    """One predicate and whether it holds; ``negated`` inside a *not*."""

    predicate: str
    value: Any
    met: bool
    negated: bool = False


@dataclass(frozen=True)
class Verdict:
    met: bool
    leaves: tuple[Leaf, ...]

    @property
    def missing(self) -> tuple[Leaf, ...]:
        return tuple(leaf for leaf in self.leaves if leaf.met == leaf.negated)


OPEN = Verdict(met=True, leaves=())


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


def evaluate(tree: Tree | None, *, facts: Facts) -> Verdict:
    """Does the tree hold, and which leaves hold or not?"""
    if tree is None:
        return OPEN
    return _evaluate(tree, facts, negated=False)


def _evaluate(tree: Tree, facts: Facts, *, negated: bool) -> Verdict:
    ((key, value),) = tree.items()
    if key == "not":
        inner = _evaluate(value, facts, negated=not negated)
        return Verdict(not inner.met, inner.leaves)
    if key in {"all", "any"}:
        parts = [_evaluate(part, facts, negated=negated) for part in value]
        met = all(part.met for part in parts) if key == "all" else any(part.met for part in parts)
        return Verdict(met, tuple(leaf for part in parts for leaf in part.leaves))
    met = _recorded(key, value, facts)
    return Verdict(met, (Leaf(key, value, met, negated),))


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
