"""Trees of predicates: what is wrong with one, whether it holds, what is missing, when that may change."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from django.utils.translation import gettext as _

from ecosystem.predicates import Facts, Predicate, Subject, predicates

Tree = dict[str, Any]

DEEPEST = 8  # levels
LARGEST = 200  # predicates
MOST_ABOUT_ONE = 20  # of them about one element: what can be known of it multiplies


@dataclass(frozen=True, eq=False)
class Lacking:
    """One predicate that does not hold yet; ``negated`` when it must *not* hold."""

    key: str
    value: Any
    negated: bool = False

    @cached_property
    def _mark(self) -> tuple[Any, ...]:
        """What tells it from another: 1, true and "1" are three things."""
        kind = type(self.value)
        if kind is int or kind is str:
            return self.key, self.negated, kind, self.value
        return self.key, self.negated, None, json.dumps(self.value, sort_keys=True)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Lacking) and self._mark == other._mark)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(self._mark)

    @property
    def predicate(self) -> Predicate:
        return predicates[self.key]

    @property
    def elements(self) -> set[int]:
        return self.predicate.elements(self.value)

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


def problems(tree: Any) -> list[str]:
    """What is wrong with a tree, in words; empty when it can be judged."""
    if tree is None:
        return []
    found = list(_problems(tree, "", 1))
    if not found and sum(1 for _leaf in leaves_of(tree)) > LARGEST:
        return [_("A condition has at most %(most)s parts.") % {"most": LARGEST}]
    if not found:
        asked = Counter(pk for key, value in leaves_of(tree) for pk in predicates[key].elements(value))
        if max(asked.values(), default=0) > MOST_ABOUT_ONE:
            return [_("A condition asks at most %(most)s things about one activity.") % {"most": MOST_ABOUT_ONE}]
    return found


def _problems(tree: Any, path: str, depth: int) -> Iterator[str]:
    where = path or _("Condition")
    if not isinstance(tree, dict) or len(tree) != 1:
        yield _("%(where)s: write one of all, any, not or a predicate.") % {"where": where}
        return
    ((key, value),) = tree.items()
    inside = f"{path}.{key}" if path else str(key)
    if depth > DEEPEST:
        yield _("%(where)s: too many levels.") % {"where": where}
    elif key in {"all", "any"}:
        if not isinstance(value, list) or not value:
            yield _("%(where)s: give at least one condition.") % {"where": inside}
            return
        for index, part in enumerate(value):
            yield from _problems(part, f"{inside}[{index}]", depth + 1)
    elif key == "not":
        yield from _problems(value, inside, depth + 1)
    elif key in predicates:
        yield from (f"{predicates[key].label}: {line}" for line in predicates[key].problems(value))
    else:
        yield _("%(where)s: there is no predicate “%(key)s”.") % {"where": where, "key": key}


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
    return predicates[key].holds(value, facts)


def missing(tree: Tree | None, *, facts: Facts) -> Missing | None:
    """What would have to come true besides what holds already; None when the tree holds."""
    return _missing(tree, facts, negated=False)


def _missing(tree: Tree | None, facts: Facts, *, negated: bool) -> Missing | None:
    if tree is None:
        return None
    ((key, value),) = tree.items()
    if key == "not":
        return _missing(value, facts, negated=not negated)
    if key not in {"all", "any"}:
        return None if predicates[key].holds(value, facts) != negated else _lacking(key, value, negated=negated)
    # Not all of them is: one of them not.
    every = (key == "all") != negated
    found = [_missing(part, facts, negated=negated) for part in value]
    lacking = [part for part in found if part is not None]
    if (not lacking and found) if every else len(lacking) < len(found):
        return None
    return _group(lacking, every=every)


def _lacking(key: str, value: Any, *, negated: bool) -> Lacking:
    """A long course asks for the same elements again and again; what is asked for is compared as often."""
    return _about_element(key, value, negated) if type(value) is int else Lacking(key, value, negated)


_about_element = lru_cache(maxsize=4096)(Lacking)


def whole(tree: Tree, *, negated: bool = False) -> Missing:
    """Everything that a tree asks for, as if nothing held: for the sentence that an author reads."""
    ((key, value),) = tree.items()
    if key == "not":
        return whole(value, negated=not negated)
    if key not in {"all", "any"}:
        return Lacking(key, value, negated)
    return _group([whole(part, negated=negated) for part in value], every=(key == "all") != negated)


def _group(parts: list[Missing], *, every: bool) -> Missing:
    flat: dict[Missing, None] = {}
    for part in parts:
        inner = part.parts if isinstance(part, Group) and part.every == every else (part,)
        flat.update(dict.fromkeys(inner))
    return next(iter(flat)) if len(flat) == 1 else Group(every, tuple(flat))


def next_change(tree: Tree | None, *, facts: Facts) -> datetime | None:
    """When the verdict turns because time passes and nothing else happens; None when it never does."""
    now = holds(tree, facts=facts)
    moments = {moment for key, value in leaves_of(tree) for moment in predicates[key].moments(value, facts)}
    later = sorted(moment for moment in moments if moment > facts.at)
    return next((moment for moment in later if holds(tree, facts=replace(facts, at=moment)) != now), None)


def topics_of(tree: Tree | None) -> frozenset[tuple[str, Subject]]:
    """What can change the verdict besides time: (source, subject) pairs."""
    found: set[tuple[str, Subject]] = set()
    for key, value in leaves_of(tree):
        predicate = predicates[key]
        found |= {(predicate.source, subject) for subject in predicate.subjects(value) if predicate.source}
    return frozenset(found)


def elements_of(tree: Tree | None) -> set[int]:
    """Ids of the elements that it names."""
    return {pk for key, value in leaves_of(tree) for pk in predicates[key].elements(value)}


def leaves_of(tree: Tree | None) -> Iterator[tuple[str, Any]]:
    """(predicate, value) of each leaf."""
    if not tree:
        return
    ((key, value),) = tree.items()
    if key in {"all", "any"}:
        for part in value:
            yield from leaves_of(part)
    elif key == "not":
        yield from leaves_of(value)
    else:
        yield key, value
