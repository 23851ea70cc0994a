"""Adaptive testing: which question next, how able somebody is, when enough is known. catsim does the mathematics; nothing
here knows the database.

The Rasch model (G. Rasch, Probabilistic Models for Some Intelligence and Attainment Tests, 1960): the chance of a right
answer is 1 / (1 + exp(difficulty - ability)). Both are in logits: ability 0 is typical, 1 more makes the odds e times as good.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from catsim import ItemBank

BIN = 5  # of so many that tell most, one is taken by lot
FARTHEST = 4.0  # logits; a difficulty beyond is not believed
OF_AUTHOR = {1: -2.0, 2: -1.0, 3: 0.0, 4: 1.0, 5: 2.0}  # logits of what an author calls very easy ... very hard


@dataclass(frozen=True, slots=True)
class Estimate:
    """``error`` is the standard error of ``ability``; infinite before the first answer."""

    ability: float
    error: float


@dataclass(frozen=True, slots=True)
class StopRules:
    """Enough is known between ``least`` and ``most`` questions, once the standard error is no larger than ``error``."""

    error: float
    least: int
    most: int

    def is_enough(self, *, asked: int, error: float, left: int) -> bool:
        if asked >= self.most or left == 0:
            return True
        return asked >= self.least and error <= self.error


def _bank(difficulties: Sequence[float]) -> ItemBank:
    from catsim import ItemBank  # noqa: PLC0415 -- half a second that only adaptive tests need

    return ItemBank(np.array([[1.0, difficulty, 0.0, 1.0] for difficulty in difficulties]))


def estimate(*, difficulties: Sequence[float], right: Sequence[bool]) -> Estimate:
    """The ability that makes these answers most likely; while all are right, or all wrong, half the way to the end of them.

    Sources: maximum likelihood, Lord, Applications of Item Response Theory (1980), ch. 4; B. G. Dodd, The effect of item
    selection procedure and stepsize, Applied Psychological Measurement 14 (1990) 355-366; error: 1 / sqrt(information),
    Lord (1980), eq. 5-4.
    """
    if not right:
        return Estimate(0.0, math.inf)
    from catsim import irt  # noqa: PLC0415 -- as above
    from catsim.estimation import NumericalSearchEstimator  # noqa: PLC0415

    bank, asked = _bank(difficulties), list(range(len(right)))
    if all(right) or not any(right):
        # Beyond the questions asked, so that the next one is harder (easier) than all of them.
        end = max(difficulties) + 1 if right[0] else min(difficulties) - 1
        ability = end * (1 - 0.5 ** len(right)) if abs(end) > 0 else 0.0
    else:
        ability = NumericalSearchEstimator().estimate(
            item_bank=bank, administered_items=asked, response_vector=list(right), est_theta=0.0
        )
    return Estimate(float(ability), float(irt.see(ability, bank.items[:, :4])))


def next_place(*, difficulties: Sequence[float], asked: Sequence[int], ability: float, spread: bool, lot: int) -> int:
    """The place of the question that tells most about somebody so able, among those not ``asked``.

    ``spread``: by ``lot`` one of the five that tell most, so that the best are not worn out (G. G. Kingsbury, A. R. Zara,
    Procedures for selecting items, Applied Measurement in Education 2 (1989) 359-375).
    """
    from catsim.selection import MaxInfoSelector, RandomesqueSelector  # noqa: PLC0415 -- as above

    selector = RandomesqueSelector(BIN) if spread else MaxInfoSelector()
    place = selector.select(
        item_bank=_bank(difficulties), administered_items=list(asked), est_theta=ability, rng=np.random.default_rng(lot)
    )
    return int(place)


def expected_share(*, difficulties: Sequence[float], ability: float) -> float:
    """The share of all questions that somebody so able gets right: the test characteristic curve (Lord 1980, eq. 4-9)."""
    return float(_bank(difficulties).icc(ability).mean())


def difficulty_of(*, facility: float, answers: int) -> float:
    """The difficulty of a question that ``facility`` of so many people of ordinary ability got right.

    Source: L. Cohen, Approximate expressions for parameter estimates in the Rasch model, Br. J. Math. Stat. Psychol. 32
    (1979) 113-120: -logit, times sqrt(1 + spread / 2.89), here with abilities of spread 1. Half an answer is added on
    either side, so that nobody or everybody gives a number.
    """
    share = (facility * answers + 0.5) / (answers + 1)
    return max(-FARTHEST, min(FARTHEST, -math.log(share / (1 - share)) * math.sqrt(1 + 1 / 2.89)))
