"""Conditions for apps that lie below those who judge them: what somebody has to be, or to have done, before something.

The tree and what judges it are those of ``courses``, which registers here; the questions are in ``ecosystem.predicates``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from ecosystem.registry import Registry


@dataclass(frozen=True)
class Judge:
    """``problems``: what is wrong with a tree, in words. ``asked``: what it asks for, as a clause after *when*.

    ``lacking``: the same of what still has to come true for one person, now; nothing when it holds. ``ways``: ids of the
    elements with which it may come true. ``unmet``: of these people those for whom it does not hold.
    """

    problems: Callable[[Any], list[str]]
    asked: Callable[[Any], str]
    lacking: Callable[[Any, int], str]
    ways: Callable[[Any, int], list[int]]
    unmet: Callable[[Any, Collection[int]], set[int]]


judges: Registry[Judge] = Registry()


def condition_problems(tree: Any) -> list[str]:
    return [line for judge in judges for line in judge.problems(tree)]


def condition_asked(tree: Any) -> str:
    """A clause such as *you have passed “Check 1”*; nothing without a condition."""
    return next((judge.asked(tree) for judge in judges), "") if tree else ""


def condition_lacking(tree: Any, *, person_id: int) -> str:
    return next((judge.lacking(tree, person_id) for judge in judges), "") if tree else ""


def condition_ways(tree: Any, *, person_id: int) -> list[int]:
    """Ids of elements, in the order in which the condition names them, that the person has still to do."""
    return next((judge.ways(tree, person_id) for judge in judges), []) if tree else []


def condition_unmet(tree: Any, *, person_ids: Collection[int]) -> set[int]:
    """Those of these people for whom it does not hold now; at the same cost for one and many."""
    return next((judge.unmet(tree, person_ids) for judge in judges), set()) if tree and person_ids else set()
