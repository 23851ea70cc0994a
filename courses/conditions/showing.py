"""What the page of a condition shows: the tree as nested parts, and the predicates to choose from."""

from __future__ import annotations

from dataclasses import dataclass, field

from courses.conditions import Tree
from courses.conditions.trees import Lacking
from ecosystem.predicates import Names, Predicate, predicates
from ecosystem.registry import Words


@dataclass
class Part:
    """``sort``: all, any, or one (a predicate); ``negated``: must not be. ``path`` is that of the part with its *not*."""

    path: str
    inner: str
    sort: str
    negated: bool
    words: str = ""
    key: str = ""
    parts: list[Part] = field(default_factory=list)


def part_of(tree: Tree, names: Names, path: str = "") -> Part:
    (key,) = tree
    negated, inner = key == "not", path
    if negated:
        tree, inner = tree["not"], f"{path}.0".lstrip(".")
        (key,) = tree
    if key in {"all", "any"} and len(tree[key]) == 1 and not negated:
        return part_of(tree[key][0], names, f"{inner}.0".lstrip("."))
    if key in {"all", "any"}:
        parts = [part_of(part, names, f"{inner}.{at}".lstrip(".")) for at, part in enumerate(tree[key])]
        return Part(path, inner, key, negated, parts=parts)
    leaf = Lacking(key, tree[key], negated)
    words = leaf.predicate.words(leaf.value, names, negated=negated, facts=None)
    return Part(path, inner, "one", negated, words=words, key=key)


def choices() -> list[tuple[Words, list[Predicate]]]:
    """All predicates under their headings, in the order in which apps registered them."""
    found: dict[str, tuple[Words, list[Predicate]]] = {}
    for predicate in predicates:
        found.setdefault(str(predicate.group), (predicate.group, []))[1].append(predicate)
    return list(found.values())
