"""What apps above know of questions beside their answers in quizzes, for the analysis of a quiz and for gardeners."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from ecosystem.registry import Registry


@dataclass(frozen=True, slots=True)
class Remembered:
    """How a question is remembered after days, in percent; None where too few people have been asked.

    ``recall``: how many of ``people`` would answer it right now. ``misleading``: it was right ``right`` of the times, far
    less than the ``expected``, and most wrong answers said ``distractor``.
    """

    recall: int | None = None
    people: int = 0
    misleading: bool = False
    right: int | None = None
    expected: int | None = None
    distractor: str = ""


@dataclass(frozen=True, slots=True)
class Watch:
    """``remembered``: of these questions, those of which anything is known. ``misleading``: the ids of all that mislead.

    Both read the open scope, in as many queries however many questions there are.
    """

    remembered: Callable[[Collection[int]], Mapping[int, Remembered]]
    misleading: Callable[[], Collection[int]]


watches: Registry[Watch] = Registry()
